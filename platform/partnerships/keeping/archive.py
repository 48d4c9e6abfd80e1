"""The form of a copy: a tar in gzip. The manifest first, then the database, then the documents; nothing else, no folders.

Everything in it is named in the manifest with its size and SHA-256, and gzip's own sum covers the manifest: a changed byte,
a missing or an added part is found. What a tar could do beyond holding files (paths, links, devices) is refused.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import tarfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from partnerships.keeping.words import FORMAT, Unwell

MANIFEST = "manifest.json"
DATABASE = {"sqlite": "database.sqlite3", "pg_dump": "database.pgdump", "rows": "database.jsonl"}
_NAME = re.compile(r"manifest\.json|database\.(sqlite3|pgdump|jsonl)|documents/[0-9a-f]{48}")
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # gzip without a time or a name: nothing in it may differ
LARGEST_MANIFEST = 256 * 1024 * 1024
PIECE = 1024 * 1024


def sum_of(path: Path) -> dict[str, Any]:
    """The size in bytes and the SHA-256 of a file."""
    with path.open("rb") as file:
        return {"size": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def pack(out: IO[bytes], manifest: Mapping[str, Any], files: Mapping[str, Path]) -> None:
    """Write a copy.

    Arguments: manifest, whose `files` names every file with its sum; files, {name in the copy: path}.
    Raises: Unwell when a file is no longer what the manifest says.
    """
    text = json.dumps(manifest, indent=1, sort_keys=True).encode()
    with gzip.GzipFile(filename="", mode="wb", fileobj=out, compresslevel=6, mtime=0) as zipped, \
            tarfile.open(fileobj=zipped, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(_member(MANIFEST, len(text)), io.BytesIO(text))
        for name, path in files.items():
            with path.open("rb") as file:
                tar.addfile(_member(name, manifest["files"][name]["size"]), file)


def _member(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def unpack(source: IO[bytes], folder: Path | None) -> dict[str, Any]:
    """Read a copy to its end and check every part of it.

    Arguments: folder, an empty one into which the parts are written; None only checks. Returns: the manifest.
    Raises: Unwell, in words, for whatever is not as it should be.
    """
    try:
        plain = _Plain(source)
        with gzip.GzipFile(fileobj=plain, mode="rb") as zipped:
            with tarfile.open(fileobj=zipped, mode="r|") as tar:
                manifest = _members(tar, folder)
            while zipped.read(PIECE):  # to the end: gzip's own sum stands there
                pass
        if source.read(1):
            raise Unwell("Something follows the end of the copy.")
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError, KeyError, TypeError) as error:
        raise Unwell(f"The copy is damaged or cut short ({error or type(error).__name__}).") from error
    return manifest


class _Plain(io.RawIOBase):
    """A stream whose first bytes are ours: gzip would pass over a changed time or name."""

    def __init__(self, source: IO[bytes]) -> None:
        head = source.read(len(_HEAD))
        if head != _HEAD:
            raise Unwell("This is no copy of the platform, or its beginning is damaged.")
        self.head, self.source = head, source

    def read(self, size: int = -1) -> bytes:
        if not self.head:
            return self.source.read(size)
        size = len(self.head) if size < 0 else size
        first, self.head = self.head[:size], self.head[size:]
        return first


def _members(tar: tarfile.TarFile, folder: Path | None) -> dict[str, Any]:
    manifest: dict[str, Any] | None = None
    seen: set[str] = set()
    for one in tar:
        if not one.isreg() or not _NAME.fullmatch(one.name) or one.name in seen:
            raise Unwell(f"The copy holds something that does not belong there: {one.name[:80]!r}.")
        seen.add(one.name)
        content = tar.extractfile(one)
        assert content is not None
        if manifest is None:
            manifest = _manifest(one, content)
        else:
            _part(one, content, manifest["files"], folder)
    if manifest is None:
        raise Unwell("The copy is empty.")
    missing = sorted(set(manifest["files"]) - seen)
    if missing:
        raise Unwell(f"{len(missing)} parts are missing from the copy, the first is {missing[0]}.")
    return manifest


def _manifest(one: tarfile.TarInfo, content: IO[bytes]) -> dict[str, Any]:
    if one.name != MANIFEST or one.size > LARGEST_MANIFEST:
        raise Unwell("The copy does not begin with its manifest.")
    manifest = json.loads(content.read())
    if manifest["format"] != FORMAT:
        raise Unwell(f"The copy has format {manifest['format']}; this version of the platform reads format {FORMAT}.")
    return dict(manifest)


def _part(one: tarfile.TarInfo, content: IO[bytes], files: Mapping[str, Any], folder: Path | None) -> None:
    """One file, written (below the folder, under a name that the pattern allows) while it is summed."""
    if one.name not in files:
        raise Unwell(f"{one.name} is in the copy and not in its manifest.")
    digest = hashlib.sha256()
    path = None if folder is None else folder / one.name
    if path is not None:
        path.parent.mkdir(mode=0o700, exist_ok=True)
    sink: IO[bytes] = io.BytesIO() if path is None else path.open("xb")
    with sink:
        while piece := content.read(PIECE):
            digest.update(piece)
            if path is not None:
                sink.write(piece)
    if path is not None:
        path.chmod(0o600)
    if one.size != files[one.name]["size"] or digest.hexdigest() != files[one.name]["sha256"]:
        raise Unwell(f"{one.name} is not what the manifest says: its checksum differs.")
