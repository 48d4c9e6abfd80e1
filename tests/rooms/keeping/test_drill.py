"""The drill: copy while serving, bring it back elsewhere, compare everything."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from partnerships.core import audit
from partnerships.core.actor import SYSTEM
from partnerships.core.db import current_engine, db
from partnerships.keeping import backup as keeping
from partnerships.keeping import figures
from partnerships.needs.models import Need


def run(app, *words):
    with app.app_context():
        return app.test_cli_runner().invoke(args=[str(word) for word in words])


def figures_of(app):
    with app.app_context(), current_engine().connect() as connection:
        found = figures.read(connection)
    return {key: value for key, value in found.items() if key != "engine"}


@pytest.mark.parametrize(("engine_name", "form"), [("sqlite", ()), ("postgres", ()), ("postgres", ("--rows",))],
                         indirect=["engine_name"], ids=["sqlite", "pg_dump", "rows"])
def test_what_was_copied_comes_back_whole(house, place, key, tools, tmp_path, form):
    recipient, identity = key
    made = run(house, "backup", "--output", tmp_path / "copy", "--recipient", recipient, *form)
    assert made.exit_code == 0, made.output
    assert "2 documents" in made.output and "secret key" in made.output.lower()
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob("*.part")) and not list((tmp_path / "data").glob(".*"))
    assert b"Battambang" not in (tmp_path / "copy").read_bytes()
    new = place()
    back = run(new, "restore", tmp_path / "copy", "--identity", identity)
    assert back.exit_code == 0, back.output
    for word in ("empty", "checksum", "Rows", "Money", "Documents: 2", "Record"):
        assert word in back.output
    assert figures_of(new) == figures_of(house)
    with new.app_context():
        assert db.session.scalar(select(Need.id).where(Need.title == "Clear “Ō Trêng” – ពាក្យ"))
        last = db.session.scalar(select(func.max(audit.Event.id)))
        audit.record("need.published", db.session.get(Need, 1), SYSTEM)  # numbers go on where they were
        assert db.session.scalar(select(func.max(audit.Event.id))) == last + 1
        db.session.rollback()
    answer = run(new, "documents", "check")
    assert answer.exit_code == 0, answer.output
    again = run(new, "restore", tmp_path / "copy", "--identity", identity)
    assert again.exit_code == 1 and "not empty" in again.output


def test_a_copy_goes_from_one_engine_to_the_other(house, place, engine_name, tools, tmp_path):
    form = ["--rows"] if engine_name == "postgres" else []
    assert run(house, "backup", "--output", tmp_path / "copy", "--plain", *form).exit_code == 0
    new = place("postgres" if engine_name == "sqlite" else "sqlite")
    back = run(new, "restore", tmp_path / "copy")
    assert back.exit_code == 0, back.output
    assert figures_of(new) == figures_of(house)


def test_what_is_written_meanwhile_is_wholly_there_or_not(house, make, place, tools, tmp_path):
    """The copy is of one moment: what it counts is what it holds, while documents come and go."""
    stop, wrote = threading.Event(), []

    def work():
        with house.app_context():
            need = db.session.get(Need, 1) or make.need()
            while not stop.is_set():
                wrote.append(make.document(need, title=f"Document {len(wrote)}").id)
                if len(wrote) > 15:
                    return

    thread = threading.Thread(target=work)
    thread.start()
    try:
        made = run(house, "backup", "--output", tmp_path / "copy", "--plain")
    finally:
        stop.set()
        thread.join()
    assert made.exit_code == 0, made.output
    new = place()
    back = run(new, "restore", tmp_path / "copy")
    assert back.exit_code == 0, back.output


@pytest.mark.parametrize("engine_name", ["postgres"], indirect=True)
def test_without_pg_dump_the_rows_are_copied_and_a_dump_needs_pg_restore(house, place, tmp_path, monkeypatch, tools):
    assert run(house, "backup", "--output", tmp_path / "dump", "--plain").exit_code == 0
    monkeypatch.setenv("PARTNERSHIPS_PG_BIN", str(tmp_path))
    assert run(house, "backup", "--output", tmp_path / "copy", "--plain").exit_code == 0
    assert "database.jsonl" in keeping.read(tmp_path / "copy", None)["files"]
    back = run(place(), "restore", tmp_path / "dump")
    assert back.exit_code == 1 and "pg_restore" in back.output
    back = run(place("sqlite"), "restore", tmp_path / "dump")
    assert back.exit_code == 1 and "--rows" in back.output
