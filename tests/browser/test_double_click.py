"""A double click on whatever creates a record makes one record; so does a form that arrives twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from partnerships.approach.models import Meeting
from partnerships.conferences.models import Attendance, Conference
from partnerships.core.db import db
from partnerships.followups.models import Followup
from partnerships.matches.models import Match
from partnerships.needs.models import Need
from partnerships.offers.models import Offer
from partnerships.pledges.models import Pledge, PledgeStep
from tests.browser import story
from tests.browser.pages import addresses
from tests.browser.people import DONOR, FOCAL, ISU, People, Site, fill, unfold


@dataclass(frozen=True)
class Case:
    """A form that creates: who sends it, from which page, with what; and what the page says once it is kept.

    Where a case has two runs, {n} of 1 and 2, they share a database: {land} and {state} are Norway, then Japan.
    """

    model: type
    email: str
    page: str
    button: str
    says: str
    answers: dict[str, Any] = field(default_factory=dict)
    folded: str = ""
    before: Callable[[Page], None] = lambda page: None
    which: tuple[int, int] = (0, 0)  # of the page's addresses, in each run


def serve_article_five(page: Page) -> None:
    """The obligation, and one year's amount."""
    page.get_by_label("Obligation it serves", exact=True).select_option(index=1)
    page.get_by_role("group", name="Year 1", exact=True).get_by_label("Amount needed").fill("900 000")


def open_the_conference(page: Page) -> None:
    """Open it unless it is open."""
    button = page.get_by_role("button", name="Open the conference")
    if button.count():
        button.click()
        expect(page.get_by_role("form", name="Log a pledge in one line")).to_be_visible()


OFFER = {"Title": "Courses for survey teams", "Summary": "Two courses a year.", "Training": True,
         "Valid until": story.ahead(200), "How to ask for it": "Write to the contact.", "Public": True}
INTEREST = {"Message": story.MESSAGE}
CASES = {
    "need": Case(Need, FOCAL, "needs.new", "Submit for verification", "Waiting for verification", story.NEED,
                 before=serve_article_five),
    "draft": Case(Need, FOCAL, "needs.new", "Save draft", "Edit this need", {"Title": "A draft"}),
    "interest": Case(Match, "donor@{land}.example", "matches.new", "Register interest", "Interest registered",
                     INTEREST),
    "share": Case(Match, FOCAL, "matches.share_form", "Start the conversation", "Shared with the partner", INTEREST,
                  which=(0, 1)),
    "request": Case(Match, FOCAL, "matches.request", "Ask for this offer", "Asked for through the offer", INTEREST,
                    before=lambda page: page.get_by_label("Your need", exact=True).select_option(index=1), which=(0, 1)),
    "offer": Case(Offer, DONOR, "offers.new", "Post offer", "At a glance", OFFER),
    "pledge": Case(Pledge, DONOR, "pledges.new", "Record pledge", "Where the money stands",
                   {"The ISU work plan": True, "Amount": "70 000"}),
    "payment": Case(PledgeStep, DONOR, "pledges.detail", "Record payment", "Instalment {n}",
                    {"Amount paid": "1 000 000", "Note (optional)": "Instalment {n}"}, folded="A payment"),
    "conference": Case(Conference, ISU, "conferences.new", "Plan this conference", "Go to the live log",
                       {"First day": story.ahead(90)}),
    "delegation": Case(Attendance, ISU, "conferences.attendance", "Add delegation", "Head {n}",
                       {"State or organisation": "{state}", "Head of delegation (optional)": "Head {n}"},
                       which=(-1, -1)),
    "log": Case(Pledge, ISU, "conferences.desk", "Log pledge", "Statement {n}",
                {"Donor": "{state}", "Amount": "70k", "Statement": "Statement {n}"}, before=open_the_conference,
                folded="Fill a row of fields instead", which=(-1, -1)),
    "meeting": Case(Meeting, ISU, "approach.new", "Plan this meeting", "What is to be done",
                    {"Date": story.ahead(30), "Mode": "Online"}),
    "action": Case(Followup, ISU, "approach.detail", "Add action", "Action {n}",
                   {"What is to be done": "Action {n}", "Owner": "Cambodia"}, folded="Add an action"),
    "follow-up": Case(Followup, ISU, "followups.new", "Put into the queue", "Close it",
                      {"What is to be done": "Ask for the figures", "About": "Cambodia"}),
    "suggestion": Case(Followup, ISU, "followups.index", "Add to queue", "Close it"),
}


def count(site: Site, model: Any) -> int:
    """How many records there are."""
    with site.inside():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


# Every form is clicked twice and then delivered again as it was sent. Where a script of ours takes the form over, another run
# sends what the form itself sends.
RUNS = [pytest.param(name, run, id=f"{name}-{('clicked-twice', 'sent-twice')[run]}")
        for name in CASES for run in ((0, 1) if name in ("log", "need", "pledge") else (0,))]


@pytest.mark.parametrize(("name", "run"), RUNS)
def test_one_record(people: People, name: str, run: int) -> None:
    """Two clicks in quick succession, and the same form delivered once more, with scripts or without: one record."""
    case, words = CASES[name], {"n": run + 1, "land": ("norway", "japan")[run], "state": ("Norway", "Japan")[run]}
    at = addresses(people.site.app)[case.page][case.which[run]]
    page = people.sign_in(case.email.format(**words), at, java_script_enabled=run == 0)
    case.before(page)
    before = count(people.site, case.model)
    scope = unfold(page, case.folded) if case.folded else page
    fill(scope, {label: answer if answer is True else answer.format(**words) for label, answer in case.answers.items()})
    button = page.get_by_role("main").get_by_role("button", name=case.button, exact=True).first
    with page.expect_request(lambda one: one.method == "POST") as sent:
        if run == 0:
            button.dblclick()
        else:
            button.click()
    expect(page.get_by_role("main").get_by_text(case.says.format(**words)).first).to_be_visible()
    assert page.request.fetch(sent.value).ok
    assert count(people.site, case.model) == before + 1
