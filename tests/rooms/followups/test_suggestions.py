"""What the platform suggests to the ISU: why, taken into the queue, or not needed and never again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from partnerships.core.actor import SYSTEM, Role
from partnerships.core.db import db
from partnerships.followups.models import Followup
from partnerships.followups.states import Dismissal, FollowupStatus, Reason
from partnerships.followups.suggestions import suggest
from partnerships.needs.states import NeedStatus
from partnerships.pledges import service as pledges

TODAY = date.today()


def found(reason: Reason) -> list:
    db.session.expire_all()
    return [one for one in suggest(SYSTEM, TODAY) if one.reason is reason]


def published(need, days: int):
    """The need as if it had been published so many days ago."""
    need.published_at -= timedelta(days=days)
    db.session.commit()
    return need


@pytest.fixture
def late(make):
    return make.pledge("NOR", announced_on=TODAY - timedelta(days=90), expected_on=TODAY - timedelta(days=20))


def test_a_need_nobody_contacted_is_suggested_after_a_month(make, app):
    make.offer("NOR")
    need = published(make.need("KHM"), 31)
    fresh = published(make.need("KHM"), 29)
    with app.test_request_context():
        one, = found(Reason.NO_CONTACT)
        assert one.need.ref == need.ref
        assert "Norway" in one.why_sentence and "points" in one.why_sentence
        assert fresh.ref not in one.why_sentence
        make.match(need, "NOR")
        assert found(Reason.NO_CONTACT) == []


def test_a_weak_match_is_not_suggested(make, app, monkeypatch):
    published(make.need("KHM"), 40)
    monkeypatch.setattr("partnerships.followups.rules.of_needs.STRONG", 99.0)
    with app.test_request_context():
        assert found(Reason.NO_CONTACT) == []


def test_a_live_pledge_past_its_date_is_suggested(make, app, late):
    make.pledge("JPN", expected_on=TODAY + timedelta(days=1))
    withdrawn = make.pledge("CHE", announced_on=TODAY - timedelta(days=90), expected_on=TODAY - timedelta(days=9))
    pledges.move(withdrawn, "withdrawn", SYSTEM, "Budget cut.", on=TODAY)
    db.session.commit()
    with app.test_request_context():
        one, = found(Reason.PLEDGE_PAST_DATE)
    assert one.pledge.ref == late.ref
    assert "Norway" in one.why_sentence and "20 days ago" in one.why_sentence


def supported(make, **values):
    """A need of Angola that Japan signed for."""
    need = make.need("AGO", **values)
    pledge = make.pledge("JPN", need=need, announced_on=TODAY - timedelta(days=50))
    pledges.move(pledge, "confirmed", SYSTEM, "By letter.", on=TODAY - timedelta(days=40))
    pledges.move(pledge, "agreed", SYSTEM, "Signed.", on=TODAY - timedelta(days=30))
    db.session.commit()
    return need


@pytest.mark.parametrize("status", [NeedStatus.PUBLISHED, NeedStatus.MET])
def test_a_need_like_one_that_found_support(make, app, status):
    from partnerships.needs import service

    other = supported(make)
    if status is NeedStatus.MET:
        service.move(other, "met", SYSTEM, "All is paid for.")
        db.session.commit()
    need = make.need("COD")
    unlike = make.need("COD", title="Prostheses and psychological support", theme="victim-assistance",
                       summary="Rehabilitation in two hospitals.", kinds=("equipment",))
    with app.test_request_context():
        assert {one.need.ref for one in found(Reason.SIMILAR_NEED)} == {need.ref} - {unlike.ref}
        one, = found(Reason.SIMILAR_NEED)
        assert "Japan" in one.why_sentence and other.ref in one.why_sentence
        assert "Japan, which announced it on" in one.why_sentence
        make.meeting("AGO", held_on=TODAY - timedelta(days=60), needs=[other])
        one, = found(Reason.SIMILAR_NEED)
        assert "Japan, after the country meeting of" in one.why_sentence
        make.pledge("NOR", need=need)
        assert found(Reason.SIMILAR_NEED) == []


def test_an_announcement_alone_is_not_support(make, app):
    make.pledge("JPN", need=make.need("AGO"))
    make.need("COD")
    with app.test_request_context():
        assert found(Reason.SIMILAR_NEED) == []


def test_taken_into_the_queue_once(sign_in, late):
    isu = sign_in(Role.ISU_OFFICER)
    text = isu.get("/followups/").get_data(as_text=True)
    assert f"Ask Norway where pledge {late.ref} stands" in text
    key = f"pledge-past-date:{late.ref}:{late.expected_on}"
    for _click in range(2):
        assert isu.post("/followups/suggestions/take", data={"key": key}).status_code == 303
    followup = db.session.scalars(select(Followup)).one()
    assert (followup.suggestion, followup.pledge_id, followup.owner_party.ref) == (key, late.id, "ISU")
    assert followup.reason is Reason.PLEDGE_PAST_DATE and followup.due_on > TODAY
    text = isu.get("/followups/").get_data(as_text=True)
    assert "Add to queue" not in text
    assert text.count(f"Ask Norway where pledge {late.ref} stands") == 1


def test_not_needed_asks_why_and_never_comes_back(sign_in, late):
    isu = sign_in(Role.ISU_ADMINISTRATOR)
    key = f"pledge-past-date:{late.ref}:{late.expected_on}"
    for data, words in (({"why": "", "note": "Paid."}, "Choose why it is not needed"),
                        ({"why": "nonsense"}, "Choose one of the list"),
                        ({"why": "other", "note": " "}, "Say why, in a sentence")):
        refused = isu.post("/followups/suggestions/dismiss", data={"key": key, **data})
        assert refused.status_code == 422
        assert words in refused.get_data(as_text=True)
    assert db.session.scalars(select(Followup)).all() == []
    for _click in range(2):
        data = {"key": key, "why": "already-done", "note": "Paid by another channel."}
        assert isu.post("/followups/suggestions/dismiss", data=data).status_code == 303
    db.session.expire_all()
    followup = db.session.scalars(select(Followup)).one()
    assert (followup.status, followup.result, followup.dismissal) == (
        FollowupStatus.DROPPED, "Paid by another channel.", Dismissal.ALREADY_DONE)
    assert "Nothing to suggest" in isu.get("/followups/").get_data(as_text=True)


def test_a_new_date_is_a_new_suggestion(make, app, late):
    from partnerships.followups import service

    with app.test_request_context():
        one, = found(Reason.PLEDGE_PAST_DATE)
        service.dismiss(SYSTEM, one, one.owner_party, Dismissal.OTHER, "They asked for a month.")
        db.session.commit()
        assert found(Reason.PLEDGE_PAST_DATE) == []
        late.expected_on = TODAY - timedelta(days=2)
        db.session.commit()
        assert len(found(Reason.PLEDGE_PAST_DATE)) == 1


@pytest.mark.parametrize("action", ["take", "dismiss"])
def test_what_is_not_suggested_cannot_be_answered(sign_in, late, action):
    isu = sign_in(Role.ISU_OFFICER)
    answer = isu.post(f"/followups/suggestions/{action}", data={"key": "no-contact:XXX", "note": "x"})
    assert answer.status_code == 404
    donor = sign_in(Role.DONOR_OFFICER, "NOR")
    key = f"pledge-past-date:{late.ref}:{late.expected_on}"
    assert donor.post(f"/followups/suggestions/{action}", data={"key": key, "note": "x"}).status_code == 403
    assert db.session.scalars(select(Followup)).all() == []
