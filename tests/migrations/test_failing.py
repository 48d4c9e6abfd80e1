"""A migration that fails half-way changes nothing, and hinders nobody afterwards; a host that comes second waits."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import event, inspect, text

from partnerships import create_app
from partnerships.core import migrate
from partnerships.core.db import current_engine
from partnerships.settings import ROOT
from tests.conftest import settings_for

WRONG = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "999", {before!r}


def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer, primary_key=True))
    with op.batch_alter_table("party") as batch:
        batch.add_column(sa.Column("half", sa.Integer))
    op.execute("UPDATE party SET half = 1, ref = 'X' || id")
    {fails}
"""


@pytest.fixture
def ahead(app, tmp_path, monkeypatch):
    """A migration after the last, in a folder of its own; called with the statement in which it ends."""
    before = migrate.ScriptDirectory.from_config(migrate.config()).get_current_head()
    plain = migrate.config

    def config():
        found = plain()
        found.set_main_option("version_locations", f"{ROOT / 'migrations' / 'versions'}:{tmp_path}")
        return found

    def write(fails):
        (tmp_path / "later.py").write_text(WRONG.format(before=before, fails=fails))

    monkeypatch.setattr(migrate, "config", config)
    yield write
    if current_engine().dialect.name == "postgresql":  # the next test gets a new copy: rows alone would not do
        with current_engine().begin() as connection:
            connection.execute(text("DROP SCHEMA kept CASCADE"))


def schema():
    inspector = inspect(current_engine())
    with current_engine().connect() as connection:
        rows = connection.execute(text("SELECT id, ref FROM party ORDER BY id")).all()
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return ({table: [column["name"] for column in inspector.get_columns(table)] for table in inspector.get_table_names()},
            {table: sorted(str(one["name"]) for one in inspector.get_check_constraints(table)) for table in ("party", "need")},
            rows, version)


def test_half_a_migration_is_none(app, ahead, engine_name):
    before = schema()
    ahead("raise RuntimeError('the power went')")
    for _attempt in range(2):  # the second is not hindered by what the first left
        with pytest.raises(RuntimeError, match="the power went"):
            migrate.upgrade()
        assert schema() == before
    if engine_name == "sqlite":
        with current_engine().connect() as connection:
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    ahead("pass")
    migrate.upgrade()
    tables, _checks, rows, version = schema()
    assert "half" in tables and "half" in tables["party"] and version == ["999"]
    assert rows != before[2] and len(rows) == len(before[2])


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_second_host_waits_longer_than_a_request_does(engine_name, tmp_path):
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'empty.sqlite3'}", tmp_path))
    engine = app.extensions["database"]

    @event.listens_for(engine, "connect")
    def _impatient(connection, _record):
        connection.execute("PRAGMA busy_timeout=50")

    held, free = threading.Event(), threading.Event()

    def first():
        with engine.execution_options(write=True).begin():
            held.set()
            free.wait(20)

    with app.app_context():
        host = threading.Thread(target=first)
        host.start()
        held.wait(20)
        threading.Thread(target=lambda: (time.sleep(0.4), free.set())).start()
        migrate.upgrade("001")
        host.join()
        with engine.connect() as connection:
            assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "001"
    engine.dispose()
