import json
import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from partnerships.matching import storage
from partnerships.matching.index import Index
from partnerships.matching.storage import CURRENT, CorruptIndex, open_index, save
from partnerships.matching.vocabulary import Vocabulary

from .test_index import VOCABULARY, Letters, answers

DOCUMENTS = {"a": "survey of rice fields", "b": "xylophone", "ب": "地雷 survey", "d": ""}
TEXT = "rice survey xylophone"


@pytest.fixture
def index() -> Index:
    return Index.build(DOCUMENTS, VOCABULARY, Letters())


@pytest.fixture
def folder(tmp_path: Path, index: Index) -> Path:
    save(index, tmp_path / "index", "event 7")
    return tmp_path / "index"


def version(folder: Path) -> Path:
    return folder / (folder / CURRENT).read_text()


def test_what_is_opened_answers_as_what_was_saved(folder: Path, index: Index) -> None:
    opened, watermark = open_index(folder, Letters())
    assert watermark == "event 7"
    assert answers(opened, TEXT) == answers(index, TEXT)
    assert opened.vocabulary.digest == index.vocabulary.digest
    base = opened.base.meanings
    while isinstance(base, np.ndarray) and not isinstance(base, np.memmap):
        base = base.base
    assert isinstance(base, np.memmap)


def test_a_delta_is_saved_too_and_an_opened_index_can_change(folder: Path, index: Index) -> None:
    late = index.updated({"e": "trumpet rice", "a": "trumpet"}, ["b"])
    save(late, folder, "event 9")
    opened, watermark = open_index(folder, Letters())
    assert (watermark, opened.delta_share) == ("event 9", 0)
    assert answers(opened, TEXT + " trumpet") == answers(late, TEXT + " trumpet")
    more = {"f": "trumpet violin"}
    assert answers(opened.updated(more), "violin trumpet") == answers(late.updated(more), "violin trumpet")


@pytest.mark.parametrize("documents", [{}, {"a": ""}])
def test_an_empty_index_is_saved_too(tmp_path: Path, documents: dict[str, str]) -> None:
    save(Index.build(documents, Vocabulary.fit([])), tmp_path)
    opened, _ = open_index(tmp_path)
    assert len(opened) == len(documents) and opened.top("survey") == []


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(bytes(raw))


def swap(path: Path) -> None:
    other = next(file for file in sorted(path.parent.glob("*.npy")) if file.read_bytes() != path.read_bytes())
    path.write_bytes(other.read_bytes())


def empty(path: Path) -> None:
    path.write_bytes(b"")


NAMES = [f"{name}.npy" for name in storage._NAMES]


@pytest.mark.parametrize(
    ("damage", "name"),
    [*((flip, name) for name in NAMES), *product((cut, swap, empty, Path.unlink), ("weights.npy", storage.MANIFEST))],
)
def test_every_damage_is_found_and_saving_anew_mends_it(folder: Path, index: Index, damage, name: str) -> None:
    damage(version(folder) / name)
    with pytest.raises(CorruptIndex):
        open_index(folder, Letters())
    save(index, folder)
    assert answers(open_index(folder, Letters())[0], TEXT) == answers(index, TEXT)


@pytest.mark.parametrize("pointer", [b"", b"../elsewhere", b"\xff\xfe", b"0" * 64, b"\0"])
def test_a_pointer_to_nothing_is_found(folder: Path, pointer: bytes) -> None:
    (folder / CURRENT).write_bytes(pointer)
    with pytest.raises(CorruptIndex):
        open_index(folder, Letters())


def test_nothing_saved_yet_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(CorruptIndex, match="cannot be read"):
        open_index(tmp_path / "nowhere", Letters())


@pytest.mark.parametrize(
    "change", [{"format": 0}, {"tokeniser": 0}, {"encoder": "another"}, {"vocabulary": "x"}, {"rows": 3}, {"files": 3}]
)
def test_another_version_is_refused(folder: Path, change: dict) -> None:
    old = version(folder)
    raw = json.dumps(json.loads((old / storage.MANIFEST).read_text()) | change).encode()
    (old / storage.MANIFEST).write_bytes(raw)
    name = storage.hashlib.sha256(raw).hexdigest()
    old.rename(folder / name)
    (folder / CURRENT).write_text(name)
    with pytest.raises(CorruptIndex):
        open_index(folder, Letters())


def test_a_manifest_that_is_no_json_or_no_object_is_refused(folder: Path) -> None:
    for raw in (b"not json", b"[]", b"{}", b"\xff"):
        name = storage.hashlib.sha256(raw).hexdigest()
        (folder / name).mkdir()
        (folder / name / storage.MANIFEST).write_bytes(raw)
        (folder / CURRENT).write_text(name)
        with pytest.raises(CorruptIndex):
            open_index(folder, Letters())


def test_an_index_without_meaning_is_another_version_for_an_encoder(tmp_path: Path) -> None:
    save(Index.build(DOCUMENTS, VOCABULARY), tmp_path)
    with pytest.raises(CorruptIndex, match="another version"):
        open_index(tmp_path, Letters())


def test_a_pickle_is_never_read(folder: Path) -> None:
    path = version(folder) / "idf.npy"
    np.save(path, np.array([object()], object), allow_pickle=True)
    with pytest.raises(CorruptIndex):
        open_index(folder, Letters())
    with pytest.raises(CorruptIndex):  # and not with a fitting checksum either
        try:
            storage._read(path, storage._checksum(path))
        except ValueError as error:
            raise CorruptIndex from error


def test_old_versions_go_in_time_and_what_is_open_stays_readable(folder: Path, index: Index) -> None:
    opened, _ = open_index(folder, Letters())
    first = version(folder)
    (folder / ".writing-left").mkdir()
    save(index, folder)
    assert first.is_dir()
    for old in (first, folder / ".writing-left"):
        os.utime(old, (1, 1))
    save(index, folder)
    assert not first.exists() and not (folder / ".writing-left").exists()
    assert answers(opened, TEXT) == answers(index, TEXT)


WRITER = """
import sys
from itertools import product
from pathlib import Path
from partnerships.matching.index import Index
from partnerships.matching.storage import open_index, save
from partnerships.matching.vocabulary import Vocabulary
texts = {f"{sys.argv[2]}-{i}": f"survey of field {chr(97 + i)}bc" for i in range(20)}
index = Index.build(texts, Vocabulary(("field", "survey"), [1.0, 1.0], 20))
for i in range(20):
    save(index, Path(sys.argv[1]), sys.argv[2])
    assert len(open_index(Path(sys.argv[1]))[0]) == 20
"""


def test_two_processes_that_write_at_once_both_end_well(tmp_path: Path) -> None:
    root = Path(storage.__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name], env=environment) for name in ("one", "two")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    opened, watermark = open_index(tmp_path)
    assert watermark in ("one", "two") and all(key.startswith(watermark) for key in opened.base.keys)
    assert not list(tmp_path.glob(".writing-*"))
