"""A year of a round with a frozen clock: who is written to, when and once, while people change and partners fall away."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from partnerships.accounts.models import Account
from partnerships.accounts.session import actor_of
from partnerships.cases import inviting, queries, service
from partnerships.cases.states import CaseStatus, Support
from partnerships.core import delivery, jobs
from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.mail import Mail
from partnerships.desk import view as desks
from partnerships.pledges import service as pledges
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import PledgeStatus

WEEK = timedelta(days=7)


class Year:
    """The clock, and the letters of each week: the worker runs every Monday, twice, as two hosts would."""

    def __init__(self, clock) -> None:
        self.clock, self.today = clock, date(2026, 2, 2)

    def until(self, day: str) -> Counter:
        """Let the weeks pass. Returns: how many letters each person got, by kind, in the weeks that passed."""
        seen = set(db.session.scalars(select(Mail.id)))
        while self.today < date.fromisoformat(day):
            self.today = min(self.today + WEEK, date.fromisoformat(day))
            self.clock.move_to(datetime.fromisoformat(f"{self.today}T09:00:00+00:00"))
            for _host in range(2):
                assert not [one.error for one in jobs.run(date.today()) if one.error]
        rows = db.session.execute(select(Mail.id, Mail.key, Mail.kind, Account.name).join(Account, Account.id == Mail.account_id))
        # What happened is told besides, by the job of notices: at most one letter a person each time it runs.
        fresh = [row for row in rows if row.id not in seen]
        assert max(Counter(row.key for row in fresh).values(), default=1) == 1
        return Counter((row.kind, row.name) for row in fresh if row.kind != "notices")


@pytest.fixture
def year(app):
    """A year that begins with the request."""
    with time_machine.travel(datetime.fromisoformat("2026-02-02T09:00:00+00:00"), tick=False) as clock:
        yield Year(clock)


@pytest.mark.slow
def test_every_letter_is_as_expected_and_comes_once(app, year, make):
    need = make.need("KHM", deadline=date(2030, 1, 1), valid_until=date(2029, 1, 1))
    for one in db.session.scalars(select(Account)):
        one.active = False  # whoever made the need left long ago
    first, isu = make.account(Role.FOCAL_POINT, "KHM", name="First"), make.account(Role.ISU_OFFICER, name="ISU")
    donors = {ref: make.account(Role.DONOR_OFFICER, ref, name=ref) for ref in ("NOR", "JPN", "SWE")}
    secretariat = actor_of(isu)
    case = service.begin(actor_of(first), make.party("KHM"), "Partners for the last provinces.")
    service.move(case, "accepted", secretariat)
    for ref in donors:
        inviting.invite(case, secretariat, make.party(ref), "")
    db.session.commit()
    assert year.until("2026-02-09") == {("invitation", ref): 1 for ref in donors}
    for one in case.invitations:
        inviting.answer(one, actor_of(donors[one.party.ref]), comes=True, words="")
    meeting = make.meeting("KHM", held_on=date(2026, 3, 9), needs=[need])
    case.meeting = meeting
    db.session.commit()
    assert year.until("2026-03-09") == {("yearly", "First"): 1}, "its needs, with the Article 7 report"
    service.move(case, "met", secretariat)

    # Three pledges, none of them followed by a word; one donor withdraws, and is left alone from then on.
    made = {}
    for ref, expected in (("NOR", "2026-07-20"), ("JPN", "2026-05-04"), ("SWE", "2026-05-04")):
        made[ref] = make.pledge(ref, need=need, announced_on=date(2026, 3, 9), expected_on=date.fromisoformat(expected)).id
    for one in db.session.scalars(select(Account).where(Account.active)):
        one.active = one.id in {first.id, isu.id, *(donor.id for donor in donors.values())}
    db.session.commit()
    assert year.until("2026-06-01") == {("pledges", "JPN"): 2, ("pledges", "SWE"): 2}, "ahead of the day, and after it"
    pledges.move(_pledge(made["NOR"]), "withdrawn", actor_of(donors["NOR"]), "The budget was cut")
    first.active = False  # the focal point is replaced
    db.session.commit()
    second = make.account(Role.FOCAL_POINT, "KHM", name="Second")
    said = year.until("2026-09-14")
    assert said == {("support", "Second"): 1, ("pledges", "JPN"): 1, ("pledges", "SWE"): 1}, "half a year without a word"
    assert {one.status for one in map(_pledge, made.values())} == {PledgeStatus.WITHDRAWN, PledgeStatus.ANNOUNCED}

    # Nobody answers: asked again twice, then it stands on the ISU's desk; only a person lets a pledge lapse.
    for ref in ("JPN", "SWE"):
        pledges.move(_pledge(made[ref]), "lapsed", secretariat, "No answer to three letters")
    db.session.commit()
    assert year.until("2026-12-07") == {("support", "Second"): 2}
    with app.test_request_context():
        assert any("has not said yet" in task.sentence for task in desks.desk(secretariat, date.today()).tasks)
        assert any("Say what support came" in task.sentence for task in desks.desk(actor_of(second), date.today()).tasks)
    [half, whole] = case.support
    service.report(half, actor_of(second), answer=Support.NONE, words="All three fell away.", pledges=[])
    db.session.commit()
    assert year.until("2027-03-15") == {("support", "Second"): 1, ("yearly", "Second"): 1}
    service.report(whole, actor_of(second), answer=Support.TALKS, words="Another donor visits in May.", pledges=[])
    meeting.outcome = "Three partners pledged; all fell away."
    service.move(case, "closed", secretariat)
    db.session.commit()
    assert case.status is CaseStatus.CLOSED and year.until("2027-06-07") == {}
    assert queries.unsaid(secretariat, date.today()) == []
    db.session.rollback()
    _delivered(app)


def _pledge(number: int) -> Pledge:
    return db.session.get_one(Pledge, number)


def _delivered(app) -> None:
    """Every letter leaves the house, each under an identifier of its own."""
    while delivery.deliver().sent:
        pass
    files = sorted((Path(app.config["SETTINGS"].data_dir) / "mail").glob("*.eml"))
    identifiers = [line for one in files for line in one.read_text(errors="replace").splitlines() if line.startswith("Message-ID")]
    assert len(identifiers) == len(set(identifiers)) >= 13
