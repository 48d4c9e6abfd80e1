"""The page of a need and the page of a State go on paper: the record, without what only a screen can do."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages import addresses
from tests.browser.people import FOCAL, People


@pytest.mark.parametrize("endpoint", ["needs.detail", "parties.detail"])
def test_on_paper(people: People, endpoint: str) -> None:
    """Navigation, forms and buttons stay off the sheet; the record and its timeline are on it."""
    page = people.sign_in(FOCAL, addresses(people.site.app)[endpoint][0])
    hidden = [page.get_by_role("navigation", name="Main"), page.locator(".account"), page.locator(".breadcrumb")]
    actions = page.locator("main .actions").filter(visible=True).first.element_handle()
    for one in hidden:
        expect(one).to_be_visible()
    page.emulate_media(media="print")
    for one in hidden:
        expect(one).to_be_hidden()
    assert actions.is_hidden()
    assert not [one for one in page.locator("main button, main select, main textarea").all() if one.is_visible()]
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("#timeline")).to_be_visible()
    sheet = page.pdf(prefer_css_page_size=True)
    assert sheet.startswith(b"%PDF-")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", sheet)) <= 16


@pytest.mark.parametrize("code", ["en", "ar", "ru"])
def test_a_brief_is_two_pages_at_most(people: People, code: str) -> None:
    """A State and a donor on paper, good enough to hand to a minister, in short and in long languages."""
    page = people.visitor()
    for ref in ("KHM", "NOR", "USA", "AFG"):
        page.goto(f"/parties/{ref}/brief?lang={code}")
        sheet = page.pdf(prefer_css_page_size=True)
        assert 1 <= len(re.findall(rb"/Type\s*/Page\b", sheet)) <= 2, (ref, code)
