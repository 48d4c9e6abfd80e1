"""Passkeys in a real browser, with an authenticator that the browser itself plays."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from partnerships.seeding import demo
from tests.browser.people import FOCAL, People, Site, heading

pytestmark = pytest.mark.slow
DEVICE = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
          "isUserVerified": True, "automaticPresenceSimulation": True}


def _with_authenticator(page: Page, **changes: object) -> tuple[object, str]:
    """Give the page's browser an authenticator."""
    told = page.context.new_cdp_session(page)
    told.send("WebAuthn.enable")
    made = told.send("WebAuthn.addVirtualAuthenticator", {"options": {**DEVICE, **changes}})
    return told, made["authenticatorId"]


def _sign_in(page: Page, home: str) -> None:
    page.goto(f"{home}/accounts/sign-in")
    page.get_by_label("E-mail address").fill(FOCAL)
    page.get_by_label("Password").fill(demo.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    heading(page, "My desk")


def test_a_passkey_is_made_signs_in_and_is_removed(people: People, site: Site):
    home = site.url.replace("127.0.0.1", "localhost")  # browsers bind passkeys to names, not to addresses in numbers
    page = people.visitor()
    told, device = _with_authenticator(page)
    _sign_in(page, home)
    page.goto(f"{home}/accounts/factors")
    page.get_by_label("Name").fill("Office computer")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("rowheader", name="Office computer")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()

    page.goto(f"{home}/accounts/sign-in")
    page.get_by_role("button", name="Use a passkey").click()
    heading(page, "My desk")

    # A device that did not make sure of the person is not enough.
    told.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{home}/accounts/sign-in")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The browser gave no passkey")).to_be_visible()
    told.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    page.get_by_role("button", name="Use a passkey").click()
    heading(page, "My desk")

    page.goto(f"{home}/accounts/factors")
    page.locator("summary", has_text="Remove").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("opens nothing any more")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{home}/accounts/sign-in")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("opens no account here")).to_be_visible()


def test_without_a_name_for_the_platform_the_page_says_so_and_offers_none(people: People):
    page = people.sign_in(FOCAL, "/accounts/factors")
    expect(page.get_by_text("no passkeys for an address in numbers")).to_be_visible()
    expect(page.get_by_role("button", name="Make a passkey")).to_have_count(0)
