"""Worlds for property tests: few States, donors and words, so that every term and rule meets every other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import strategies as st

from partnerships.matching import Gift, Need, Offer, Partner
from partnerships.matching.likeness import Language, text_of
from partnerships.matching.meaning import rounded
from partnerships.matching.vocabulary import Vocabulary

STATES, DONORS = ("KHM", "LAO", "COL"), ("NOR", "JPN", "FUND", "KHM")
PLACES = {
    "KHM": {"region": "142", "subregion": "035", "neighbours": ("LAO", "THA"), "state_languages": ("km",)},
    "LAO": {"region": "142", "subregion": "035", "neighbours": ("KHM",), "state_languages": ("lo",)},
    "COL": {"region": "", "subregion": "", "neighbours": (), "state_languages": ()},
}
THEMES, KINDS = ("survey-clearance", "victim-assistance"), ("money", "training")


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=2).map(tuple)


amounts = st.none() | st.floats(0, 1e12, allow_nan=False)
dates = st.none() | st.dates(date(2019, 1, 1), date(2026, 1, 1))
texts = st.text(max_size=30) | st.sampled_from(
    ("technical survey of rice fields", "помощь пострадавшим", "地雷清除", "enquête technique des rizières")
)


def numbered(record: type, **fields: st.SearchStrategy) -> st.SearchStrategy[tuple]:
    built = st.lists(st.fixed_dictionaries(fields), max_size=5)
    return built.map(lambda rows: tuple(record(ref=f"R{i}", **row) for i, row in enumerate(rows)))


gifts = numbered(
    Gift, donor=st.sampled_from(DONORS), recipient=st.sampled_from(STATES), year=st.integers(2009, 2021),
    amount_usd=amounts, themes=some(THEMES), list_complete=st.booleans(),
)  # fmt: skip
offers = numbered(
    Offer, partner=st.sampled_from(DONORS), title=texts, text=texts, themes=some(THEMES), kinds=some(KINDS),
    countries=some(STATES), languages=some(("en", "km")), valid_until=dates,
)  # fmt: skip
needs = numbered(
    Need, state=st.sampled_from(STATES), title=texts, text=texts, theme=st.sampled_from(THEMES),
    kinds=some(KINDS), language=st.sampled_from(("", "en", "km")),
    gap_usd=amounts, years=st.integers(1, 5), deadline=dates, valid_until=dates, donors=some(DONORS),
    excluded_partners=some(DONORS), declined=some(DONORS),
).map(lambda found: tuple(replace(need, **PLACES[need.state]) for need in found))  # fmt: skip
priorities = st.fixed_dictionaries(
    {
        "themes": some(THEMES), "kinds": some(KINDS), "countries": some(STATES),
        "regions": some(("142", "035", "999")),
        "excluded_countries": some(STATES), "amount_min": amounts, "amount_max": amounts,
        "multi_year": st.none() | st.booleans(), "languages": some(("en", "km")),
    }
)  # fmt: skip
partners = st.tuples(*(priorities for _ in DONORS)).map(
    lambda rows: tuple(
        Partner(ref, ref, ref == "KHM", "142", "035", **row) for ref, row in zip(DONORS, rows, strict=True)
    )
)


class Letters:
    """An encoder that is quick and always there: how often each of 26 groups of letters occurs."""

    name, dimensions = "letters", 26

    def encode(self, texts):
        counts = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            for letter in filter(str.isalpha, text):
                counts[row, ord(letter) % 26] += 1
        return rounded(counts)


def language(*records: object) -> Language:
    """The vocabulary of some records, with the quick encoder."""
    return Language(Vocabulary.fit(text_of(record) for record in records), Letters())
