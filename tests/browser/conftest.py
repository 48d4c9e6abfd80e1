"""Fixtures of the browser tests: a running platform with the demonstration, and people who look at it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from partnerships import create_app
from partnerships.accounts import passwords
from partnerships.core.db import db
from partnerships.seeding import demo
from tests.browser.people import People, Site
from tests.conftest import CHEAP, nothing_waits_for_the_disk, settings_for
from tests.support.browser import launch_args
from tests.support.postgres import PostgresServer

HERE = Path(__file__).parent
# A cold page loads scikit-learn, on a machine that may be busy.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


class Quiet(WSGIRequestHandler):
    """A server that does not write a line for every style sheet into the report of a failure."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder drives a browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The arguments with which a Chromium of this machine starts."""
    return {**browser_type_launch_args, **launch_args()}


def _demonstrate(url: str, folder: Path) -> None:
    """Add the demonstration to a seeded database."""
    app = create_app(settings_for(url, folder, demo=True))
    with app.app_context(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(demo, "hasher", CHEAP)
        demo.add()
        db.session.commit()
    app.extensions["database"].dispose()


@pytest.fixture(scope="session")
def shown_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded SQLite file with the demonstration."""
    folder = tmp_path_factory.mktemp("shown")
    path = shutil.copy(sqlite_template, folder / "shown.sqlite3")
    _demonstrate(f"sqlite:///{path}", folder)
    return Path(path)


@pytest.fixture(scope="session")
def shown_postgres(postgres_server: PostgresServer, postgres_template: str,
                   tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a seeded PostgreSQL database with the demonstration."""
    _demonstrate(postgres_server.create("shown", postgres_template), tmp_path_factory.mktemp("shown-pg"))
    return "shown"


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The platform on a free port, on a fresh database: SQLite unless the module asks for another engine too."""
    folder = tmp_path_factory.mktemp("site")
    if getattr(request, "param", "sqlite") == "sqlite":
        shutil.copy(request.getfixturevalue("shown_sqlite"), folder / "site.sqlite3")
        url = f"sqlite:///{folder / 'site.sqlite3'}"
    else:
        url = request.getfixturevalue("postgres_server").create("site", request.getfixturevalue("shown_postgres"))
    app = create_app(settings_for(url, folder, demo=True))
    nothing_waits_for_the_disk(app)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "hasher", CHEAP)
        patched.setattr(passwords, "NOBODY", CHEAP.hash("nobody has this password"))
        thread.start()
        yield Site(f"http://127.0.0.1:{server.server_port}", app)
        server.shutdown()
        thread.join()
    server.server_close()
    app.extensions["database"].dispose()


@pytest.fixture
def people(site: Site, new_context: Callable[..., BrowserContext]) -> Iterator[People]:
    """Opens windows for people; whatever their browsers complained of fails the test."""
    crowd = People(site, new_context, PATIENCE)
    yield crowd
    assert not crowd.faults, "\n".join(crowd.faults)
