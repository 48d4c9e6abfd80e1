"""What is not a whole copy, or not for this place, is refused in words, and the place stays empty."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile

import pyrage
import pytest
from sqlalchemy import inspect

from partnerships.core.db import current_engine
from partnerships.keeping import archive, backup, figures, rows, sealed
from partnerships.keeping.words import Unwell
from tests.rooms.keeping.test_drill import run


def is_empty(app):
    with app.app_context():
        folder = app.config["SETTINGS"].data_dir
        tables = inspect(current_engine()).get_table_names()
    return not tables and {path.name for path in folder.iterdir()} <= {"p.sqlite3", "p.sqlite3-wal", "p.sqlite3-shm"}


def packed(manifest, members):
    """A copy as somebody may have made it by hand: [(TarInfo or name, bytes)]."""
    out = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=out, compresslevel=6, mtime=0) as zipped, \
            tarfile.open(fileobj=zipped, mode="w|") as tar:
        for name, data in [("manifest.json", json.dumps(manifest).encode()), *members]:
            info = tarfile.TarInfo(name) if isinstance(name, str) else name
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def sums(data):
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def linked(name, kind, target="/etc/passwd"):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


DATA = b"rows"
PART = "documents/" + "a" * 48
MANIFEST = {"format": 1, "files": {"database.jsonl": sums(DATA)}}
WHOLE = packed(MANIFEST, [("database.jsonl", DATA)])
TRICKS = {
    "a path upwards": packed(MANIFEST, [("../outside", DATA)]),
    "a path from the root": packed(MANIFEST, [("/tmp/outside", DATA)]),
    "a path upwards below documents": packed(MANIFEST, [("documents/../../outside", DATA)]),
    "a link": packed(MANIFEST, [(linked(PART, tarfile.SYMTYPE), b"")]),
    "a hard link": packed(MANIFEST, [(linked(PART, tarfile.LNKTYPE), b"")]),
    "a device": packed(MANIFEST, [(linked(PART, tarfile.CHRTYPE), b"")]),
    "a folder": packed(MANIFEST, [(linked("documents", tarfile.DIRTYPE), b"")]),
    "the same twice": packed(MANIFEST, [("database.jsonl", DATA), ("database.jsonl", DATA)]),
    "one that the manifest does not name": packed(MANIFEST, [("database.jsonl", DATA), (PART, DATA)]),
    "a missing one": packed(MANIFEST, []),
    "another content": packed(MANIFEST, [("database.jsonl", b"rowz")]),
    "another format": packed({**MANIFEST, "format": 2}, [("database.jsonl", DATA)]),
    "a manifest that is no table": packed(["x"], []),
    "nothing": b"",
    "not a copy": b"PK\x03\x04 something else altogether",
    "something after the end": WHOLE + b"more",
}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_made_up_copy_is_refused_and_writes_nothing_outside(tmp_path, trick):
    (tmp_path / "copy").write_bytes(TRICKS[trick])
    (tmp_path / "in").mkdir()
    with pytest.raises(Unwell):
        backup.read(tmp_path / "copy", None, tmp_path / "in")
    outside = {path.name for path in tmp_path.iterdir()}
    assert outside == {"copy", "in"}


def test_every_changed_byte_and_every_cut_is_found(tmp_path):
    pair = pyrage.x25519.Identity.generate()
    shut = pyrage.encrypt(WHOLE, [pair.to_public()])
    for whole, key in ((WHOLE, None), (shut, str(pair))):
        path = tmp_path / "copy"
        path.write_bytes(whole)
        assert backup.read(path, key) == MANIFEST
        for at in range(len(whole)):
            changed = whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1:]
            path.write_bytes(changed)
            try:
                backup.read(path, key)
            except Unwell:
                continue
            # Two ways to write the same zeros: what is unpacked is the same, byte for byte.
            assert key is None and gzip.decompress(changed) == gzip.decompress(whole), at
        for length in range(0, len(whole), 23):
            path.write_bytes(whole[:length])
            with pytest.raises(Unwell):
                backup.read(path, key)
    path.write_bytes(TRICKS["another content"])  # packed anew: only the sum in the manifest tells
    with pytest.raises(Unwell):
        backup.read(path, None)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_keys(house, place, tmp_path, key, monkeypatch):
    recipient, identity = key
    told = run(house, "backup", "--output", tmp_path / "copy")
    assert told.exit_code == 1 and "--plain" in told.output and not (tmp_path / "copy").exists()
    monkeypatch.setenv("PARTNERSHIPS_BACKUP_KEY", "short")
    assert "12 characters" in run(house, "backup", "--output", tmp_path / "copy").output
    monkeypatch.setenv("PARTNERSHIPS_BACKUP_KEY", "age1nonsense")
    assert "is not one" in run(house, "backup", "--output", tmp_path / "copy").output
    monkeypatch.setenv("PARTNERSHIPS_BACKUP_KEY", identity.read_text().split()[-1])
    assert "secret key" in run(house, "backup", "--output", tmp_path / "copy").output
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("copy")] == []
    monkeypatch.setenv("PARTNERSHIPS_BACKUP_KEY", recipient)
    assert run(house, "backup", "--output", tmp_path / "copy").exit_code == 0
    again = run(house, "backup", "--output", tmp_path / "copy")
    assert again.exit_code == 1 and "--force" in again.output
    new = place()
    assert "--identity" in run(new, "restore", tmp_path / "copy").output
    other = tmp_path / "other.txt"
    other.write_text(str(pyrage.x25519.Identity.generate()))
    told = run(new, "restore", tmp_path / "copy", "--identity", other)
    assert told.exit_code == 1 and "sealed for another" in told.output and is_empty(new)


def test_a_passphrase_seals_and_opens(tmp_path):
    path = tmp_path / "copy"
    with path.open("wb") as out, sealed.sealing(out, "four words of mine") as stream:
        stream.write(WHOLE)
    assert sealed.is_sealed(path) and sealed.opens("four words of mine")
    with pytest.raises(Unwell, match="passphrase does not open"):
        backup.read(path, "four other words of mine")
    assert backup.read(path, "four words of mine") == MANIFEST


def test_what_does_not_agree_in_the_end_leaves_the_place_empty(house, place, tools, tmp_path, monkeypatch):
    assert run(house, "backup", "--output", tmp_path / "copy", "--plain").exit_code == 0
    new = place()
    monkeypatch.setattr(figures, "differences", lambda was, now: ["rows of need: 1, in the copy 2."])
    told = run(new, "restore", tmp_path / "copy")
    assert told.exit_code == 1 and "rows of need" in told.output
    assert is_empty(new)


def test_a_copy_of_a_newer_version_is_refused(place, tmp_path):
    data = packed({"format": 1, "made_at": "2030-01-01", "revision": "999", "documents": {}, "rows": {}, "sums": {},
                   "audit": {}, "files": {"database.jsonl": sums(DATA)}}, [("database.jsonl", DATA)])
    (tmp_path / "copy").write_bytes(data)
    new = place()
    told = run(new, "restore", tmp_path / "copy")
    assert told.exit_code == 1 and "newer version" in told.output and is_empty(new)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_document_that_was_changed_or_lost_is_told_before_anything_is_copied(house, tmp_path):
    first = next((house.config["SETTINGS"].data_dir / "documents").iterdir())
    content = first.read_bytes()
    for spoil in (lambda: first.write_bytes(content + b" "), first.unlink):
        spoil()
        told = run(house, "backup", "--output", tmp_path / "copy", "--plain")
        assert told.exit_code == 1 and first.name in told.output and not (tmp_path / "copy").exists()


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_full_disk_leaves_no_copy_and_says_so(house, tmp_path, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "pack", full)
    told = run(house, "backup", "--output", tmp_path / "copy", "--plain")
    assert told.exit_code == 1 and "No space left" in told.output
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("copy")]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_row_of_an_unknown_table_is_refused(place, tmp_path):
    data = json.dumps({"table": "no_such", "columns": ["id"]}).encode() + b"\n[1]\n"
    (tmp_path / "rows").write_bytes(data)
    new = place()
    with new.app_context(), current_engine().begin() as connection, pytest.raises(Unwell):
        rows.load(connection, tmp_path / "rows")
