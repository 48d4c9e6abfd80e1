"""Fixtures: every test that asks for `app` runs on SQLite and on PostgreSQL, each time on a fresh copy of a seeded database."""

from __future__ import annotations

import gc
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import settings as properties
from sqlalchemy import event

from partnerships import create_app
from partnerships.accounts import passwords
from partnerships.accounts.models import Account
from partnerships.audit import heads
from partnerships.core import migrate
from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.seeding import reference
from partnerships.settings import Settings
from partnerships.suggestions import engine
from tests.support import renewing
from tests.support.client import Client
from tests.support.factories import PASSWORD, Make
from tests.support.postgres import PostgresServer

# A busy machine is no fault of what is tested: properties are asked without a clock.
properties.register_profile("house", deadline=None)
properties.load_profile("house")
ENGINES = ("sqlite", "postgres")
BEGUN = date.today()
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def settings_for(url: str, folder: Path, **changes: Any) -> Settings:
    """Settings of a test's application."""
    return Settings(environment="testing", secret_key="x" * 40, database_url=url, data_dir=folder, demo=False,
                    secure_cookies=False).with_(**changes)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A private PostgreSQL for the whole run."""
    with PostgresServer() as server:
        yield server


def nothing_waits_for_the_disk(app: Flask) -> None:
    """A test's SQLite file may be lost when the machine stops, as its PostgreSQL may."""
    engine = app.extensions["database"]
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))


def _prepare(url: str, folder: Path) -> None:
    app = create_app(settings_for(url, folder))
    with app.app_context():
        migrate.upgrade()
        reference.load_and_stamp()
        db.session.commit()
    app.extensions["database"].dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated and seeded SQLite file."""
    folder = tmp_path_factory.mktemp("template")
    path = folder / "template.sqlite3"
    _prepare(f"sqlite:///{path}", folder)
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated and seeded PostgreSQL database, by name."""
    url = postgres_server.create("seeded")
    _prepare(url, tmp_path_factory.mktemp("pg"))
    renewing.keep(url)
    return "seeded"


MOST_VALUES = 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a test's many values PostgreSQL gets one (decision 8), and the long tests begin first, so that none is waited for."""
    seen: Counter[str] = Counter()
    left_out = set()
    for item in sorted(items, key=lambda one: one.nodeid):
        own = getattr(item, "callspec", None)
        if own is not None and own.params.get("engine_name") == "postgres" and len(own.params) > 1:
            test = item.nodeid.partition("[")[0]
            seen[test] += 1
            if seen[test] > MOST_VALUES:
                left_out.add(item)
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = sorted((item for item in items if item not in left_out), key=lambda one: one.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """What was loaded stays for the whole run: the collector of garbage need not look at it again, nor at every few objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """The engine a test runs on."""
    return str(request.param)


class House:
    """One application an engine for the whole run, its database laid anew for each test.

    What an application compiles (templates, SQL) is compiled once; what it remembers of a database is forgotten. Connections
    to PostgreSQL stay open from test to test, so that its server plans a statement once; a SQLite file is another file each time.
    """

    def __init__(self, url: str, folder: Path, renew: Callable[[], None]) -> None:
        self.app = create_app(settings_for(url, folder))
        self.renew = renew
        self.views, self.settings = dict(self.app.view_functions), self.app.config["SETTINGS"]
        nothing_waits_for_the_disk(self.app)
        self.altered = False
        event.listen(self.app.extensions["database"], "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.altered = self.altered or statement.startswith("SET ")

    def leave(self) -> None:
        """Let go of the database: of connections to PostgreSQL only when a test set something for one of them."""
        if self.altered or self.app.extensions["database"].dialect.name == "sqlite":
            self.app.extensions["database"].dispose()
            self.altered = False

    def fresh(self) -> Flask:
        """The application on a fresh copy of the seeded database."""
        self.leave()
        self.renew()
        with self.app.app_context():
            shutil.rmtree(heads.folder(), ignore_errors=True)
        self.app.test_client_class = Client
        self.app.view_functions.clear()
        self.app.view_functions.update(self.views)
        self.app.config["SETTINGS"] = self.settings
        engine.forget()
        return self.app


@pytest.fixture(scope="session")
def sqlite_house(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> House:
    """The application on SQLite."""
    folder = tmp_path_factory.mktemp("sqlite")
    path = folder / "test.sqlite3"

    def renew() -> None:
        for left in folder.glob("test.sqlite3*"):
            left.unlink()
        shutil.copy(sqlite_template, path)

    return House(f"sqlite:///{path}", folder, renew)


@pytest.fixture(scope="session")
def postgres_house(postgres_server: PostgresServer, postgres_template: str,
                   tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The application on PostgreSQL."""
    url = postgres_server.create("test", postgres_template)

    def renew() -> None:
        if not renewing.put_back(url):
            house.app.extensions["database"].dispose()
            postgres_server.create("test", postgres_template)

    house = House(url, tmp_path_factory.mktemp("postgres"), renew)
    yield house
    house.app.extensions["database"].dispose()


@pytest.fixture
def app(engine_name: str, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on a fresh database, inside its context."""
    house = request.getfixturevalue(f"{engine_name}_house")
    application = house.fresh()
    with application.app_context():
        yield application
        db.session.close()
    house.leave()


@pytest.fixture(autouse=True)
def _one_day() -> Iterator[None]:
    """A run that goes past midnight stays in the day on which it began: what a test's module worked out then still holds."""
    late = date.today() - BEGUN
    if not late:
        yield
        return
    with time_machine.travel(datetime.now(UTC) - timedelta(days=late.days), tick=True):
        yield


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", CHEAP)
    monkeypatch.setattr(passwords, "NOBODY", CHEAP.hash("nobody has this password"))


@pytest.fixture
def make(app: Flask) -> Make:
    """Factories on the test's database."""
    return Make(CHEAP.hash(PASSWORD))


@pytest.fixture
def visitor(app: Flask) -> Client:
    """Somebody who has not signed in."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def sign_in(app: Flask, make: Make) -> Callable[..., Client]:
    """Sign somebody in: `sign_in(Role.DONOR_OFFICER, "NOR")` or `sign_in(account)` gives a client.

    With a session as both factors give one; how people come to it is tested in tests/rooms/accounts.
    """

    def signed(who: Role | Account, party: str | None = None) -> Client:
        account = who if isinstance(who, Account) else make.account(who, party)
        client: Client = app.test_client()  # type: ignore[assignment]
        return client.signed_in(account)

    return signed
