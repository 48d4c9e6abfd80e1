"""What the seed holds of the conferences and contributions that sources document, against the shared files and domain.md."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from partnerships.conferences.models import Attendance, Conference
from partnerships.core.actor import SYSTEM
from partnerships.core.db import db
from partnerships.exchange.places import Places
from partnerships.parties import queries as parties
from partnerships.parties.models import PartyKind
from partnerships.pledges import service
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import PledgeKind, PledgeObject, PledgeStatus
from partnerships.seeding import reference
from tests.rooms.exchange.conftest import SHARED

LOGGED = SHARED / "isu_contributions.csv"
there = pytest.mark.skipif(not LOGGED.exists(), reason="the shared files are not here")
SUPPORTED = "supported the ISU 2017 Work Plan"
# date of the first day, delegations, States Parties, States not party, international organisations, NGOs, pledging: domain.md
HELD = {1: (date(2016, 3, 2), 69, 52, 2, 8, 7, None), 2: (date(2017, 2, 28), None, 36, None, None, None, 19),
        3: (date(2018, 2, 27), 41, 33, 1, None, None, None), 4: (date(2019, 2, 26), None, None, None, None, None, None),
        7: (None, None, None, None, None, None, None), 9: (date(2024, 3, 1), 43, 33, 1, 3, 6, None)}


def recorded(donor: str, year: int, target: PledgeObject = PledgeObject.ISU_WORK_PLAN) -> list[Pledge]:
    return [one for one in db.session.scalars(select(Pledge).where(
        Pledge.seed_line.is_not(None), Pledge.first_year == year, Pledge.object == target)) if one.donor.ref == donor]


def test_the_conferences_with_their_attendance(app):
    found = {one.number: (one.first_day, one.stated_delegations, one.stated_states_parties, one.stated_states_not_party,
                          one.stated_international_organisations, one.stated_ngos, one.stated_pledging)
             for one in db.session.scalars(select(Conference))}
    assert found == HELD
    assert "February 2022" in db.session.scalars(select(Conference.note).where(Conference.number == 7)).one()


@there
def test_every_row_of_the_file_is_on_record_with_its_source(app):
    places = Places(parties.all_parties(PartyKind.STATE))
    attended = {(row.party.ref, row.conference.number) for row in db.session.scalars(select(Attendance))}
    rows = list(csv.DictReader(io.StringIO(LOGGED.read_text(encoding="utf-8-sig"))))
    assert len(rows) == 74
    for row in rows:
        state = places.find(row["state"])
        assert state is not None, row
        if row["event"].startswith("participated"):
            assert (state.ref, 9) in attended, row
            continue
        made = recorded(state.ref, int(row["year"]))
        assert any(row["source_url"] == one.source or row["source_url"] in one.note for one in made), row
        if row["amount"]:
            assert [one.amount for one in made if one.amount] == [Decimal(row["amount"])], row
    assert len(attended) == sum(row["event"].startswith("participated") for row in rows) == 33


@there
def test_the_eighteen_that_supported_the_work_plan_of_2017_are_confirmed_once(app):
    places = Places(parties.all_parties(PartyKind.STATE))
    every = csv.DictReader(io.StringIO(LOGGED.read_text(encoding="utf-8-sig")))
    rows = [row for row in every if row["event"].startswith(SUPPORTED)]
    assert len(rows) == 18
    at_the_conference = 0
    for row in rows:
        made = recorded(places.find(row["state"]).ref, 2017)
        assert len(made) == 1, "a pledge that is confirmed later is still one pledge"
        assert (made[0].status, made[0].kind, made[0].amount) == (PledgeStatus.CONFIRMED, PledgeKind.FINANCIAL, None)
        at_the_conference += made[0].conference is not None
    assert at_the_conference == 10
    second = list(db.session.scalars(select(Pledge).where(Pledge.conference.has(number=2))))
    assert len(second) == 19 and sum(one.status is PledgeStatus.ANNOUNCED for one in second) == 9


def test_the_amounts_that_sources_give(app):
    japan = recorded("JPN", 2016)[0]
    assert (japan.announced_amount, japan.amount, japan.currency, japan.status) == (79700, 79706, "CHF", PledgeStatus.PAID)
    assert "parliament" in japan.condition.lower() and "about CHF 79,700" in japan.statement and japan.conference.number == 1
    assert [(one.amount, one.approximate) for one in recorded("JPN", 2017) if one.amount] == [(90000, True)]
    germany = [*recorded("DEU", 2013), *recorded("DEU", 2013, PledgeObject.SPONSORSHIP)]
    assert [(one.amount, one.currency, one.status) for one in germany] == [
        (70000, "EUR", PledgeStatus.PAID), (30000, "EUR", PledgeStatus.AGREED)]
    assert germany[1].agreed_on == date(2013, 2, 27)
    assert [(one.amount, one.currency) for one in recorded("FRA", 2012)] == [(10000, "EUR")]
    assert [(one.amount, one.currency, one.conference.number) for one in recorded("NOR", 2018)] == [(295000, "NOK", 3)]
    czech = recorded("CZE", 2014)[0]
    assert (czech.amount, czech.currency, czech.status, czech.confirmed_on) == (
        100000, "CZK", PledgeStatus.CONFIRMED, date(2014, 12, 15))


def test_every_recorded_pledge_has_a_page(visitor):
    for one in db.session.scalars(select(Pledge).where(Pledge.seed_line.is_not(None))):
        assert visitor.get(f"/pledges/{one.ref}").status_code == 200


def test_loading_again_never_takes_back_what_somebody_recorded_since(app):
    pledge = recorded("CHE", 2017)[0]
    service.move(pledge, "agreed", SYSTEM, on=date(2018, 1, 5))
    db.session.commit()
    assert sum(reference.load().values()) == 0
    assert (pledge.status, pledge.agreed_on) == (PledgeStatus.AGREED, date(2018, 1, 5))
