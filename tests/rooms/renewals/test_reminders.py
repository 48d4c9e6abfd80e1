"""Reminders: 60, 14 and 1 days before the date and the day after, once each, one letter a person a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.needs.states import NeedStatus
from partnerships.renewals.states import LONGEST, PAST, STAGES, TELLABLE, next_date, report_season, stage

LONG_AGO = date(2020, 1, 1)


@pytest.mark.parametrize(("left", "due"), [
    (200, None), (61, None), (60, 60), (59, 60), (15, 60), (14, 14), (2, 14), (1, 1), (0, 1), (-1, PAST), (-30, PAST),
    (-31, None)])
def test_the_stage_of_a_date(left, due):
    today = date(2026, 7, 1)
    assert stage(today + timedelta(left), LONG_AGO, today) == due


def test_a_date_chosen_near_is_no_news():
    today = date(2026, 7, 1)
    assert stage(today + timedelta(30), today, today) is None
    assert stage(today + timedelta(14), today - timedelta(1), today) == 14
    assert stage(today - timedelta(1), today - timedelta(2), today) == PAST


@given(st.integers(1, 3000), st.integers(0, 400))
def test_each_stage_comes_once_in_order_however_the_days_fall(length, skip):
    """From the day a date is set to long after it: the stages that come are a descending run, each on or after its day."""
    start = date(2026, 1, 1)
    until, seen = start + timedelta(length), []
    for number in range(0, length + 60, skip % 7 + 1):
        found = stage(until, start, start + timedelta(number))
        if found is not None and (not seen or seen[-1] != found):
            seen.append(found)
    assert seen == sorted(seen, reverse=True)
    assert set(seen) <= {*STAGES, PAST}


@given(st.dates(date(2024, 1, 1), date(2090, 12, 31)))
def test_the_date_on_the_button_can_always_be_said(today):
    assert today < next_date(None, today) <= today + LONGEST
    assert next_date(next_date(None, today), today) == next_date(None, today)


def test_the_weeks_of_the_report():
    assert [report_season(day) for day in (date(2027, 2, 28), date(2027, 3, 1), date(2027, 4, 30), date(2027, 5, 1))] == [
        False, True, True, False]


def test_each_stage_is_written_once(make, on, run, letters):
    on("2026-05-01")
    person = make.account(Role.FOCAL_POINT, "KHM")
    need = make.need("KHM", valid_until=date(2026, 12, 31))
    days = {"2026-10-31": 0, "2026-11-01": 1, "2026-11-02": 0, "2026-12-16": 0, "2026-12-17": 1, "2026-12-30": 1,
            "2026-12-31": 0, "2027-01-01": 1, "2027-01-02": 0, "2027-02-20": 0}
    written = []
    for day, count in days.items():
        on(day)
        before = len(letters(person))
        run()
        assert run() == 0, "a second run writes nothing"
        assert len(letters(person)) - before == count, day
        written += letters(person)[before:]
    assert [one.subject for one in written] == [
        f"{need.ref} is valid until 31 December 2026: does it still stand?"] * 3 + [
        f"{need.ref} has left matching: does it still stand?"]
    assert "(2 months left)" in written[0].body and need.title in written[0].body
    assert "It was valid until 31 December 2026." in written[3].body


def test_a_job_that_stood_still_writes_the_due_stage_once(make, on, run, letters):
    on("2026-05-01")
    person = make.account(Role.FOCAL_POINT, "KHM")
    make.need("KHM", valid_until=date(2026, 12, 31))
    on("2026-12-20")
    run()
    on("2026-12-21")
    run()
    assert len(letters(person)) == 1, "fourteen days, four days late; sixty days never"
    on("2027-01-20")
    run()
    assert len(letters(person)) == 2
    on("2027-02-10")
    assert run() == 0


def test_one_letter_a_person_a_day_about_everything(make, on, run, letters):
    on("2026-05-01")
    person = make.account(Role.FOCAL_POINT, "KHM")
    first, second = (make.need("KHM", valid_until=date(2026, 12, 31)) for _ in range(2))
    offer = make.offer("KHM", valid_until=date(2026, 12, 15), title="Deminers who teach")
    on("2026-12-20")
    run()
    one, = letters(person)
    assert all(record.ref in one.body for record in (first, second, offer))
    assert one.subject == "3 records wait for your word: do they still stand?"
    assert one.body.index(offer.ref) < one.body.index(first.ref), "what has left matching comes first"


def test_only_the_people_who_may_renew_are_written_to(make, on, run, letters):
    on("2026-05-01")
    need = make.need("KHM", valid_until=date(2026, 12, 31))
    offer = make.offer("NOR", valid_until=date(2026, 12, 31))
    people = {(role, party): make.account(role, party) for role, party in [
        (Role.FOCAL_POINT, "KHM"), (Role.DONOR_OFFICER, "NOR"), (Role.FOCAL_POINT, "AGO"), (Role.DONOR_OFFICER, "JPN"),
        (Role.COMMITTEE_MEMBER, "NOR"), (Role.ISU_OFFICER, "ISU")]}
    gone = make.account(Role.FOCAL_POINT, "KHM", active=False)
    on("2026-12-17")
    run()
    assert [need.ref in one.body for one in letters(people[Role.FOCAL_POINT, "KHM"])] == [True]
    assert [offer.ref in one.body for one in letters(people[Role.DONOR_OFFICER, "NOR"])] == [True]
    assert not any(letters(person) for key, person in people.items() if key not in [
        (Role.FOCAL_POINT, "KHM"), (Role.DONOR_OFFICER, "NOR")])
    assert not letters(gone)
    assert all(offer.ref not in one.body for one in letters(people[Role.FOCAL_POINT, "KHM"]))


def test_what_does_not_stand_is_not_asked_about(make, on, run, letters):
    from partnerships.core.actor import SYSTEM
    from partnerships.needs.states import Origin
    from partnerships.offers import service as offers

    on("2026-05-01")
    for status in (NeedStatus.DRAFT, NeedStatus.SUBMITTED, NeedStatus.MET, NeedStatus.WITHDRAWN):
        make.need("KHM", status, valid_until=date(2026, 12, 31))
    recorded = make.need("KHM", valid_until=date(2026, 12, 31))
    recorded.origin = Origin.RECORDED
    offers.move(make.offer("NOR", valid_until=date(2026, 12, 31)), "withdrawn", SYSTEM, "No longer possible")
    db.session.commit()
    on("2026-12-17")
    assert run() == 0
    assert letters() == []


def test_a_new_date_begins_anew(make, on, run, letters):
    from partnerships.renewals import service

    on("2026-05-01")
    person = make.account(Role.FOCAL_POINT, "KHM")
    need = make.need("KHM", valid_until=date(2026, 12, 31))
    on("2026-12-17")
    run()
    service.confirm(need, make.actor(Role.FOCAL_POINT, "KHM"), date(2027, 12, 31))
    db.session.commit()
    on("2027-01-01")
    run()
    assert len(letters(person)) == 1
    on("2027-12-17")
    run()
    assert len(letters(person)) == 2


def test_the_yearly_letter_comes_once_in_its_weeks(make, on, run, letters):
    on("2026-05-01")
    person, donor = make.account(Role.FOCAL_POINT, "KHM"), make.account(Role.DONOR_OFFICER, "KHM")
    outside = make.account(Role.FOCAL_POINT, "LAO")  # affected, and not a State Party
    need = make.need("KHM", valid_until=date(2028, 12, 31))
    make.need("LAO", valid_until=date(2028, 12, 31))
    make.account(Role.FOCAL_POINT, "AGO")  # no open need
    for day, count in {"2027-02-28": 0, "2027-03-01": 1, "2027-03-02": 1, "2027-04-30": 1, "2027-05-01": 1,
                       "2028-03-09": 2}.items():
        on(day)
        run("yearly")
        assert len(letters(person)) == count, day
    one = letters(person)[0]
    assert one.subject == "With your yearly report, due by 30 April 2027: look through your open needs"
    assert need.ref in one.body and "/renewals/" in one.body
    assert letters(donor) == letters(outside) == []


def test_needs_looked_through_are_not_asked_about_again(make, on, run, letters):
    from partnerships.renewals import service

    on("2026-05-01")
    make.account(Role.FOCAL_POINT, "KHM")
    need = make.need("KHM", valid_until=date(2028, 12, 31))
    on("2027-03-05")
    assert service.confirm(need, make.actor(Role.FOCAL_POINT, "KHM"), date(2028, 12, 31))
    db.session.commit()
    assert run("yearly") == 0


def test_a_person_of_a_restricted_need_is_asked_too(make, on, run, letters):
    from partnerships.core.visibility import Visibility

    on("2026-05-01")
    person = make.account(Role.FOCAL_POINT, "KHM")
    make.need("KHM", valid_until=date(2026, 12, 31), visibility=Visibility.PARTIES)
    on("2026-12-17")
    run()
    assert len(letters(person)) == 1


def test_the_horizon_of_the_query_holds_every_stage():
    """`queries.leaving` reads from `TELLABLE` ago to the first stage: no due date lies outside."""
    today = date(2026, 7, 1)
    due = [days for days in range(-400, 400) if stage(today + timedelta(days), LONG_AGO, today) is not None]
    assert (min(due), max(due)) == (-TELLABLE.days, max(STAGES))
