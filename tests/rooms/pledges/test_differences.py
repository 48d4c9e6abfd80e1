"""Reconciliation: what each side reports, side by side with the record until the ISU settles it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from sqlalchemy import event as listening
from sqlalchemy import select

from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.core.visibility import Visibility
from partnerships.pledges import payments, reports, service
from partnerships.pledges.models import Pledge, PledgeReport
from partnerships.pledges.states import PledgeKind, PledgeStatus, Settlement, Side

TODAY, DAY = date.today(), timedelta(days=1)
URL = "/pledges/differences"


def _again(pledge: Pledge) -> Pledge:
    db.session.expire_all()
    return db.session.get_one(Pledge, pledge.id)


@pytest.fixture
def pledge(make) -> Pledge:
    """300 000 dollars to a need of Cambodia, signed ten days ago; 100 000 paid eight days ago."""
    actor = make.actor(Role.DONOR_OFFICER)
    pledge = make.pledge(need=make.need("KHM"), announced_on=TODAY - 20 * DAY)
    service.move(pledge, "agreed", actor, on=TODAY - 10 * DAY)
    payments.pay(pledge, actor, amount=Decimal(100_000), paid_on=TODAY - 8 * DAY)
    db.session.commit()
    return pledge


def _said(amount: str, day: date = TODAY, **more: str) -> dict[str, str]:
    return {"paid_amount": amount, "as_of": day.isoformat(), **more}


def _report(make, pledge: Pledge, amount: int, role: Role = Role.FOCAL_POINT, day: date = TODAY) -> PledgeReport:
    said = reports.report(pledge, make.actor(role), paid_amount=Decimal(amount), as_of=day)
    db.session.commit()
    return said


def test_both_sides_stand_beside_the_record_until_it_is_settled(pledge, sign_in, visitor):
    url, isu = f"/pledges/{pledge.ref}", sign_in(Role.ISU_OFFICER)
    donor, recipient = sign_in(Role.DONOR_OFFICER), sign_in(Role.FOCAL_POINT)
    assert recipient.post(f"{url}/report", data=_said("250 000", note="Two transfers arrived.",
                                                      evidence="https://evidence.example/bank")).status_code == 303
    assert donor.post(f"{url}/report", data=_said("80 000")).status_code == 303
    text = visitor.get(url).get_data(as_text=True)
    for words in ("The record", "The donor", "The recipient", "250\u202f000", "80\u202f000", "Two transfers arrived.",
                  "Not settled",
                  "https://evidence.example/bank", "150\u202f000\u00a0USD</span> more than the record",
                  "20\u202f000\u00a0USD</span> less than the record"):
        assert words in text, words
    assert "Report what was paid so far" not in text and "Settle the report" not in text
    listed = isu.get(URL).get_data(as_text=True)
    assert listed.count(pledge.ref) == 4 and "Two transfers arrived." in listed  # a row a report: reference and address
    assert "2 reports of what was paid differ from the record." in isu.get("/desk/").get_data(as_text=True)
    said = {one.side: one.id for one in _again(pledge).reports}
    answer = isu.post(f"{url}/reports/{said[Side.RECIPIENT]}/settle", data={
        "outcome": "report", "note": "The bank confirms it.", "paid_on": (TODAY - DAY).isoformat()})
    kept = _again(pledge)
    assert answer.status_code == 303 and kept.paid_amount == 250_000
    assert (kept.payments[-1].amount, kept.payments[-1].day) == (Decimal(150_000), TODAY - DAY)
    assert kept.payments[-1].evidence == "https://evidence.example/bank" and "As reported by Cambodia" in kept.payments[-1].note
    isu.post(f"{url}/reports/{said[Side.DONOR]}/settle", data={"outcome": "record", "note": "It forgot one."})
    assert reports.differences(_again(pledge)) == [] and "No report waits" in isu.get(URL).get_data(as_text=True)
    assert "differ from the record" not in isu.get("/desk/").get_data(as_text=True)
    text = visitor.get(url).get_data(as_text=True)
    assert "The bank confirms it." in text and "It forgot one." in text and "Not settled" not in text
    tags = list(db.session.scalars(select(Event.tag).where(Event.tag.in_(("pledge.reported", "pledge.settled")))))
    assert sorted(tags) == ["pledge.reported"] * 2 + ["pledge.settled"] * 2


def test_a_report_that_agrees_is_settled_by_itself(make, pledge, sign_in):
    answer = sign_in(Role.FOCAL_POINT).post(f"/pledges/{pledge.ref}/report", data=_said("100000"), follow_redirects=True)
    assert "Your report agrees with the record." in answer.get_data(as_text=True)
    [said] = _again(pledge).reports
    assert (said.outcome, said.settled_on, said.settlement) == (Settlement.RECORD, TODAY, "Agrees with the record.")
    assert reports.open_differences(make.actor(Role.ISU_OFFICER)) == []


def test_a_report_is_held_against_the_record_of_its_own_day(make, pledge):
    payments.pay(pledge, make.actor(Role.DONOR_OFFICER), amount=Decimal(50_000), paid_on=TODAY)
    db.session.commit()
    assert _report(make, pledge, 100_000, day=TODAY - DAY).outcome is Settlement.RECORD
    assert _report(make, pledge, 0, day=TODAY - 9 * DAY).outcome is Settlement.RECORD
    later = _report(make, pledge, 120_000, day=TODAY - DAY)
    assert later.outcome is None and reports.differences(pledge)[0].amount == 20_000
    reports.settle(later, make.actor(Role.ISU_OFFICER), outcome=Settlement.REPORT, note="Right")
    assert (pledge.paid_amount, pledge.payments[-1].day) == (170_000, TODAY) or pledge.paid_amount == 170_000
    assert reports.on_record(_again(pledge), TODAY - DAY) == 120_000


def test_the_newest_report_of_a_side_replaces_the_one_before_which_stays_readable(make, pledge, visitor):
    first, second = _report(make, pledge, 5), _report(make, pledge, 7)
    assert [one.report.id for one in reports.differences(_again(pledge))] == [second.id]
    text = visitor.get(f"/pledges/{pledge.ref}").get_data(as_text=True)
    assert "Replaced by a later report" in text and text.count("Not settled") == 1
    with pytest.raises(Refused, match="A later report"):
        reports.settle(first, make.actor(Role.ISU_OFFICER), outcome=Settlement.RECORD, note="Which?")
    _report(make, pledge, 100_000)
    assert reports.differences(_again(pledge)) == []


def test_a_report_of_less_needs_the_payment_to_be_taken_back_first(make, pledge, sign_in):
    said, isu = _report(make, pledge, 0), sign_in(Role.ISU_OFFICER)
    url = f"/pledges/{pledge.ref}/reports/{said.id}/settle"
    data = {"outcome": "report", "note": "It never arrived."}
    answer = isu.post(url, data=data)
    assert answer.status_code == 422 and "First take back the payment" in answer.get_data(as_text=True)
    assert _again(pledge).paid_amount == 100_000 and _again(pledge).reports[0].outcome is None
    isu.post(f"/pledges/{pledge.ref}/void", data={"payment": str(pledge.payments[0].id), "note": "It never arrived."})
    assert isu.post(url, data=data).status_code == 303
    assert _again(pledge).paid_amount == 0 and _again(pledge).reports[0].outcome is Settlement.REPORT


def test_a_report_of_all_completes_the_pledge_and_one_of_more_is_refused(make, pledge):
    isu = make.actor(Role.ISU_OFFICER)
    said = _report(make, pledge, 300_001)
    with pytest.raises(Refused, match="more than what is still to be paid"):
        reports.settle(said, isu, outcome=Settlement.REPORT, note="Right")
    db.session.rollback()
    said = _report(make, _again(pledge), 300_000)
    assert reports.settle(said, isu, outcome=Settlement.REPORT, note="Right", paid_on=TODAY)
    assert pledge.status is PledgeStatus.PAID and not reports.settle(said, isu, outcome=Settlement.RECORD, note="Again")


def test_what_comes_after_the_report_is_not_what_it_told_of(make, pledge):
    said = _report(make, pledge, 200_000, day=TODAY - DAY)
    with pytest.raises(Refused, match="was paid by then"):
        reports.settle(said, make.actor(Role.ISU_OFFICER), outcome=Settlement.REPORT, note="Right", paid_on=TODAY)


@pytest.mark.parametrize(("typed", "words"), [
    ({"paid_amount": ""}, "Give the total"), ({"paid_amount": "-1"}, "cannot be negative"),
    ({"paid_amount": "1.005"}, "fewer decimals"), ({"as_of": ""}, "Say of which day"),
    ({"as_of": (TODAY + DAY).isoformat()}, "in the future"), ({"as_of": (TODAY - 21 * DAY).isoformat()}, "before the pledge was"),
    ({"evidence": "my desk"}, "begins with https://")])
def test_what_cannot_be_reported(pledge, sign_in, typed: dict[str, str], words: str):
    answer = sign_in(Role.FOCAL_POINT).post(f"/pledges/{pledge.ref}/report", data={**_said("5", note="As typed"), **typed})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in text and "As typed" in text and _again(pledge).reports == []


def test_settling_asks_for_what_and_why(make, pledge, sign_in):
    said, isu = _report(make, pledge, 5), sign_in(Role.ISU_OFFICER)
    url = f"/pledges/{pledge.ref}/reports/{said.id}/settle"
    for data, words in (({"outcome": "record", "note": " "}, "Say why"), ({"note": "x"}, "Say whether"),
                        ({"outcome": "both", "note": "x"}, "Not a valid choice")):
        answer = isu.post(url, data=data)
        assert answer.status_code == 422 and words in answer.get_data(as_text=True)
    assert isu.post(f"/pledges/{pledge.ref}/reports/999999/settle", data={"outcome": "record", "note": "x"}).status_code == 404
    other = make.pledge()
    assert isu.post(f"/pledges/{other.ref}/reports/{said.id}/settle", data={"outcome": "record", "note": "x"}).status_code == 404
    assert isu.post(url, data={"outcome": "record", "note": "x"}).status_code == 303
    again = isu.post(url, data={"outcome": "report", "note": "y"}, follow_redirects=True)
    assert "This was already done." in again.get_data(as_text=True) and _again(pledge).reports[0].settlement == "x"


def test_a_report_sent_twice_is_one(pledge, sign_in):
    client = sign_in(Role.FOCAL_POINT)
    for _time in range(2):
        client.post(f"/pledges/{pledge.ref}/report", data=_said("5", once="a-key-of-this-form-7"))
    assert len(_again(pledge).reports) == 1


def test_settled_once_by_two_at_once(app, make, pledge):
    said, isu = _report(make, pledge, 150_000), make.actor(Role.ISU_OFFICER)
    db.session.commit()
    number, outcomes, barrier = said.id, [], Barrier(2)

    def settle() -> None:
        with app.app_context():
            mine = db.session.get_one(PledgeReport, number)
            assert mine.pledge.reports  # on PostgreSQL both have read it unsettled
            with suppress(BrokenBarrierError):
                barrier.wait(1)
            outcomes.append(reports.settle(mine, isu, outcome=Settlement.REPORT, note="Right"))
            db.session.commit()

    threads = [Thread(target=settle) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == [False, True] and _again(pledge).paid_amount == 150_000


def test_who_may_report_and_settle(make, pledge, sign_in, visitor):
    said, url = _report(make, pledge, 5), f"/pledges/{pledge.ref}"
    settling = f"{url}/reports/{said.id}/settle"
    for where in (f"{url}/report", settling):
        assert "/accounts/sign-in" in visitor.post(where, data=_said("5")).location
    for role, party in ((Role.FOCAL_POINT, "AGO"), (Role.DONOR_OFFICER, "JPN"), (Role.COMMITTEE_MEMBER, None),
                        (Role.ISU_OFFICER, "ISU")):
        assert sign_in(role, party).post(f"{url}/report", data=_said("5")).status_code == 403
    for role in (Role.FOCAL_POINT, Role.DONOR_OFFICER, Role.COMMITTEE_MEMBER):
        client = sign_in(role)
        assert client.post(settling, data={"outcome": "report", "note": "x"}).status_code == 403 == client.get(URL).status_code
        assert "Differences to settle" not in client.get("/pledges/").get_data(as_text=True)
    assert "Differences to settle" in sign_in(Role.ISU_OFFICER).get("/pledges/").get_data(as_text=True)
    assert reports.open_differences(make.actor(Role.DONOR_OFFICER)) == [] and len(_again(pledge).reports) == 1


def test_pledges_without_money_are_not_reported_on(make, sign_in):
    need = make.need("KHM")
    for kind in (PledgeKind.IN_KIND, PledgeKind.POLITICAL):
        promised, client = make.pledge(need=need, kind=kind, amount=None), sign_in(Role.FOCAL_POINT)
        assert "Report what was paid" not in client.get(f"/pledges/{promised.ref}").get_data(as_text=True)
        answer = client.post(f"/pledges/{promised.ref}/report", data=_said("5"))
        assert answer.status_code == 422 and "states no amount of money" in answer.get_data(as_text=True)


def test_what_a_restricted_pledges_sides_say_stays_with_them(make, sign_in, visitor):
    hidden = make.pledge(need=make.need("KHM"), visibility=Visibility.PARTIES, announced_on=TODAY - DAY)
    _report(make, hidden, 5)
    [event] = db.session.scalars(select(Event).where(Event.tag == "pledge.reported"))
    assert event.audience == Visibility.PARTIES.value
    assert visitor.get(f"/pledges/{hidden.ref}").status_code == 404 == sign_in(Role.DONOR_OFFICER, "JPN").post(
        f"/pledges/{hidden.ref}/report", data=_said("5")).status_code


def test_the_donors_report_is_a_sign_of_life_and_the_recipients_is_not(make, pledge):
    pledge.heard_on = None
    db.session.commit()
    _report(make, pledge, 5)
    assert _again(pledge).heard_on is None
    _report(make, pledge, 5, Role.DONOR_OFFICER)
    assert _again(pledge).heard_on == TODAY


def test_a_longer_list_asks_no_more_queries(app, make, sign_in):
    client, asked, counts = sign_in(Role.ISU_OFFICER), [], []
    listening.listen(app.extensions["database"], "before_cursor_execute", lambda *args: asked.append(args[2]))
    for _ in range(2):
        for _ in range(3):
            _report(make, make.pledge(need=make.need("KHM")), 5)
        asked.clear()
        client.get(URL)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10
