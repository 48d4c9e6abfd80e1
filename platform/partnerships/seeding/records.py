"""Files of seed/ that become records of the register: needs, conferences, pledges and meetings that public sources state.

Each has a reader (rows -> number added or changed) and a writer (-> columns, rows) that gives the same file back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from partnerships.approach.models import Meeting
from partnerships.approach.states import MeetingStatus
from partnerships.conferences.models import Attendance, Conference
from partnerships.conferences.states import Category, ConferenceStatus, Mode
from partnerships.core.db import db, utcnow
from partnerships.core.visibility import Visibility
from partnerships.needs.content import in_usd
from partnerships.needs.models import Need, NeedAmount
from partnerships.needs.states import NeedStatus, Origin
from partnerships.parties.models import Party
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import PledgeKind, PledgeObject, PledgeStatus, StepKind
from partnerships.seeding.tables import plain

Row = dict[str, str]
Reader = Callable[[list[Row]], int]
Writer = Callable[[], tuple[list[str], list[Row]]]


def _parties() -> dict[str, Party]:
    return {party.ref: party for party in db.session.scalars(select(Party))}


def _keep(one: Any | None, model: type, values: dict[str, Any]) -> tuple[Any, int]:
    """Add or bring up to date. Returns: the record and 1 when anything changed."""
    if one is None:
        one = model(**values)
        db.session.add(one)
        return one, 1
    changed = {key: value for key, value in values.items() if getattr(one, key) != value}
    for key, value in changed.items():
        setattr(one, key, value)
    return one, int(bool(changed))


def _number(text: str) -> int | None:
    return int(text) if text else None


def _amount(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


NEED_COLUMNS = ["party", "first_year", "last_year", "line", "amount", "national_share", "currency", "theme", "title",
                "summary", "basis", "source"]


def read_needs(rows: list[Row]) -> int:
    """Needs that public documents state, as recorded needs: never as a State's own posting."""
    parties, changed = _parties(), 0
    for row in rows:
        ref = f"{row['party']}-REC-{row['first_year']}-{row['last_year']}"
        amount, share = Decimal(row["amount"]), _amount(row["national_share"]) or Decimal(0)
        found = db.session.scalars(select(Need).where(Need.ref == ref)).first()
        need, one = _keep(found, Need, {
            "ref": ref, "party_id": parties[row["party"]].id, "origin": Origin.RECORDED, "status": NeedStatus.PUBLISHED,
            "title": row["title"], "summary": row["summary"], "theme": row["theme"], "kinds": ("money",), "article": "5",
            "currency": row["currency"], "asked": amount, "national_share": share,
            "asked_usd": in_usd(amount, row["currency"]), "valid_until": date(int(row["last_year"]), 12, 31),
            "basis": row["basis"], "source": row["source"],
            "published_at": found.published_at if found else utcnow()})
        if found is None:
            need.amounts = [NeedAmount(first_year=int(row["first_year"]), last_year=int(row["last_year"]), amount=amount,
                                       national_share=share)]
        changed += one
    return changed


def write_needs() -> tuple[list[str], list[Row]]:
    query = select(Need).where(Need.origin == Origin.RECORDED, Need.is_demo.is_(False),
                               Need.import_key.is_(None)).options(joinedload(Need.party))
    rows = [{
        "party": need.party.ref, "first_year": str(need.amounts[0].first_year),
        "last_year": str(need.amounts[0].last_year), "line": "1", "amount": plain(need.asked),
        "national_share": plain(need.national_share) if need.national_share else "", "currency": need.currency,
        "theme": need.theme or "", "title": need.title, "summary": need.summary, "basis": need.basis,
        "source": need.source} for need in db.session.scalars(query)]
    return NEED_COLUMNS, sorted(rows, key=lambda row: (row["party"], row["first_year"], row["last_year"]))


COUNTS = {"delegations": "stated_delegations", "states_parties": "stated_states_parties",
          "states_not_party": "stated_states_not_party",
          "international_organisations": "stated_international_organisations", "ngos": "stated_ngos",
          "pledging": "stated_pledging"}
CONFERENCE_COLUMNS = ["number", "title", "first_day", "last_day", "chair", "place", "mode", *COUNTS, "note", "source"]


def _conferences() -> dict[int, Conference]:
    return {one.number: one for one in db.session.scalars(select(Conference).where(Conference.number.is_not(None)))
            if one.number is not None}


def read_conferences(rows: list[Row]) -> int:
    known, changed = _conferences(), 0
    for row in rows:
        number = int(row["number"])
        _one, new = _keep(known.get(number), Conference, {
            "ref": f"PC-{number:02d}", "number": number, "title": row["title"], "first_day": _day(row["first_day"]),
            "last_day": _day(row["last_day"]), "chair": row["chair"], "place": row["place"],
            "mode": Mode(row["mode"]) if row["mode"] else None, "note": row["note"], "source": row["source"],
            "status": ConferenceStatus.PUBLISHED,
            **{target: _number(row[column]) for column, target in COUNTS.items()}})
        changed += new
    return changed


def _text(value: Any) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def write_conferences() -> tuple[list[str], list[Row]]:
    rows = [{"number": str(number), "mode": one.mode.value if one.mode else "",
             **{name: _text(getattr(one, name)) for name in (
                 "title", "first_day", "last_day", "chair", "place", "note", "source")},
             **{column: _text(getattr(one, target)) for column, target in COUNTS.items()}}
            for number, one in sorted(_conferences().items()) if not one.is_demo]
    return CONFERENCE_COLUMNS, rows


def read_attendance(rows: list[Row]) -> int:
    parties, conferences, changed = _parties(), _conferences(), 0
    for row in rows:
        conference, party = conferences[int(row["conference"])], parties[row["party"]]
        found = db.session.scalars(select(Attendance).where(
            Attendance.conference_id == conference.id, Attendance.party_id == party.id)).first()
        _one, new = _keep(found, Attendance, {
            "conference_id": conference.id, "party_id": party.id, "category": Category.STATE_PARTY, "note": row["note"],
            "source": row["source"]})
        changed += new
    return changed


def write_attendance() -> tuple[list[str], list[Row]]:
    query = select(Attendance).options(joinedload(Attendance.conference), joinedload(Attendance.party))
    found = [one for one in db.session.scalars(query) if one.source]
    rows = [{"conference": str(one.conference.number), "party": one.party.ref, "note": one.note, "source": one.source}
            for one in sorted(found, key=lambda one: (one.conference.number or 0, one.party.ref))]
    return ["conference", "party", "note", "source"], rows


PLEDGE_COLUMNS = ["line", "conference", "donor", "year", "kind", "object", "amount", "currency", "exactness", "condition",
                  "status", "announced_amount", "announced_on", "confirmed_on", "agreed_on", "statement", "note", "source"]


def read_pledges(rows: list[Row]) -> int:
    parties, conferences, changed = _parties(), _conferences(), 0
    for row in rows:
        conference = conferences[int(row["conference"])] if row["conference"] else None
        amount, line = _amount(row["amount"]), int(row["line"])
        found = db.session.scalars(select(Pledge).where(Pledge.seed_line == line)).first()
        if found is not None and any(step.kind is not StepKind.ANNOUNCED for step in found.steps):
            continue  # somebody has recorded what became of it: the register knows more than the file
        _one, new = _keep(found, Pledge, {
            "ref": f"PL-{row['year']}-R{line:02d}", "seed_line": line, "donor_id": parties[row["donor"]].id,
            "conference_id": conference.id if conference else None, "kind": PledgeKind(row["kind"]),
            "object": PledgeObject(row["object"]), "status": PledgeStatus(row["status"]), "amount": amount,
            "announced_amount": _amount(row["announced_amount"]) or amount, "currency": row["currency"],
            "approximate": row["exactness"] == "approximate",
            "condition": row["condition"], "statement": row["statement"], "note": row["note"], "source": row["source"],
            "first_year": int(row["year"]), "last_year": int(row["year"]),
            "paid_amount": amount if amount is not None and row["status"] == "paid" else Decimal(0),
            "announced_on": _day(row["announced_on"]) or (conference.first_day if conference else None),
            "confirmed_on": _day(row["confirmed_on"]), "agreed_on": _day(row["agreed_on"]), "from_floor": False})
        changed += new
    return changed


def _first_day(pledge: Pledge) -> date | None:
    return pledge.conference.first_day if pledge.conference else None


def write_pledges() -> tuple[list[str], list[Row]]:
    query = select(Pledge).where(Pledge.seed_line.is_not(None)).options(
        joinedload(Pledge.donor), joinedload(Pledge.conference)).order_by(Pledge.seed_line)
    rows = [{
        "line": str(one.seed_line), "conference": str(one.conference.number) if one.conference else "",
        "donor": one.donor.ref, "year": str(one.first_year), "kind": one.kind.value, "object": one.object.value,
        "amount": plain(one.amount), "currency": one.currency,
        "exactness": "" if one.amount is None else "approximate" if one.approximate else "exact",
        "condition": one.condition, "status": one.status.value,
        "announced_amount": plain(one.announced_amount) if one.announced_amount != one.amount else "",
        "announced_on": _text(one.announced_on) if one.announced_on != _first_day(one) else "",
        "confirmed_on": _text(one.confirmed_on), "agreed_on": _text(one.agreed_on), "statement": one.statement,
        "note": one.note, "source": one.source} for one in db.session.scalars(query)]
    return PLEDGE_COLUMNS, rows


def read_meetings(rows: list[Row]) -> int:
    parties, changed = _parties(), 0
    for row in rows:
        ref = f"IA-{row['party']}-{row['held_on'][:4]}"
        found = db.session.scalars(select(Meeting).where(Meeting.ref == ref)).first()
        _one, new = _keep(found, Meeting, {
            "ref": ref, "state_id": parties[row["party"]].id, "held_on": date.fromisoformat(row["held_on"]),
            "mode": Mode(row["mode"]), "title": row["title"], "summary": row["summary"], "source": row["source"],
            "status": MeetingStatus.CLOSED, "visibility": Visibility.PUBLIC})
        changed += new
    return changed


def write_meetings() -> tuple[list[str], list[Row]]:
    query = select(Meeting).where(Meeting.source != "", Meeting.is_demo.is_(False)).options(joinedload(Meeting.state))
    rows = [{"party": one.state.ref, "held_on": one.held_on.isoformat(), "mode": one.mode.value, "title": one.title,
             "summary": one.summary, "source": one.source} for one in db.session.scalars(query)]
    return ["party", "held_on", "mode", "title", "summary", "source"], sorted(
        rows, key=lambda row: (row["party"], row["held_on"]))


RECORDS: dict[str, tuple[Reader, Writer]] = {
    "needs_stated": (read_needs, write_needs),
    "conferences": (read_conferences, write_conferences),
    "conference_attendance": (read_attendance, write_attendance),
    "conference_pledges": (read_pledges, write_pledges),
    "approach_meetings": (read_meetings, write_meetings),
}
