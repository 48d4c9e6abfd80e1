"""Each rule finds what it says, with its facts, and the ISU switches and tunes it; answers move the order."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from partnerships.approach.models import Meeting
from partnerships.core.actor import SIGNED_IN, SYSTEM, Role
from partnerships.core.audit import Event
from partnerships.core.db import UTC, db
from partnerships.followups import service
from partnerships.followups.models import Followup, FollowupRule
from partnerships.followups.states import Dismissal, Reason
from partnerships.followups.suggestions import suggest
from partnerships.parties.models import Fact
from partnerships.pledges.models import Contribution
from tests.rooms.audit.test_chain import around_the_triggers

TODAY = date.today()


@pytest.fixture
def found(app):
    """The suggestions of one rule, as sentences, and its records."""
    with app.test_request_context():
        def of(reason: Reason) -> list:
            db.session.expire_all()
            return [one for one in suggest(SYSTEM, TODAY) if one.reason is reason]
        yield of


def tuned(reason: Reason, number: int, enabled: bool = True) -> None:
    db.session.add(FollowupRule(rule=reason, number=number, enabled=enabled))
    db.session.commit()


def ago(days: int) -> datetime:
    return datetime.combine(TODAY - timedelta(days=days), time(12), UTC)


def test_interest_that_fell_silent(make, found):
    match = make.match(make.need("KHM"), "NOR")
    number, ref = match.id, match.need.ref
    assert found(Reason.INTEREST_SILENT) == []
    match.status_on = ago(90)
    db.session.commit()
    with around_the_triggers() as connection:
        connection.execute(update(Event).values(at=ago(70)))
    db.session.commit()
    one, = found(Reason.INTEREST_SILENT)
    assert "Norway" in one.why_sentence and "70 days ago" in one.why_sentence and ref in one.why_sentence
    assert one.match.id == number
    tuned(Reason.INTEREST_SILENT, 71)
    assert found(Reason.INTEREST_SILENT) == []


def test_a_need_about_to_expire(make, found):
    need = make.need("KHM", valid_until=TODAY + timedelta(days=20))
    make.need("KHM", valid_until=TODAY + timedelta(days=40))
    one, = found(Reason.NEED_EXPIRING)
    assert one.need.id == need.id and "Cambodia" in one.what


def test_a_deadline_near_with_a_gap(make, found):
    need = make.need("KHM", deadline=TODAY + timedelta(days=300))
    far = make.need("AGO", deadline=TODAY + timedelta(days=900))
    one, = found(Reason.DEADLINE_NEAR)
    assert need.ref in one.why_sentence and need.currency in one.why_sentence and "<" not in one.why_sentence
    tuned(Reason.DEADLINE_NEAR, 36)
    assert {one.need.ref for one in found(Reason.DEADLINE_NEAR)} == {need.ref, far.ref}


def test_a_state_not_heard_from(make, found):
    make.need("KHM")
    db.session.commit()
    with around_the_triggers() as connection:
        connection.execute(update(Event).values(at=ago(800)))
    db.session.commit()
    one, = found(Reason.STATE_UNHEARD)
    assert "Cambodia" in one.why_sentence and "30 April" in one.why_sentence
    meeting = make.meeting("KHM", held_on=TODAY - timedelta(days=1))
    assert found(Reason.STATE_UNHEARD) == []
    db.session.delete(db.session.get(Meeting, meeting.id))
    db.session.commit()
    make.need("LAO")  # not a State Party: no yearly report is due
    assert {one.party.ref for one in found(Reason.STATE_UNHEARD)} == {"KHM"}


def test_a_small_gap_left(make, found):
    need = make.need("KHM", theme="survey-clearance")
    gap = need.asked_usd * (need.asked - need.national_share) / need.asked
    tuned(Reason.NEAR_COMPLETION, int(gap / 1000) + 1)
    one, = found(Reason.NEAR_COMPLETION)
    assert "USD" in one.why_sentence and "Cambodia" in one.why_sentence
    other = make.need("KHM", theme="survey-clearance", title="Another area to be cleared")
    assert other.party_id == need.party_id and found(Reason.NEAR_COMPLETION) == []


def test_neighbours_with_the_same_theme(make, found):
    make.need("KHM", theme="survey-clearance")
    make.need("AGO", theme="survey-clearance")
    make.need("THA", theme="victim-assistance")
    assert found(Reason.NEIGHBOURS) == []
    make.need("THA", theme="survey-clearance")
    one, = found(Reason.NEIGHBOURS)
    assert one.key == "neighbours:KHM:THA" and "Thailand" in one.why_sentence
    tuned(Reason.NEIGHBOURS, 2)
    assert found(Reason.NEIGHBOURS) == []


def test_a_new_offer_for_a_need_that_was_discussed(make, found):
    need = make.need("KHM")
    make.need("KHM", title="Not discussed")
    make.meeting("KHM", held_on=TODAY - timedelta(days=20), needs=[need])
    offer = make.offer("NOR")
    one, = found(Reason.OFFER_FITS)
    assert offer.ref in one.why_sentence and one.need.id == need.id and "Norway" in one.why_sentence
    offer.created_at = ago(30)  # before the meeting
    db.session.commit()
    assert found(Reason.OFFER_FITS) == []


def test_a_donor_whose_partner_completed(make, found):
    make.offer("NOR")
    need, state, donor = make.need("KHM"), make.party("HRV"), make.party("NOR")
    db.session.add_all([
        Fact(party_id=state.id, year=TODAY.year - 1, indicator="clearance-completion-announced", value="", unit="date", source="x"),
        *(Contribution(year=TODAY.year - back, donor=donor, recipient=state, sector="Clearance", amount_usd=Decimal(5), source="x")
          for back in (2, 3))])
    db.session.commit()
    one, = found(Reason.DONOR_FREE)
    assert "Croatia" in one.why_sentence and "in 2 of" in one.why_sentence and need.ref in one.what
    tuned(Reason.DONOR_FREE, 1, enabled=False)
    assert found(Reason.DONOR_FREE) == []


def test_the_isu_switches_and_tunes_and_nobody_is_overwritten(make, sign_in):
    first, second = sign_in(Role.ISU_OFFICER), sign_in(Role.ISU_ADMINISTRATOR)
    make.need("KHM", valid_until=TODAY + timedelta(days=20))
    url, key = "/followups/rules/need-expiring", "whether need"
    assert key in first.get("/followups/").get_data(as_text=True)
    for typed, status in (("6", 422), ("181", 422), ("ten", 422), ("", 422), ("15", 303)):
        answer = first.post(url, data={**first.fields(url), "enabled": "on", "number": typed})
        assert answer.status_code == status, typed
        if status == 422:
            assert "a whole number from 7 to 180" in answer.get_data(as_text=True).replace("Not a valid integer value", "")
    assert key not in first.get("/followups/").get_data(as_text=True)
    stale = second.post(url, data={"enabled": "off", "number": "30", "version": "0"})
    assert stale.status_code == 409 and "15" in stale.get_data(as_text=True)
    assert second.post(url, data={**second.fields(url), "enabled": "off", "number": "15"}).status_code == 303
    page = second.get(url).get_data(as_text=True)
    assert page.count("Rule of suggestions changed") == 2
    assert "Off" in second.get("/followups/rules").get_data(as_text=True)
    assert second.get("/followups/rules/own").status_code == 404


@pytest.mark.parametrize("role", [role for role in SIGNED_IN if role not in (Role.ISU_OFFICER, Role.ISU_ADMINISTRATOR)])
def test_rules_and_suggestions_are_the_isus(make, sign_in, app, role):
    client = sign_in(role)
    make.need("KHM", valid_until=TODAY + timedelta(days=20))
    for url in ("/followups/rules", "/followups/rules/no-contact", "/desk/all"):
        assert client.get(url).status_code == 403
    assert "Suggested by the platform" not in client.get("/followups/").get_data(as_text=True)
    with app.test_request_context():
        assert suggest(make.actor(role), TODAY) == []


def test_answers_teach_the_order_and_are_counted(make, found, sign_in):
    for days in (1, 2, 3):
        make.need("KHM", valid_until=TODAY + timedelta(days=days))
    make.need("AGO", deadline=TODAY + timedelta(days=30))
    everything = suggest(SYSTEM, TODAY)
    assert [one.standing for one in everything] == sorted((one.standing for one in everything), reverse=True)
    assert {one.weight for one in everything} == {0.5}
    for one in found(Reason.NEED_EXPIRING)[:2]:
        service.dismiss(SYSTEM, one, one.owner_party, Dismissal.NOT_USEFUL)
    near, = found(Reason.DEADLINE_NEAR)
    service.create(SYSTEM, what=near.what, party=near.party, owner_party=near.owner_party, due_on=TODAY, reason=near.reason,
                   suggestion=near.key)
    db.session.commit()
    last, = found(Reason.NEED_EXPIRING)
    assert last.weight == pytest.approx(2 / 6)
    assert db.session.query(Followup).filter(Followup.dismissal.is_not(None)).count() == 2
    page = sign_in(Role.ISU_OFFICER).get("/followups/rules").get_data(as_text=True)
    assert "Not useful: 2" in page and "0.33" in page and "0.6" in page
