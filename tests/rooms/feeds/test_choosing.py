"""The page where everybody chooses what to follow, and the calendars for everybody by kind and by State."""

from __future__ import annotations

from datetime import date, timedelta

import icalendar
import pytest
import time_machine

from partnerships.core.actor import Role
from partnerships.core.db import db, utcnow
from partnerships.core.visibility import Visibility
from partnerships.pages.queries import next_report
from partnerships.parties.models import Obligation

SOON = date.today() + timedelta(300)


def _read(client, address) -> dict[str, icalendar.Event]:
    answer = client.get(address)
    assert answer.status_code == 200 and answer.mimetype == "text/calendar"
    calendar = icalendar.Calendar.from_ical(answer.get_data())
    assert icalendar.Calendar.from_ical(calendar.to_ical()) == calendar and not calendar.errors
    for event in calendar.walk("VEVENT"):
        assert event["DTSTAMP"].dt.tzinfo and event["LAST-MODIFIED"].dt.tzinfo and int(event["SEQUENCE"]) >= 0
        assert str(event["STATUS"]) in ("CONFIRMED", "CANCELLED")
    return {str(event["UID"]).partition("@")[0]: event for event in calendar.walk("VEVENT")}


def _obligation(make, party: str, line: int = 9, **values) -> Obligation:
    found = Obligation(party_id=make.party(party).id, article="5", line=line, kind="deadline", title="Clearance",
                       source="A document", **{"deadline": SOON, "status": "open", "as_of": date(2026, 1, 1), **values})
    db.session.add(found)
    db.session.commit()
    return found


def test_each_kind_of_date_has_a_calendar_of_its_own(make, visitor):
    meeting, conference = make.meeting("KHM", visibility=Visibility.PUBLIC), make.conference()
    hidden = make.meeting("KHM", visibility=Visibility.STATES_PARTIES)
    _obligation(make, "KHM")
    kinds = {"conferences": {f"conference-{conference.id}"}, "meetings": {f"meeting-{meeting.id}"},
             "deadlines": {"obligation-KHM-5-9", f"article-7-{next_report(date.today()).year}"}}
    whole = set(_read(visitor, "/feeds/public.ics"))
    for kind, mine in kinds.items():
        found = set(_read(visitor, f"/feeds/{kind}.ics"))
        others = set().union(*(theirs for other, theirs in kinds.items() if other != kind))
        assert mine <= found <= whole and not others & found and f"meeting-{hidden.id}" not in found
    assert visitor.get("/feeds/nonsense.ics").status_code == 404


def test_a_state_has_a_calendar_of_its_deadlines_and_public_meetings(make, visitor):
    mine, others = make.meeting("KHM", visibility=Visibility.PUBLIC), make.meeting("AGO", visibility=Visibility.PUBLIC)
    hidden = make.meeting("KHM", visibility=Visibility.PARTIES)
    _obligation(make, "KHM")
    _obligation(make, "AGO")
    found = set(_read(visitor, "/feeds/states/KHM.ics"))
    assert {f"meeting-{mine.id}", "obligation-KHM-5-9", f"article-7-{next_report(date.today()).year}"} <= found
    assert not found & {f"meeting-{others.id}", f"meeting-{hidden.id}", "obligation-AGO-5-9"}
    assert "Cambodge" in visitor.get("/feeds/states/KHM.ics?lang=fr").get_data(as_text=True)
    for ref in ("GICHD", "XXX", "khm%00"):
        assert visitor.get(f"/feeds/states/{ref}.ics").status_code == 404


def test_changes_keep_their_identifier_and_count_up_and_replaced_deadlines_are_cancelled(make, visitor):
    meeting, duty = make.meeting("KHM", visibility=Visibility.PUBLIC), _obligation(make, "KHM")
    _obligation(make, "KHM", 8, status="superseded")
    before = _read(visitor, "/feeds/states/KHM.ics")
    assert str(before["obligation-KHM-5-8"]["STATUS"]) == "CANCELLED" and str(before["obligation-KHM-5-9"]["STATUS"]) == "CONFIRMED"
    with time_machine.travel(utcnow() + timedelta(minutes=1), tick=True):
        meeting, duty = db.session.merge(meeting), db.session.merge(duty)
        meeting.held_on += timedelta(7)
        duty.deadline, duty.as_of = SOON + timedelta(365), date(2026, 6, 1)
        db.session.commit()
    after = _read(visitor, "/feeds/states/KHM.ics")
    for key in (f"meeting-{meeting.id}", "obligation-KHM-5-9"):
        assert int(after[key]["SEQUENCE"]) > int(before[key]["SEQUENCE"]) and after[key]["DTSTART"].dt > before[key]["DTSTART"].dt
        assert after[key]["LAST-MODIFIED"].dt > before[key]["LAST-MODIFIED"].dt
    meeting.visibility = Visibility.PARTIES
    db.session.commit()
    assert f"meeting-{meeting.id}" not in _read(visitor, "/feeds/states/KHM.ics")


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_visitors_choose_and_people_with_an_account_have_their_own_besides(app, visitor, sign_in):
    home = app.config["SETTINGS"].public_url or "http://localhost"
    text = visitor.get("/feeds/?state=KHM").get_data(as_text=True)
    for path in ("public.ics", "conferences.ics", "meetings.ics", "deadlines.ics", "states/KHM.ics"):
        assert f'value="{home}/feeds/{path}"' in text and f'href="webcal:{home.partition(":")[2]}/feeds/{path}"' in text
    assert 'href="/needs/?as=atom"' in text and "Make a calendar" not in text
    assert "states/" not in visitor.get("/feeds/?state=nonsense").get_data(as_text=True)
    assert "Make a calendar" in sign_in(Role.DONOR_OFFICER).get("/feeds/").get_data(as_text=True)
