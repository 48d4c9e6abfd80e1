"""The sign of health."""

from __future__ import annotations

from sqlalchemy import text

from partnerships import create_app
from tests.conftest import settings_for


def test_healthy(visitor):
    answer = visitor.get("/healthz")
    assert answer.status_code == 200
    assert answer.get_json() == {"status": "ok", "database": "ok", "migration": "current"}
    assert "Set-Cookie" not in answer.headers


def test_tables_of_another_version(app, visitor):
    with app.extensions["database"].begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    answer = visitor.get("/healthz")
    assert answer.status_code == 503
    assert answer.get_json() == {"status": "failing", "database": "ok", "migration": "behind"}


def test_no_database(tmp_path):
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'nowhere' / 'gone.sqlite3'}", tmp_path))
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 503
    assert answer.get_json() == {"status": "failing", "database": "no answer", "migration": "unknown"}
