"""The head of each day, kept as a file: whoever makes the chain anew later does not lead through it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from partnerships.core import chain, jobs
from partnerships.core.chain import Finding, Head
from partnerships.core.db import db, utcnow


def folder() -> Path:
    """Where heads are kept: in the data folder, one file a day."""
    return Path(current_app.config["SETTINGS"].data_dir) / "heads"


def written(head: Head, day: date) -> str:
    """A head as its file holds it."""
    return json.dumps({"date": day.isoformat(), "events": head.count, "hash": head.hash, "event": head.event_id,
                       "at": utcnow().isoformat()}, indent=2) + "\n"


def keep(today: date) -> int:
    """Keep the head of the day; one that is kept stays as it is. Returns: 1 when it was written, else 0."""
    path = folder() / f"{today.isoformat()}.json"
    if path.exists():
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written(chain.head(db.session), today), encoding="utf-8")
    return 1


def compare(path: Path) -> list[Finding]:
    """Whether the chain leads through the head in a file. Returns: what is wrong."""
    try:
        said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        count, kept = int(said["events"]), str(said["hash"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [Finding(0, None, "head", _("%(file)s is no head of the record: %(why)s", file=path.name, why=str(error)))]
    found = chain.compare(db.session, count, kept)
    return [] if found is None else [Finding(found.place, None, "head", f"{path.name}: {found.words}")]


def kept() -> list[Path]:
    """The heads that are kept, the oldest first."""
    return sorted(folder().glob("*.json")) if folder().is_dir() else []


jobs.declare("heads", keep)
