"""axe finds nothing on any page, for anybody, on a laptop, on a phone and from right to left."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from partnerships.core.actor import Role
from partnerships.core.policy import PERMISSIONS
from tests.browser.pages import addresses
from tests.browser.people import DONOR, FOCAL, ISU, PHONE, People, fill, unfold

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
EVERYBODY = [pytest.param(((ISU, Role.ISU_OFFICER),), id="isu"),
             pytest.param((("", Role.PUBLIC), (FOCAL, Role.FOCAL_POINT), (DONOR, Role.DONOR_OFFICER)), id="others")]
# Seen by the reader or by none: what nobody may open would show its error page again and again.
SEEN = (200, 403, 404)
MAIN = ("pages.home", "needs.index", "needs.detail", "needs.why", "needs.new", "parties.detail", "offers.index",
        "pledges.detail", "conferences.detail", "approach.detail", "insight.index", "desk.index", "matches.detail",
        "followups.index")


# What the page is made of, each kind of element once.
KINDS = """() => { const name = e => e.tagName + "." + e.className + "[" + e.getAttributeNames().sort() + "]";
  return [...new Set([...document.querySelectorAll("main *")].map(e => name(e.parentElement) + ">" + name(e)))]; }"""


# Of rows, entries and choices that differ in words alone, three: axe asks the same of all of them, and takes its time for each.
THREE_OF_A_KIND = """() => { const kind = e => e.outerHTML.replace(/(\\s(?!class|role|type|aria-)[\\w-]+)="[^"]+"/g, "$1=x")
    .replace(/>[^<]*[^<\\s][^<]*</g, ">words<").replace(/>\\s+</g, "><");
  for (const many of document.querySelectorAll("main :is(tbody, ul, ol, select, optgroup, datalist, svg, g)")) {
    const met = {};
    for (const one of [...many.children]) {
      const its = kind(one);
      met[its] = (met[its] || 0) + 1;
      if (met[its] > 3) one.remove(); } } }"""


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands, in lines."""
    found: list[dict[str, Any]] = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{page.url}: {one['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
            for one in found for node in one["nodes"]]


def too_wide(page: Page) -> list[str]:
    """By how much the page runs over the side of the window, if it does."""
    wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    return [f"{page.url} is {wide} pixels too wide"] if wide > 0 else []


def open_window(people: People, email: str, at: str = "/", **context: Any) -> Page:
    """A window of a person, or of somebody who has not signed in, at a page."""
    if email:
        return people.sign_in(email, at, **context)
    page = people.visitor(**context)
    page.goto(at)
    return page


def sweep(page: Page, urls: list[str], judged: set[str], each: bool = True) -> list[str]:
    """Look at every address; each error page, and the page that asks to sign in, once.

    axe is slow, and much is the same for everybody. In a window of one size every kind of page is judged once, and again
    wherever it holds a kind of element (tag, class, attributes, in what) that no page judged so far has held. Without `each`
    only there.
    """
    found, seen = [], set()
    for url in urls:
        answer = page.goto(url)
        assert answer is not None
        assert answer.status in SEEN, f"{url}: {answer.status}"
        once = answer.status if answer.status != 200 else "sign-in" if "/sign-in" in page.url else url
        if once in seen:
            continue
        seen.add(once)
        found += too_wide(page)
        held = {*([re.sub(r"/[A-Z0-9][-\w]*", "/*", url.partition("?")[0])] if each else []), *page.evaluate(KINDS)}
        if not held <= judged:
            judged |= held
            page.evaluate(THREE_OF_A_KIND)
            found += violations(page)
    return found


def open_to(people: People, role: Role) -> list[str]:
    """The addresses to judge as a role: the ISU all that it may open, others the main ones and those that the ISU may not open.

    The first address that the role may not open is there too: that error page is one for all.
    """
    pages, views = addresses(people.site.app), people.site.app.view_functions
    asked = {name: getattr(views[name], "permission", None) for name in pages}
    opened = {name: asked[name] is None or role in PERMISSIONS[asked[name]] for name in pages}
    closed = next((pages[name][0] for name in pages if not opened[name]), None)
    own = [name for name in pages if opened[name] and (
        role is Role.ISU_OFFICER or name in MAIN or (asked[name] is not None and Role.ISU_OFFICER not in PERMISSIONS[asked[name]]))]
    return [*(url for name in own for url in pages[name]), *([closed] if closed else []), "/no/such/page"]


@pytest.mark.slow
@pytest.mark.parametrize("some", EVERYBODY)
def test_every_page(people: People, some: tuple[tuple[str, Role], ...]) -> None:
    """Every address for everybody who may open it; what two readers share is judged once."""
    judged, found = set[str](), list[str]()
    for email, role in some:
        found += sweep(open_window(people, email), open_to(people, role), judged)
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_on_a_phone(people: People) -> None:
    """Every page at 320 pixels, where tables become lists and the menu folds; forms by those who fill them in."""
    pages, judged = addresses(people.site.app), set[str]()
    found = sweep(open_window(people, ISU, viewport=PHONE), [some[0] for some in pages.values()], judged, each=False)
    for email, forms in ((FOCAL, ("needs.new", "needs.edit", "matches.request", "desk.index")),
                         (DONOR, ("offers.new", "offers.edit", "matches.new", "parties.priorities", "desk.index"))):
        found += sweep(open_window(people, email, viewport=PHONE), [pages[one][-1] for one in forms], judged, each=False)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("email", "url", "button"), [
    pytest.param("", "/accounts/sign-in", "Sign in", id="sign-in"),
    pytest.param(FOCAL, "/needs/new", "Submit for verification", id="need"),
    pytest.param(DONOR, "/offers/new", "Post offer", id="offer"),
    pytest.param(DONOR, "/pledges/new", "Record pledge", id="pledge"),
    pytest.param(ISU, "/conferences/new", "Plan this conference", id="conference"),
    pytest.param(ISU, "/approach/new?state=KHM", "Plan this meeting", id="meeting"),
    pytest.param(ISU, "/followups/new", "Put into the queue", id="follow-up"),
])
def test_a_form_with_errors(people: People, email: str, url: str, button: str) -> None:
    """A form that comes back names its faults on top, goes there, and is as clean as it was."""
    page = open_window(people, email, url)
    with page.expect_response(lambda one: one.request.method == "POST") as sent:
        page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
    assert sent.value.status == 422
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.matches('input, select, textarea')"), "a fault leads to its field"
    assert violations(page) == []


def test_the_log_with_an_error(people: People) -> None:
    """The live log keeps what was typed and says what it did not understand."""
    page = people.sign_in(ISU, addresses(people.site.app)["conferences.desk"][-1])
    page.get_by_role("button", name="Open the conference").click()
    field = page.get_by_label("Pledge, in one line")
    field.press_sequentially("atlantis 90.000 chf isu")
    expect(page.locator("#understood")).to_contain_text("“atlantis” is not understood")
    field.press("Enter")
    expect(field).to_have_value("atlantis 90.000 chf isu")
    assert violations(page) == []
    form = unfold(page, "Fill a row of fields instead")
    fill(form, {"Donor": "Atlantis", "Amount": "80k"})
    form.get_by_role("button", name="Log pledge").click()
    expect(page.locator("#log-waiting")).to_contain_text("No State or organisation is called “Atlantis”")
    assert violations(page) == []
