"""World maps: which State stands in which class, with the words a screen reader says and the notice that goes with every map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from partnerships.core import money
from partnerships.core.filters import compact_text, day, number
from partnerships.insight import world
from partnerships.insight.gaps import REFERENCE, STEPS, Gap
from partnerships.parties.models import Party
from partnerships.parties.words import name


@dataclass(frozen=True)
class State:
    """A State on a map: its place, its class (0 for "no amount known"), where it leads, and its value in words."""

    place: world.Place
    step: int
    href: str
    words: str


@dataclass(frozen=True)
class WorldMap:
    """Everything a template needs to draw one map. `classes` holds (class, words); `key` says what they measure."""

    title: str
    unit: str
    key: str
    source: str
    states: Sequence[State]
    classes: Sequence[tuple[int, str]]
    missing: Sequence[str] = ()
    width: int = world.WIDTH
    height: int = world.HEIGHT

    @property
    def ground(self) -> str:
        """What is drawn below: every other State and what belongs to none, as one path."""
        held = {one.place.ref for one in self.states}
        return world.ground() + "".join(place.path for ref, place in world.places().items() if ref not in held)

    @property
    def notice(self) -> str:
        """What the United Nations says beside a map."""
        return _("The boundaries and names shown and the designations used on this map do not imply official endorsement or "
                 "acceptance by the United Nations.")


def amount_in_words(amount: Decimal, currency: str) -> str:
    """An amount to read at a glance, as plain text."""
    return compact_text(amount, currency)


def percent(share: Decimal | None) -> str:
    """A share in words, whole per cents; never 100 or 0 for what is not quite."""
    if share is None:
        return _("amount not known")
    whole = round(share * 100)
    if whole == 100 and share < 1:
        whole = 99
    if whole == 0 and share > 0:
        whole = 1
    return _("%(number)s %%", number=number(whole))


def of_gaps(gaps: Iterable[Gap], today: date, theme: str = "") -> WorldMap:
    """States with open needs, by the share of what they ask that nobody has committed or paid."""
    places, states, missing = world.places(), [], []
    for gap in gaps:
        place = places.get(gap.party.ref)
        if place is None:
            missing.append(name(gap.party))
            continue
        states.append(State(place, gap.step, url_for("parties.detail", ref=gap.party.ref, _anchor="needs"), in_words(gap)))
    return WorldMap(
        _("What affected States ask for in %(theme)s and nobody has committed yet", theme=theme) if theme
        else _("What affected States ask for and nobody has committed yet"),
        _("Share of the amounts that open needs ask for, less national shares, signed agreements and payments"),
        _("Share without a commitment:"), source(today), states, _classes(), missing)


def in_words(gap: Gap) -> str:
    """One State's gap in a sentence."""
    needs = ngettext("one open need", "%(num)s open needs", gap.needs)
    if gap.share is None:
        return _("%(state)s: %(needs)s, amount not known", state=name(gap.party), needs=needs)
    return _("%(state)s: %(needs)s, %(share)s of %(asked)s without a commitment", state=name(gap.party), needs=needs,
             share=percent(gap.share), asked=amount_in_words(gap.asked, REFERENCE))


def source(today: date) -> str:
    """Where the figures come from and how currencies were brought together."""
    return _("Source: open needs and pledges in this register within your sight on %(day)s. Amounts in several currencies were "
             "converted at the European Central Bank's rate of %(rate)s, for the share alone.", day=day(today),
             rate=day(money.rate_day(today)))


def _classes() -> list[tuple[int, str]]:
    bounds = [round(100 * step / STEPS) for step in range(STEPS + 1)]
    return [*((step, f"{low}–{high} %") for step, (low, high) in enumerate(pairwise(bounds), start=1)),
            (0, _("amount not known"))]


def of_giving(donor: Party, amounts: Iterable[tuple[Party, Decimal]], years: str) -> WorldMap:
    """Where a donor's support on record went, in classes of amount."""
    sums = sorted(amounts, key=lambda pair: pair[1])
    places, states, missing = world.places(), [], []
    for party, amount in sums:
        place = places.get(party.ref)
        if place is None:
            missing.append(name(party))
            continue
        words = _("%(state)s: %(amount)s", state=name(party), amount=amount_in_words(amount, REFERENCE))
        states.append(State(place, _class_of(amount), url_for("parties.detail", ref=party.ref, _anchor="support"), words))
    return WorldMap(
        _("Where %(donor)s's support on record went", donor=name(donor)),
        _("US dollars, the sum of the years %(years)s, not adjusted for prices", years=years), _("Sum of the years:"),
        _("Source: Landmine Monitor, country profiles; compiled with an address for each amount"), states,
        _amount_classes(), missing)


_BOUNDS = (Decimal(300_000), Decimal(1_000_000), Decimal(3_000_000), Decimal(10_000_000), Decimal(30_000_000), Decimal(100_000_000))


def _class_of(amount: Decimal) -> int:
    return 1 + sum(amount >= bound for bound in _BOUNDS)


def _amount_classes() -> list[tuple[int, str]]:
    words = [amount_in_words(bound, REFERENCE) for bound in _BOUNDS]
    return [(1, _("less than %(amount)s", amount=words[0])),
            *((step, _("from %(amount)s", amount=amount)) for step, amount in enumerate(words, start=2))]
