"""Readings: when somebody of the ISU opens a record that others may not see, the record says so.

Pages hand over what they found (`web.found`); once the answer is made, each restricted record is noted, once an hour and person.
What cannot be noted is not shown: the answer becomes an error page.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy import select

from partnerships.core import policy
from partnerships.core.audit import KINDS, READING, Event, kind_of
from partnerships.core.db import db, utcnow
from partnerships.core.visibility import Visibility

AGAIN_AFTER = timedelta(hours=1)
RESTRICTED = (Visibility.PARTIES, Visibility.ISU)
SHOWN = (200, 206)  # a part of a file is read too


def init_app(app: Flask) -> None:
    """Note after every answer."""
    app.after_request(_note)


def opened(record: Any) -> None:
    """A page found this record and is about to show it."""
    g.setdefault("opened", []).append(record)


def is_restricted(record: Any) -> bool:
    """Whether a record is for few: by its visibility, or because all of its kind are."""
    return getattr(record, "visibility", None) in RESTRICTED or bool(getattr(record, "always_restricted", False))


def _subject(record: Any) -> Any:
    """What a reading is noted of: the record itself, or the one that it hangs on (a document's)."""
    return getattr(record, "hangs_on", record)


def _note(response: Response) -> Response:
    found = g.pop("opened", [])
    actor = policy.current_actor()
    if not found or not actor.is_isu or actor.account_id is None or request.method != "GET" or response.status_code not in SHOWN:
        return response
    kinds: dict[str, dict[int, Any]] = {}
    for record in map(_subject, found):
        if is_restricted(record) and kind_of(record) in KINDS:
            kinds.setdefault(kind_of(record), {})[record.id] = record
    for kind, records in kinds.items():
        _write(kind, records, actor)
    return response


def _write(kind: str, records: dict[int, Any], actor: Any) -> None:
    """Note these records of one kind, but those that the person read within the hour."""
    with db.apart() as own:
        lately = set(own.scalars(select(Event.subject_id).where(
            Event.subject_kind == kind, Event.subject_id.in_(records), Event.tag == kind + READING,
            Event.account_id == actor.account_id, Event.at > utcnow() - AGAIN_AFTER)))
    fresh = [record for number, record in records.items() if number not in lately]
    if fresh:
        with db.apart(write=True) as own:
            own.add_all([Event(
                tag=kind + READING, subject_kind=kind, subject_id=record.id, account_id=actor.account_id,
                subject_label=str(getattr(record, "ref", "") or ""), actor_label=actor.label, changes={},
                audience=Visibility.ISU.value, is_demo=bool(actor.is_demo or getattr(record, "is_demo", False)))
                for record in fresh])
