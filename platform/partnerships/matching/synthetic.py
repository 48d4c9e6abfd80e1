"""Plausible registers of any size, for `flask matching bench` and for tests: nobody's real needs, always the same.

A text is a request of `parallel.json` with details from `synthetic.json` and a sentence or two of other requests: 60
to 140 words in one of six languages, names of places and operators as unevenly frequent as in life (a few everywhere,
most only once or twice).
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from .records import Gift, Need, Offer, Partner

LANGUAGES = {"en": 40, "fr": 20, "es": 14, "ar": 12, "ru": 8, "zh": 6}  # of a hundred texts
STATES, DONORS = 60, 240  # 300 partners in all
PLACES, OPERATORS = 30_000, 2_000
REGIONS = ("002", "019", "142", "150", "009")
KINDS = ("money", "equipment", "expertise", "training", "technology", "exchange")
TODAY = date(2026, 11, 1)
_HERE = Path(__file__).parent


@cache
def parallel_texts() -> tuple[dict[str, str], ...]:
    """Return 24 requests and offers, each with `id`, `theme`, `kind` and its text in the six languages by code."""
    return tuple(json.loads((_HERE / "parallel.json").read_text(encoding="utf-8")))


@cache
def _details() -> dict[str, dict[str, Any]]:
    return dict(json.loads((_HERE / "synthetic.json").read_text(encoding="utf-8")))


@cache
def _sentences(language: str) -> tuple[str, ...]:
    """Every sentence of the parallel texts in a language."""
    texts = (text[language] for text in parallel_texts())
    return tuple(sentence for text in texts for sentence in re.findall(r".+?(?:\. |。|\.?$)", text))


@dataclass(frozen=True, slots=True)
class Register:
    """A made-up register, and the day it stands at."""

    gifts: tuple[Gift, ...]
    partners: tuple[Partner, ...]
    offers: tuple[Offer, ...]
    needs: tuple[Need, ...]
    today: date = TODAY


def register(needs: int, seed: int = 2026) -> Register:
    """Return a register of so many needs, 60 States, 240 donors with up to three offers each, and their past gifts."""
    maker = _Maker(random.Random(seed))
    partners = (*(maker.state(i) for i in range(STATES)), *(maker.donor(i) for i in range(DONORS)))
    return Register(
        tuple(maker.gifts()),
        partners,
        tuple(offer for i in range(DONORS) for offer in maker.offers(i)),
        tuple(maker.need(i) for i in range(needs)),
    )


def _zipf(count: int) -> list[float]:
    """Cumulative weights of 1, 1/2, 1/3 ...: how often the first, second, third ... name comes."""
    return list(accumulate(1 / rank for rank in range(1, count + 1)))


def _state(number: int) -> str:
    return f"Q{chr(65 + number // 26)}{chr(65 + number % 26)}"


def _subregion(number: int) -> str:
    return f"S{number // 4:02d}"


class _Maker:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.places, self.operators = _zipf(PLACES), _zipf(OPERATORS)
        self.states = _zipf(STATES)
        self.themes = sorted({text["theme"] for text in parallel_texts()})

    def name(self, language: str, weights: list[float], salt: int) -> str:
        """Return a name; the same rank gives the same name."""
        rank = self.chance.choices(range(len(weights)), cum_weights=weights)[0]
        syllables = _details()[language]["syllables"].split()
        number = rank * 7 + salt
        parts: list[str] = []
        while number or len(parts) < 2:
            number, part = divmod(number, len(syllables))
            parts.append(syllables[part])
        return "".join(parts).capitalize()

    def text(self, language: str, theme: str) -> tuple[str, str]:
        """Return a title and a text."""
        about = self.chance.choice([text for text in parallel_texts() if text["theme"] == theme])
        some = {
            **{key: self.name(language, self.places, 1) for key in ("place", "place2", "place3")},
            **{key: self.name(language, self.operators, 5) for key in ("operator", "operator2")},
            **{key: self.chance.randint(2009, 2026) for key in ("year", "year2")},
            "number": self.chance.randint(20, 9_000),
            "months": self.chance.randint(3, 48),
            "amount": self.chance.randint(40, 9_000) * 1000,
        }
        lines = self.chance.sample(_details()[language]["details"], self.chance.randint(1, 3))
        lines += self.chance.sample(_sentences(language), self.chance.randint(1, 2))
        details = " ".join(line.strip().format(**some) for line in lines)
        return f"{some['place']}, {some['place2']}", f"{about[language]} {details}"

    def language(self) -> str:
        """Return a language, the frequent ones more often."""
        return self.chance.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]

    def state(self, number: int) -> Partner:
        """Return an affected State."""
        return Partner(
            _state(number), f"State {number}", True, REGIONS[number % len(REGIONS)], _subregion(number), ("en",)
        )

    def donor(self, number: int) -> Partner:
        """Return a donor; a third of them declared nothing."""
        some = self.chance.sample
        declared = number % 3 > 0
        return Partner(
            f"D{number:03d}",
            f"Donor {number}",
            number % 2 == 0,
            languages=tuple(some(list(LANGUAGES), 2)),
            themes=tuple(some(self.themes, 3)) if declared else (),
            kinds=tuple(some(KINDS, 2)) if declared else (),
            regions=(self.chance.choice(REGIONS),) if number % 4 == 1 else (),
            countries=tuple(_state(i) for i in some(range(STATES), 2)) if number % 4 == 2 else (),
            excluded_countries=(_state(self.chance.randrange(STATES)),) if number % 10 == 7 else (),
            amount_min=50_000.0 if number % 5 == 1 else None,
            amount_max=2_000_000.0 if number % 5 == 2 else None,
        )

    def offers(self, number: int) -> Iterator[Offer]:
        """Give a donor's offers: none, one, two or three."""
        for i in range(self.chance.randrange(4)):
            language, theme = self.language(), self.chance.choice(self.themes)
            title, text = self.text(language, theme)
            yield Offer(
                f"D{number:03d}-O{i}",
                f"D{number:03d}",
                title,
                text,
                (theme,),
                tuple(self.chance.sample(KINDS, 2)),
                languages=(language,),
                regions=(self.chance.choice(REGIONS),) if i == 1 else (),
            )

    def gifts(self) -> Iterator[Gift]:
        """Give about two thousand gifts of ten years: some donors to many States, most to few."""
        donors = _zipf(DONORS)
        for i in range(2_000):
            donor = self.chance.choices(range(DONORS), cum_weights=donors)[0]
            state = self.chance.choices(range(STATES), cum_weights=self.states)[0]
            amount = round(self.chance.lognormvariate(13, 1.2), 2)
            themes = (self.chance.choice(self.themes),)
            year = self.chance.randint(2016, 2025)
            yield Gift(f"G{i:05d}", f"D{donor:03d}", _state(state), year, amount, themes, i % 3 > 0)

    def need(self, number: int) -> Need:
        """Return a need of some State."""
        state = self.chance.choices(range(STATES), cum_weights=self.states)[0]
        language, theme = self.language(), self.chance.choice(self.themes)
        title, text = self.text(language, theme)
        return Need(
            f"{_state(state)}-{number:07d}",
            _state(state),
            title,
            text,
            theme,
            tuple(self.chance.sample(KINDS, self.chance.randint(1, 2))),
            language,
            (language,),
            REGIONS[state % len(REGIONS)],
            _subregion(state),
            tuple(_state(other) for other in (state - 1, state + 1) if 0 <= other < STATES),
            round(self.chance.lognormvariate(13, 1.3), 2) if number % 10 else None,
            self.chance.randint(1, 5),
            TODAY + timedelta(self.chance.randint(-200, 1_800)) if number % 4 else None,
            TODAY + timedelta(self.chance.randint(-40, 900)) if number % 5 else None,
        )
