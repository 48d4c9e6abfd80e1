"""Along a pledge's calendar: a letter ahead of its next step and after it, and each half year without a word; nothing ends."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from partnerships.core import jobs
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.core.visibility import Visibility
from partnerships.pledges import reminders, service
from partnerships.pledges.models import Pledge
from partnerships.pledges.queries import months_from
from partnerships.pledges.service import Details
from partnerships.pledges.states import PledgeKind, PledgeStatus, StepKind
from tests.rooms.pledges.conftest import again, link


def reasons(today: str, announced: str | None = "2026-01-10", heard: str | None = None, expected: str | None = None):
    """(why, day) of what is due, by days alone."""
    days = [None if one is None else date.fromisoformat(one) for one in (announced, heard, expected)]
    pledge = SimpleNamespace(id=1, announced_on=days[0], heard_on=days[1], expected_on=days[2])
    return [(str(one.why), str(one.on)) for one in reminders.due(pledge, date.fromisoformat(today))]


@pytest.mark.parametrize(("today", "due"), [
    ("2026-05-17", []), ("2026-05-18", ["ahead"]), ("2026-06-01", ["ahead"]), ("2026-06-02", ["past"]), ("2026-07-01", ["past"]),
    ("2026-07-02", [])])
def test_a_fortnight_ahead_and_the_day_after(today, due):
    assert [why for why, _day in reasons(today, expected="2026-06-01")] == due


def test_a_day_that_was_set_near_is_not_called_to_mind_ahead():
    assert reasons("2026-05-25", heard="2026-05-20", expected="2026-06-01") == []
    assert reasons("2026-05-25", heard="2026-05-18", expected="2026-06-01") == []
    assert reasons("2026-06-02", heard="2026-05-20", expected="2026-06-01") == [("past", "2026-06-01")]


@pytest.mark.parametrize(("today", "heard", "due"), [
    ("2026-07-09", None, []), ("2026-07-10", None, ["2026-07-10"]), ("2026-08-09", None, ["2026-07-10"]), ("2026-08-10", None, []),
    ("2027-01-10", None, ["2027-01-10"]), ("2027-07-10", None, ["2027-07-10"]), ("2028-01-10", None, ["2028-01-10"]),
    ("2026-07-10", "2026-01-10", ["2026-07-10"]), ("2026-07-10", "2026-03-01", []), ("2027-01-10", "2026-03-01", ["2027-01-10"]),
    ("2027-01-10", "2026-07-11", []), ("2026-02-10", None, [])])
def test_every_half_year_without_a_word(today, heard, due):
    assert [day for _why, day in reasons(today, heard=heard)] == due


def test_months_end_where_months_end():
    assert months_from(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_from(date(2028, 2, 29), -12) == date(2027, 2, 28)
    assert months_from(date(2026, 1, 31), -2) == date(2025, 11, 30)
    assert reasons("2027-02-28", announced="2026-08-31") == [("silent", "2027-02-28")]


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(-120, 120))
def test_months_there_and_back_lose_at_most_the_end_of_a_month(day, months):
    there = months_from(day, months)
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == months
    assert timedelta(0) <= day - months_from(there, -months) <= timedelta(3)


@given(st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(0, 1500), st.integers(0, 1500) | st.none(),
       st.integers(0, 1500) | st.none())
def test_whatever_is_due_is_found_by_the_jobs_own_query(announced, passed, heard, expected):
    """The query of the job (a step within its window, or half a year since the announcement) misses nothing."""
    today = announced + timedelta(passed)
    pledge = SimpleNamespace(id=1, announced_on=announced, heard_on=None if heard is None else announced + timedelta(heard),
                             expected_on=None if expected is None else announced + timedelta(expected))
    found = list(reminders.due(pledge, today))
    step = pledge.expected_on is not None and today - reminders.TELLABLE <= pledge.expected_on <= today + reminders.AHEAD
    assert not found or step or announced <= months_from(today, -6)
    assert len({one.why for one in found}) == len(found)


def test_each_reminder_is_written_once(make, on, run, letters):
    on("2026-01-10")
    person = make.account(Role.DONOR_OFFICER, "NOR")
    pledge = make.pledge("NOR", expected_on=date(2026, 6, 1))
    written = []
    for day, count in {"2026-05-17": 0, "2026-05-18": 1, "2026-05-19": 0, "2026-06-01": 0, "2026-06-02": 1, "2026-06-03": 0,
                       "2026-07-10": 1, "2026-07-11": 0, "2027-01-10": 1, "2027-01-30": 0}.items():
        on(day)
        before = len(letters(person))
        run()
        assert run() == 0, "a second run writes nothing"
        assert len(letters(person)) - before == count, day
        written += letters(person)[before:]
    assert [one.subject for one in written] == [
        f"{pledge.ref}: the next step is expected by 1 June 2026", f"{pledge.ref}: the next step was expected by 1 June 2026",
        *[f"{pledge.ref}: nothing was heard for half a year, where does it stand?"] * 2]
    assert "Announced on 10 January 2026; nothing was heard of it since." in written[2].body
    assert "300 000 USD" in written[0].body and "Stage: Announced." in written[0].body
    assert "None" not in written[0].body and "<" not in written[0].body


def test_a_job_that_stood_still_writes_what_is_due_once(make, on, run, letters):
    on("2026-01-10")
    person = make.account(Role.DONOR_OFFICER, "NOR")
    make.pledge("NOR", expected_on=date(2026, 6, 1))
    on("2026-06-20")
    run()
    on("2026-06-21")
    assert run() == 0
    assert len(letters(person)) == 1, "the day after, three weeks late; the fortnight ahead never"


def test_one_letter_an_officer_a_day_about_all(make, on, run, letters):
    on("2026-01-10")
    people = [make.account(Role.DONOR_OFFICER, "NOR") for _number in range(2)]
    first, second = make.pledge("NOR", expected_on=date(2026, 7, 20)), make.pledge("NOR", expected_on=date(2026, 7, 9))
    on("2026-07-10")
    run()
    for person in people:
        one, = letters(person)
        assert one.subject == "2 pledges wait for your word: where do they stand?"
        assert one.body.count("/update?token=") == 2 and first.ref in one.body and second.ref in one.body
        assert one.body.count("nothing was heard of it since") == 2
        assert set(one.about.split()) == {
            f"pledge:{first.id}:ahead:2026-07-20", f"pledge:{first.id}:silent:2026-07-10",
            f"pledge:{second.id}:past:2026-07-09", f"pledge:{second.id}:silent:2026-07-10"}
        assert link(one, first.ref) != link(one, second.ref)


def test_only_those_who_may_say_where_it_stands_are_asked(make, on, run, letters):
    on("2026-01-10")
    hidden = make.pledge("NOR", need=make.need("KHM"), visibility=Visibility.PARTIES, details=Details(
        partners=((make.party("SWE"), None),)))
    fund = make.pledge("GICHD")
    people = {(role, party): make.account(role, party) for role, party in [
        (Role.DONOR_OFFICER, "NOR"), (Role.ORGANISATION_OFFICER, "GICHD"), (Role.FOCAL_POINT, "KHM"), (Role.DONOR_OFFICER, "SWE"),
        (Role.DONOR_OFFICER, "JPN"), (Role.COMMITTEE_MEMBER, "NOR"), (Role.ISU_OFFICER, "ISU"), (Role.FOCAL_POINT, "NOR")]}
    make.account(Role.DONOR_OFFICER, "NOR", active=False)
    on("2026-07-10")
    assert run() == 4  # the two, and the accounts with which the pledges were made
    told = {key for key, person in people.items() if letters(person)}
    assert told == {(Role.DONOR_OFFICER, "NOR"), (Role.ORGANISATION_OFFICER, "GICHD")}
    assert hidden.ref in letters(people[Role.DONOR_OFFICER, "NOR"])[0].body
    assert fund.ref not in letters(people[Role.DONOR_OFFICER, "NOR"])[0].body


def test_what_needs_no_word_is_not_asked_about(make, on, run, letters):
    on("2026-01-10")
    ended = [make.pledge("NOR") for _number in range(3)]
    for pledge, name in zip(ended, ("withdrawn", "lapsed", "agreed"), strict=True):
        service.move(pledge, name, SYSTEM, "Why.", on=date.today())
    delivered = make.pledge("NOR", kind=PledgeKind.IN_KIND, amount=None)
    service.move(delivered, "agreed", SYSTEM, on=date.today())
    service.move(delivered, "delivered", SYSTEM, on=date.today())
    struck = make.pledge("NOR", from_floor=True)
    service.move(struck, "struck", make.actor(Role.ISU_OFFICER), "Another delegation.")
    recorded = make.pledge("NOR")
    recorded.source = "https://source.example"
    db.session.commit()
    on("2026-07-10")
    run()
    found = letters()
    assert found
    for one in found:
        assert ended[2].ref in one.body
        assert not [gone.ref for gone in (*ended[:2], delivered, struck, recorded) if gone.ref in one.body]


def test_a_word_keeps_the_letter_away(make, on, run, letters):
    on("2026-01-10")
    person = make.account(Role.DONOR_OFFICER, "NOR")
    pledge = make.pledge("NOR", expected_on=date(2026, 6, 1))
    on("2026-05-01")
    assert reminders.still_on_course(pledge, make.actor(Role.DONOR_OFFICER), date(2026, 12, 1))
    db.session.commit()
    for day, count in {"2026-05-18": 0, "2026-06-02": 0, "2026-07-10": 0, "2026-11-17": 1, "2026-12-02": 2,
                       "2027-01-10": 3}.items():
        on(day)
        run()
        assert len(letters(person)) == count, day


def test_still_on_course_is_a_step_with_its_event(make, on):
    on("2026-01-10")
    pledge, actor = make.pledge("NOR", expected_on=date(2026, 6, 1)), make.actor(Role.DONOR_OFFICER)
    on("2026-07-01")
    assert reminders.still_on_course(pledge, actor)
    db.session.commit()
    assert (pledge.expected_on, pledge.heard_on, pledge.status) == (None, date(2026, 7, 1), PledgeStatus.ANNOUNCED)
    step = pledge.steps[-1]
    assert (step.kind, step.day, step.account_id) == (StepKind.ON_COURSE, date(2026, 7, 1), actor.account_id)
    event, = db.session.scalars(select(Event).where(Event.tag == "pledge.on-course"))
    assert event.changes == {"expected_on": ["2026-06-01", None]}
    assert not reminders.still_on_course(pledge, actor), "said already today"
    assert reminders.still_on_course(pledge, actor, date(2026, 9, 1))
    with pytest.raises(Refused, match="This day has passed"):
        reminders.still_on_course(pledge, actor, date(2026, 6, 30))
    service.move(pledge, "withdrawn", actor, "Not this year.")
    with pytest.raises(Refused, match="closed"):
        reminders.still_on_course(pledge, actor)


def test_no_job_ever_ends_a_pledge_however_late(make, on, run, letters):
    """Two years, every third day, and every job of the platform at each month's end: what was announced stays announced."""
    on("2026-01-10")
    make.account(Role.DONOR_OFFICER, "NOR")
    announced = make.pledge("NOR", need=make.need("KHM"), expected_on=date(2026, 3, 1))
    confirmed, agreed = make.pledge("NOR", expected_on=date(2026, 4, 1)), make.pledge("NOR")
    service.move(confirmed, "confirmed", SYSTEM, on=date.today(), expected_on=date(2026, 4, 1))
    service.move(agreed, "agreed", SYSTEM, on=date.today(), expected_on=date(2026, 5, 1))
    db.session.commit()
    before = {one.id: (one.status, one.version, len(one.steps)) for one in (announced, confirmed, agreed)}
    day, end = date(2026, 1, 10), date(2028, 1, 11)
    while day < end:
        on(day)
        run()
        if (day + timedelta(3)).month != day.month:
            assert not [one.error for one in jobs.run(day) if one.error]
        day += timedelta(3)
    after = [again(one) for one in (announced, confirmed, agreed)]
    assert {one.id: (one.status, one.version, len(one.steps)) for one in after} == before
    assert {one.status for one in db.session.scalars(select(Pledge).where(Pledge.id.in_(before)))} == {
        PledgeStatus.ANNOUNCED, PledgeStatus.CONFIRMED, PledgeStatus.AGREED}
    assert len(letters()) > 8 and "remind-pledges" in jobs.JOBS


@pytest.mark.parametrize(("due", "found"), [
    ("overdue", ["late"]), ("silent-6", ["old", "late"]), ("silent-12", ["old"]), ("", ["heard", "late", "new", "old"]),
    ("nonsense", ["heard", "late", "new", "old"])])
def test_the_list_shows_what_waits_for_word(make, on, visitor, due, found):
    made = {}
    for name, day, expected in (("old", "2025-01-10", None), ("heard", "2025-01-10", None), ("late", "2026-01-10", "2026-06-01"),
                                ("new", "2026-07-01", "2026-12-01")):
        on(day)
        made[name] = make.pledge("NOR", expected_on=expected and date.fromisoformat(expected))
    on("2026-07-20")
    reminders.still_on_course(made["heard"], SYSTEM)
    source = make.pledge("NOR", announced_on=date(2020, 1, 1))
    source.source = "https://source.example"
    db.session.commit()
    text = visitor.get(f"/pledges/?due={due}").get_data(as_text=True)
    file = visitor.get(f"/pledges/?due={due}&as=csv").get_data(as_text=True)
    for shown in (text, file):
        assert sorted(name for name, pledge in made.items() if pledge.ref in shown) == sorted(found)
    assert (source.ref in file) is (due not in ("overdue", "silent-6", "silent-12"))


def test_the_desks_say_what_waits_for_word(make, on, sign_in):
    on("2025-05-10")
    old, other = make.pledge("NOR"), make.pledge("JPN")
    on("2026-01-10")
    late, silent = make.pledge("NOR", expected_on=date(2026, 6, 1)), make.pledge("NOR")
    on("2026-07-20")
    donor = sign_in(Role.DONOR_OFFICER, "NOR").get("/desk/").get_data(as_text=True)
    assert donor.count("Nothing was heard of your pledge") >= 2 and other.ref not in donor
    for pledge in (old, silent):
        assert f"Nothing was heard of your pledge {pledge.ref} for six months" in donor and f"/pledges/{pledge.ref}/update" in donor
    assert f"Your pledge {late.ref} is past the date of its next step" in donor
    assert f"Nothing was heard of your pledge {late.ref}" not in donor
    isu = sign_in(Role.ISU_OFFICER).get("/desk/").get_data(as_text=True)
    assert "2 pledges have not been heard of for a year." in isu and "/pledges/?due=silent-12" in isu
    assert "2 pledges have not been heard of for six months." in isu and "/pledges/?due=silent-6" in isu
    assert "One pledge is past the date of its next step." in isu and "/pledges/?due=overdue" in isu
