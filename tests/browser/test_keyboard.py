"""Signing in, filtering the list, opening a need and registering interest with the keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from partnerships.seeding import demo
from tests.browser.people import DONOR, People, heading

NEED = "Equip three provincial rehabilitation centres and train their technicians"
MOST = 150  # stops on a page before something must be reached
STOP = """one => {
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    // The calendar's button within a date field takes the focus without saying so; the browser marks it by itself.
    const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const own = one.matches("input[type=date]:not(:focus-visible)");
    return {what: one.outerHTML.slice(0, 120),
            ringed: own || outline || style.boxShadow !== "none",
            shown: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth};
}"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Go from stop to stop until the one that is wanted; each stop on the way can be seen."""
    expect(wanted).to_be_visible()
    for _stop in range(MOST):
        page.keyboard.press("Tab")
        stop = page.evaluate_handle("document.activeElement").evaluate(STOP)
        assert stop["ringed"], f"no ring around {stop['what']}"
        assert stop["shown"], f"out of sight: {stop['what']}"
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{wanted} is not reached in {MOST} stops")


def test_interest_by_keyboard(people: People) -> None:
    """The main job of a donor, without a mouse."""
    page = people.visitor(reduced_motion="reduce")  # a smooth scroll would still be on its way
    page.goto("/accounts/sign-in")
    skip_to_the_content(page)
    tab_to(page, page.get_by_label("E-mail address"))
    page.keyboard.type(DONOR)
    tab_to(page, page.get_by_label("Password"))
    page.keyboard.type(demo.PASSWORD)
    page.keyboard.press("Enter")
    heading(page, "My desk")
    tab_to(page, page.get_by_role("link", name="Needs", exact=True))
    page.keyboard.press("Enter")
    heading(page, "Needs of affected States")
    filter_the_list(page)
    tab_to(page, page.get_by_role("main").get_by_role("link", name=NEED))
    page.keyboard.press("Enter")
    heading(page, NEED)
    tab_to(page, page.get_by_role("link", name="Register interest"))
    page.keyboard.press("Enter")
    heading(page, "Register interest")
    tab_to(page, page.get_by_label("Message", exact=True))
    page.keyboard.type("Which workshop equipment is needed first?")
    tab_to(page, page.get_by_role("button", name="Register interest"))
    page.keyboard.press("Enter")
    heading(page, "Norway and Cambodia")
    expect(page.get_by_role("status")).to_contain_text("On the record.")


def skip_to_the_content(page: Page) -> None:
    """The first stop of a page leads past its head."""
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def filter_the_list(page: Page) -> None:
    """Choose a thematic area by its first letters."""
    filters = page.get_by_role("search", name="Filter needs")
    area = filters.get_by_label("Thematic area")
    tab_to(page, area)
    page.keyboard.type("Victim")
    expect(area.locator("option:checked")).to_have_text("Victim assistance")
    tab_to(page, filters.get_by_role("button", name="Apply filters"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Clear filters")).to_be_visible()
    assert "theme=victim-assistance" in page.url
