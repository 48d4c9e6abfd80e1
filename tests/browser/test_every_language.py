"""The six languages in a real browser: nothing runs over the side or is cut, enlarged or not, and axe finds nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from partnerships.core.languages import OWN_NAMES
from tests.browser.pages import addresses
from tests.browser.people import DONOR, People
from tests.browser.test_axe import MAIN, THREE_OF_A_KIND, too_wide, violations

PICTURES = ("insight.flows", "insight.theme", "insight.compare", "insight.chart", "indicators.index", "parties.brief")
# A laptop of 1,280 pixels enlarged to twice its size, and a phone.
SIZES = ({"width": 640, "height": 400}, {"width": 320, "height": 640})
# Text in a box that hides what does not fit in it.
CUT = """() => [...document.querySelectorAll("main *, header *")].filter(e => !e.children.length && e.textContent.trim()
  && getComputedStyle(e).overflowX === "hidden" && e.scrollWidth > e.clientWidth + 1 && !e.closest(".visually-hidden, .matrix"))
  .map(e => e.outerHTML.slice(0, 120))"""


@pytest.mark.slow
def test_nothing_is_cut_in_any_language(people: People) -> None:
    """Pages that hold most words, in each language, enlarged and on a phone; from right to left where it is written so."""
    pages, found = addresses(people.site.app), []
    for size in SIZES:
        page = people.visitor(viewport=size)
        for code in OWN_NAMES:
            for endpoint in ("pages.home", "parties.detail", "needs.detail", "insight.flows"):
                url = pages[endpoint][-1 if endpoint == "needs.detail" else 0]
                page.goto(f"{url}?lang={code}")
                expect(page.locator("html")).to_have_attribute("dir", "rtl" if code == "ar" else "ltr")
                found += [*too_wide(page), *(f"{code} {page.url}: {one}" for one in page.evaluate(CUT))]
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_axe_finds_nothing_in_any_language(people: People) -> None:
    """The main pages and the pictures from right to left; in the other languages those with most kinds of elements."""
    pages, found = addresses(people.site.app), []
    page = people.sign_in(DONOR)
    for code in OWN_NAMES:
        for endpoint in (*MAIN, *PICTURES) if code == "ar" else ("pages.home", "parties.detail") if code != "en" else ():
            url = pages[endpoint][0]
            page.goto(f"{url}{'&' if '?' in url else '?'}lang={code}")
            found += too_wide(page)
            page.evaluate(THREE_OF_A_KIND)
            found += violations(page)
    assert not found, "\n".join(found)


def _hidden_marks(page: Page) -> list[str]:
    """What cannot be told apart when a reader's own colours are forced: a bar without a border, a focus without a ring."""
    return page.evaluate("""() => {
      const link = document.querySelector("main a"); link.focus();
      const ring = getComputedStyle(link).outlineStyle === "none" ? ["no focus ring"] : [];
      const bare = [...document.querySelectorAll("svg rect[class], svg path[class]")].filter(e => !e.closest("defs")).filter(e =>
        getComputedStyle(e).fill === getComputedStyle(document.body).backgroundColor && getComputedStyle(e).stroke === "none");
      return [...ring, ...bare.map(e => e.outerHTML.slice(0, 100))]; }""")


def test_forced_colours_and_less_motion_are_honoured(people: People) -> None:
    """High contrast keeps focus and charts; whoever asks for less motion gets none."""
    pages = addresses(people.site.app)
    page = people.visitor(forced_colors="active", reduced_motion="reduce")
    for endpoint in ("pages.home", "parties.detail", "insight.flows"):
        page.goto(pages[endpoint][0])
        assert _hidden_marks(page) == []
        moving = page.evaluate("""() => [...document.querySelectorAll("*")].filter(e => parseFloat(getComputedStyle(e)
          .transitionDuration) > 0.01 || parseFloat(getComputedStyle(e).animationDuration) > 0.01)
          .map(e => e.outerHTML.slice(0, 80))""")
        assert moving == []


def test_a_map_is_walked_by_keyboard(people: People) -> None:
    """Each State on the map takes the focus, says its value and leads to its needs."""
    page = people.visitor()
    page.goto("/")
    states = page.locator(".map svg a[aria-label]")
    assert states.count() > 3
    first = states.first
    first.focus()
    expect(first).to_be_focused()
    words = first.get_attribute("aria-label") or ""
    assert "open need" in words
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(words.split(":")[0])


def test_the_first_page_is_light(people: People) -> None:
    """Under 100 kB on the line with its map, and chart rules only where charts are."""
    page, sizes, asked = people.visitor(), [], []
    line = page.context.new_cdp_session(page)  # 400 kbit/s, 400 ms: decision 27 says what was measured, here it only works
    line.send("Network.emulateNetworkConditions", {"offline": False, "latency": 400, "downloadThroughput": 50_000,
                                                   "uploadThroughput": 25_000})
    page.on("requestfinished", lambda request: (sizes.append(request.sizes()["responseBodySize"]), asked.append(request.url)))
    page.goto("/", wait_until="networkidle")
    assert sum(sizes) < 100_000, dict(zip(asked, sizes, strict=True))
    assert any("charts.css" in url for url in asked)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    asked.clear()
    page.goto("/needs/", wait_until="networkidle")
    assert not [url for url in asked if "charts.css" in url]
