"""Somebody else's record: whatever the route, a stranger with the right role gets nothing and changes nothing."""

from __future__ import annotations

import re

import pytest

from partnerships.core.actor import Role
from partnerships.core.visibility import Visibility
from partnerships.needs.states import NeedStatus
from tests.house.test_seed import _rows
from tests.support.engine import answered, version_of_weights
from tests.support.feeds import feed
from tests.support.plans import saved

FOR_EVERYBODY = ("feeds.everybody", "feeds.of_state")  # public dates, whatever the address names
ROOMS = ("exchange", "documents", "needs", "plans", "offers", "matches", "pledges", "approach", "followups",
         "allocations", "suggestions", "weights", "amendments", "renewals", "searches", "feeds",
         "shares", "accounts", "tokens")


@pytest.fixture
def hidden(make):
    """A restricted record of every kind, between Cambodia and Japan: {room: value of the route's argument}."""
    need = make.need("KHM", visibility=Visibility.PARTIES)
    pledge = make.pledge("JPN", need=need, visibility=Visibility.PARTIES)
    meeting = make.meeting("KHM", participants=[make.party("JPN")], needs=[need])
    return {
        "needs": need.ref,
        "amendments": make.amendment(make.need("KHM", visibility=Visibility.PARTIES), "submitted", place="Pailin").need.ref,
        "plans": need.ref,
        "renewals": need.ref,
        "offers": make.offer("JPN", visibility=Visibility.ISU).ref,
        "pledges": pledge.ref,
        "matches": str(make.match(need, "JPN").id),
        "approach": meeting.ref,
        "followups": str(make.followup("KHM", "JPN", meeting=meeting).id),
        "allocations": saved(make, {"JPN": 1000}, party="JPN").ref,
        "suggestions": answered(make, need, "JPN").need.ref,
        "weights": str(version_of_weights().id),
        "searches": str(make.kept_search("JPN").id),
        "shares": str(make.share(need, "SWE").id),
        "feeds": str(feed(make, "JPN").id),
        "documents": make.document(need).ref,
        "exchange": make.import_(Role.FOCAL_POINT, "KHM").ref,
        "accounts": str(make.account(Role.FOCAL_POINT, "KHM").id),
        "tokens": str(make.token(Role.FOCAL_POINT, "KHM").id),
    }


@pytest.mark.parametrize(
    ("role", "party"),
    [
        (Role.PUBLIC, None),
        (Role.FOCAL_POINT, "AGO"),
        (Role.DONOR_OFFICER, "NOR"),
        (Role.ORGANISATION_OFFICER, "GICHD"),
        (Role.COMMITTEE_MEMBER, "CHE"),
    ],
)
def test_a_stranger_gets_nothing_and_changes_nothing(app, make, sign_in, hidden, role, party):
    draft = make.need("KHM", NeedStatus.DRAFT)
    client = app.test_client() if role is Role.PUBLIC else sign_in(role, party)
    token, before = client.csrf_token(), _without_attempts()
    asked = 0
    for rule in app.url_map.iter_rules():
        room = rule.endpoint.partition(".")[0]
        if room not in ROOMS or not rule.arguments or rule.endpoint in FOR_EVERYBODY:
            continue
        for value in {hidden[room], draft.ref} if room in ("needs", "plans") else {hidden[room]}:
            url = rule.rule
            if room == "matches" and "<ref>" in url:
                url = url.replace("<ref>", hidden["offers" if "request" in url else "needs"])
            if room == "shares" and "<ref>" in url:
                url = url.replace("<ref>", hidden["needs"])
            url = re.sub(r"<(?:\w+:)?(?:ref|number)>", value, url, count=1)
            url = re.sub(r"<(?:\w+:)?name>", _a_move(room), url)
            url = re.sub(r"<(?:\w+:)?partner>", "NOR", url)
            url = url.replace("<step>", "work").replace("<kind>", "need")
            url = re.sub(r"<int:\w+>", "1", re.sub(r"<\w+>", "x", url))
            answer = (
                client.post(url, data={"csrf_token": token, "note": "x"}) if "POST" in rule.methods else client.get(url)
            )
            refused = answer.status_code in (403, 404) or "/accounts/sign-in" in answer.headers.get("Location", "")
            assert refused, (rule, url, answer.status_code)
            asked += 1
    assert asked > 25
    assert _without_attempts() == before


def _a_move(room: str) -> str:
    return {
        "needs": "submitted",
        "amendments": "taken-back",
        "offers": "withdrawn",
        "matches": "agreed",
        "pledges": "confirmed",
        "approach": "held",
        "followups": "done",
        "exchange": "confirmed",
        "allocations": "stopped",
    }.get(room, "")


def _without_attempts() -> dict[str, list[tuple]]:
    return {name: rows for name, rows in _rows().items() if name != "sign_in_attempt"}
