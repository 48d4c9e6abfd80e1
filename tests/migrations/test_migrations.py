"""The migrations lead to the models, up and down, on both engines, also when two hosts start at once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, DateTime, MetaData, Table, insert, inspect, text
from sqlalchemy.exc import IntegrityError

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


def _fill(connection, table, **values):
    """One row of a table as it stands at some migration: what is asked, and something for every column that must be given."""
    plain = Table(table, MetaData(), autoload_with=connection)
    for column in plain.columns:
        if column.name not in values and not column.nullable and column.server_default is None:
            values[column.name] = {"INTEGER": 1, "BIGINT": 1, "BOOLEAN": False}.get(str(column.type).split("(")[0])
            if values[column.name] is None:
                values[column.name] = datetime.now(UTC) if isinstance(column.type, DateTime) else str(column.name)[:2]
    connection.execute(insert(plain).values(**values))


def test_what_hangs_on_a_need_stays_when_its_table_is_made_anew(empty_app):
    migrate.upgrade("003")
    with current_engine().begin() as connection:
        _fill(connection, "party", id=1, ref="KHM", kind="state")
        _fill(connection, "need", id=7, ref="KHM-2026-001", party_id=1, origin="posted", status="draft", visibility="public",
              theme=None)
        _fill(connection, "need_amount", id=9, need_id=7, first_year=2027, last_year=2027, amount=5000, national_share=1000)
    for step in (lambda: migrate.upgrade(), lambda: command.downgrade(migrate.config(), "003"), lambda: migrate.upgrade()):
        step()
        with current_engine().connect() as connection:
            rows = connection.execute(text("SELECT amount FROM need_amount JOIN need ON need.id = need_id")).all()
            assert rows == [(5000,)]
    with current_engine().begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text("UPDATE need_amount SET need_id = 8"))


def test_what_was_declined_in_words_keeps_them_beside_a_reason(empty_app):
    migrate.upgrade("005")
    with current_engine().begin() as connection:
        for number, ref in ((1, "KHM"), (2, "NOR")):
            _fill(connection, "party", id=number, ref=ref, kind="state")
        _fill(connection, "need", id=7, ref="KHM-2026-001", party_id=1, origin="posted", status="draft", visibility="public",
              theme=None)
        _fill(connection, "match", id=3, need_id=7, party_id=2, state_id=1, status="declined", reason="No budget line.", why="[]")
    query = text("SELECT declined_for, reason FROM match")
    migrate.upgrade()
    with current_engine().begin() as connection:
        assert connection.execute(query).all() == [("other", "No budget line.")]
        connection.execute(text("UPDATE match SET declined_for = 'budget', reason = ''"))
    command.downgrade(migrate.config(), "005")
    with current_engine().connect() as connection:
        assert connection.execute(text("SELECT reason FROM match")).scalar() == "budget"


def test_follow_ups_keep_their_answers_and_outlive_the_newer_rules(empty_app):
    migrate.upgrade("005")
    with current_engine().begin() as connection:
        _fill(connection, "party", id=1, ref="KHM", kind="state")
        for number, status, key in ((1, "dropped", "no-contact:A"), (2, "dropped", None), (3, "open", "no-contact:B")):
            _fill(connection, "followup", id=number, party_id=1, owner_party_id=1, status=status, reason="no-contact",
                  suggestion=key, due_on=date(2026, 5, 1))

    def rows(column):
        with current_engine().connect() as connection:
            return connection.execute(text(f"SELECT {column} FROM followup ORDER BY id")).scalars().all()

    migrate.upgrade()
    assert rows("dismissal") == ["other", None, None]
    with current_engine().begin() as connection:
        connection.execute(text("UPDATE followup SET reason = 'donor-free', snoozed_until = '2030-01-01' WHERE id = 3"))
    command.downgrade(migrate.config(), "005")
    assert rows("reason") == ["no-contact", "no-contact", "own"]
    migrate.upgrade()
    assert migrate.is_current()


def test_every_rule_of_the_models_is_in_the_database(app):
    inspector = inspect(current_engine())
    for table in Base.metadata.sorted_tables:
        known = {one["name"] for one in inspector.get_check_constraints(table.name)}
        assert {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)} <= known, table.name


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
