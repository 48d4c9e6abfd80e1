"""The tables of a release that people enter: needs, offers, conferences, pledges, country meetings. Only what everybody may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from partnerships.approach import states as approach
from partnerships.approach.models import Meeting, Participant
from partnerships.conferences import states as conferences_of
from partnerships.conferences.models import Attendance, Conference
from partnerships.core.actor import PUBLIC
from partnerships.core.db import db
from partnerships.core.policy import condition, scope
from partnerships.needs import states
from partnerships.needs.models import Need
from partnerships.offers.models import NATURE_LABELS, Offer
from partnerships.parties.words import LANGUAGE_LABELS
from partnerships.releases import giving
from partnerships.releases.frame import AMOUNT, M2, Column, Table, codes
from partnerships.releases.reference import SOURCE, party_of, plain

NEED = ("needs", "ref")
ORIGIN = {"posted": "Posted here by the State", "recorded": "Recorded by the ISU from a public document"}
AMOUNTS = {"stated": "Stated", "not-stated": "Not stated", "withheld": "Stated for fewer people; empty here"}
SHARE = "The part of it that the State covers itself. Empty in a recorded need: its document names none."


@dataclass(frozen=True)
class Found:
    """Records of one model that everybody may see: the real ones, and how many invented ones stand beside them."""

    rows: list[Any]
    invented: int


def visible(model: Any, permission: str, *options: Any) -> Found:
    """The records of a model within everybody's sight."""
    every = db.session.scalars(scope(PUBLIC, permission, model).options(*options)).unique().all()
    real = [row for row in every if not row.is_demo]
    return Found(real, len(every) - len(real))


def tables(parties: set[int]) -> list[Table]:
    """These tables. Arguments: parties, the identifiers of those that are no invention."""
    needs = visible(Need, "needs.view", joinedload(Need.party), *(selectinload(getattr(Need, one)) for one in (
        "amounts", "costs", "work", "people")))
    needs = Found([need for need in needs.rows if need.party_id in parties], needs.invented)
    seen = {need.id: need.ref for need in needs.rows}
    conferences = visible(Conference, "conferences.view", selectinload(Conference.attendance).joinedload(Attendance.party))
    return [*_needs(needs), _offers(parties), _conferences(conferences), _attendance(conferences, parties),
            *giving.tables(parties, seen, {one.id: one.ref for one in conferences.rows}, visible), *_meetings(parties, seen)]


def share(need: Need, value: Any) -> Any:
    """A State's share; none instead of the zero that stands where the document of a recorded need names no share."""
    return value or None if need.origin is states.Origin.RECORDED else value


def _may(permission: str) -> set[int]:
    return set(db.session.scalars(select(Need.id).where(condition(PUBLIC, permission, Need))))


def _needs(found: Found) -> list[Table]:
    amounts, details = _may("needs.view-amounts"), _may("needs.view-details")

    def told(need: Need) -> str:
        if need.id not in amounts:
            return "withheld"
        return "stated" if need.asked is not None else "not-stated"

    def amount(name: str) -> Callable[[Need], Any]:
        return lambda need: getattr(need, name) if told(need) == "stated" else None

    main = Table("needs", "Needs of affected States on record", "the State itself, or the public document that the row names",
        ("ref",), [
        plain("ref", "The reference of the need; its page is at /needs/ and this reference.", needed=True),
        party_of("party", "The State"),
        plain("origin", "Posted here by the State, or recorded from a public document.", codes=ORIGIN, needed=True),
        plain("status", "Where it stands. One that is published may be past its day: see valid_until.",
              codes=codes(states.LABELS, *states.WITH_THE_STATE, states.NeedStatus.SUBMITTED), needed=True),
        plain("title", "The title, in the need's language."), plain("summary", "What is needed, in the need's language."),
        plain("language", "ISO 639-1 code of the language that it is written in.", codes=codes(LANGUAGE_LABELS), open=True),
        plain("theme", "The thematic area: a code of the table themes.", refers=("themes", "code")),
        plain("kinds", "Kinds of assistance: codes of the table assistance_kinds.", many=True, refers=("assistance_kinds", "code")),
        plain("place", "Where, in words."), plain("article", "The article that it serves.", refers=("articles", "ref")),
        plain("deadline", "By when the State must have met its obligation.", "date"),
        plain("beneficiaries", "Who will benefit, in words."),
        Column("amounts", "Whether amounts are stated, not stated, or withheld by the State.", told, codes=AMOUNTS,
               needed=True),
        Column("currency", "ISO 4217 code of the amounts of this need.", amount("currency")),
        Column("asked", "What is asked in all years together, the State's own share included.", amount("asked"), "number", AMOUNT),
        Column("national_share", SHARE, lambda need: share(need, amount("national_share")(need)), "number", AMOUNT),
        plain("published_at", "The day on which it was put on this register; of a recorded need not the day of its document.",
              "date"),
        plain("valid_until", "The day until which it stands.", "date"),
        plain("outcome", "What became of it, as the State says."),
        plain("supporters", "Who helped, as the State says: codes of the table parties.", many=True, refers=("parties", "ref")),
        Column("received", "How much came, as the State says.", lambda need: need.received if need.id in amounts else None,
               "number", AMOUNT),
        plain("basis", "Of a recorded need: which document, and where in it."), SOURCE], found.rows, found.invented)
    return [main, *_money_of(need for need in found.rows if need.id in amounts),
            *_work_of(need for need in found.rows if need.id in details)]


def _need() -> Column:
    return Column("need", "The need: its reference in the table needs.", lambda row: row[0].ref, needed=True, refers=NEED)


def part(name: str, meaning: str, type: str = "string", **more: Any) -> Column:
    """A column of a line that hangs on a record; a row is (record, number of the line, line)."""
    return Column(name, meaning, lambda row: getattr(row[2], name), type, **more)


def lines(records: Iterable[Any], name: str) -> list[tuple[Any, int, Any]]:
    """The lines of records: (record, number of the line, line)."""
    return [(record, number, line) for record in records for number, line in enumerate(getattr(record, name), start=1)]


def numbered() -> Column:
    """The column that counts the lines of a record."""
    return Column("line", "The number of the line.", lambda row: row[1], "integer", needed=True)


def _money_of(needs: Iterable[Need]) -> list[Table]:
    every = list(needs)
    state = "the State, in its need"
    currency = Column("currency", "ISO 4217 code.", lambda row: row[0].currency, needed=True)
    return [
        Table("need_amounts", "Amounts of needs by year", state, ("need", "first_year"), [
            _need(), part("first_year", "The year, or the first of a span.", "year", needed=True),
            part("last_year", "The same year, or the last of the span.", "year", needed=True), currency,
            part("amount", "What is asked for it, the State's own share included.", "number", unit=AMOUNT, needed=True),
            Column("national_share", SHARE, lambda row: share(row[0], row[2].national_share), "number", AMOUNT)],
            lines(every, "amounts")),
        Table("need_costs", "What the amounts are for, by year", state, ("need", "year", "kind"), [
            _need(), part("year", "The year.", "year", needed=True),
            part("kind", "The kind of cost.", codes=codes(states.COST_LABELS), needed=True), currency,
            part("amount", "The amount: a part of the year's amount, never added to it.", "number", unit=AMOUNT, needed=True),
            part("note", "What it is for.")], lines(every, "costs"))]


def _work_of(needs: Iterable[Need]) -> list[Table]:
    every = list(needs)
    state = "the State, in its need"
    return [
        Table("need_work", "Work plans of needs", state, ("need", "line"), [
            _need(), numbered(), part("year", "The year.", "year", needed=True), part("area", "The area, by its name."),
            part("contamination", "Kinds of contamination.", codes=codes(states.CONTAMINATION), open=True, many=True),
            *(part(f"{what}_m2", f"Area {words}, by the terms of IMAS 07.11.", "integer", unit=M2, needed=True) for what, words in (
                ("suspected", "suspected to be hazardous"), ("confirmed", "confirmed as hazardous"),
                ("cancelled", "to be cancelled"), ("reduced", "to be reduced"), ("cleared", "to be cleared")))], lines(every,
                    "work")),
        Table("need_people", "How many people needs are to reach", state, ("need", "line"), [
            _need(), numbered(), part("reached", "In what way they are reached.", codes=codes(states.REACHED_LABELS), needed=True),
            part("sex", "Sex.", codes=codes(states.SEX_LABELS), needed=True),
            part("age", "Age group.", codes=codes(states.AGE_LABELS), needed=True),
            part("disability", "With or without disability.", codes=codes(states.DISABILITY_LABELS), needed=True),
            part("number", "How many people.", "integer", unit="people", needed=True)], lines(every, "people"))]


def _offers(parties: set[int]) -> Table:
    found = visible(Offer, "offers.view", joinedload(Offer.party))
    return Table("offers", "Standing offers", "the State or organisation that offers", ("ref",), [
        plain("ref", "The reference of the offer; its page is at /offers/ and this reference.", needed=True),
        party_of("party", "Who offers"), plain("nature", "What it is.", codes=codes(NATURE_LABELS), needed=True),
        plain("title", "The title."), plain("summary", "What is offered."),
        plain("themes", "Thematic areas: codes of the table themes; empty: any.", many=True, refers=("themes", "code")),
        plain("kinds", "Kinds of assistance: codes of the table assistance_kinds.", many=True,
              refers=("assistance_kinds", "code")),
        plain("regions", "For which regions: codes of the table regions; empty: any.", many=True, refers=("regions", "m49")),
        plain("countries", "For which States: codes of the table parties; empty: any.", many=True, refers=("parties", "ref")),
        plain("languages", "In which languages: ISO 639-1 codes.", many=True),
        Column("currency", "ISO 4217 code of the amounts.",
               lambda row: row.currency if row.amount_min is not None or row.amount_max is not None else None),
        plain("amount_min", "From how much.", "number", unit=AMOUNT), plain("amount_max", "Up to how much.", "number", unit=AMOUNT),
        plain("quantities", "What there is, and how much."), plain("conditions", "Conditions, in words."),
        plain("valid_until", "The day until which it stands.", "date", needed=True)],
        [row for row in found.rows if row.party_id in parties], found.invented)


def _conferences(found: Found) -> Table:
    stated = (("delegations", "delegations"), ("states_parties", "States Parties"), ("states_not_party", "States not party"),
              ("international_organisations", "international organisations"), ("ngos", "non-governmental organisations"),
              ("pledging", "delegations that pledged"))
    return Table("conferences", "Pledging conferences", "public documents; see each row", ("ref",), [
        plain("ref", "The reference of the conference; its page is at /conferences/ and this reference.", needed=True),
        plain("number", "Its number.", "integer"), plain("title", "Its title."),
        plain("first_day", "Its first day.", "date"), plain("last_day", "Its last day.", "date"), plain("place", "Where."),
        plain("mode", "How it meets.", codes=codes(conferences_of.MODE_LABELS)),
        plain("status", "Where it stands.", codes=codes(conferences_of.LABELS), needed=True),
        *(plain(f"stated_{name}", f"How many {words} the source counts.", "integer") for name, words in stated),
        plain("note", "What is to be known of it: days that are not given, and what the source does not say."), SOURCE],
        found.rows, found.invented)


def _attendance(found: Found, parties: set[int]) -> Table:
    present = [line for line in lines(found.rows, "attendance")
               if line[2].presence is conferences_of.Presence.PRESENT and line[2].party_id in parties]
    return Table("conference_attendance", "Delegations known to have been at conferences; no persons",
        "the ISU, or the public document that the row names", ("conference", "party"), [
        Column("conference", "The conference: its reference in the table conferences.", lambda row: row[0].ref, needed=True,
               refers=("conferences", "ref")),
        Column("party", "Who was there: its code in the table parties. That one is not named does not mean that it was absent.",
               lambda row: row[2].party.ref, needed=True, refers=("parties", "ref")),
        part("category", "As what, on the day of the conference.", codes=codes(conferences_of.CATEGORY_LABELS), needed=True),
        part("source", "The public document that it was recorded from. Empty: the ISU entered it here.")], present)


def _meetings(parties: set[int], needs: dict[int, str]) -> list[Table]:
    found = visible(Meeting, "approach.view", joinedload(Meeting.state), selectinload(Meeting.needs),
                    selectinload(Meeting.participants).joinedload(Participant.party))
    rows = [row for row in found.rows if row.state_id in parties]
    meeting = Column("meeting", "The meeting: its reference in the table country_meetings.", lambda row: row[0].ref, needed=True,
                     refers=("country_meetings", "ref"))
    said = "the ISU's record of the meeting"
    return [
        Table("country_meetings", "Country meetings of the individualised approach that are public",
            "public documents; see each row",
              ("ref",), [
                  plain("ref", "The reference of the meeting; its page is at /approach/ and this reference.", needed=True),
                  party_of("state", "The affected State"), plain("title", "Its title."),
                  plain("held_on", "Its day.", "date", needed=True),
                  plain("mode", "How it meets.", codes=codes(conferences_of.MODE_LABELS), needed=True),
                  plain("place", "Where."), plain("status", "Where it stands.", codes=codes(approach.LABELS), needed=True),
                  plain("outcome", "What came of it."), plain("interest", "Interest expressed; it is no pledge."), SOURCE],
              rows, found.invented),
        Table("country_meeting_needs", "Needs discussed at country meetings", said, ("meeting", "need"), [
            meeting, Column("need", "The need: its reference in the table needs.", lambda row: row[2].ref, needed=True,
                refers=NEED)],
            [line for line in lines(rows, "needs") if line[2].id in needs]),
        Table("country_meeting_participants", "States and organisations at country meetings; no persons", said, ("meeting",
            "line"), [
            meeting, numbered(),
            Column("party", "Who: its code in the table parties.", lambda row: row[2].party.ref, needed=True, refers=("parties",
            "ref")),
            part("capacity", "In what capacity.")], [line for line in lines(rows, "participants") if line[2].party_id in parties])]
