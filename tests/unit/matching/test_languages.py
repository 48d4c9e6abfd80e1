"""A need written in one language meets an offer written in another: the same partners, whatever the language."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest

import partnerships.matching
from partnerships.matching import Matcher, Need, Offer, Partner, vocabulary
from partnerships.matching.likeness import Language
from partnerships.matching.meaning import load

from .world import GIFTS, TODAY

LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")
ITEMS = json.loads((Path(partnerships.matching.__file__).parent / "parallel.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.skipif(load() is None, reason="the encoder of meaning is not installed here")


def need(item: dict, language: str, **values: object) -> Need:
    return Need(ref=f"{item['id']}-{language}", state="KHM", title="", text=item[language], theme=item["theme"],
                kinds=(item["kind"],), language=language, state_languages=("km",), region="142", subregion="035", **values)


@pytest.fixture(scope="module")
def world() -> Matcher:
    """Each text is the standing offer of one partner, in one of the six languages, open to every theme and kind."""
    partners, offers = [], []
    for number, item in enumerate(ITEMS):
        ref = f"P{number:02}"
        partners.append(Partner(ref, ref, False))
        offers.append(Offer(f"O{number:02}", ref, "", item[LANGUAGES[number % 6]]))
    return Matcher.fit(GIFTS, partners, offers, (), today=TODAY, language=Language.of(offers))


def test_the_same_text_in_another_language_finds_its_own_offer_first(world: Matcher) -> None:
    first = [world.offers_for(need(item, language), limit=1)[0].offer == f"O{number:02}"
             for number, item in enumerate(ITEMS) for language in LANGUAGES]
    assert sum(first) / len(first) >= 0.9


def overlaps(world: Matcher, **blank: str) -> list[float]:
    found = []
    for item in ITEMS:
        tops = []
        for language in LANGUAGES:
            ranked = world.partners_for(need({**item, **blank}, language), limit=10)
            tops.append({one.partner for one in ranked})
        found += [len(one & other) / max(1, len(one | other) if len(one) < 10 else 10) for one, other in permutations(tops, 2)]
    return found


def test_a_translated_need_gives_the_same_partners() -> None:
    """The contract: top-ten overlap of at least 0.9 between languages, over the register as it is: themes, histories,
    priorities and offers, forty partners for twenty-four needs."""
    themes = sorted({item["theme"] for item in ITEMS})
    partners = [Partner(f"P{number:02}", f"P{number:02}", False, themes=(themes[number % len(themes)],),
                        regions=("035",) if number % 3 else ("002",), languages=(LANGUAGES[number % 6],))
                for number in range(40)]
    offers = [Offer(f"O{number:02}", f"P{number:02}", "", item[LANGUAGES[number % 6]], themes=(item["theme"],))
              for number, item in enumerate(ITEMS)]
    matcher = Matcher.fit(GIFTS, partners, offers, (), today=TODAY, language=Language.of(offers))
    found = overlaps(matcher)
    assert sum(found) / len(found) >= 0.9


def test_with_nothing_but_the_text_most_partners_are_still_the_same(world: Matcher) -> None:
    """Harder than the register ever is: no theme, no history, no priorities, only what the texts mean."""
    found = overlaps(world, theme="", kind="")
    assert sum(found) / len(found) >= 0.6


def test_without_the_encoder_words_work_alone() -> None:
    item = ITEMS[0]
    offers = [Offer("O1", "P1", "", item["en"]), Offer("O2", "P2", "", item["fr"])]
    partners = [Partner("P1", "One", False), Partner("P2", "Two", False)]
    known = Language.of(offers)
    alone = Language(known.vocabulary, None)
    matcher = Matcher.fit((), partners, offers, (), today=TODAY, language=alone)
    assert matcher.offers_for(need(item, "en"))[0].offer == "O1"
    assert all("similar-meaning" not in {term.key for term in one.terms} for one in matcher.offers_for(need(item, "en")))
    assert matcher.version.split("/")[1].endswith("words")


def test_the_shipped_vocabulary_is_that_of_the_parallel_texts() -> None:
    """If it fails: flask --app wsgi matching train"""
    fitted = vocabulary.Vocabulary.fit(vocabulary.parallel_texts())
    assert vocabulary.shipped().digest == fitted.digest
    assert vocabulary.SHIPPED.read_text(encoding="utf-8") == vocabulary.to_json(fitted)
