"""The whole job as one story: a need is posted, verified, matched, pledged to, paid, discussed and followed up."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.browser import story
from tests.browser.people import DONOR, FOCAL, ISU, People, fill, heading, press, unfold

pytestmark = [pytest.mark.slow, pytest.mark.parametrize(
    "site", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True, scope="module")]


@dataclass
class Cast:
    """The windows of those who take part, and the addresses they come by."""

    focal: Page
    isu: Page
    donor: Page
    visitor: Page
    ref: str = ""
    addresses: dict[str, str] = field(default_factory=dict)

    def need(self, page: Page) -> Page:
        """Look at the need as it stands now."""
        page.goto(f"/needs/{self.ref}")
        heading(page, story.TITLE)
        return page


def test_the_whole_job(people: People) -> None:
    """From a need to its money, with what everybody sees on the way."""
    cast = Cast(people.sign_in(FOCAL), people.sign_in(ISU), people.sign_in(DONOR), people.visitor())
    read_own_file(cast.focal)
    post_a_need(cast)
    return_and_mend(cast)
    publish(cast)
    see_partners_ranked(cast)
    find_the_need(cast)
    register_interest(cast)
    record_a_pledge(cast)
    move_the_pledge(cast)
    run_a_conference(cast)
    meet(cast)
    follow_up(cast)
    take_a_suggestion(cast.isu)
    look_from_outside(cast)
    read_the_timeline(cast)


def read_own_file(page: Page) -> None:
    """The focal point reads the State's own page: treaty status, obligations, support by year."""
    page.get_by_role("link", name="Partners", exact=True).click()
    heading(page, re.compile("States and organisations|Partners"))
    page.get_by_role("main").get_by_role("link", name="Cambodia", exact=True).first.click()
    heading(page, "Cambodia")
    expect(page.get_by_text("Treaty status today")).to_be_visible()
    expect(page.get_by_text("State Party since")).to_be_visible()
    duties = page.get_by_role("table", name="Obligations and deadlines")
    expect(duties.get_by_role("cell", name="Article 5", exact=True).first).to_be_visible()
    support = page.locator("#support")
    expect(support.get_by_role("figure").first).to_be_visible()
    expect(support.get_by_text("is complete for")).to_be_visible()


def post_a_need(cast: Cast) -> None:
    """All fields of the form, then submitted."""
    page = cast.focal
    page.get_by_role("link", name="Post a need", exact=True).first.click()
    heading(page, "Post a need")
    fill(page, story.NEED)
    obligation = page.get_by_label("Obligation it serves", exact=True)
    obligation.select_option(value=obligation.locator("option", has_text="Article 5").first.get_attribute("value"))
    for number, (year, asked, own) in enumerate(story.YEARS, start=1):
        fill(page.get_by_role("group", name=f"Year {number}", exact=True),
             {"Year": year, "Amount needed": asked, "Of which the State covers": own})
    press(page, "Submit for verification", "Submitted.")
    heading(page, story.TITLE)
    expect(page.locator(".kicker").first).to_contain_text("Waiting for verification")


def return_and_mend(cast: Cast) -> None:
    """The ISU returns the need with words; the focal point mends it and submits it again."""
    page = cast.isu
    page.reload()
    page.get_by_role("link", name="Verify needs", exact=True).click()
    page.get_by_role("link", name=story.TITLE).click()
    heading(page, re.compile("Verify"))
    page.get_by_label("Comments").fill(story.COMMENTS)
    press(page, "Return with comments", "Returned to the State with your comments")
    page = cast.focal
    page.goto("/desk/")
    page.get_by_role("listitem").filter(has_text=story.TITLE).get_by_role("link").first.click()
    heading(page, "Edit this need")
    expect(page.get_by_text(story.COMMENTS).first).to_be_visible()
    fill(page, {"Summary": story.MENDED})
    press(page, "Submit for verification", "Submitted.")


def publish(cast: Cast) -> None:
    """The ISU publishes; the need gets the reference that people say aloud."""
    page = cast.isu
    page.goto("/desk/verification")
    page.get_by_role("link", name=story.TITLE).click()
    expect(page.get_by_text(story.MENDED).first).to_be_visible()
    press(page, "Publish need", "Published as")
    said = re.search(rf"KHM-{story.TODAY.year}-\d{{3}}", page.get_by_role("status").first.inner_text())
    assert said
    cast.ref = said[0]
    expect(cast.need(page).locator(".kicker").first).to_contain_text("Published")


def see_partners_ranked(cast: Cast) -> None:
    """The need's page ranks partners, the best first, each with reasons whose points add up."""
    page = cast.need(cast.focal)
    asked = page.get_by_role("table", name="Amounts by year in USD").locator("tfoot td")
    assert [story.amount(one.inner_text()) for one in asked.all()] == [story.ASKED, story.NATIONAL]
    ranked = page.locator("#partners .record")
    scores = [story.amount(one.inner_text()) for one in ranked.get_by_role("link", name="every reason").all()]
    assert len(scores) >= 3
    assert scores == sorted(scores, reverse=True)
    expect(ranked.first.locator(".why-list li").first).not_to_be_empty()
    ranked.first.get_by_role("link", name="every reason").click()
    reasons = page.get_by_role("table", name="Every reason and the points it gives")
    points = [points_of(one.inner_text()) for one in reasons.locator("tbody td.num").all()]
    total = points_of(reasons.locator("tfoot td.num").inner_text())
    assert total == scores[0]
    assert abs(sum(points) - total) <= Decimal("0.05") * (len(points) + 1)  # each is rounded to a tenth


def points_of(words: str) -> Decimal:
    """Signed points, as a page writes them."""
    return Decimal(words.strip().replace("\u2212", "-"))


def find_the_need(cast: Cast) -> None:
    """The donor sees fitting needs first, then narrows the list down to this one."""
    page = cast.donor
    expect(page.get_by_role("heading", name="Needs that fit you")).to_be_visible()
    page.get_by_role("link", name="Needs", exact=True).click()
    sections = page.get_by_role("main").get_by_role("heading", level=2)
    expect(sections.first).to_have_text("Shared with you")  # by the demonstration's Cambodia
    expect(sections.nth(1)).to_have_text("Fits your priorities")
    expect(sections.nth(2)).to_have_text("All needs")
    filters = page.get_by_role("search", name="Filter needs")
    fill(filters, {"Thematic area": "Survey and clearance", "Region": "South-eastern Asia",
                   "Asks at least (USD)": "2 900 000", "Asks at most (USD)": "3 100 000",
                   "Deadline by": story.ahead(501), "Status": "Open"})
    filters.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_text("All 1 shown").or_(page.get_by_text("1 shown", exact=True))).to_be_visible()
    assert "region=" in page.url, "the filters live in the address"
    page.get_by_role("main").get_by_role("link", name=story.TITLE).click()
    heading(page, story.TITLE)
    expect(page.locator("#support")).to_contain_text("No pledge to this need is on record")
    money = story.figures(page)
    assert money["Open"] == story.ASKED - story.NATIONAL


def register_interest(cast: Cast) -> None:
    """Interest with its owner, next step and day; then talks."""
    page = cast.donor
    page.get_by_role("link", name="Register interest").click()
    heading(page, "Register interest")
    fill(page, {"Message": story.MESSAGE, "Next step": "Read the work plan", "By": story.ahead(10)})
    press(page, "Register interest", "On the record.")
    heading(page, "Norway and Cambodia")
    cast.addresses["match"] = page.url
    expect(page.locator(".kicker").first).to_contain_text("Interest registered")
    expect(page.get_by_label("Owner", exact=True).locator("option:checked")).to_contain_text("Ingrid Berg")
    fill(page, {"Next step": "Call with the focal point", "By": story.ahead(14)})
    press(page, "Save next step", "Next step saved.")
    press(page, "We are in talks", "In talks")
    cast.focal.goto(cast.addresses["match"])
    expect(cast.focal.get_by_text(story.MESSAGE).first).to_be_visible()
    expect(cast.focal.get_by_label("Next step", exact=True)).to_have_value("Call with the focal point")


def record_a_pledge(cast: Cast) -> None:
    """Announced, conditional, in the donor's own currency; the need shows it as pledged, not as committed."""
    page = cast.donor
    page.get_by_role("main").get_by_role("link", name="Record a pledge", exact=True).click()
    heading(page, "Record a pledge")
    fill(page, {"Financial": True, "Currency": "NOK", "Amount": "10 000 000", "Condition (optional)": story.CONDITION,
                "Announced on": story.ANNOUNCED})
    press(page, "Record pledge", "On the record as PL-")
    cast.addresses["pledge"] = page.url
    expect(page.locator(".kicker").first).to_contain_text("Announced")
    expect(page.get_by_text(story.CONDITION).first).to_be_visible()
    money = story.figures(cast.need(page))
    assert money["Pledged, not yet committed"] == story.converted(page) > 0
    assert money["Agreement signed"] == money["Paid"] == 0
    assert_whole(money)
    expect(page.locator("#support")).to_contain_text("conditional")


def assert_whole(money: dict[str, Decimal]) -> None:
    """The parts exclude each other and are the whole."""
    assert money["National share"] == story.NATIONAL
    assert sum(money.values()) == story.ASKED


def move_the_pledge(cast: Cast) -> None:
    """Confirmed, agreement signed, paid in two instalments: each stage stands apart from the others."""
    page = cast.donor
    page.goto(cast.addresses["pledge"])
    unfold(page, "Confirmed in writing")
    press(page, "Confirmed in writing", "Confirmed in writing")
    unfold(page, "Agreement signed")
    press(page, "Agreement signed", "Agreement signed")
    press(page, "Mark match as agreed", "Agreed")
    money = story.figures(cast.need(page))
    assert money["Agreement signed"] == story.converted(page)
    assert money["Pledged, not yet committed"] == money["Paid"] == 0
    pay(cast, "4 000 000", "First instalment")
    money = story.figures(cast.need(page))
    assert abs(money["Paid"] - Decimal(story.converted(page)) * 4 / 10) <= 1
    assert abs(money["Agreement signed"] - Decimal(story.converted(page)) * 6 / 10) <= 1
    pay(cast, "6 000 000", "Second instalment")
    expect(page.locator(".kicker").first).to_contain_text("Paid in full")
    assert story.steps(page) == ["Announced", "Confirmed in writing", "Agreement signed", "Paid in full"]
    money = story.figures(cast.need(page))
    assert money["Paid"] == story.converted(page)
    assert money["Agreement signed"] == money["Pledged, not yet committed"] == 0
    assert_whole(money)


def pay(cast: Cast, amount: str, note: str) -> None:
    """Record one instalment."""
    cast.donor.goto(cast.addresses["pledge"])
    fill(unfold(cast.donor, "A payment"), {"Amount paid": amount, "Note (optional)": note})
    press(cast.donor, "Record payment", "Payment recorded.")


def run_a_conference(cast: Cast) -> None:
    """Planned, opened, attendance and two pledges logged, tallied by stage, closed, its outcome published."""
    page = cast.isu
    page.get_by_role("link", name="Conferences", exact=True).click()
    page.get_by_role("link", name="Plan a conference").click()
    fill(page, {"First day": story.ahead(0), "Place (optional)": "Geneva", "Mode": "In person and online"})
    press(page, "Plan this conference", "is planned.")
    cast.addresses["conference"] = page.url
    page.get_by_role("link", name="Go to the live log").first.click()
    press(page, "Open the conference", "Open now")
    page.get_by_role("link", name="Attendance and speakers", exact=True).click()
    for delegation in ("Switzerland", "Germany"):
        fill(page, {"State or organisation": delegation})
        press(page, "Add delegation", f"{delegation} is on the list")
    page.get_by_label("Breadcrumb").get_by_role("link").last.click()
    log(page, "che 80k chf isu", "Switzerland")
    log(page, "germany 0.05m eur isu, subject to the budget", "Germany")
    tally = page.locator(".tally")
    expect(tally).to_contain_text(re.compile(r"2\s+pledges"))
    announced = tally.locator(".fact").filter(has_text="Announced").locator("dd")
    assert sorted(story.amount(one.inner_text()) for one in announced.all()) == [50_000, 80_000]
    press(page, "Close the conference", "Closed, outcome in preparation")
    page.get_by_role("link", name="Edit the outcome").click()
    fill(page, {"Outcome (optional)": story.OUTCOME})
    press(page, "Save changes", "Saved.")
    press(page, "Publish outcome", "Outcome published")


def log(page: Page, line: str, says: str) -> None:
    """Log one pledge from the floor, by keyboard: what is read is shown, Enter keeps it."""
    field = page.get_by_label("Pledge, in one line")
    field.press_sequentially(line)
    expect(page.locator("[data-certain=yes]")).to_contain_text(says)
    field.press("Enter")
    expect(page.locator("#log-state")).to_contain_text(f": {says},")
    expect(field).to_be_focused()


def meet(cast: Cast) -> None:
    """A country meeting with the need, a participant and an action."""
    page = cast.isu
    page.get_by_role("link", name="Country meetings", exact=True).click()
    page.get_by_role("link", name="Plan a meeting").click()
    page.get_by_label("Affected State").select_option(label="Cambodia")
    page.get_by_role("button", name="Continue").click()
    heading(page, "Plan a country meeting")
    second = page.get_by_role("group", name="Participant 2", exact=True)
    fill(second, {"State or organisation": "Norway", "Capacity (optional)": "Donor"})
    fill(page, {"Date": story.ahead(0), "Mode": "Online"})
    for box in page.get_by_role("group", name="Needs discussed").get_by_role("checkbox").all():
        box.set_checked(box.get_attribute("value") == cast.ref)
    press(page, "Plan this meeting", "is planned.")
    cast.addresses["meeting"] = page.url
    expect(page.locator("#needs").get_by_role("listitem")).to_have_count(1)
    expect(page.locator("#needs")).to_contain_text(cast.ref)
    form = unfold(page, "Add an action")
    fill(form, {"What is to be done": story.ACTION, "Owner": "Cambodia", "Due": story.ahead(20)})
    press(page, "Add action", "in its owner's queue")
    press(page, "Mark as held", "Held, follow-up running")


def follow_up(cast: Cast) -> None:
    """The action stands in its owner's queue, and is done with a result that the meeting shows."""
    page = cast.focal
    page.goto("/followups/")
    row = page.get_by_role("row").filter(has_text=story.ACTION)
    expect(row).to_contain_text("Cambodia")
    row.get_by_role("link", name=story.ACTION).click()
    fill(page, {"Result": story.RESULT})
    press(page, "Mark as done", "Its result is on the record")
    cast.isu.goto(cast.addresses["meeting"])
    expect(cast.isu.get_by_role("row").filter(has_text=story.ACTION)).to_contain_text(story.RESULT)


def take_a_suggestion(page: Page) -> None:
    """The ISU sees what the platform suggests, and takes the first into the queue."""
    page.goto("/followups/")
    first = page.locator("#suggested .record").first
    what = first.get_by_role("heading").inner_text()
    first.get_by_role("button", name="Add to queue").click()
    expect(page.get_by_role("status")).to_contain_text("In the queue, due")
    heading(page, what)
    page.goto("/followups/")
    expect(page.locator("#queue").get_by_role("link", name=what).first).to_be_visible()


def look_from_outside(cast: Cast) -> None:
    """Somebody who has not signed in sees what is public, and nothing of the match or the meeting."""
    page = cast.visitor
    page.goto("/")
    asked = page.locator(".stats div").filter(has_text="asked for by open needs").locator("dd")
    assert story.amount(asked.inner_text()) > 0
    page.get_by_role("main").get_by_role("link", name=story.TITLE).first.click()
    heading(page, story.TITLE)
    expect(page.locator("#support")).to_contain_text("Norway")
    expect(page.get_by_text(story.MESSAGE)).to_have_count(0)
    expect(page.get_by_role("table", name="Matches of this need")).to_have_count(0)
    assert not {tag for tag in story.tags(page) if tag.startswith(("match.", "meeting.", "followup."))}
    page.get_by_role("link", name="Cambodia").first.click()
    heading(page, "Cambodia")
    page.goto(cast.addresses["conference"])
    expect(page.get_by_text(story.OUTCOME).first).to_be_visible()
    expect(page.locator("#tally")).to_contain_text("2 pledges")
    page.goto(cast.addresses["match"])
    heading(page, "Sign in")
    answer = page.goto(cast.addresses["meeting"])
    assert answer is not None
    assert answer.status == 404


def read_the_timeline(cast: Cast) -> None:
    """The need's own State finds every step on its timeline."""
    page = cast.need(cast.focal)
    expected = {"need.drafted", "need.submitted", "need.returned", "need.changed", "need.published", "match.interest",
                "match.carried", "match.started-talks", "match.agreed", "pledge.announced", "pledge.confirmed",
                "pledge.agreed", "pledge.payment", "pledge.paid", "meeting.planned", "meeting.held"}
    assert expected - story.tags(page) == set()
    outside = story.tags(cast.need(cast.visitor))
    assert {"need.published", "pledge.announced", "pledge.payment"} - outside == set()
