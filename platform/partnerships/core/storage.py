"""A folder of files beside the database, outside the web root: random names, and never out of step with a transaction.

A file is written before the commit of the row that names it, and taken away again when that transaction fails; a file
that is given up is deleted only once the commit has succeeded. What a crash in between leaves is found by a command.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path

from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from partnerships.core.db import db

FOLDER = "documents"
_NAME = re.compile(r"[0-9a-f]{48}")
_NEW, _GONE = "files_new", "files_gone"


def folder() -> Path:
    """Where the files are: made when first asked for, readable by the platform's own user only."""
    path = Path(current_app.config["SETTINGS"].data_dir) / FOLDER
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path_of(name: str) -> Path | None:
    """The file with a kept name; None when it is not there, or when the name is none of ours."""
    path = folder() / name
    return path if _NAME.fullmatch(name) and path.is_file() else None


def keep(data: bytes) -> str:
    """Write a file for a row of the running transaction. Returns: its random name."""
    name = secrets.token_hex(24)
    path = folder() / name
    db.session.info.setdefault(_NEW, []).append(path)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return name


def give_up(name: str) -> None:
    """Delete a file once the running transaction is committed."""
    if _NAME.fullmatch(name):
        db.session.info.setdefault(_GONE, []).append(folder() / name)


def names() -> set[str]:
    """The names of all files that are there."""
    return {path.name for path in folder().iterdir() if _NAME.fullmatch(path.name)}


def digest(name: str) -> str | None:
    """The SHA-256 of a kept file; None when it is not there."""
    path = path_of(name)
    if path is None:
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove(name: str) -> None:
    """Delete a file that no row names (the command that checks does so)."""
    path = path_of(name)
    if path is not None:
        path.unlink()


@event.listens_for(Session, "after_commit")
def _committed(session: Session) -> None:
    session.info.pop(_NEW, None)
    for path in session.info.pop(_GONE, ()):
        path.unlink(missing_ok=True)


@event.listens_for(Session, "after_transaction_end")
def _ended(session: Session, transaction: SessionTransaction) -> None:
    """The outermost transaction is over. What is new then was not committed."""
    if transaction.parent is None:
        for path in session.info.pop(_NEW, ()):
            path.unlink(missing_ok=True)
        session.info.pop(_GONE, None)
