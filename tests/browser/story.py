"""The words of the story that the journey tells, and how its figures are read off a page."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from playwright.sync_api import Locator, Page

from partnerships.core import money

TODAY = date.today()
# The last day for which the shipped library of rates knows what a krone is worth.
ANNOUNCED = min(TODAY, money.latest_day()).isoformat()
FIRST_YEAR = TODAY.year + 1
TITLE = "Clear 0.8 square kilometres of confirmed hazardous areas in Phnom Proek district"
SUMMARY = "Two demining platoons for two years would release the last confirmed areas of the district."
MENDED = f"{SUMMARY} About 2 400 people farm within a kilometre of them."
COMMENTS = "Please say how many people live near the areas."
MESSAGE = "We would like to see the work plan by village."
CONDITION = "Subject to the approval of the budget by parliament"
OUTCOME = "Two delegations announced support. One pledge is conditional."
ACTION = "Send the list of areas by village to those who took part"
RESULT = "Sent to all who took part."
FIGURES = ("National share", "Paid", "Agreement signed", "Pledged, not yet committed", "Open")


def ahead(days: int) -> str:
    """A day to come, as a date field takes it."""
    return (TODAY + timedelta(days=days)).isoformat()


NEED = {
    "Title": TITLE, "Summary": SUMMARY, "Thematic area": "Survey and clearance", "Money": True, "Equipment": True,
    "Place": "Phnom Proek, Battambang", "Deadline (optional)": ahead(500), "Currency": "USD",
    "Who will benefit (optional)": "About 2 400 people in six villages", "Language of this need": "English",
    "Contact": "National mine action authority", "Contact's e-mail address": "contact@cambodia.example",
    "Valid until": ahead(400), "Public": True,
}
YEARS = ((FIRST_YEAR, 1_500_000, 300_000), (FIRST_YEAR + 1, 1_300_000, 300_000), (FIRST_YEAR + 2, 200_000, 50_000))
ASKED, NATIONAL = 3_000_000, 650_000


def amount(words: str) -> Decimal:
    """The first number of a text, whatever parts its thousands."""
    found = re.search(r"\d[\d\s\u202f\u00a0,]*(\.\d+)?", words)
    assert found, words
    return Decimal(re.sub(r"[^\d.]", "", found[0]))


def figures(page: Page) -> dict[str, Decimal]:
    """What the page of a need says of its money, by the words of the legend."""
    legend = page.locator(".gap-legend > div")
    read = {row.locator("dt").inner_text().strip(): amount(row.locator("dd").inner_text()) for row in legend.all()}
    assert tuple(read) == FIGURES
    return read


def converted(page: Page) -> int:
    """The pledge in whole units of the need's currency, from what its page states beside the original."""
    return round(amount(page.locator(".money-reference").inner_text().split("about", 1)[1]))


def tags(page: Page) -> set[str]:
    """The kinds of steps on a page's timeline."""
    return {str(one.get_attribute("data-kind")) for one in page.locator("#timeline .timeline-event").all()}


def steps(pledge: Locator | Page) -> list[str]:
    """The steps of a pledge that have a day."""
    rows = pledge.get_by_role("table", name="The steps of this pledge and their days").locator("tbody tr")
    return [row.locator("th").inner_text().strip() for row in rows.filter(has=pledge.locator("time")).all()]
