"""A chart of money by stage: a row a donor, a bar a stage, on one scale. The bars stand side by side; none is put upon another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from partnerships.conferences import tally
from partnerships.conferences.models import Conference
from partnerships.core.filters import compact_text, day, number
from partnerships.parties.words import name
from partnerships.pledges.figures import Stages

WIDTH = 720
STEP = WIDTH // len(tally.SHOWN)
BAR = 96
"""The longest bar, in units of the view box; the rest of its column holds its amount in words."""
HEAD, ROW, FOOT = 48, 42, 8
LTR, END = "\u2066", "\u2069"
"""Around what is read from left to right in any language, where there is no element to say so."""


@dataclass(frozen=True)
class Bar:
    """One stage of a row: where its bar stands, how long it is, where its amount begins, and the amount as it is written."""

    stage: str
    x: float
    y: float
    width: float
    text_at: float
    text: str


@dataclass(frozen=True)
class Line:
    """One row: who, where it leads, all its values in words, its bars; `note` where no amount stands in any stage."""

    label: str
    href: str
    words: str
    y: float
    bars: Sequence[Bar]
    note: str = ""


@dataclass(frozen=True)
class StageChart:
    """Amounts in one currency by row and stage. `rows` holds (label, address, stage to amount)."""

    title: str
    unit: str
    source: str
    currency: str
    rows: Sequence[tuple[str, str, Mapping[str, Decimal]]]
    sums: Mapping[str, Decimal]
    empty: str = ""
    """What to say where there is no row."""
    width: int = WIDTH

    @property
    def height(self) -> int:
        """In units of the view box."""
        return HEAD + ROW * max(len(self.rows), 1) + FOOT

    @property
    def series(self) -> list[tuple[str, str]]:
        """(stage, its words), in the order in which a pledge goes through them."""
        words = stage_words()
        return [(stage, words[stage]) for stage in tally.SHOWN]

    def heads(self, rtl: bool = False) -> list[tuple[float, str, str]]:
        """(where it stands, the stage's words, the sum of the stage) above each column."""
        return [(_start(column, rtl), words, compact_text(self.sums[stage])) for column, (stage, words) in enumerate(self.series)]

    def lines(self, rtl: bool = False) -> list[Line]:
        """Lay the rows out on one scale; `rtl` lets columns and bars run from right to left."""
        top = max((amount for _label, _href, amounts in self.rows for amount in amounts.values()), default=Decimal(0))
        found = []
        for at, (label, href, amounts) in enumerate(self.rows):
            y = HEAD + ROW * at
            bars = [_bar(stage, column, y + 20, amounts[stage] / top, amounts[stage], rtl)
                    for column, stage in enumerate(tally.SHOWN) if amounts[stage]]
            note = "" if bars else _("in kind, political or without an amount")
            found.append(Line(label, href, self._said(label, amounts) if bars else f"{label}: {note}", y, bars, note))
        return found

    def _said(self, label: str, amounts: Mapping[str, Decimal]) -> str:
        said = [f"{words} {compact_text(amounts[stage])} {self.currency}" for stage, words in self.series if amounts[stage]]
        return f"{label}: {'; '.join(said)}"


def _start(column: int, rtl: bool) -> float:
    return float(WIDTH - 2 - column * STEP if rtl else 2 + column * STEP)


def _bar(stage: str, column: int, y: float, share: Decimal, amount: Decimal, rtl: bool) -> Bar:
    width, start = round(max(float(share) * BAR, 2.0), 2), _start(column, rtl)
    return Bar(stage, round(start - width if rtl else start, 2), y, width,
               round(start - width - 6 if rtl else start + width + 6, 2), compact_text(amount))


def stage_words() -> dict[str, str]:
    """The words of the stages that are shown."""
    return {"announced": pgettext("stage of money", "Announced"), "confirmed": pgettext("stage of money", "Confirmed in writing"),
            "agreed": pgettext("stage of money", "Agreement signed"), "paid": pgettext("stage of money", "Paid")}


def of_conference(conference: Conference, givers: Sequence[tally.Giver], board: tally.Board, today: date) -> StageChart:
    """What everybody may see of the pledges of a conference, by donor. `board` is the tally of the same pledges."""
    rows = [(name(one.party), url_for("pledges.index", donor=one.party.ref), _of(one.reference.stages)) for one in givers]
    return StageChart(
        _("What was pledged at %(conference)s, by donor and stage", conference=conference.title),
        _("In %(currency)s, all bars on one scale. Stages exclude each other and are never added.", currency=board.currency),
        _source(board.whole.reference, board.currency, today), board.currency, rows,
        _of(board.whole.reference.stages),
        _("Nothing is pledged yet."))


def _of(stages: Stages) -> dict[str, Decimal]:
    return {stage: getattr(stages, stage) for stage in tally.SHOWN}


def _source(whole: tally.InReference, currency: str, today: date) -> str:
    said = [_("Source: public pledges of this conference in this register on %(day)s. A joint pledge stands with its lead donor.",
              day=day(today))]
    if whole.rates:
        rates = ", ".join(f"{LTR}1\u00a0{code}\u00a0=\u00a0{number(one.rate, 4)}{END} ({day(one.on)})"
                          for code, one in sorted(whole.rates.items()))
        said += [_("In %(currency)s at the European Central Bank's reference rates:", currency=currency), f"{rates}."]
    said += [_("%(currency)s has no reference rate for these days and is left out of converted figures.", currency=code)
             for code in sorted(whole.left_out)]
    return " ".join(said)
