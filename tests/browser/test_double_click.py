"""A double click on whatever creates a record makes one record, with scripts and without."""

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
from partnerships.pledges.models import Payment, Pledge
from tests.browser import story
from tests.browser.pages import addresses
from tests.browser.people import DONOR, FOCAL, ISU, People, Site, fill, unfold


@dataclass(frozen=True)
class Case:
    """A form that creates: who sends it, from which page, with what; and what the page says once it is kept."""

    model: type
    email: str
    page: str
    button: str
    says: str
    answers: dict[str, Any] = field(default_factory=dict)
    folded: str = ""
    before: Callable[[Page], None] = lambda page: None


def serve_article_five(page: Page) -> None:
    """The obligation, and one year's amount."""
    page.get_by_label("Obligation it serves", exact=True).select_option(index=1)
    page.get_by_role("group", name="Year 1", exact=True).get_by_label("Amount needed").fill("900 000")


def open_the_conference(page: Page) -> None:
    """Open it unless it is open."""
    button = page.get_by_role("button", name="Open the conference")
    if button.count():
        button.click()
        expect(page.get_by_role("form", name="Log a pledge")).to_be_visible()


OFFER = {"Title": "Courses for survey teams", "Summary": "Two courses a year.", "Training": True,
         "Valid until": story.ahead(200), "How to ask for it": "Write to the contact.", "Public": True}
INTEREST = {"Message": story.MESSAGE}
CASES = {
    "need": Case(Need, FOCAL, "needs.new", "Submit for verification", "Waiting for verification", story.NEED,
                 before=serve_article_five),
    "draft": Case(Need, FOCAL, "needs.new", "Save draft", "Edit this need", {"Title": "A draft"}),
    "interest": Case(Match, DONOR, "matches.new", "Register interest", "Interest registered", INTEREST),
    "share": Case(Match, FOCAL, "matches.share_form", "Start the conversation", "Shared with the partner", INTEREST),
    "offer": Case(Offer, DONOR, "offers.new", "Post offer", "At a glance", OFFER),
    "pledge": Case(Pledge, DONOR, "pledges.new", "Record pledge", "Where the money stands",
                   {"The ISU work plan": True, "Amount": "70 000"}),
    "payment": Case(Payment, DONOR, "pledges.detail", "Record payment", "Twice pressed",
                    {"Amount paid": "1 000 000", "Note (optional)": "Twice pressed"}, folded="A payment"),
    "conference": Case(Conference, ISU, "conferences.new", "Plan this conference", "Go to the live log",
                       {"First day": story.ahead(90)}),
    "delegation": Case(Attendance, ISU, "conferences.desk", "Add delegation", "Remove ", {"State or organisation": "Norway"}),
    "log": Case(Pledge, ISU, "conferences.desk", "Log pledge", "70 001", {"Donor": "Norway", "Amount": "70 001"},
                before=open_the_conference),
    "meeting": Case(Meeting, ISU, "approach.new", "Plan this meeting", "Needs discussed",
                    {"Date": story.ahead(30), "Mode": "Online"}),
    "action": Case(Followup, ISU, "approach.detail", "Add action", "Twice pressed",
                   {"What is to be done": "Twice pressed", "Owner": "Cambodia"}, folded="Add an action"),
    "follow-up": Case(Followup, ISU, "followups.new", "Put into the queue", "Close it",
                      {"What is to be done": "Ask for the figures", "About": "Cambodia"}),
    "suggestion": Case(Followup, ISU, "followups.index", "Add to queue", "Close it"),
}


def count(site: Site, model: Any) -> int:
    """How many records there are."""
    with site.inside():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("name", CASES)
def test_one_record(people: People, name: str, scripts: bool) -> None:
    """Two clicks in quick succession, one record."""
    case = CASES[name]
    page = people.sign_in(case.email, java_script_enabled=scripts)
    page.goto(addresses(people.site.app)[case.page][-1 if case.page == "conferences.desk" else 0])
    case.before(page)
    before = count(people.site, case.model)
    scope = unfold(page, case.folded) if case.folded else page
    fill(scope, case.answers)
    main = page.get_by_role("main")
    main.get_by_role("button", name=case.button, exact=True).first.dblclick()
    expect(main.get_by_text(case.says).first).to_be_visible()
    assert count(people.site, case.model) == before + 1
