"""A round of the individualised approach, from the request to what support came a year later, as each side meets it."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from partnerships.approach import queries as meetings
from partnerships.cases import asking, queries, service, view
from partnerships.cases.models import Case, CaseSupport
from partnerships.cases.states import CaseStatus, Support
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.db import db
from partnerships.core.mail import Mail
from partnerships.core.visibility import Visibility
from partnerships.matches.models import Match
from partnerships.pledges.queries import months_from

START = "2026-02-02T09:00:00+00:00"


@pytest.fixture
def clock():
    """A clock that stands, and goes where a test sends it."""
    traveller = time_machine.travel(datetime.fromisoformat(START), tick=False)
    with traveller as coordinates:
        yield lambda day: coordinates.move_to(datetime.fromisoformat(f"{day}T09:00:00+00:00"))


def text(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.get_data(as_text=True)


def refused(client, url: str, **data: str) -> str:
    answer = client.post(url, data=data)
    assert answer.status_code == 422, (url, answer.status_code)
    return answer.get_data(as_text=True)


def done(client, url: str, **data: str) -> None:
    answer = client.post(url, data=data)
    assert answer.status_code == 303, re.findall(r'field-error">(.*?)</p>', answer.get_data(as_text=True), re.S)


def letters(kind: str) -> list[tuple[str, str]]:
    rows = db.session.execute(select(Mail.address, Mail.body).where(Mail.kind == kind).order_by(Mail.id))
    return [(row[0], row[1]) for row in rows]


def test_from_the_request_to_the_answer_a_year_later(clock, make, sign_in, visitor):
    person, partner = make.account(Role.FOCAL_POINT, "KHM"), make.account(Role.DONOR_OFFICER, "NOR")
    need = make.need("KHM", deadline=date(2029, 12, 31), valid_until=date(2028, 1, 1))
    hidden = make.need("KHM", visibility=Visibility.PARTIES, deadline=date(2029, 12, 31), valid_until=date(2028, 1, 1))
    focal, isu, donor = sign_in(person), sign_in(Role.ISU_OFFICER), sign_in(partner)

    # Asked for, by the State: once, and seen by the State, the Committee and the ISU only.
    assert "Say in a few sentences" in refused(focal, "/cases/new", reason=" ")
    done(focal, "/cases/new", reason="Partners for the last three provinces.")
    again = refused(focal, "/cases/new", reason="Again, please")
    assert "A round of this State is open" in again and "Again, please" in again, "what was typed is kept"
    case = db.session.scalars(select(Case)).one()
    url = f"/cases/{case.ref}"
    assert case.ref == "CASE-KHM-01" and "three provinces" in text(sign_in(Role.COMMITTEE_MEMBER), url)
    for stranger in (sign_in(Role.FOCAL_POINT, "AGO"),):
        assert stranger.get(url).status_code == 404 and case.ref not in text(stranger, "/cases/")
    assert donor.get(url).status_code == 403 and visitor.get(url).status_code == 303
    assert focal.post(f"{url}/move/accepted").status_code == 403, "a request is accepted by the other side"
    assert "Accept" in text(isu, url)
    done(isu, f"{url}/move/accepted")

    # Prepared by both; partners invited with reasons, and written to once.
    done(focal, f"{url}/ready", ready=["needs", "plan"])
    assert "Needs posted and up to date: ready since" in re.sub(r"\s+", " ", text(focal, url))
    assert "No State or organisation is called" in refused(isu, f"{url}/invite", party="atlantis")
    itself = refused(isu, f"{url}/invite", party="KHM", message="Come with us")
    assert "The State itself takes part" in itself and "Come with us" in itself
    done(isu, f"{url}/invite", party="norway", message="Your support to survey began here.")
    assert "invited already" in refused(isu, f"{url}/invite", party="NOR")
    done(isu, f"{url}/invite", party="JPN")
    assert focal.post(f"{url}/invite", data={"party": "SWE"}).status_code == 403
    assert asking.invite(date.today()) == 1 and asking.invite(date.today()) == 0
    db.session.commit()
    [(address, body)] = letters("invitation")
    assert address == partner.email and "three provinces" in body and "/cases/invitations/" in body
    case = db.session.scalars(select(Case)).one()
    mine, theirs = (f"/cases/invitations/{one.id}" for one in case.invitations)
    assert donor.get(theirs).status_code == 404 and focal.get(mine).status_code == 404
    page = text(donor, mine)
    assert "three provinces" in page and "Your support to survey began here." in page and hidden.ref not in page
    assert "Say whether you take part" in refused(donor, mine, comes="perhaps")
    done(donor, mine, comes="yes", words="Two of us.")

    # The meeting: not held before its day; its link for those concerned only.
    plan = text(isu, f"{url}/plan")
    assert 'value="Norway"' in re.sub(r"<datalist.*?</datalist>", "", plan, flags=re.S)
    held = {"title": "Country meeting", "held_on": "2026-03-10", "mode": "online", "starts_at": "25:00",
            "time_zone": "Asia/Phnom_Penh",
            "link": "https://meet.example/khm", "visibility": "public", "needs": [need.ref, hidden.ref],
            "participants-0-party": "Cambodia", "participants-1-party": "Norway"}
    assert "hours and minutes" in refused(isu, f"{url}/plan", **held)
    done(isu, f"{url}/plan", **{**held, "starts_at": "14:30"})
    meeting = db.session.scalars(select(Case)).one().meeting
    where = f"/approach/{meeting.ref}"
    assert "14:30" in text(visitor, where) and "meet.example" not in text(visitor, where)
    assert "meet.example" in text(donor, where) and "meet.example" in text(focal, where)
    assert case.ref not in text(donor, where) and case.ref in text(focal, where)
    assert "lies in the future" in refused(isu, f"{url}/move/met")
    done(isu, theirs, comes="yes")
    assert [row.party.ref for row in db.session.scalars(select(Case)).one().meeting.participants] == ["KHM", "NOR", "JPN"]
    clock("2026-03-10")
    focal, isu, donor = sign_in(person), sign_in(Role.ISU_OFFICER), sign_in(partner)
    done(isu, f"{url}/move/met")

    # Interest stated becomes a match with an owner and a step; said again it moves that match on.
    stated = {"party": "JPN", "need": need.ref, "words": "Asked for figures.", "next_step": "Send figures",
              "next_step_on": "2026-04-01"}
    assert "This day has passed" in refused(isu, f"{url}/interest", **{**stated, "next_step_on": "2026-01-01"})
    assert "Choose one of the list" in refused(isu, f"{url}/interest", **{**stated, "party": "SWE"})
    done(isu, f"{url}/interest", **stated)
    done(isu, f"{url}/interest", **{**stated, "next_step": "Call"})
    match = db.session.scalars(select(Match)).one()
    assert (match.party.ref, match.next_step, match.owner is not None) == ("JPN", "Call", True)
    _shared(isu, focal, visitor, url, meeting.ref)
    _asked_and_answered(clock, person, isu, sign_in, make, url, donor)


def _shared(isu, focal, visitor, url, meeting):
    """The summary without names: never without the State's consent to the very wording."""
    done(isu, f"/approach/{meeting}/edit", **{**isu.fields(f"/approach/{meeting}/edit"), "outcome":
         f"Cambodia and the Norway team agreed; Japan asked for figures ({meeting})."})
    draft = view.draft(db.session.scalars(select(Case)).one())
    assert "the affected State" in draft and "a partner State (2)" in draft
    assert not re.search("Cambodia|Norway|Japan|IA-KHM", draft)
    assert "It still names Norway" in refused(isu, f"{url}/shared", shared="Norway helps.")
    done(isu, f"{url}/shared", shared="A State met two partners.")
    assert "has not agreed" in refused(isu, f"{url}/share")
    assert isu.post(f"{url}/consent", data={"seen": "A State met two partners."}).status_code == 403
    assert "changed meanwhile" in refused(focal, f"{url}/consent", seen="Another wording", agree="yes")
    done(focal, f"{url}/consent", seen="A State met two partners.", agree="yes")
    done(isu, f"{url}/share")
    page = text(visitor, "/cases/shared")
    assert "A State met two partners." in page and "KHM" not in page and "Cambodia" not in page
    done(isu, f"{url}/shared", shared="A State met two partners online.")
    assert "two partners" not in text(visitor, "/cases/shared"), "another wording ends the consent"
    done(focal, f"{url}/consent", seen="A State met two partners online.", agree="yes")
    done(isu, f"{url}/share")
    done(focal, f"{url}/consent", agree="no")
    assert "two partners" not in text(visitor, "/cases/shared")


def _asked_and_answered(clock, person, isu, sign_in, make, url, donor):
    """Asked on the day and a month later, answered in two clicks and a sentence; the case closes with its outcome."""
    assert asking.ask(date(2026, 9, 9)) == 0
    days = (date(2026, 9, 10), date(2026, 9, 11), date(2026, 10, 10), date(2026, 10, 11))
    people = len(queries.people_of(make.party("KHM")))
    assert [asking.ask(day) for day in days] == [people, 0, people, 0]
    db.session.commit()
    assert {address for address, _body in letters("support")} == {one.email for one in queries.people_of(make.party("KHM"))}
    clock("2026-10-12")
    focal, isu = sign_in(person), sign_in(Role.ISU_OFFICER)
    assert donor.get(f"{url}/support/6").status_code in (303, 403)
    assert meetings.used_and_followed(SYSTEM) == (2, 0)
    done(focal, f"{url}/support/6", answer="promised", words="Norway told us of a pledge.")
    assert meetings.used_and_followed(SYSTEM) == (2, 1), "the State's own word is follow-up (indicator 43.2)"
    pledge = make.pledge("NOR", need=db.session.scalars(select(Match)).one().need, announced_on=date(2026, 6, 1))
    make.pledge("NOR", announced_on=date(2026, 6, 1))  # not for this State
    assert "in a sentence" in refused(focal, f"{url}/support/6", answer="promised", words=" ")
    done(focal, f"{url}/support/6", answer="promised", words="Norway pledged for two provinces.", pledges=[pledge.ref])
    assert pledge.ref in text(focal, url) and "promised or agreed" in text(focal, url)
    for reader, sees in ((focal, True), (isu, True), (donor, False)):
        assert ("it was promised" in text(reader, "/parties/KHM")) is sees
    assert "has not said yet" in refused(isu, f"{url}/move/closed")
    clock("2027-03-10")
    focal, isu = sign_in(person), sign_in(Role.ISU_OFFICER)
    assert asking.ask(date.today()) == len(queries.people_of(make.party("KHM")))
    db.session.commit()
    done(focal, f"{url}/support/12", answer="arrived", words="The first instalment came.")
    done(isu, f"{url}/move/closed")
    kept = db.session.scalars(select(Case)).one()
    assert kept.status is CaseStatus.CLOSED and asking.ask(date(2027, 4, 10)) == 0
    done(focal, "/cases/new", reason="The next round.")
    assert db.session.scalar(select(func.count()).select_from(Case)) == 2
    for page in (f"{url}/briefing", f"{url}/briefing?own=1", "/cases/?status=closed"):
        assert "Cambodia" in text(isu, page)


def test_the_briefing_for_handing_out_holds_what_everybody_may_see(make, sign_in):
    case, isu = make.case("KHM"), sign_in(Role.ISU_OFFICER)
    open_, hidden = make.need("KHM"), make.need("KHM", visibility=Visibility.ISU)
    page, own = text(isu, f"/cases/{case.ref}/briefing"), text(isu, f"/cases/{case.ref}/briefing?own=1")
    assert open_.ref in page and hidden.ref not in page and hidden.ref in own
    assert "can be handed out" in page and "not for handing out" in own


def test_a_proposal_is_the_states_to_accept_and_either_may_withdraw(make, sign_in):
    committee, focal = sign_in(Role.COMMITTEE_MEMBER), sign_in(Role.FOCAL_POINT, "AGO")
    assert "Choose the State" in refused(committee, "/cases/new", reason="x")
    done(committee, "/cases/new", state="AGO", reason="The deadline is near.")
    assert sign_in(Role.ISU_OFFICER).post("/cases/CASE-AGO-01/move/accepted").status_code == 403
    done(focal, "/cases/CASE-AGO-01/move/accepted")
    assert "Say why" in refused(focal, "/cases/CASE-AGO-01/move/withdrawn")
    done(focal, "/cases/CASE-AGO-01/move/withdrawn", note="Elections first.")
    done(focal, "/cases/new", reason="Now.")
    assert db.session.scalar(select(Case.round).where(Case.status == CaseStatus.ASKED)) == 2


def test_questions_that_stood_still_are_asked_late_but_not_for_ever(make):
    meeting = make.meeting("KHM", held_on=date.today() - timedelta(days=200))
    case = make.case("KHM", meeting)
    service.move(case, "met", SYSTEM)
    make.account(Role.FOCAL_POINT, "KHM")
    db.session.commit()
    due = months_from(meeting.held_on, 6)
    number = db.session.scalar(select(func.count()).select_from(CaseSupport))
    assert number == 2 and case.support[0].due_on == due
    asked = [asking.ask(due + timedelta(days=days)) for days in (26, 30, 89)]
    assert asked[0] == 0 and asked[1] > 0 and asked[2] == 0
    with pytest.raises(Exception, match="sentence"):
        service.report(case.support[0], SYSTEM, answer=Support.NONE, words="", pledges=[])
