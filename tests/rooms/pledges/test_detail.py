"""One pledge: who sees what, its steps and its payments."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.matches import service as matches
from partnerships.pledges import service
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import PledgeKind, PledgeStatus

TODAY, DAY = date.today(), timedelta(days=1)


def _again(pledge: Pledge) -> Pledge:
    db.session.expire_all()
    return db.session.get_one(Pledge, pledge.id)


def _tags(pledge: Pledge) -> list[str]:
    return list(db.session.scalars(select(Event.tag).where(
        Event.subject_kind == "pledge", Event.subject_id == pledge.id).order_by(Event.id)))


@pytest.fixture
def pledge(make) -> Pledge:
    """Announced ten days ago, 300 000 dollars to the ISU work plan."""
    return make.pledge(announced_on=TODAY - 10 * DAY)


@pytest.fixture
def agreed(make, pledge) -> Pledge:
    """The same with its agreement signed five days ago."""
    service.move(pledge, "agreed", make.actor(Role.DONOR_OFFICER), on=TODAY - 5 * DAY)
    db.session.commit()
    return pledge


def _step(day: date, **more: str) -> dict[str, str]:
    return {"on": day.isoformat(), **more}


def _payment(amount: str, day: date = TODAY, **more: str) -> dict[str, str]:
    return {"amount": amount, "paid_on": day.isoformat(), **more}


def test_a_public_pledge_is_for_everybody_without_buttons(pledge, visitor):
    text = visitor.get(f"/pledges/{pledge.ref}").get_data(as_text=True)
    assert "Norway: The ISU work plan" in text and "300\u202f000\u00a0USD" in text
    assert "Record what happened next" not in text and "Pledge announced" in text


def test_a_restricted_one_is_for_its_parties_and_the_isu(make, sign_in, visitor):
    hidden = make.pledge(need=make.need(), visibility=Visibility.PARTIES)
    url = f"/pledges/{hidden.ref}"
    assert visitor.get(url).status_code == 404
    assert sign_in(Role.DONOR_OFFICER, "JPN").get(url).status_code == 404
    for role, party in ((Role.DONOR_OFFICER, "NOR"), (Role.FOCAL_POINT, "KHM"), (Role.ISU_OFFICER, "ISU")):
        assert "Pledge announced" in sign_in(role, party).get(url).get_data(as_text=True)
    assert hidden.ref not in visitor.get("/pledges/").get_data(as_text=True)
    assert hidden.ref not in visitor.get(f"/needs/{hidden.need.ref}").get_data(as_text=True)


def test_the_match_behind_it_is_shown_to_its_parties_only(make, sign_in, visitor):
    match = make.match()
    url = f"/pledges/{make.pledge(need=match.need, match=match).ref}"
    assert f"/matches/{match.id}" in sign_in(Role.FOCAL_POINT).get(url).get_data(as_text=True)
    assert f"/matches/{match.id}" not in visitor.get(url).get_data(as_text=True)


def test_another_currency_has_its_dollars_beside_it_with_the_rates_day(make, visitor):
    euro = make.pledge(currency="EUR", amount=Decimal(100_000), announced_on=date(2025, 3, 3))
    text = visitor.get(f"/pledges/{euro.ref}").get_data(as_text=True)
    assert "European Central Bank" in text and "3 March 2025" in text
    riel = make.pledge(currency="KHR", amount=Decimal(100_000), announced_on=date(2025, 3, 3))
    assert "no reference rate" in visitor.get(f"/pledges/{riel.ref}").get_data(as_text=True)


def test_confirmation_signature_and_payments_to_the_end(pledge, sign_in):
    client, url = sign_in(Role.DONOR_OFFICER), f"/pledges/{pledge.ref}"
    soon = TODAY + 30 * DAY
    assert client.post(f"{url}/move/confirmed", data=_step(TODAY - 8 * DAY, expected_on=soon.isoformat())
                       ).status_code == 303
    kept = _again(pledge)
    assert (kept.status, kept.confirmed_on, kept.expected_on) == (PledgeStatus.CONFIRMED, TODAY - 8 * DAY, soon)
    client.post(f"{url}/move/agreed", data=_step(TODAY - 5 * DAY))
    client.post(f"{url}/pay", data=_payment("100 000", note="First instalment"))
    kept = _again(pledge)
    assert (kept.status, kept.paid_amount) == (PledgeStatus.AGREED, Decimal(100_000))
    text = client.get(url).get_data(as_text=True)
    assert "First instalment" in text and "Still to be paid" in text and 'value="200000"' in text
    client.post(f"{url}/pay", data=_payment("200000"))
    kept = _again(pledge)
    assert (kept.status, kept.paid_amount, len(kept.payments)) == (PledgeStatus.PAID, Decimal(300_000), 2)
    assert _tags(pledge) == [f"pledge.{one}" for one in ("announced", "confirmed", "agreed", "payment", "paid")]
    text = client.get(url).get_data(as_text=True)
    assert "Pledge paid in full" in text and "Record payment" not in text


@pytest.mark.parametrize(("data", "words"), [
    ({}, "Say on which day."), ({"on": "tomorrow"}, "year-month-day"),
    (_step(TODAY + DAY), "This day is in the future"), (_step(TODAY - 11 * DAY), "before the step that came earlier"),
    (_step(TODAY, expected_on=(TODAY - DAY).isoformat()), "cannot be expected before this one")])
def test_days_do_not_run_backwards(pledge, sign_in, data: dict[str, str], words: str):
    client = sign_in(Role.DONOR_OFFICER)
    answer = client.post(f"/pledges/{pledge.ref}/move/confirmed", data={**data, "note": "Kept as typed"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in text and "Kept as typed" in text
    kept = _again(pledge)
    assert kept.status is PledgeStatus.ANNOUNCED and kept.confirmed_on is None


def test_the_signature_does_not_come_before_the_confirmation(pledge, make, sign_in):
    service.move(pledge, "confirmed", make.actor(Role.DONOR_OFFICER), on=TODAY - 3 * DAY)
    db.session.commit()
    answer = sign_in(Role.DONOR_OFFICER).post(f"/pledges/{pledge.ref}/move/agreed", data=_step(TODAY - 4 * DAY))
    assert answer.status_code == 422 and _again(pledge).status is PledgeStatus.CONFIRMED


@pytest.mark.parametrize(("data", "words"), [
    (_payment("300000.01"), "more than what is still to be paid"), (_payment("0"), "more than zero"),
    (_payment("1.005"), "fewer decimals"), (_payment("5", TODAY + DAY), "This day is in the future"),
    (_payment("5", TODAY - 6 * DAY), "before the agreement was signed"),
    ({"amount": "", "paid_on": ""}, "Give the amount that was paid.")])
def test_payments_that_cannot_be(agreed, sign_in, data: dict[str, str], words: str):
    answer = sign_in(Role.DONOR_OFFICER).post(f"/pledges/{agreed.ref}/pay", data={**data, "note": "Kept as typed"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in text and "Kept as typed" in text
    assert _again(agreed).paid_amount == 0 and _again(agreed).payments == []


def test_a_refused_payment_can_be_corrected_with_the_same_form(agreed, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    once = {"once": "a-key-of-this-form-2"}
    assert client.post(f"/pledges/{agreed.ref}/pay", data=_payment("999999", **once)).status_code == 422
    assert client.post(f"/pledges/{agreed.ref}/pay", data=_payment("1000", **once)).status_code == 303
    assert _again(agreed).paid_amount == 1000


def test_a_payment_sent_twice_counts_once(agreed, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    data = _payment("150000", once="a-key-of-this-form-3")
    assert [client.post(f"/pledges/{agreed.ref}/pay", data=data).status_code for _ in range(2)] == [303, 303]
    assert _again(agreed).paid_amount == 150_000


def test_nothing_is_paid_before_the_signature_or_without_an_amount(make, pledge, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    answer = client.post(f"/pledges/{pledge.ref}/pay", data=_payment("5"))
    assert answer.status_code == 422 and "once the agreement is signed" in answer.get_data(as_text=True)
    political = make.pledge(kind=PledgeKind.POLITICAL)
    service.move(political, "agreed", make.actor(Role.DONOR_OFFICER), on=TODAY)
    db.session.commit()
    assert client.post(f"/pledges/{political.ref}/pay", data=_payment("5")).status_code == 422


def test_withdrawing_needs_a_reason_and_keeps_what_was_paid(agreed, sign_in):
    client, url = sign_in(Role.DONOR_OFFICER), f"/pledges/{agreed.ref}"
    client.post(f"{url}/pay", data=_payment("100000"))
    answer = client.post(f"{url}/move/withdrawn", data={"note": ""})
    assert answer.status_code == 422 and "Say why" in answer.get_data(as_text=True)
    assert client.post(f"{url}/move/withdrawn", data={"note": "The budget was cut."}).status_code == 303
    kept = _again(agreed)
    assert kept.status is PledgeStatus.WITHDRAWN and kept.paid_amount == 100_000
    text = client.get(url).get_data(as_text=True)
    assert "The budget was cut." in text and "200\u202f000\u00a0USD" in text


def test_a_second_click_says_so(pledge, sign_in):
    client, url = sign_in(Role.DONOR_OFFICER), f"/pledges/{pledge.ref}/move/confirmed"
    client.post(url, data=_step(TODAY - 2 * DAY))
    answer = client.post(url, data=_step(TODAY), follow_redirects=True)
    assert "This was already done." in answer.get_data(as_text=True)
    assert _again(pledge).confirmed_on == TODAY - 2 * DAY and _tags(pledge).count("pledge.confirmed") == 1
    client.post(f"/pledges/{pledge.ref}/move/agreed", data=_step(TODAY))
    assert client.post(url, data=_step(TODAY)).status_code == 422  # not back again


def test_who_may_not(pledge, sign_in, visitor):
    url = f"/pledges/{pledge.ref}"
    assert "/accounts/sign-in" in visitor.post(f"{url}/move/confirmed", data=_step(TODAY)).location
    assert "/accounts/sign-in" in visitor.post(f"{url}/pay", data=_payment("5")).location
    other = sign_in(Role.DONOR_OFFICER, "JPN")
    for role in (other, sign_in(Role.FOCAL_POINT)):
        assert role.post(f"{url}/move/confirmed", data=_step(TODAY)).status_code == 403
        assert role.post(f"{url}/pay", data=_payment("5")).status_code == 403
    own = sign_in(Role.DONOR_OFFICER)
    assert own.post(f"{url}/move/lapsed", data={"note": "x"}).status_code == 403
    assert own.post(f"{url}/move/paid", data={}).status_code == 404
    assert own.post("/pledges/PL-1999-0001/pay", data=_payment("5")).status_code == 404
    assert own.post(f"{url}/move/confirmed", data=_step(TODAY), csrf=False).status_code == 422
    assert _again(pledge).status is PledgeStatus.ANNOUNCED and _tags(pledge) == ["pledge.announced"]


def test_the_isu_marks_as_lapsed_with_a_reason(pledge, sign_in):
    client = sign_in(Role.ISU_OFFICER)
    assert client.post(f"/pledges/{pledge.ref}/move/lapsed", data={"note": "No answer."}).status_code == 303
    assert _again(pledge).status is PledgeStatus.LAPSED


def test_a_signed_pledge_offers_to_mark_its_match_as_agreed(make, sign_in):
    match = make.match()
    pledge = make.pledge(need=match.need, match=match)
    service.move(pledge, "agreed", make.actor(Role.DONOR_OFFICER), on=TODAY)
    db.session.commit()
    action = f'action="/matches/{match.id}/move/agreed"'
    client = sign_in(Role.DONOR_OFFICER)
    assert action in client.get(f"/pledges/{pledge.ref}").get_data(as_text=True)
    matches.move(match, "agreed", make.actor(Role.DONOR_OFFICER))
    db.session.commit()
    assert action not in client.get(f"/pledges/{pledge.ref}").get_data(as_text=True)


def test_a_recorded_pledge_shows_its_source_and_leaves_days_open(app, visitor):
    recorded = db.session.scalars(select(Pledge).where(Pledge.source != "", Pledge.status == "paid")).first()
    assert recorded is not None
    text = visitor.get(f"/pledges/{recorded.ref}").get_data(as_text=True)
    assert "Recorded from a public source" in text and "day not recorded" in text
    assert "does not list the single payments" in text
