"""A need is posted, and interest registered, on a phone of 320 by 640 pixels; no page scrolls sideways."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import story
from tests.browser.people import DONOR, FOCAL, PHONE, People, fill, fits, heading, press

NEED = "Equip three provincial rehabilitation centres and train their technicians"


def choose(page: Page, place: str) -> None:
    """Go to a place of the menu."""
    page.get_by_role("button", name="Menu").click()
    fits(page)
    page.get_by_role("navigation", name="Main").get_by_role("link", name=place, exact=True).click()


def test_the_menu(people: People) -> None:
    """Folded at first; opens, closes by Escape and gives the focus back."""
    page = people.visitor(viewport=PHONE)
    page.goto("/")
    menu, places = page.get_by_role("button", name="Menu"), page.get_by_role("navigation", name="Main")
    expect(places).to_be_hidden()
    expect(menu).to_have_attribute("aria-expanded", "false")
    menu.click()
    expect(places).to_be_visible()
    expect(menu).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(places).to_be_hidden()
    expect(menu).to_be_focused()


def test_posting(people: People) -> None:
    """The whole form, an added year included, by somebody with a phone."""
    page = people.sign_in(FOCAL, viewport=PHONE)
    fits(page)
    page.get_by_role("main").get_by_role("link", name="Post a need", exact=True).click()
    heading(page, "Post a need")
    fits(page)
    fill(page, story.NEED)
    page.get_by_label("Obligation it serves", exact=True).select_option(index=1)
    page.get_by_role("button", name="Add another year").click()
    fourth = page.get_by_role("group", name="Year 4", exact=True)
    fill(fourth, {"Amount needed": "1 200 000", "Of which the State covers": "0"})
    fits(page)
    press(page, "Submit for verification", "Submitted.")
    fits(page)
    expect(page.get_by_role("cell", name="1 200 000").first).to_be_visible()


def test_interest(people: People) -> None:
    """From the list to a conversation."""
    page = people.sign_in(DONOR, viewport=PHONE)
    fits(page)
    choose(page, "Needs")
    fits(page)
    filters = page.get_by_role("search", name="Filter needs")
    fill(filters, {"Thematic area": "Victim assistance", "Region": "South-eastern Asia"})
    filters.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_role("link", name="Clear filters")).to_be_visible()
    fits(page)
    page.get_by_role("main").get_by_role("link", name=NEED).click()
    heading(page, NEED)
    fits(page)
    page.get_by_role("link", name="Register interest").click()
    heading(page, "Register interest")
    fits(page)
    fill(page, {"Message": "Which workshop equipment is needed first?"})
    press(page, "Register interest", "On the record.")
    heading(page, "Norway and Cambodia")
    fits(page)
