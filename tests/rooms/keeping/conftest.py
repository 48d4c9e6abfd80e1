"""A platform that can be copied, and empty places to bring it back to."""

from __future__ import annotations

from decimal import Decimal
from itertools import count

import psycopg
import pyrage
import pytest

from partnerships import create_app
from partnerships.core.db import db
from tests.conftest import settings_for
from tests.support import postgres

NUMBERS = count(1)


@pytest.fixture
def place(engine_name, request, tmp_path):
    """Makes applications on databases without tables, each with a data folder of its own."""
    made = []

    def new(engine=engine_name):
        number = next(NUMBERS)
        folder = tmp_path / f"place{number}"
        folder.mkdir()
        if engine == "sqlite":
            url = f"sqlite:///{folder / 'p.sqlite3'}"
        else:
            server = request.getfixturevalue("postgres_server")
            url = server.create(f"place{number}")
            made.append((server, f"place{number}"))
        app = create_app(settings_for(url, folder))
        made.append((None, app))
        return app

    yield new
    for server, one in reversed(made):
        if server is None:
            one.extensions["database"].dispose()
        else:
            server.drop(one)


@pytest.fixture
def house(app, make, tmp_path):
    """The application with records of every sort and documents in a folder of its own."""
    if db.session.get_bind().dialect.name == "postgresql":  # what lays the database anew is none of the platform's
        address = db.session.get_bind().url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("DROP SCHEMA kept CASCADE")
    folder = tmp_path / "data"
    folder.mkdir()
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(data_dir=folder)
    need = make.need(title="Clear “Ō Trêng” – ពាក្យ")
    make.match(need)
    make.pledge(amount=Decimal(300_001))
    make.pledge(need=need, currency="EUR")
    make.document(need)
    make.document(need, title="Second")
    make.import_()
    db.session.close()
    return app


@pytest.fixture
def tools(monkeypatch):
    """PostgreSQL's programs as new as the server of the tests."""
    monkeypatch.setenv("PARTNERSHIPS_PG_BIN", str(postgres._binaries()))


@pytest.fixture
def key(tmp_path):
    """A key pair: the recipient, and the file of the secret key."""
    pair = pyrage.x25519.Identity.generate()
    path = tmp_path / "key.txt"
    path.write_text(f"# public key: {pair.to_public()}\n{pair}\n")
    return str(pair.to_public()), path
