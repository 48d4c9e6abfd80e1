"""Action plans: what the register computes, what the ISU enters, and how both are told apart."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from partnerships.conferences.states import PledgeObject
from partnerships.core.actor import PUBLIC, SYSTEM, Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.indicators import formulas, queries, view
from partnerships.indicators.models import IndicatorValue
from partnerships.parties import queries as parties
from partnerships.pledges import service as pledges
from partnerships.pledges.models import Contribution

TODAY = date.today()
PLAN = "OSLO-2019"
FORM = f"/indicators/{PLAN}/8.1/2021"


def value(ref: str, year: int, actor=PUBLIC) -> formulas.Computed | None:
    one = queries.indicator(PLAN, ref)
    return formulas.compute(formulas.ground(actor), one.formula, year)


def signed(make, donor: str, need, **values):
    pledge = make.pledge(donor, need=need, announced_on=TODAY, first_year=TODAY.year, last_year=TODAY.year, **values)
    for step in ("confirmed", "agreed"):
        pledges.move(pledge, step, SYSTEM, "By letter.", on=TODAY)
    db.session.commit()
    return pledge


def test_supporters_are_those_on_public_record(app):
    here = value("42.2", 2019)
    donors = {row.donor_id for row in db.session.scalars(select(Contribution).where(Contribution.year == 2019))}
    bound = parties.states_parties(date(2019, 12, 31))
    assert here.value == len(donors & bound) == len(here.states) > 5
    assert {party.id for party in here.states} == donors & bound  # a donor outside the Convention is not counted


def test_a_year_without_anything_on_record_has_no_value(app):
    assert value("42.2", 2013) is None and value("42.2", 2050) is None


def test_a_signed_pledge_counts_and_an_announced_one_does_not(make):
    need = make.need("KHM", theme="victim-assistance")
    make.pledge("JPN", need=need, announced_on=TODAY)
    signed(make, "NOR", need)
    hidden = signed(make, "CHE", need, visibility=Visibility.PARTIES)
    assert [party.ref for party in value("42.2", TODAY.year).states] == ["NOR"]
    assert [party.ref for party in value("45.2", TODAY.year).states] == ["NOR"]
    assert value("45.3", TODAY.year).value == 0
    assert hidden.donor.ref in {party.ref for party in value("42.2", TODAY.year, make.actor(Role.ISU_OFFICER)).states}


def test_national_funds_are_a_share_of_those_who_ask(make):
    make.need("KHM")
    make.need("AGO", amounts=[(TODAY.year, TODAY.year, Decimal(1000), Decimal(0))])
    found = value("42.1", TODAY.year)
    assert (found.value, found.of, [party.ref for party in found.states]) == (50, 2, ["KHM"])


def test_support_after_a_country_meeting(make):
    from partnerships.approach import service

    meeting = make.meeting("KHM", visibility=Visibility.PUBLIC, held_on=TODAY)
    need = make.need("KHM")
    signed(make, "NOR", need)
    assert value("43.2", TODAY.year).value == 0  # meetings of earlier years are on record; no State of theirs was supported since
    service.move(meeting, "held", make.actor(Role.ISU_OFFICER), "Held.")
    db.session.commit()
    assert [party.ref for party in value("43.2", TODAY.year).states] == ["KHM"]


def test_funds_for_the_unit_are_those_paid(make):
    assert value("10.2", TODAY.year) is None
    make.pledge("NOR", object=PledgeObject.ISU_WORK_PLAN, announced_on=TODAY)
    assert value("10.2", TODAY.year) is None


def test_every_formula_of_the_seed_is_a_rule_with_words(app):
    used = {one.formula for plan in queries.plans() for one in queries.indicators(plan.code) if one.formula}
    assert used and used <= set(formulas.RULES)
    assert all(formulas.in_words(name) for name in used)


def test_the_page_shows_baseline_years_and_the_states(visitor):
    text = visitor.get("/indicators/").get_data(as_text=True)
    assert "2019<br><span" in text and "baseline" in text and f">{TODAY.year}" in text
    detail = visitor.get(f"/indicators/{PLAN}/42.2").get_data(as_text=True)
    assert "States Parties with a contribution on public record" in detail and "/parties/NOR" in detail
    rows = list(csv.DictReader(io.StringIO(visitor.get("/indicators/?as=csv").get_data(as_text=True).removeprefix("\ufeff"))))
    told = {(row["Indicator"], row["Year"]): row["Value"] for row in rows}
    assert told["42.2", "2019"] == str(value("42.2", 2019).value)
    plan = next(iter(queries.plans()))
    assert len(rows) == len(queries.indicators(PLAN)) * len(view.years(plan, TODAY))


def test_the_isu_enters_a_value_and_corrects_it(sign_in, visitor):
    isu = sign_in(Role.ISU_OFFICER, "ISU")
    assert isu.post(FORM, data={**isu.fields(FORM), "value": "31", "source": "Report of the Meeting"}).status_code == 303
    text = visitor.get(f"/indicators/{PLAN}/8.1").get_data(as_text=True)
    assert "31" in text and "Report of the Meeting" in text
    isu.post(FORM, data={**isu.fields(FORM), "value": "32"})
    row = db.session.scalars(select(IndicatorValue)).one()
    assert (row.value, row.year) == (32, 2021)
    tags = list(db.session.scalars(select(Event.tag).where(Event.subject_kind == "indicator_value").order_by(Event.id)))
    assert tags == ["indicator_value.entered", "indicator_value.changed"]


@pytest.mark.parametrize(("typed", "words"), [
    ({"value": ""}, "Give the value"), ({"value": "many"}, "value"), ({"value": "-3"}, "negative"),
    ({"source": ""}, "Say where this was counted")])
def test_bad_input_is_said_and_kept(sign_in, typed, words):
    isu = sign_in(Role.ISU_OFFICER, "ISU")
    answer = isu.post(FORM, data={**isu.fields(FORM), "value": "5", "source": "A report", "note": "As counted", **typed})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in text and "As counted" in text
    assert not db.session.scalars(select(IndicatorValue)).all()


def test_a_share_is_at_most_a_hundred(sign_in):
    isu, form = sign_in(Role.ISU_OFFICER, "ISU"), f"/indicators/{PLAN}/10.1/2021"
    answer = isu.post(form, data={**isu.fields(form), "value": "101", "source": "A report"})
    assert answer.status_code == 422 and "at most 100 per cent" in answer.get_data(as_text=True)


def test_two_who_enter_the_same_year_see_both(sign_in, make):
    first, second = sign_in(Role.ISU_OFFICER, "ISU"), sign_in(Role.ISU_ADMINISTRATOR, "ISU")
    one, other = first.fields(FORM), second.fields(FORM)
    first.post(FORM, data={**one, "value": "1", "source": "A"})
    answer = second.post(FORM, data={**other, "value": "2", "source": "B"})
    assert answer.status_code == 409 and db.session.scalars(select(IndicatorValue)).one().value == 1


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.DONOR_OFFICER, Role.COMMITTEE_MEMBER])
def test_only_the_isu_enters(sign_in, role):
    party = {Role.FOCAL_POINT: "KHM", Role.DONOR_OFFICER: "NOR", Role.COMMITTEE_MEMBER: "CHE"}[role]
    assert sign_in(role, party).get(FORM).status_code == 403


@pytest.mark.parametrize("rest", ["none/42.2", f"{PLAN}/99.9", "?plan=none"])
def test_what_there_is_not_is_not_found(visitor, rest):
    assert visitor.get(f"/indicators/{rest}").status_code == 404


def test_a_year_outside_the_plan_has_no_form(sign_in):
    assert sign_in(Role.ISU_OFFICER, "ISU").get(f"/indicators/{PLAN}/8.1/1990").status_code == 404
