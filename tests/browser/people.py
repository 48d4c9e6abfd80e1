"""People in front of a browser: they open windows, sign in and fill in forms by the words they see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from partnerships.core.db import db
from partnerships.seeding import demo

FOCAL = "focal@cambodia.example"
DONOR = "donor@norway.example"
ISU = "isu@isu.example"
PHONE = {"width": 320, "height": 640}
LAPTOP = {"width": 1440, "height": 900}


@dataclass(frozen=True)
class Site:
    """A running platform."""

    url: str
    app: Flask
    sessions: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Look into its database from the test."""
        with self.app.app_context():
            yield
            db.session.close()


@dataclass
class People:
    """Opens a window a person, and keeps what their browsers complain of."""

    site: Site
    new_context: Callable[..., BrowserContext]
    patience: int
    faults: list[str] = field(default_factory=list)

    def visitor(self, **context: Any) -> Page:
        """A window of somebody who has not signed in; `context` is Playwright's, for example viewport=PHONE."""
        opened = self.new_context(base_url=self.site.url, **{"viewport": LAPTOP, **context})
        opened.set_default_timeout(self.patience)
        page = opened.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("response", self._response)
        return page

    def sign_in(self, email: str, at: str = "/desk/", **context: Any) -> Page:
        """A window of somebody with a sign-in of the demonstration, at a page.

        The first time a person signs in by the form; later windows share the session, which is quicker.
        """
        page = self.visitor(storage_state=self.site.sessions.get(email), **context)
        if email not in self.site.sessions:
            page.goto("/accounts/sign-in")
            page.get_by_label("E-mail address").fill(email)
            page.get_by_label("Password").fill(demo.PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            heading(page, "My desk")
            self.site.sessions[email] = page.context.storage_state()
        page.goto(at)
        return page

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium also logs the status of error pages, which tests open on purpose: _response judges those.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"{message.location.get('url')}: {message.text}")

    def _response(self, response: Response) -> None:
        least = 500 if response.request.is_navigation_request() else 400
        if response.status >= least and response.status != 422:  # 422 is a form's answer, also to a script that sends it
            self.faults.append(f"{response.url}: {response.status}")


def fill(scope: Page | Locator, answers: dict[str, Any]) -> None:
    """Fill in a form by its labels: text, a choice by its words, or True to tick.

    Of several with one label the first is meant: the amount, not that of a yearly portion of it. What is folded is opened.
    """
    for label, answer in answers.items():
        control = scope.get_by_label(label, exact=True).first
        for folded in control.locator("xpath=ancestor::details[not(@open)]").all():
            folded.locator("summary").first.click()
        if answer is True:
            control.check()
        elif control.evaluate("one => one.tagName") == "SELECT":
            control.select_option(label=answer)
        else:
            control.fill(str(answer))


def press(page: Page, name: str, says: str) -> None:
    """Press a button of the page and wait for what the platform says of it."""
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("status").filter(has_text=says)).to_be_visible()


def unfold(page: Page, words: str) -> Locator:
    """Open a disclosure if it is folded, and give it."""
    details = page.locator("details").filter(has=page.locator("summary", has_text=words)).first
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    return details


def heading(page: Page, words: Any) -> None:
    """Wait for the page with this heading."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def fits(page: Page) -> None:
    """Nothing runs over the side of the window."""
    wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels too wide"
