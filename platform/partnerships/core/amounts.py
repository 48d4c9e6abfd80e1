"""Amounts as people write and say them: "3.5m", "90 000", "1,234.56", "5 lakh". What has two readings is not guessed. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from flask_babel import gettext as _

from partnerships.core.filters import number

SCALES = {
    **dict.fromkeys(("k", "thousand", "thousands", "mille", "mil", "tsd", "tausend", "тыс", "ألف"), 10**3),
    **dict.fromkeys(("lakh", "lakhs", "lac", "lacs"), 10**5),
    **dict.fromkeys(("m", "mn", "mio", "mln", "million", "millions", "millon", "millones", "millionen", "млн", "مليون"), 10**6),
    **dict.fromkeys(("crore", "crores", "cr"), 10**7),
    **dict.fromkeys(("bn", "billion", "billions", "mrd", "milliard", "milliards", "млрд", "مليار"), 10**9),
}
_SMALL = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
          "eighteen nineteen")
_TENFOLD = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES = {word: Decimal(number) for number, word in enumerate(_SMALL.split())}
_TENS = {word: Decimal(10 * number) for number, word in enumerate(_TENFOLD.split(), 2)}
WORDS = frozenset({*_ONES, *_TENS, "hundred", "half", "a", "an", "and"})
# The digits of a number: groups parted by spaces or apostrophes, or by commas and points in any order.
NUMBER = r"[-−]?(?:\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?!\d)(?:[.,]\d+)?|\d[\d.,]*\d|\d)"


class Unclear(ValueError):
    """An amount that can be read in more than one way; the message asks, `readings` are what it may be."""

    def __init__(self, typed: str, readings: Sequence[Decimal]) -> None:
        shown = _(" or ").join(number(one) for one in readings)
        super().__init__(_("“%(typed)s” may mean %(readings)s: write it without the mark.", typed=typed, readings=shown))
        self.readings = tuple(readings)


def ascii_digits(text: str) -> str:
    """The text with the digits of every script as ours, and the Arabic marks between them as point and comma."""
    digits = "".join(str(unicodedata.decimal(mark)) if mark.isdecimal() else mark for mark in text)
    return digits.replace("٫", ".").replace("٬", ",").replace("−", "-")


def figures(typed: str, scale: int = 1) -> Decimal:
    """The value of a number written in figures, times a scale.

    Commas and points are thousands where they can be nothing else, else decimals. One mark before exactly three digits may
    be either: a comma is taken as thousands, as it is all but always; a point, or either mark before a scale ("1,500m"), is
    asked about. Raises: Unclear; ValueError in words for what is no number.
    """
    text = re.sub(r"[ \u00a0\u202f'’]", "", ascii_digits(typed))
    marks = re.sub(r"[^.,]", "", text)
    if not re.fullmatch(r"-?\d+(?:[.,]\d+)*", text):
        raise ValueError(_("“%(typed)s” is no amount: write it in figures, for example 2 100 000.", typed=typed[:40]))
    if not marks:
        return Decimal(text) * scale
    if len(set(marks)) == 2:
        return _both(typed, text, marks) * scale
    if len(marks) > 1:
        return _grouped(typed, text, marks[0]) * scale
    whole, part = text.split(marks)
    if len(part) == 3 and whole.lstrip("-") != "0" and len(whole.lstrip("-")) <= 3:
        if marks == "," and scale == 1:
            return Decimal(whole + part)
        raise Unclear(typed, (Decimal(whole + part) * scale, Decimal(f"{whole}.{part}") * scale))
    return Decimal(f"{whole}.{part}") * scale


def _both(typed: str, text: str, marks: str) -> Decimal:
    """Two kinds of mark: the last one, standing once, is the decimal one."""
    decimal = marks[-1]
    if marks.count(decimal) != 1:
        raise ValueError(_("“%(typed)s” mixes commas and points: write it as 1234567.50.", typed=typed[:40]))
    whole, part = text.rsplit(decimal, 1)
    return Decimal(f"{_grouped(typed, whole, marks[0])}.{part}")


def _grouped(typed: str, text: str, mark: str) -> Decimal:
    """Groups of three, or as in India: the last of three, those before it of two."""
    first, *groups = text.lstrip("-").split(mark)
    western = all(len(group) == 3 for group in groups) and len(first) <= 3
    indian = len(groups[-1]) == 3 and all(len(group) == 2 for group in groups[:-1]) and len(first) <= 2
    if not (western or indian):
        raise ValueError(_("“%(typed)s” is not grouped in thousands: write it as 1234567.50.", typed=typed[:40]))
    return Decimal(text.replace(mark, ""))


def words(spoken: Sequence[str]) -> Decimal | None:
    """The value of number words: ["two", "hundred"], ["half", "a"], ["one", "and", "a", "half"]. None when they say nothing."""
    total: Decimal = Decimal(0)
    seen = False
    said = [word for word in spoken if word not in ("a", "an", "and")]
    if spoken and not said:
        return Decimal(1) if set(spoken) & {"a", "an"} else None
    for word in said:
        if word == "hundred":
            total = (total or Decimal(1)) * 100
        elif word == "half":
            total += Decimal("0.5")
        else:
            value = _ONES.get(word, _TENS.get(word))
            if value is None:
                return None
            total += value
        seen = True
    return total if seen else None


def read(typed: str) -> Decimal:
    """Read one amount: figures or words with an optional scale. Raises: Unclear; ValueError in words."""
    text = " ".join(ascii_digits(typed).casefold().split())
    found = re.fullmatch(rf"({NUMBER})\s*([^\W\d_]+)?\.?", text)
    if found and (not found[2] or found[2] in SCALES):
        return figures(found[1], SCALES.get(found[2] or "", 1))
    spoken = text.split()
    if spoken and spoken[-1] in SCALES and len(spoken) > 1:
        value = words(spoken[:-1])
        if value is not None:
            return value * SCALES[spoken[-1]]
    raise ValueError(_("“%(typed)s” is no amount: write it in figures, for example 2 100 000.", typed=typed[:40]))
