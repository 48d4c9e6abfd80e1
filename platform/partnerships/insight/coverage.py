"""Coverage: open needs without an offer, offers without a need, and needs on which several donors are at work.

The rule of fit is plain, so that a reader can check it: an offer fits a need when the thematic area, the place and a kind
of assistance are the same, and what either leaves open fits everything. It says nothing about amounts, languages or
conditions; the matching engine does. Counted from a fixed number of queries, whatever the number of records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from partnerships.core.actor import Actor
from partnerships.core.export import Column
from partnerships.insight import queries
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.offers import queries as offers
from partnerships.offers.models import Nature, Offer
from partnerships.parties import choices
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.parties.words import name, title

CONTINENTS = ("002", "019", "142", "150", "009")
ANY = "any"
SHOWN = 10
MOST = 200  # rows of one list on the page; a file holds all


@dataclass
class Cell:
    """Open needs and those without an offer; standing offers and those without a need."""

    needs: int = 0
    unmet: int = 0
    offers: int = 0
    idle: int = 0


@dataclass
class Row:
    """A thematic area with a cell for each region, and its totals: an offer counts once in them."""

    code: str
    title: str
    cells: dict[str, Cell] = field(default_factory=dict)
    total: Cell = field(default_factory=Cell)

    def cell(self, place: str) -> Cell:
        """The cell of a region, made when first asked for."""
        return self.cells.setdefault(place, Cell())


@dataclass(frozen=True)
class Group:
    """Open needs that the rule cannot tell apart: of one thematic area, State and set of kinds."""

    theme: str | None
    party_id: int
    kinds: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Overlap:
    """A need with several donors at work: (party, whether it pledged, whether it is in contact), by name."""

    need: Need
    donors: list[tuple[Party, bool, bool]]


class Coverage:
    """What the page shows, within one reader's sight."""

    def __init__(self, actor: Actor, today: date) -> None:
        self.actor, self.today = actor, today
        self.everyone: dict[int, Party] = queries.parties_by_id()
        self.groups = [Group(*row) for row in queries.open_groups(actor, today)]
        # A national point of contact is an address, not help.
        self.standing = [offer for offer in offers.current(actor, today) if offer.nature is not Nature.CONTACT_POINT]
        self._match()
        self.rows, self.columns, self.all = self._table()

    def _match(self) -> None:
        """Find the groups that some offer fits, and the offers that fit some group."""
        reach = reached(self.everyone)
        by_theme: dict[str | None, list[Group]] = {}
        for group in self.groups:
            by_theme.setdefault(group.theme, []).append(group)
        self.met: set[Group] = set()
        self.used: set[int] = set()
        for offer in self.standing:
            places = reach(offer)
            for theme in offer.themes or by_theme:
                fitting = {group for group in by_theme.get(theme, ()) if group.party_id != offer.party_id
                           and (places is None or group.party_id in places)
                           and (not group.kinds or not offer.kinds or set(group.kinds) & set(offer.kinds))}
                self.met |= fitting
                if fitting:
                    self.used.add(offer.id)

    def _table(self) -> tuple[list[Row], dict[str, Cell], Cell]:
        rows = {theme.code: Row(theme.code, title(theme)) for theme in parties.all_themes()}
        rows[ANY] = Row(ANY, _("No area named"))
        columns: dict[str, Cell] = {place: Cell() for place in (*CONTINENTS, ANY)}
        whole = Cell()
        for group in self.groups:
            row, place = rows[group.theme or ANY], self.everyone[group.party_id].region
            for cell in (row.cell(place), row.total, columns.setdefault(place, Cell()), whole):
                cell.needs += group.count
                cell.unmet += 0 if group in self.met else group.count
        continents = continents_of(self.everyone)
        for offer in self.standing:
            places, idle = continents(offer), offer.id not in self.used
            themes = [rows[code] for code in offer.themes if code in rows] or [rows[ANY]]
            cells = [row.cell(place) for row in themes for place in places]
            for cell in (*cells, *(row.total for row in themes), *(columns[place] for place in places), whole):
                cell.offers += 1
                cell.idle += idle
        return [row for row in rows.values() if row.code != ANY or row.cells], columns, whole

    def unmet(self, limit: int | None = None) -> list[Need]:
        """Open needs that no standing offer fits, the nearest deadline first."""
        met = {(group.theme, group.party_id, group.kinds) for group in self.met}
        ids = queries.first_needs(self.actor, self.today, lambda *group: group not in met, limit)
        found = {need.id: need for need in needs.by_numbers(self.actor, set(ids))}
        return [found[number] for number in ids]

    def idle(self) -> list[Offer]:
        """Standing offers that fit no open need, those that end first at the top."""
        found = [offer for offer in self.standing if offer.id not in self.used]
        return sorted(found, key=lambda offer: (offer.valid_until, offer.id))

    def overlaps(self, limit: int) -> list[Overlap]:
        """Open needs with several donors pledging or in contact, as far as the reader may see both; most donors first."""
        at_work: dict[int, dict[int, list[bool]]] = {}
        for kind, rows in enumerate((queries.pledging(self.actor, self.today), queries.in_contact(self.actor, self.today))):
            for need_id, party_id in rows:
                at_work.setdefault(need_id, {}).setdefault(party_id, [False, False])[kind] = True
        several = sorted((-len(donors), number) for number, donors in at_work.items() if len(donors) > 1)
        self.several = len(several)
        found = {need.id: need for need in needs.by_numbers(self.actor, {number for _count, number in several[:limit]})}
        return [self._overlap(found[number], at_work[number]) for _count, number in several[:limit]]

    def _overlap(self, need: Need, donors: Mapping[int, list[bool]]) -> Overlap:
        rows = [(self.everyone[party], pledged, in_contact) for party, (pledged, in_contact) in donors.items()]
        return Overlap(need, sorted(rows, key=lambda row: name(row[0])))


def reached(everyone: Mapping[int, Party]) -> Callable[[Offer], set[int] | None]:
    """A function that gives the parties that an offer reaches; None when it names no place, and so reaches all."""
    inside: dict[str, set[int]] = {}
    by_ref = {party.ref: number for number, party in everyone.items()}
    within = parties.all_within()
    for number, party in everyone.items():
        for code, codes in within.items():
            if party.region in codes or party.subregion in codes:
                inside.setdefault(code, set()).add(number)

    def reach(offer: Offer) -> set[int] | None:
        if not offer.regions and not offer.countries:
            return None
        named = {by_ref[ref] for ref in offer.countries if ref in by_ref}
        return named.union(*(inside.get(code, set()) for code in offer.regions))

    return reach


def continents_of(everyone: Mapping[int, Party]) -> Callable[[Offer], set[str]]:
    """A function that gives the continents whose lists of offers hold an offer; "any" for one that names no place."""
    within = parties.all_within()
    continent = {code: region for region in CONTINENTS for code in within.get(region, ())}
    home = {party.ref: party.region for party in everyone.values()}

    def places(offer: Offer) -> set[str]:
        named = {continent.get(code, "") for code in offer.regions} | {home.get(ref, "") for ref in offer.countries}
        return named & set(CONTINENTS) if offer.regions or offer.countries else {ANY}

    return places


def page(actor: Actor, today: date, every: str) -> dict[str, Any]:
    """What the page shows. Arguments: every, "needs" or "offers": the list that is shown beyond its first rows."""
    found = Coverage(actor, today)
    most = {part: MOST if every == part else SHOWN for part in ("needs", "offers")}
    return {"coverage": found, "unmet": found.unmet(most["needs"]), "idle": found.idle()[:most["offers"]],
            "overlaps": found.overlaps(MOST), "regions": regions(), "any": ANY, "shown": SHOWN, "every": every,
            "most": MOST}


def regions() -> list[Any]:
    """The continents, in the order of the columns."""
    return [row for row in parties.all_regions() if row.m49 in CONTINENTS]


def cells(found: Coverage) -> list[tuple[Row, str, Cell]]:
    """The table as rows of a file: (row, region, cell), empty cells included, so that a gap is a row too."""
    places = {row.m49: name(row) for row in regions()} | {ANY: _("No place named")}
    return [(row, words, row.cells.get(code, Cell())) for row in found.rows for code, words in places.items()]


def table_columns() -> list[Column]:
    """(key, heading, function of one of `cells`) for each column."""
    return [("theme", _("Thematic area"), lambda one: one[0].title), ("region", _("Region"), lambda one: one[1]),
            ("open_needs", _("Open needs"), lambda one: one[2].needs),
            ("needs_without_offer", _("Open needs without an offer"), lambda one: one[2].unmet),
            ("standing_offers", _("Standing offers"), lambda one: one[2].offers),
            ("offers_without_need", _("Standing offers without a need"), lambda one: one[2].idle)]


def need_columns() -> list[Column]:
    """(key, heading, function of a need) for each column."""
    themes = dict(choices.themes())
    return [("need", _("Need"), lambda one: one.ref), ("state_code", _("State code"), lambda one: one.party.ref),
            ("state", _("State"), lambda one: name(one.party)),
            ("theme", _("Thematic area"), lambda one: themes.get(one.theme, one.theme)),
            ("title", _("Title"), lambda one: one.title), ("deadline", _("Deadline"), lambda one: one.deadline),
            ("demonstration", _("Demonstration, invented"), lambda one: one.is_demo or None)]


def overlap_rows(found: Iterable[Overlap]) -> list[tuple[Need, Party, bool, bool]]:
    """Overlaps as rows of a file: (need, donor, has pledged, is in contact)."""
    return [(one.need, party, pledged, talks) for one in found for party, pledged, talks in one.donors]


def overlap_columns() -> list[Column]:
    """(key, heading, function of one of `overlap_rows`) for each column."""
    return [("need", _("Need"), lambda one: one[0].ref), ("state", _("State"), lambda one: name(one[0].party)),
            ("title", _("Title"), lambda one: one[0].title), ("donor_code", _("Donor code"), lambda one: one[1].ref),
            ("donor", _("Donor"), lambda one: name(one[1])), ("has_pledged", _("Has pledged"), lambda one: one[2]),
            ("in_contact", _("Is in contact"), lambda one: one[3]),
            ("demonstration", _("Demonstration, invented"), lambda one: one[0].is_demo or None)]


def note() -> str:
    """The rule, in one sentence, for the page and the files."""
    return _("An offer fits a need when the thematic area, the place and a kind of assistance are the same; what either leaves "
             "open fits everything, and no offer fits a need of its own State. Amounts, languages and conditions do not count "
             "here.")
