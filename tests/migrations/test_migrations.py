"""The migrations lead to the models, up and down, on both engines, also when two hosts start at once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from partnerships import create_app
from partnerships.core import migrate
from partnerships.core.db import Base, current_engine
from tests.conftest import settings_for

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def empty_url(engine_name, tmp_path, request):
    """An address of a database without tables."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server = request.getfixturevalue("postgres_server")
    yield server.create("empty")
    server.drop("empty")


@pytest.fixture
def empty_app(empty_url, tmp_path):
    """An application on a database without tables."""
    app = create_app(settings_for(empty_url, tmp_path))
    with app.app_context():
        yield app
    app.extensions["database"].dispose()


def test_up_down_and_up_again(empty_app):
    migrate.upgrade()
    assert migrate.is_current()
    assert set(inspect(current_engine()).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    command.downgrade(migrate.config(), "base")
    assert set(inspect(current_engine()).get_table_names()) <= {"alembic_version"}
    migrate.upgrade()
    assert migrate.is_current()


def test_the_migrations_make_what_the_models_say(app):
    with current_engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_two_hosts_may_migrate_at_once(empty_url, tmp_path):
    env = {**os.environ, "PARTNERSHIPS_DATABASE_URL": empty_url, "PARTNERSHIPS_DATA_DIR": str(tmp_path)}
    hosts = [subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "database", "upgrade"], cwd=ROOT, env=env,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(2)]
    told = [host.communicate(timeout=120)[0] for host in hosts]
    assert [host.returncode for host in hosts] == [0, 0], told
    app = create_app(settings_for(empty_url, tmp_path))
    with app.app_context():
        assert migrate.is_current()
    app.extensions["database"].dispose()


def test_one_line_of_numbered_migrations():
    names = sorted(path.stem for path in (ROOT / "migrations" / "versions").glob("*.py"))
    assert names and all(re.fullmatch(r"\d{3}_[a-z_]+", name) for name in names)
    assert [int(name[:3]) for name in names] == list(range(1, len(names) + 1))
