"""IATI activities as rows of an import: what they say was paid becomes contributions on record; our own change nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from partnerships.core import audit
from partnerships.core.db import db
from partnerships.core.filters import number
from partnerships.exchange.entries import Entry, Known, keyed
from partnerships.exchange.fates import Verdict, chunks, doubles, rejected
from partnerships.exchange.funding import CHANGED
from partnerships.exchange.models import Fate
from partnerships.exchange.queries import FROM_IATI
from partnerships.exchange.reading import LARGEST_FILE, MOST_ROWS, Cell, Line, Sheet, Unreadable, too_large
from partnerships.needs.models import Need
from partnerships.parties.models import Party, PartyKind
from partnerships.parties.words import name
from partnerships.pledges.models import Contribution, Pledge
from partnerships.standards.iati import codes
from partnerships.standards.iati.reading import Organisation, Stated, stated
from partnerships.standards.iati.tree import NoActivities

# What a row keeps of an activity, as texts; the donor in three cells.
HEADINGS = ("identifier", "line", "title", "publisher", "own", "year", "country", "country_name", "amount", "currency", "said",
            "wrong", "donor", "donor_ref", "donor_type")
TELLING = tuple(HEADINGS.index(one) for one in ("donor", "country", "year", "amount", "currency", "title", "identifier"))
FIRST_MARKS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\0", b"\xfe\xff\0<")
SECTOR = "IATI 15250"
PLACES = {theirs: ours for ours, theirs in codes.BESIDE_ISO.items()}
assert {one.name for one in fields(Stated)} - {"donor"} == set(HEADINGS) - {"donor", "donor_ref", "donor_type"}


def holds(data: bytes) -> bool:
    """Whether this is XML, by its first mark."""
    return data[:64].lstrip().startswith(FIRST_MARKS)


def read(data: bytes) -> Sheet:
    """The activities of a file as rows, below a row of headings. Raises: Unreadable."""
    if len(data) > LARGEST_FILE:
        raise Unreadable(too_large())
    try:
        found = stated(data, current_app.config["SETTINGS"].iati_org, date.today())
    except NoActivities as why:
        raise Unreadable(str(why)) from None
    if not found.rows:
        raise Unreadable(" ".join([_("The file holds no activity of mine action (sector 15250)."), *found.notes]))
    if len(found.rows) > MOST_ROWS:
        raise Unreadable(_("The file has more than %(most)s rows. Split the file and send the parts one by one.", most=MOST_ROWS))
    head = (0, [Cell("text", one) for one in HEADINGS])
    return Sheet([head, *((place, _cells(one)) for place, one in enumerate(found.rows, start=1))], notes=found.notes, headed=True)


def _cells(one: Stated) -> list[Cell]:
    texts = {"donor": one.donor.name, "donor_ref": one.donor.ref, "donor_type": one.donor.type, "year": str(one.year or ""),
             "amount": f"{one.amount:f}", "said": "\n".join(one.said), "wrong": "\n".join(one.wrong)}
    return [Cell("text", texts[key] if key in texts else str(getattr(one, key))) for key in HEADINGS]


def _stated(cells: Sequence[Cell]) -> Stated:
    of = {key: cells[place].text for place, key in enumerate(HEADINGS)}
    return Stated(of["identifier"], int(of["line"]), of["title"], of["publisher"], of["own"], int(of["year"] or 0) or None,
                  Organisation(of["donor"], of["donor_ref"], of["donor_type"]), of["country"], of["country_name"],
                  Decimal(of["amount"]), of["currency"], of["said"].splitlines(), of["wrong"].splitlines())


def entries(lines: Iterable[Line], known: Known) -> list[Entry]:
    """Rows as entries: the donor and the State of the register that they name."""
    return [_entry(place, _stated(cells), known) for place, cells in lines]


def _entry(place: int, one: Stated, known: Known) -> Entry:
    entry = Entry(place, ref=one.own, said=list(one.said), wrong=list(one.wrong))
    entry.source = f"{FROM_IATI}{one.identifier}, {one.publisher}"[:400]
    entry.key = keyed(one.identifier, one.year or "", one.country, one.currency, one.donor.name, one.donor.ref)
    if one.own or entry.wrong or one.year is None:
        return entry
    entry.party = _donor(one.donor, known)
    entry.recipient = known.places.code(PLACES.get(one.country, one.country))
    if entry.party is None:
        entry.wrong.append(_("“%(text)s” is not known here: use the name or code of the list of partners, or ask the ISU to add "
                             "it to the list first.", text=(one.donor.name or one.donor.ref)[:60]))
    if entry.recipient is None:
        entry.wrong.append(_("“%(code)s” is no State known here.", code=one.country[:20]))
    if entry.party is not None and entry.party is entry.recipient:
        entry.wrong.append(_("donor and recipient are the same: what a State gives itself is its national contribution."))
    money = {"amount_usd": one.amount, "amount_national": None, "currency": ""} if one.currency == "USD" else {
        "amount_usd": None, "amount_national": one.amount, "currency": one.currency}
    entry.content = {"year": one.year, "sector": SECTOR, **money}
    return entry


def _donor(who: Organisation, known: Known) -> Party | None:
    """By name; else a government by the country that its identifier begins with."""
    found = known.partners.find(who.name) if who.name else None
    if found is None and who.type == codes.GOVERNMENT and who.ref[2:3] == "-":
        found = known.partners.code(who.ref[:2])
    return found if found is not None and found.kind is not PartyKind.AREA else None


def fates_of(found: Sequence[Entry]) -> list[Verdict]:
    """What becomes of the rows. A payment is known again by activity, year, donor, State and currency."""
    repeated, ours, known = doubles(found), _ours(entry.ref for entry in found), _known(found)
    return [_verdict(entry, repeated, ours, known) for entry in found]


Beside = dict[tuple[int, int, int], list[Contribution]]


def _known(found: Sequence[Entry]) -> Beside:
    """What is on record for the years of the rows, by year, donor and State."""
    known: Beside = {}
    for years in chunks(entry.content.get("year") for entry in found):
        for one in db.session.scalars(select(Contribution).where(Contribution.year.in_(years)).order_by(Contribution.line)):
            known.setdefault((one.year, one.donor_id, one.recipient_id), []).append(one)
    return known


def _ours(refs: Iterable[str]) -> set[str]:
    """Those of these references that records here have."""
    found: set[str] = set()
    for some in chunks(refs):
        for column in (Pledge.ref, Need.ref):
            found.update(db.session.scalars(select(column).where(column.in_(some))))
        if any(ref.startswith("C-") for ref in some):
            given = select(Contribution).options(joinedload(Contribution.donor), joinedload(Contribution.recipient))
            found.update(codes.of_contribution(one) for one in db.session.scalars(given))
    return found


def _verdict(entry: Entry, repeated: dict[int, Verdict], ours: set[str], known: Beside) -> Verdict:
    if entry.ref:
        if entry.ref in ours:
            return Verdict(entry, Fate.UNCHANGED, _("%(ref)s is a record of this register: nothing changes.", ref=entry.ref))
        return rejected(entry, _("It bears our identifier, but no record here is %(ref)s.", ref=entry.ref[:60]))
    if entry.wrong:
        return rejected(entry, " ".join([*entry.wrong, *entry.said]))
    if entry.number in repeated:
        return repeated[entry.number]
    if not entry.content:
        return Verdict(entry, Fate.UNCHANGED, " ".join([_("It states no payment: nothing is recorded."), *entry.said]))
    return _payment(entry, known)


def _payment(entry: Entry, known: Beside) -> Verdict:
    assert entry.party is not None and entry.recipient is not None
    new = {**{key: value for key, value in entry.content.items() if key != "year"}, "source": entry.source}
    who = _("%(donor)s to %(recipient)s, %(year)s", donor=name(entry.party), recipient=name(entry.recipient),
            year=str(entry.content["year"]))
    beside = known.get((entry.content["year"], entry.party.id, entry.recipient.id), [])
    record = next((one for one in beside if (one.source, one.currency) == (entry.source, new["currency"])), None)
    worth = f"{number(new['amount_usd'] or new['amount_national'])} {new['currency'] or 'USD'}"
    if record is None:
        return Verdict(entry, Fate.CREATED, " ".join([f"{who}: {worth}.", *_alike(beside, new), *entry.said]), None, new)
    differs = audit.differences(record, new)
    if not differs:
        return Verdict(entry, Fate.UNCHANGED, " ".join([f"{who}.", *entry.said]), record)
    told = ", ".join(_("%(field)s: %(old)s becomes %(new)s", field=str(CHANGED[key]), old=_shown(old), new=_shown(value))
                     for key, (old, value) in differs.items())
    return Verdict(entry, Fate.UPDATED, " ".join([f"{who}: {told}.", *entry.said]), record, {key: new[key] for key in differs})


def _shown(value: object) -> str:
    return number(value) if isinstance(value, Decimal) else str(value or "–")


def _alike(beside: Sequence[Contribution], new: dict[str, object]) -> list[str]:
    """A remark about contributions of the same donor, State and year that other sources state: is it the same money?"""
    if not beside:
        return []
    sectors = ", ".join(dict.fromkeys(f"“{one.sector}”" for one in beside))
    same = any((one.amount_usd and one.amount_usd == new["amount_usd"])
               or (one.currency and (one.amount_national, one.currency) == (new["amount_national"], new["currency"]))
               for one in beside)
    return [_("The same amount is on record under %(sectors)s: is it the same contribution?", sectors=sectors) if same else
            _("Added beside %(sectors)s.", sectors=sectors)]
