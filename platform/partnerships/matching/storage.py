"""An index on disk: plain arrays that several processes open by memory map, checked before they are believed.

A folder holds versions, each a folder of .npy files with a manifest, and the file `current` that names one of them. A
version is written aside under another name, flushed to the disk, renamed, and only then named in `current`, so
readers never see half of one, and of two that write at once the last wins. The name of a version is the checksum of
its manifest, which holds the checksums of the rest. Nothing is ever unpickled.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .block import ARRAYS, Block
from .index import Index
from .meaning import Encoder
from .text import TOKENISER
from .vocabulary import Columns, Vocabulary

FORMAT = 1
KEPT_SECONDS = 3600  # somebody may just be opening an older version, or about to name a newer one
CURRENT, MANIFEST = "current", "manifest.json"


class CorruptIndex(Exception):
    """The saved index is missing, damaged or of another version; the message says which. Build it anew."""


def save(index: Index, folder: Path, watermark: str = "") -> None:
    """Write an index, delta and all, as the folder's current version.

    Args: watermark, what the caller wishes to know at opening, for example up to which event the index reads.
    """
    index = index.compacted()
    folder.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
    try:
        checksums = {name: _write(aside / f"{name}.npy", array) for name, array in _arrays(index).items()}
        manifest = _about(index.encoder) | {
            "vocabulary": index.vocabulary.digest,
            "texts": index.vocabulary.count,
            "rows": len(index.base),
            "watermark": watermark,
            "files": checksums,
            "salt": secrets.token_hex(8),  # a damaged version is never taken for the same one written anew
        }
        raw = json.dumps(manifest, indent=1, sort_keys=True).encode()
        _write_bytes(aside / MANIFEST, raw)
        _flush_folder(aside)
        version = hashlib.sha256(raw).hexdigest()
        aside.rename(folder / version)
        pointer = aside.with_suffix(".current")
        _write_bytes(pointer, version.encode())
        pointer.replace(folder / CURRENT)
        _flush_folder(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    _clear(folder, version)


def open_index(folder: Path, encoder: Encoder | None = None) -> tuple[Index, str]:
    """Open the current version of a folder; return the index and the watermark it was saved with.

    Args: encoder, the one that queries will use; it must be the one the index was made with.
    Raises CorruptIndex when the files cannot be used, whatever the reason.
    """
    try:
        version = (folder / CURRENT).read_text(encoding="ascii")
        raw = (folder / version / MANIFEST).read_bytes()
        if hashlib.sha256(raw).hexdigest() != version:
            raise CorruptIndex("The manifest is not the one that was written.")
        manifest = json.loads(raw)
        if {key: manifest[key] for key in _about(encoder)} != _about(encoder):
            raise CorruptIndex("The index was made by another version of the engine.")
        arrays = {name: _read(folder / version / f"{name}.npy", manifest["files"][name]) for name in _NAMES}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorruptIndex(f"The index cannot be read: {type(error).__name__}: {error}") from error
    return _index(arrays, manifest, encoder), str(manifest["watermark"])


_NAMES = (*ARRAYS, "keys", "words", "idf")


def _about(encoder: Encoder | None) -> dict[str, Any]:
    """What an index must have been made with to be used here."""
    return {"format": FORMAT, "tokeniser": TOKENISER, "encoder": encoder.name if encoder else ""}


def _arrays(index: Index) -> dict[str, NDArray]:
    vocabulary = index.vocabulary
    words = (*vocabulary.words, *index.columns.new(index.base.width))
    lists = {"keys": _packed(index.base.keys), "words": _packed(words), "idf": vocabulary.idf[:-1]}
    return {**index.base.arrays, **lists}


def _index(arrays: Mapping[str, NDArray], manifest: Mapping[str, Any], encoder: Encoder | None) -> Index:
    words = _unpacked(arrays["words"])
    known = len(arrays["idf"])
    vocabulary = Vocabulary(words[:known], arrays["idf"], manifest["texts"])
    if vocabulary.digest != manifest["vocabulary"]:
        raise CorruptIndex("The vocabulary is not the one that was written.")
    block = Block(_unpacked(arrays["keys"]), arrays)
    if len(block) != manifest["rows"]:
        raise CorruptIndex("The keys are not as many as the rows.")
    return Index(vocabulary, Columns(vocabulary, words[known:]), encoder, block)


def _packed(texts: Iterable[str]) -> NDArray[np.uint8]:
    """Strings as one array of UTF-8 bytes, each ended by a zero byte, which neither a key nor a word holds."""
    raw = "".join(f"{text}\0" for text in texts).encode("utf-8", "surrogatepass")
    return np.frombuffer(raw, np.uint8)


def _unpacked(raw: NDArray[np.uint8]) -> list[str]:
    return raw.tobytes().decode("utf-8", "surrogatepass").split("\0")[:-1]


def _write(path: Path, array: NDArray) -> str:
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    return _checksum(path)


def _write_bytes(path: Path, raw: bytes) -> None:
    with path.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path, checksum: str) -> NDArray:
    if _checksum(path) != checksum:
        raise CorruptIndex(f"{path.name} is not the file that was written.")
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _clear(folder: Path, version: str) -> None:
    """Remove versions that nobody can be opening any more, and what a broken-off writer left."""
    for old in folder.iterdir():
        with contextlib.suppress(OSError):
            if old.is_dir() and old.name != version and old.stat().st_mtime < time.time() - KEPT_SECONDS:
                shutil.rmtree(old, ignore_errors=True)
