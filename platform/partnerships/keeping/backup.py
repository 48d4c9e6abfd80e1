"""Making a copy: database, documents and figures, sealed, read again, and only then put in its place.

The database comes first, so that no row lacks its file: a document is written before its row is committed, and one that is
taken away between the two is held meanwhile by a second name (a hard link, or a copy where the disk knows none).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine

from partnerships import __version__
from partnerships.core.db import utcnow
from partnerships.keeping import archive, copying, figures, sealed
from partnerships.keeping.words import FORMAT, Unwell


@dataclass(frozen=True)
class Made:
    """A copy that was made: its manifest, its size in bytes, and whether it was opened again with its own key."""

    manifest: dict[str, Any]
    size: int
    reopened: bool


def make(engine: Engine, data_dir: Path, output: Path, key: str | None, *, force: bool = False,
         as_rows: bool = False) -> Made:
    """Make a copy of everything.

    Arguments: data_dir, which holds `documents/`; output, the file; key, a recipient (age1...) or a passphrase, None for no
    encryption; force, to replace a file that is there; as_rows, in the form that both engines take. Returns: what was made.
    Raises: Unwell, and leaves nothing behind; FILE is there only when everything in it was checked.
    """
    if output.exists() and not force:
        raise Unwell(f"{output} is there already. Choose another name, or say --force.")
    if not output.parent.is_dir():
        raise Unwell(f"There is no folder {output.parent}.")
    part = output.with_name(f"{output.name}.part")
    try:
        # Beside the files, so that they can be linked; on the platform's own disk, so that nothing plain is left elsewhere.
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=data_dir) as name:
            manifest, files = _gather(engine, data_dir, Path(name), as_rows)
            _write(part, key, manifest, files)
        reopened = key is None or sealed.opens(key)
        if reopened and read(part, key) != manifest:
            raise Unwell("Read again, the copy is not what was written.")
        size = part.stat().st_size
        part.replace(output)
        sync_folder(output.parent)
    except OSError as error:
        raise Unwell(f"The copy cannot be written ({error.strerror or error}).") from error
    finally:
        part.unlink(missing_ok=True)
    return Made(manifest, size, reopened)


def read(path: Path, key: str | None, folder: Path | None = None) -> dict[str, Any]:
    """Read a copy to its end, check each part, and write the parts into an empty folder if one is given.

    Arguments: key, what opens it (AGE-SECRET-KEY-1... or the passphrase); None for a plain one. Returns: its manifest.
    Raises: Unwell.
    """
    with path.open("rb") as file:
        if key is None:
            return archive.unpack(file, folder)
        with sealed.opened(file, key) as stream:
            return archive.unpack(stream, folder)


def _gather(engine: Engine, data_dir: Path, staging: Path, as_rows: bool) -> tuple[dict[str, Any], dict[str, Path]]:
    _hold_all(data_dir, staging)
    database, read_, findings = copying.copy(engine, staging, as_rows=as_rows)
    if findings:
        raise Unwell(f"The record of events does not hold, so nothing was copied: {findings[0]}. See: flask audit verify")
    _hold_late(data_dir, staging, read_["documents"])
    wrong = figures.wrong_documents(read_["documents"], staging)
    if wrong:
        raise Unwell(f"Documents are not as the register says: {'; '.join(wrong[:5])}. See: flask documents check")
    files = {database.name: database, **{name: staging / name for name in read_["documents"]}}
    manifest = {"format": FORMAT, "platform": __version__, "made_at": utcnow().isoformat(timespec="seconds"), **read_,
                "files": {name: archive.sum_of(path) for name, path in files.items()}}
    return manifest, files


def _hold_all(data_dir: Path, staging: Path) -> None:
    """Hold every document that is there now under a second name, before the database is copied."""
    (staging / "documents").mkdir(mode=0o700)
    folder = data_dir / "documents"
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        _hold(path, staging / "documents" / path.name)


def _hold_late(data_dir: Path, staging: Path, named: dict[str, Any]) -> None:
    """Hold what was added since, where the copied database names it."""
    for name in named:
        if not (staging / name).exists():
            _hold(data_dir / name, staging / name)


def _hold(path: Path, held: Path) -> None:
    try:
        os.link(path, held)
    except FileNotFoundError:
        pass  # taken away in this moment: the database knows whether it is missed
    except OSError:
        shutil.copyfile(path, held)


def _write(part: Path, key: str | None, manifest: dict[str, Any], files: dict[str, Path]) -> None:
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        with ExitStack() as stack:
            stream: IO[bytes] = out if key is None else stack.enter_context(sealed.sealing(out, key))
            archive.pack(stream, manifest, files)
        out.flush()
        os.fsync(out.fileno())


def sync_folder(folder: Path) -> None:
    """Have a folder's own entries on the disk, where the system can (Windows cannot)."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
