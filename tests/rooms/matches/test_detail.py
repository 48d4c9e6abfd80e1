"""One match: what each side sees, carrying it on, and its moves."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.matches import service
from partnerships.matches.models import Match
from partnerships.matches.states import Decline, MatchStatus

SOON = date.today() + timedelta(days=5)


def _again(match: Match) -> Match:
    db.session.expire_all()
    return db.session.get_one(Match, match.id)


def _tags(match: Match) -> list[str]:
    return list(db.session.scalars(select(Event.tag).where(
        Event.subject_kind == "match", Event.subject_id == match.id).order_by(Event.id)))


def test_both_sides_and_the_isu_see_it_and_nobody_else(make, sign_in, visitor):
    url = f"/matches/{make.match().id}"
    assert "/accounts/sign-in" in visitor.get(url).location
    for role, party in ((Role.DONOR_OFFICER, "NOR"), (Role.FOCAL_POINT, "KHM"), (Role.ISU_OFFICER, "ISU")):
        text = sign_in(role, party).get(url).get_data(as_text=True)
        assert "Norway and Cambodia" in text and "What the need still lacks" in text and "Interest registered" in text
    assert sign_in(Role.DONOR_OFFICER, "JPN").get(url).status_code == 404
    assert sign_in(Role.FOCAL_POINT, "AGO").get(url).status_code == 404
    assert sign_in(Role.COMMITTEE_MEMBER).get(url).status_code == 403


def test_the_timeline_of_the_need_keeps_it_from_others(make, sign_in):
    match = make.match()
    url = f"/needs/{match.need.ref}"
    assert "Interest registered" in sign_in(Role.FOCAL_POINT, "KHM").get(url).get_data(as_text=True)
    assert "Interest registered" not in sign_in(Role.DONOR_OFFICER, "JPN").get(url).get_data(as_text=True)


def test_carrying_it_on_changes_step_day_and_owner(make, sign_in):
    match, colleague = make.match(), make.account(Role.FOCAL_POINT)
    client = sign_in(Role.FOCAL_POINT)
    data = client.fields(f"/matches/{match.id}")
    answer = client.post(f"/matches/{match.id}/carry", data={
        **data, "next_step": "Send the work plan", "next_step_on": SOON.isoformat(), "owner": str(colleague.id)})
    assert answer.status_code == 303
    kept = _again(match)
    assert (kept.next_step, kept.next_step_on, kept.owner_id) == ("Send the work plan", SOON, colleague.id)
    text = client.get(f"/matches/{match.id}").get_data(as_text=True)
    assert "Next step set" in text and "Send the work plan" in text and colleague.name in text


def test_the_same_again_changes_nothing(make, sign_in):
    match = make.match()
    client = sign_in(Role.DONOR_OFFICER)
    answer = client.post(f"/matches/{match.id}/carry", data=client.fields(f"/matches/{match.id}"))
    assert answer.status_code == 303 and "match.carried" not in _tags(match)


def test_a_stranger_cannot_become_the_owner(make, sign_in):
    match, stranger = make.match(), make.account(Role.DONOR_OFFICER, "JPN")
    client = sign_in(Role.DONOR_OFFICER)
    data = {**client.fields(f"/matches/{match.id}"), "owner": str(stranger.id), "next_step": "Kept as typed"}
    answer = client.post(f"/matches/{match.id}/carry", data=data)
    assert answer.status_code == 422 and "Kept as typed" in answer.get_data(as_text=True)
    assert _again(match).owner_id != stranger.id
    with pytest.raises(Refused):
        service.carry(match, make.actor(Role.DONOR_OFFICER), next_step="x", next_step_on=SOON, owner_id=stranger.id)


@pytest.mark.parametrize(("day", "words"), [
    (date.today() - timedelta(days=1), "This day has passed"),
    (date.today() + timedelta(days=900), "within two years")])
def test_the_day_of_a_next_step_is_ahead_and_near(make, sign_in, day, words):
    match = make.match()
    client = sign_in(Role.DONOR_OFFICER)
    data = {**client.fields(f"/matches/{match.id}"), "next_step_on": day.isoformat()}
    answer = client.post(f"/matches/{match.id}/carry", data=data)
    assert answer.status_code == 422 and words in answer.get_data(as_text=True)
    assert _again(match).next_step_on == date.today() + timedelta(days=14)


def test_two_people_never_lose_each_others_step(make, sign_in):
    match = make.match()
    one, other = sign_in(Role.DONOR_OFFICER), sign_in(Role.FOCAL_POINT)
    opened = one.fields(f"/matches/{match.id}")
    other.post(f"/matches/{match.id}/carry", data={**other.fields(f"/matches/{match.id}"), "next_step": "Theirs"})
    answer = one.post(f"/matches/{match.id}/carry", data={**opened, "next_step": "Mine"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Theirs" in text and "Mine" in text
    assert _again(match).next_step == "Theirs"


def test_talks_then_agreement_then_the_pledge_is_asked_for(make, sign_in):
    match = make.match()
    client = sign_in(Role.DONOR_OFFICER)
    assert client.post(f"/matches/{match.id}/move/started-talks").status_code == 303
    assert _again(match).status is MatchStatus.IN_TALKS
    client.post(f"/matches/{match.id}/move/agreed")
    kept = _again(match)
    assert kept.status is MatchStatus.AGREED and kept.next_step_on is None
    text = client.get(f"/matches/{match.id}").get_data(as_text=True)
    assert "no pledge is on the record yet" in text and f"/pledges/new?match={match.id}" in text
    assert _tags(match) == ["match.interest", "match.started-talks", "match.agreed"]
    state = sign_in(Role.FOCAL_POINT).get(f"/matches/{match.id}").get_data(as_text=True)
    assert f"/pledges/new?match={match.id}" not in state and "The partner records it" in state


def test_declining_asks_for_a_reason_from_the_list_and_tells_the_other_side(make, sign_in):
    match = make.match()
    client, url = sign_in(Role.DONOR_OFFICER), f"/matches/{match.id}/move/declined"
    for data, words in (({"note": "Kept as typed"}, "Choose the reason that comes nearest"),
                        ({"declined_for": "other", "note": "  "}, "Say in a sentence what the reason is"),
                        ({"declined_for": "nonsense", "note": "Kept as typed"}, "Choose one of the list")):
        answer = client.post(url, data=data)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 422 and words in text and (data["note"].strip() or "Decline") in text
    assert _again(match).status is MatchStatus.INTEREST and _again(match).declined_for is None
    assert client.post(url, data={"declined_for": "budget", "note": "No budget line."}).status_code == 303
    assert (_again(match).declined_for, _again(match).reason) == (Decline.BUDGET, "No budget line.")
    text = sign_in(Role.FOCAL_POINT).get(f"/matches/{match.id}").get_data(as_text=True)
    assert text.count("Budget committed elsewhere") == 2, "beside the match, and on its timeline"
    assert "No budget line." in text and "Match declined" in text
    other = make.match()
    service.move(other, "declined", make.actor(Role.DONOR_OFFICER), declined_for=Decline.TIMING)
    service.move(make.match(), "declined", make.actor(Role.DONOR_OFFICER), "Another budget.", Decline.BUDGET)
    db.session.commit()
    table = sign_in(Role.ISU_OFFICER).get("/matches/?status=declined").get_data(as_text=True).partition('id="reasons"')[2]
    assert re.findall(r'row">([^<]+)</th><td class="num">(\d)', table) == [
        ("Budget committed elsewhere", "2"), ("The timing does not fit", "1")]
    assert 'id="reasons"' not in client.get("/matches/?status=declined").get_data(as_text=True)
    assert "The timing does not fit" in client.get("/matches/?status=declined&as=csv").get_data(as_text=True)


def test_a_second_click_says_so_and_keeps_the_first_reason(make, sign_in):
    match = make.match()
    client = sign_in(Role.DONOR_OFFICER)
    client.post(f"/matches/{match.id}/move/declined", data={"declined_for": "other", "note": "First."})
    answer = client.post(f"/matches/{match.id}/move/declined", data={"declined_for": "timing", "note": "Second."},
                         follow_redirects=True)
    assert "This was already done." in answer.get_data(as_text=True)
    assert (_again(match).declined_for, _again(match).reason) == (Decline.OTHER, "First.")
    assert _tags(match).count("match.declined") == 1


def test_only_the_isu_marks_as_lapsed(make, sign_in):
    match = make.match()
    assert sign_in(Role.DONOR_OFFICER).post(f"/matches/{match.id}/move/lapsed").status_code == 403
    assert sign_in(Role.ISU_OFFICER).post(f"/matches/{match.id}/move/lapsed").status_code == 303
    assert _again(match).status is MatchStatus.LAPSED


def test_what_is_ended_is_not_carried_on(make, sign_in):
    match = make.match()
    client = sign_in(Role.DONOR_OFFICER)
    data = client.fields(f"/matches/{match.id}")
    client.post(f"/matches/{match.id}/move/declined", data={"declined_for": "other", "note": "No."})
    assert client.post(f"/matches/{match.id}/carry", data=data).status_code == 403
    assert client.post(f"/matches/{match.id}/move/agreed").status_code == 422


def test_others_cannot_move_or_carry_it(make, sign_in, visitor):
    match = make.match()
    stranger = sign_in(Role.DONOR_OFFICER, "JPN")
    assert stranger.post(f"/matches/{match.id}/move/agreed").status_code == 404
    assert stranger.post(f"/matches/{match.id}/carry", data={}).status_code == 404
    assert "/accounts/sign-in" in visitor.post(f"/matches/{match.id}/move/agreed").location
    client = sign_in(Role.DONOR_OFFICER)
    for name in ("interest", "shared", "nonsense"):  # those that begin a conversation are not buttons
        assert client.post(f"/matches/{match.id}/move/{name}").status_code == 404
    assert client.post(f"/matches/{match.id}/move/agreed", csrf=False).status_code == 422
    assert _again(match).status is MatchStatus.INTEREST


def test_pledges_of_a_match_are_listed(make, sign_in):
    match = make.match()
    pledge = make.pledge(need=match.need, match=match)
    text = sign_in(Role.FOCAL_POINT).get(f"/matches/{match.id}").get_data(as_text=True)
    assert pledge.ref in text and "300\u202f000\u00a0USD" in text
