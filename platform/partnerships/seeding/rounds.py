"""The demonstration's rounds of the individualised approach: one from the request to the answer a year on, one under way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from partnerships.approach import service as approach
from partnerships.cases import inviting, service, sharing
from partnerships.cases.models import Case
from partnerships.cases.states import Item, Support
from partnerships.conferences.states import Mode
from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.followups import service as followups
from partnerships.followups.states import Reason
from partnerships.pledges.models import Pledge

REASON = "To find partners for the last provinces, and for rehabilitation where survivors live far from any centre."


def tell(story: Any) -> None:
    """Tell both rounds of Cambodia; the second holds the meeting that the story has told already."""
    _last_year(story)
    _this_year(story)


def _begin(story: Any, days: int) -> Case:
    with story._ago(days):
        case = service.begin(story._of("KHM", Role.FOCAL_POINT), story.parties["KHM"], REASON, story._day(-days), is_demo=True)
    with story._ago(days - 7):
        service.move(case, "accepted", story.isu)
        service.tick(case, story.isu, list(Item))
        for item in case.items:
            item.done_on = story._day(7 - days)
    return case


def _invite(story: Any, case: Case, days: int, answers: dict[str, bool]) -> None:
    for ref, comes in answers.items():
        with story._ago(days):
            one = inviting.invite(case, story.isu, story.parties[ref], "")
        with story._ago(days - 5):
            inviting.answer(one, story.isu, comes=comes, words="" if comes else "Not this year.")
        one.sent_on, one.answered_on = story._day(-days), story._day(5 - days)


def _last_year(story: Any) -> None:
    case = _begin(story, 480)
    _invite(story, case, 450, {"NOR": True, "AUS": True, "DEU": False})
    with story._ago(440):
        meeting = service.plan(case, story.isu, {
            "title": "Demonstration country meeting of Cambodia, the year before", "held_on": story._day(-400), "mode": Mode.ONLINE,
            "place": "", "chair": "The Committee", "visibility": Visibility.PARTIES, "starts_at": "09:30",
            "time_zone": "Asia/Phnom_Penh", "agenda": "Progress and what remains. Costs of two more years. Who may help.",
            "summary": "Cambodia showed what remains, Norway asked for figures by province."},
            [story.needs["clear"]], service.expected(case))
    with story._ago(400):
        service.move(case, "met", story.isu)
        approach.change(meeting, story.isu, {"outcome": "Norway and Australia asked for a plan by province; Cambodia sends it "
                                                        "within a month."}, meeting.needs,
                        [(row.party, row.capacity) for row in meeting.participants])
        done = followups.create(story.isu, what="Send the plan by province", party=story.parties["KHM"],
                                owner_party=story.parties["KHM"], due_on=story._day(-370), reason=Reason.MEETING_ACTION,
                                meeting=meeting)
        followups.resolve(done, "done", story.isu, "Sent to both.")
    _answers(story, case)
    focal = story._of("KHM", Role.FOCAL_POINT)
    with story._ago(20):
        sharing.write(case, story.isu, "An affected State met with two partners online. They asked for a plan by province, and got "
                                       "it within a month. A year later one of them supports the work in two provinces.")
        sharing.consent(case, focal, case.shared)
        sharing.publish(case, story.isu)
        service.move(case, "closed", story.isu)
    db.session.flush()


def _answers(story: Any, case: Case) -> None:
    focal = story._of("KHM", Role.FOCAL_POINT)
    said = ((Support.TALKS, "Two partners have the plan and are looking at it."),
            (Support.PROMISED, "One of them supports the work in two provinces from next year."))
    came = db.session.scalars(select(Pledge).where(Pledge.is_demo, Pledge.recipient_id == case.state_id).limit(1)).all()
    for one, (answer, words) in zip(case.support, said, strict=True):
        days = (story.today - one.due_on).days
        with story._ago(days):
            service.report(one, focal, answer=answer, words=words, pledges=came if answer is Support.PROMISED else [])
            one.answered_on = one.due_on


def _this_year(story: Any) -> None:
    case = _begin(story, 95)
    _invite(story, case, 80, {"NOR": True, "JPN": True, "SWE": False})
    case.meeting = story.meeting
    with story._ago(40):
        service.move(case, "met", story.isu)
    with story._ago(39):
        inviting.state_interest(case, story.isu, party=story.parties["JPN"], need=story.needs["limbs"],
                                words="Asked what a second rehabilitation centre would cost.",
                                next_step="Send the figures for a second centre", next_step_on=max(
                                    story._day(20), date.today() + timedelta(days=1)))
    db.session.flush()
