"""Reference data and the demonstration: idempotent, byte for byte, removable without a trace."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from partnerships.core.db import Base, current_engine, db
from partnerships.seeding import demo, reference

ROOT = Path(__file__).resolve().parents[2]


def _rows() -> dict[str, list[tuple]]:
    """Every row. Of seals, which stay when the demonstration goes and hold nothing but hashes, those of real events."""
    with current_engine().connect() as connection:
        return {table.name: sorted(map(repr, connection.execute(
            select(table).where(~table.c.is_demo) if table.name == "event_seal" else select(table))))
            for table in Base.metadata.sorted_tables}


def test_loading_again_changes_nothing(app):
    assert sum(reference.load().values()) == 0


def test_writes_the_same_files_back_byte_for_byte(app, tmp_path):
    written = reference.export(tmp_path / "out")
    assert {path.name for path in written} == {path.name for path in (ROOT / "seed").glob("*.csv")}
    for path in written:
        assert path.read_bytes() == (ROOT / "seed" / path.name).read_bytes(), path.name


def test_a_changed_file_is_loaded_at_the_next_start(app, tmp_path, monkeypatch):
    assert not reference.is_stale()
    monkeypatch.setattr(reference, "fingerprint", lambda folder=None: "other")
    assert reference.is_stale()


def test_a_broken_row_is_named(app, tmp_path):
    for path in (ROOT / "seed").glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    broken = tmp_path / "treaty_status.csv"
    broken.write_text(broken.read_text(encoding="utf-8").replace("2002-09-11", "in 2002", 1), encoding="utf-8")
    with pytest.raises(reference.SeedError, match=r"treaty_status\.csv, row \d+"):
        reference.load(tmp_path)


def test_every_row_has_a_source(app):
    for path in (ROOT / "seed").glob("*.csv"):
        assert all(row["source"].strip() for row in reference.read(path)), path.name


def test_the_demonstration_is_marked_and_leaves_no_trace(app):
    before = _rows()
    assert demo.add() and not demo.add()
    db.session.commit()
    for table in Base.metadata.sorted_tables:
        if "is_demo" in table.columns:
            unmarked = db.session.scalar(select(func.count()).select_from(table).where(~table.c.is_demo)) or 0
            assert unmarked == len(before[table.name]), f"{table.name}: unmarked demonstration records"
    assert demo.remove() > 50
    db.session.commit()
    assert _rows() == before


def test_what_a_demonstration_sign_in_makes_goes_with_it(app):
    from tests.rooms.needs.test_form import GOOD

    before = _rows()
    demo.add()
    db.session.commit()
    client = app.test_client()
    client.post("/accounts/sign-in", data={"email": "focal@cambodia.example", "password": demo.PASSWORD})
    assert client.post("/needs/new", data={**GOOD, "submit": "1"}).status_code == 303
    demo.remove()
    db.session.commit()
    assert _rows() == before


def test_production_never_has_demonstration_accounts(app):
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(environment="production")
    done = app.test_cli_runner().invoke(args=["seed", "demo"])
    assert done.exit_code == 1 and "Production never" in done.output and not demo.is_there()
