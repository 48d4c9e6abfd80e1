"""The drill: three officers log 120 pledges at once while the server is killed and started again ten times.

Afterwards every entry that was acknowledged is there exactly once, none that was typed is missing, and the tally is the sum.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select

from partnerships import create_app
from partnerships.conferences import service
from partnerships.conferences.models import Conference
from partnerships.core.actor import SYSTEM
from partnerships.core.db import current_engine, db
from partnerships.pledges.models import Pledge
from partnerships.seeding import demo
from tests.browser.people import ISU
from tests.conftest import settings_for
from tests.support.killable import Killable

OFFICERS = 3
# How many lines each types, and how often the server dies: what was promised on one engine, a shorter one on the other. What counts
# is what waits when it dies, so that twelve lines between two deaths do; DRILL_EACH=100 types as many as a conference would.
EACH = {"sqlite": int(os.environ.get("DRILL_EACH", "40")), "postgresql": 16}
KILLS = {"sqlite": 10, "postgresql": 3}
DONORS = ("nor", "swe", "che", "jpn", "deu", "aus", "fra", "nld", "ita", "can")


@dataclass
class Drill:
    """A platform that is killed now and then, and its database."""

    server: Killable
    app: Flask

    def conference(self) -> str:
        """An open conference without an entry."""
        with self.app.app_context():
            found = service.create(SYSTEM, {"number": 99, "title": "Drill", "chair": "", "place": "", "note": ""}, is_demo=True)
            service.move(found, "opened", SYSTEM)
            db.session.commit()
            return found.ref

    def entries(self, ref: str) -> list[Any]:
        """(as typed, amount, currency) of every entry, oldest first."""
        with self.app.app_context():
            found = db.session.execute(select(Pledge.as_typed, Pledge.amount, Pledge.currency, Pledge.ref).join(
                Conference, Conference.id == Pledge.conference_id).where(Conference.ref == ref).order_by(Pledge.id)).all()
            db.session.close()
            return list(found)


@pytest.fixture(params=["sqlite", "postgres"])
def drill(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Drill]:
    """The demonstration on a server that can be killed."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("shown_sqlite"), tmp_path / "drill.sqlite3")
        url = f"sqlite:///{tmp_path / 'drill.sqlite3'}"
    else:
        url = request.getfixturevalue("postgres_server").create("drill", request.getfixturevalue("shown_postgres"))
    settings = settings_for(url, tmp_path, demo=True)
    server, app = Killable(lambda: create_app(settings)), create_app(settings)
    try:
        yield Drill(server, app)
    finally:
        server.close()
        app.extensions["database"].dispose()


def _sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/accounts/sign-in")
    page.get_by_label("E-mail address").fill(ISU)
    page.get_by_label("Password").fill(demo.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("My desk")


def _type(page: Page, line: str) -> None:
    """One line, by keyboard; whatever the server does, the field takes the next one."""
    field = page.get_by_label("Pledge, in one line")
    field.fill(line)
    field.press("Enter")
    page.wait_for_function("() => !document.querySelector('[name=line]').value", timeout=15_000)


def _logged(page: Page) -> list[str]:
    return [ref for _key, ref in page.evaluate("() => window.partnershipsLog")]


@pytest.mark.slow
def test_three_officers_and_a_server_that_keeps_dying(drill: Drill, new_context: Callable[..., BrowserContext]) -> None:
    """See the head of this file."""
    drill.server.start()
    ref = drill.conference()
    first = new_context(base_url=drill.server.url).new_page()
    _sign_in(first, drill.server.url)
    state = first.context.storage_state()
    pages = [first, *(new_context(base_url=drill.server.url, storage_state=state).new_page() for _ in range(OFFICERS - 1))]
    for page in pages:
        page.goto(f"{drill.server.url}/conferences/{ref}/desk")
    with drill.app.app_context():
        engine = current_engine().dialect.name
    typed = [f"{DONORS[number % 10]} {1000 + number} chf isu; drill {number}" for number in range(OFFICERS * EACH[engine])]
    for number, line in enumerate(typed):
        _type(pages[number % OFFICERS], line)
        every = len(typed) // KILLS[engine]
        if number % every == every // 4:
            drill.server.kill()
        elif number % every == every * 2 // 3:  # a tenth of a second or two later, with five or six entries waiting
            drill.server.start()
    for page in pages:
        expect(page.locator("#log-waiting li")).to_have_count(0, timeout=60_000)
    kept = drill.entries(ref)
    assert Counter(row.as_typed for row in kept) == Counter(typed)  # every one, exactly once
    acknowledged = [one for page in pages for one in _logged(page)]
    assert sorted(acknowledged) == sorted(row.ref for row in kept)
    expect(pages[0].locator("[data-count]")).to_have_text(str(len(typed)), timeout=10_000)
    total = f"{sum((row.amount for row in kept), Decimal(0)):,.0f}".replace(",", "\u202f")
    expect(pages[1].locator(".tally")).to_contain_text(f"{total}\u00a0CHF", timeout=10_000)
    pages[2].goto(f"{drill.server.url}/conferences/{ref}/tally")
    expect(pages[2].locator(".board")).to_contain_text(total)


def test_what_waits_outlives_the_browser_page(drill: Drill, new_context: Callable[..., BrowserContext]) -> None:
    """Typed while the server is dead, the page closed: sent by the next visit of the same browser, once."""
    drill.server.start()
    ref = drill.conference()
    context = new_context(base_url=drill.server.url)
    page = context.new_page()
    _sign_in(page, drill.server.url)
    page.goto(f"{drill.server.url}/conferences/{ref}/desk")
    drill.server.kill()
    for line in ("nor 5k nok isu", "swe 6k sek isu"):
        _type(page, line)
    expect(page.locator("#log-waiting li")).to_have_count(2)
    expect(page.get_by_role("status").filter(has_text="kept in this browser")).to_be_visible()
    page.close(run_before_unload=False)
    drill.server.start()
    page = context.new_page()
    page.goto(f"{drill.server.url}/conferences/{ref}/desk")
    expect(page.locator("#log tbody tr")).to_have_count(2, timeout=15_000)
    assert [row.as_typed for row in drill.entries(ref)] == ["nor 5k nok isu", "swe 6k sek isu"]
    with drill.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Pledge).where(Pledge.as_typed.like("%5k nok%"))) == 1
        db.session.close()
