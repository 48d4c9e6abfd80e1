"""Posting, interest and the live log work in a browser that runs no script."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import story
from tests.browser.pages import addresses
from tests.browser.people import DONOR, FOCAL, ISU, People, fill, heading, press


def quiet(people: People, email: str, at: str) -> Page:
    """A window without scripts, at a page."""
    page = people.sign_in(email, at, java_script_enabled=False)
    assert page.locator("script").count(), "the page has scripts that do not run"
    return page


def test_posting(people: People) -> None:
    """Another year is added by the platform itself, and keeps what was typed."""
    page = quiet(people, FOCAL, "/needs/new")
    fill(page, story.NEED)
    page.get_by_label("Obligation it serves", exact=True).select_option(index=1)
    fill(page.get_by_role("group", name="Year 1", exact=True), {"Amount needed": "700 000"})
    page.get_by_role("button", name="Add another year").click()
    fourth = page.get_by_role("group", name="Year 4", exact=True)
    expect(fourth.get_by_label("Year", exact=True)).to_have_value(str(story.FIRST_YEAR + 3))
    expect(page.get_by_label("Title", exact=True)).to_have_value(story.TITLE)
    expect(page.get_by_role("group", name="Year 1", exact=True).get_by_label("Amount needed")).to_have_value("700 000")
    fill(fourth, {"Amount needed": "500 000"})
    press(page, "Submit for verification", "Submitted.")
    assert story.amount(page.locator("tfoot td").first.inner_text()) == 1_200_000


def test_a_draft_with_a_fault(people: People) -> None:
    """The fault is said beside its field, and leads there."""
    page = quiet(people, FOCAL, "/needs/new")
    fill(page, {"Title": story.TITLE, "Valid until": "2020-01-01"})
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("alert").get_by_role("link", name="Valid until").click()
    expect(page.get_by_label("Valid until", exact=True)).to_have_attribute("aria-invalid", "true")
    fill(page, {"Valid until": story.ahead(300)})
    press(page, "Save draft", "Draft saved at")


def test_interest(people: People) -> None:
    """A donor begins a conversation and carries it on."""
    page = quiet(people, DONOR, addresses(people.site.app)["matches.new"][0])
    heading(page, "Register interest")
    fill(page, {"Message": "We would like to see the list of areas."})
    press(page, "Register interest", "On the record.")
    press(page, "We are in talks", "In talks")


def test_the_live_log(people: People) -> None:
    """A pledge from the floor, and its undoing."""
    page = quiet(people, ISU, addresses(people.site.app)["conferences.desk"][-1])
    press(page, "Open the conference", "Open now")
    fill(page, {"Pledge, in one line": "che 80k"})
    page.get_by_role("button", name="Log this line").click()
    expect(page.get_by_role("main")).to_contain_text("read as CHF, the donor's own")  # what is assumed is shown first
    press(page, "Log this line", ": Switzerland,")
    expect(page.locator(".tally")).to_contain_text("80 000")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator(".flashes")).to_contain_text("logged in error")
    expect(page.locator("[data-count]")).to_have_text("0")
