"""Calendars by secret address: who may make them, what they hold through whose eyes, and how they are written."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
from sqlalchemy import select

from partnerships.accounts.models import Account
from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.feeds import calendar, service
from partnerships.feeds.entries import Entry
from partnerships.feeds.models import Feed
from partnerships.feeds.states import What
from partnerships.matches import service as matches
from partnerships.matches.states import Decline
from partnerships.needs.states import NeedStatus
from partnerships.pages.queries import next_report
from partnerships.parties.models import Obligation

TODAY = date.today()


def _made(client, what="own") -> str:
    page = client.post("/feeds/make", data={**client.fields("/feeds/", -1), "what": what}).get_data(as_text=True)
    return re.search(r'value="http://[^/]+(/feeds/[\w-]+\.ics)"', page).group(1)


def _obligation(make, party: str) -> None:
    db.session.add(Obligation(party_id=make.party(party).id, article="5", line=9, kind="deadline", title="Clearance",
                              deadline=TODAY + timedelta(300), status="open", source="A document"))
    db.session.commit()


def _read(client, address) -> dict[str, icalendar.Event]:
    answer = client.get(address)
    assert answer.status_code == 200 and answer.mimetype == "text/calendar"
    body = answer.get_data()
    assert body.endswith(b"END:VCALENDAR\r\n") and b"\n" not in body.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    events = list(icalendar.Calendar.from_ical(body).walk("VEVENT"))
    found = {str(event["UID"]).partition("@")[0]: event for event in events}
    assert len(found) == len(events) and all(event["DTSTAMP"].dt.tzinfo for event in events)
    return found


def test_a_calendar_is_made_fetched_without_a_session_and_revoked(app, make, sign_in, visitor):
    account = make.account(Role.DONOR_OFFICER, "NOR")
    client = sign_in(account)
    form = client.fields("/feeds/")
    address = re.search(r'value="http://[^/]+(/feeds/[\w-]+\.ics)"',
                        client.post("/feeds/make", data=form).get_data(as_text=True)).group(1)
    assert client.post("/feeds/make", data=form).status_code == 303, "a second click makes no second calendar"
    feed = db.session.scalars(select(Feed)).one()
    token = address.removeprefix("/feeds/").removesuffix(".ics")
    assert feed.token_hash == service.digest(token) and token not in client.get("/feeds/").get_data(as_text=True)
    assert "not yet" in client.get("/feeds/").get_data(as_text=True)
    answer = visitor.get(address)
    assert answer.headers["Cache-Control"] == "private, no-cache" and "Set-Cookie" not in answer.headers
    again = visitor.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and not again.get_data()
    assert "not yet" not in client.get("/feeds/").get_data(as_text=True)
    make.followup("KHM", "NOR")
    changed = visitor.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert changed.status_code == 200 and changed.headers["ETag"] != answer.headers["ETag"]
    for other in ("/feeds/nonsense.ics", f"/feeds/{'x' * 3000}.ics", f"/feeds/{feed.token_hash}.ics"):
        assert visitor.get(other).status_code == 404
    stranger = sign_in(Role.DONOR_OFFICER, "NOR")
    assert stranger.post(f"/feeds/{feed.id}/revoke").status_code == 404 and visitor.get(address).status_code == 200
    db.session.get_one(Account, account.id).active = False
    db.session.commit()
    assert visitor.get(address).status_code == 404, "a closed account"
    db.session.get_one(Account, account.id).active = True
    db.session.commit()
    for _click in range(2):
        assert client.post(f"/feeds/{feed.id}/revoke").status_code == 303
    assert visitor.get(address).status_code == 404 and "You have no calendar yet" in client.get("/feeds/").get_data(as_text=True)
    tags = db.session.scalars(select(Event.tag).where(Event.subject_kind == "feed").order_by(Event.id)).all()
    assert tags == ["feed.made", "feed.revoked"]


def test_each_sees_what_it_may_see_at_the_moment_of_asking(make, sign_in, visitor):
    need = make.need("KHM", visibility=Visibility.PARTIES)
    draft = make.need("KHM", NeedStatus.DRAFT)
    people = {ref: make.account(role, ref) for role, ref in (
        (Role.DONOR_OFFICER, "NOR"), (Role.DONOR_OFFICER, "JPN"), (Role.FOCAL_POINT, "KHM"), (Role.ISU_OFFICER, "ISU"),
        (Role.COMMITTEE_MEMBER, "CHE"))}
    colleague = make.account(Role.DONOR_OFFICER, "NOR")
    match = make.match(need, "NOR")
    match.owner = people["NOR"]
    meeting = make.meeting("KHM", participants=[make.party("NOR")])
    closed = make.meeting("AGO", participants=[])
    pledge = make.pledge("NOR", need=need, visibility=Visibility.PARTIES, expected_on=TODAY + timedelta(30))
    mine = make.followup("KHM", "NOR")
    mine.owner = people["NOR"]
    _obligation(make, "KHM")
    ours = make.followup("KHM", "NOR")
    theirs = make.followup("KHM", "JPN")
    hidden = {f"match-{match.id}", f"need-deadline-{need.id}", f"meeting-{meeting.id}", f"pledge-{pledge.id}"}
    addresses = {ref: _made(sign_in(account)) for ref, account in people.items()}
    addresses["party"], addresses["colleague"] = _made(sign_in(colleague), "party"), _made(sign_in(colleague))
    seen = {who: set(_read(visitor, address)) for who, address in addresses.items()}
    assert hidden | {f"followup-{mine.id}", f"followup-{ours.id}"} <= seen["NOR"]
    assert seen["NOR"] & {f"followup-{theirs.id}", f"meeting-{closed.id}", f"need-deadline-{draft.id}"} == set()
    assert not hidden & seen["JPN"] and f"followup-{theirs.id}" in seen["JPN"]
    assert hidden - {f"match-{match.id}"} <= seen["KHM"] and f"need-valid-{need.id}" in seen["KHM"]
    assert seen["party"] >= hidden | {f"followup-{mine.id}", f"followup-{ours.id}"}
    assert f"match-{match.id}" not in seen["colleague"] and f"followup-{mine.id}" not in seen["colleague"]
    assert not hidden & seen["CHE"] and {f"meeting-{meeting.id}", f"meeting-{closed.id}"} <= seen["ISU"]
    assert all("obligation-KHM-5-9" in seen[who] for who in ("KHM", "CHE", "ISU")) and "obligation-KHM-5-9" not in seen["NOR"]
    assert all(f"article-7-{next_report(TODAY).year}" in seen[who] for who in seen)
    committee = sign_in(people["CHE"])
    assert committee.post("/feeds/make", data={**committee.fields("/feeds/", -1), "what": "party"}).status_code == 422
    matches.move(match, "declined", make.actor(Role.DONOR_OFFICER, "NOR"), declined_for=Decline.TIMING)
    party = db.session.scalars(select(Feed).where(Feed.what == What.PARTY)).one()
    db.session.commit()
    assert f"match-{match.id}" not in _read(visitor, addresses["NOR"])
    db.session.get_one(Account, party.account_id).role = Role.COMMITTEE_MEMBER
    db.session.commit()
    assert visitor.get(addresses["party"]).status_code == 404, "the role sees nothing through its party any more"


def test_a_calendar_speaks_its_persons_language_and_counts_to_ten(make, sign_in, visitor):
    account = make.account(Role.FOCAL_POINT, "KHM", language="fr")
    client = sign_in(account)
    _obligation(make, "KHM")
    assert "Cambodge" in str([event["SUMMARY"] for event in _read(visitor, _made(client)).values()])
    for _more in range(9):
        _made(client)
    answer = client.post("/feeds/make?lang=en", data=client.fields("/feeds/", -1))
    assert answer.status_code == 422 and "Revoke one first" in answer.get_data(as_text=True)


def test_hostile_titles_days_and_moments_are_written_as_the_standard_says(app):
    changed = datetime(2026, 11, 1, 12, tzinfo=UTC)
    title = "Plan; a,b\\c\r\nBEGIN:VALARM\nX: \u202eéé" + "ж" * 200 + "\x00"
    moment = datetime(2027, 3, 1, 15, 30, tzinfo=ZoneInfo("Asia/Phnom_Penh"))
    entries = [Entry("day-1", title, date(2027, 4, 30), changed, "pages.help", {}),
               Entry("days-2", "Conference", date(2027, 3, 1), changed, "pages.help", {}, date(2027, 3, 2), "Palais, Geneva"),
               Entry("moment-3", "Meeting", moment, changed, "pages.help", {}, moment + timedelta(hours=2))]
    with app.test_request_context():
        written = calendar.written("Dates", entries)
        assert written == calendar.written("Dates", entries), "the same entries, the same bytes"
    assert b"\r\nBEGIN:VALARM" not in written and b"\x00" not in written and "\u202e".encode() not in written
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    day, days, timed = icalendar.Calendar.from_ical(written).walk("VEVENT")
    assert str(day["SUMMARY"]).startswith("Plan; a,b\\c BEGIN:VALARM X: éé") and day["DTSTART"].dt == date(2027, 4, 30)
    assert (day["DTEND"].dt, days["DTEND"].dt) == (date(2027, 5, 1), date(2027, 3, 3)), "the end is the first day after"
    assert timed["DTSTART"].dt == moment and b"TZID=Asia/Phnom_Penh:20270301T153000" in written
    assert b"BEGIN:VTIMEZONE" in written and b"DTSTART;VALUE=DATE:20270430" in written


def test_a_meeting_begins_at_its_hour_in_its_own_zone(make, sign_in):
    meeting = make.meeting("KHM", participants=[make.party("NOR")], starts_at="14:30", time_zone="Asia/Phnom_Penh")
    client = sign_in(make.account(Role.DONOR_OFFICER, "NOR"))
    begins = _read(client, _made(client))[f"meeting-{meeting.id}"]["DTSTART"].dt
    assert begins.isoformat() == f"{meeting.held_on}T14:30:00+07:00"
