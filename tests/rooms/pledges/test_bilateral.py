"""Bilateral support, logged in under a minute."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import html5lib
import pytest
from sqlalchemy import select

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import PledgeObject, PledgeStatus, StepKind

TODAY = date.today()
NS = "{http://www.w3.org/1999/xhtml}"
URL = "/pledges/bilateral"
FILLED = {"recipient": "KHM", "amount": "2.1m", "evidence": "https://evidence.example/a"}


def _made() -> list[Pledge]:
    db.session.expire_all()
    return list(db.session.scalars(select(Pledge).where(Pledge.source == "").order_by(Pledge.id)))


def test_a_minute_is_enough_two_things_to_type_and_one_press(app, sign_in):
    """Ten controls within sight, two of which must be filled by a donor: the State and the amount."""
    client = sign_in(Role.DONOR_OFFICER)
    page = html5lib.parse(client.get(URL).get_data(as_text=True))
    [form] = [one for one in page.iter(f"{NS}form") if one.get("method") == "post" and one.get("action") is None]
    folded = {node for part in form.iter(f"{NS}details") for node in part.iter()}
    names = {node.get("name") for node in form.iter() if node.get("name") and node.get("type") != "hidden" and node not in folded}
    assert names == {"recipient", "amount", "currency", "stage", "on", "theme", "first_year", "last_year", "evidence"}
    data = {**client.fields(URL), "recipient": "KHM", "amount": "2.1m"}
    answer = client.post(URL, data=data)
    [pledge] = _made()
    assert answer.status_code == 303 and answer.location == f"/pledges/{pledge.ref}"
    assert (pledge.amount, pledge.currency, pledge.donor.ref, pledge.recipient.ref) == (Decimal(2_100_000), "NOK", "NOR", "KHM")
    assert (pledge.status, pledge.agreed_on, pledge.object) == (PledgeStatus.AGREED, TODAY, PledgeObject.PROGRAMME)
    assert pledge.conference_id is None and not pledge.from_floor


@pytest.mark.parametrize(("stage", "kinds"), [
    ("announced", [StepKind.ANNOUNCED]), ("confirmed", [StepKind.ANNOUNCED, StepKind.CONFIRMED]),
    ("agreed", [StepKind.ANNOUNCED, StepKind.AGREED]), ("paid", [StepKind.ANNOUNCED, StepKind.AGREED, StepKind.PAYMENT])])
def test_each_stage_is_reached_on_its_day_with_its_evidence(sign_in, stage: str, kinds: list[StepKind]):
    client, day = sign_in(Role.DONOR_OFFICER), TODAY - timedelta(days=40)
    client.post(URL, data={**client.fields(URL), **FILLED, "stage": stage, "on": day.isoformat(), "theme": "survey-clearance",
                           "first_year": "2026", "last_year": "2028"})
    [pledge] = _made()
    assert pledge.status.value == stage and pledge.announced_on == day and pledge.paid_amount == (
        Decimal(2_100_000) if stage == "paid" else 0)
    assert [one.kind for one in pledge.steps] == kinds and pledge.steps[-1].evidence == FILLED["evidence"]
    assert {one.day for one in pledge.steps} == {day}
    assert (pledge.themes, pledge.first_year, pledge.last_year) == (("survey-clearance",), 2026, 2028)


def test_the_isu_logs_it_for_any_donor_in_the_donors_own_currency(sign_in):
    client = sign_in(Role.ISU_OFFICER)
    for donor, currency in (("JPN", "JPY"), ("DEU", "EUR"), ("CHE", "CHF")):
        client.post(URL, data={**client.fields(URL), **FILLED, "amount": "80k", "donor": donor})
        assert (_made()[-1].donor.ref, _made()[-1].currency, _made()[-1].amount) == (donor, currency, Decimal(80_000))
    answer = client.post(URL, data={**client.fields(URL), **FILLED, "donor": "GICHD"})
    assert answer.status_code == 422 and "Choose the currency" in answer.get_data(as_text=True) and len(_made()) == 3


@pytest.mark.parametrize(("typed", "words"), [
    ({"recipient": ""}, "Choose the State"), ({"recipient": "XXX"}, "Choose one of the list"),
    ({"recipient": "NOR"}, "cannot pledge to itself"), ({"amount": ""}, "Give the amount."), ({"amount": "0"}, "more than zero"),
    ({"amount": "-3m"}, "cannot be negative"), ({"amount": "some"}, "in figures"), ({"amount": "1.005"}, "may mean"),
    ({"amount": "1.0055"}, "fewer decimals"),
    ({"amount": "9" * 13}, "more than any mine action budget"), ({"currency": "XXX"}, "Choose one of the list"),
    ({"stage": "withdrawn"}, "Not a valid choice"), ({"on": (TODAY + timedelta(days=1)).isoformat()}, "in the future"),
    ({"on": "soon"}, "year-month-day"), ({"theme": "mining"}, "Choose one of the list"),
    ({"first_year": "2029", "last_year": "2027"}, "The last year is before the first."),
    ({"first_year": "1900"}, "Use a year from 1999"), ({"evidence": "javascript:alert(1)"}, "begins with https://"),
    ({"visibility": "isu"}, "Choose one of the list")])
def test_what_is_wrong_is_said_and_nothing_is_kept(sign_in, typed: dict[str, str], words: str):
    client = sign_in(Role.DONOR_OFFICER)
    kept = {} if "evidence" in typed else {"evidence": "https://evidence.example/as-typed"}
    answer = client.post(URL, data={**client.fields(URL), **FILLED, **kept, **typed})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in text and (not kept or "as-typed" in text)
    assert _made() == []


def test_a_form_sent_twice_makes_one_and_a_donor_speaks_for_itself_only(sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    data: dict[str, Any] = {**client.fields(URL), **FILLED, "donor": "JPN"}
    assert [client.post(URL, data=data).status_code for _ in range(2)] == [303, 303]
    assert [one.donor.ref for one in _made()] == ["NOR"]


def test_who_may_not(sign_in, visitor):
    assert "/accounts/sign-in" in visitor.get(URL).location
    for role in (Role.FOCAL_POINT, Role.COMMITTEE_MEMBER):
        client = sign_in(role)
        assert client.get(URL).status_code == 403 == client.post(URL, data=FILLED).status_code
    assert URL in sign_in(Role.DONOR_OFFICER).get("/pledges/").get_data(as_text=True)
    assert URL not in visitor.get("/pledges/").get_data(as_text=True)
