"""Writing a need in another language. Flushes, never commits."""

from __future__ import annotations

import hashlib

from partnerships.core import audit, policy
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.needs.models import Need
from partnerships.wordings.models import NeedWording

WRITE = "wordings.write"


def digest(need: Need) -> str:
    """What tells whether the original has changed since it was rendered."""
    return hashlib.sha256(f"{need.title}\0{need.summary}".encode()).hexdigest()


def is_behind(wording: NeedWording) -> bool:
    """Whether the original says something else by now."""
    return wording.of != digest(wording.need)


def write(actor: Actor, need: Need, language: str, kept: NeedWording | None, title: str, summary: str) -> NeedWording:
    """Keep a need's wording in a language; the earlier one stays in the record. Returns: the row, flushed. Raises: 403."""
    one = kept or NeedWording(need_id=need.id, need=need, language=language, title="", summary="", of="")
    policy.demand(actor, WRITE, one)
    changes = audit.differences(one, {"title": title, "summary": summary})
    one.title, one.summary, one.of, one.is_demo = title, summary, digest(need), need.is_demo
    db.session.add(one)
    db.session.flush()
    if changes:
        audit.record("need.worded", need, actor, changes={"language": (None, language), **changes})
    return one


def take_away(actor: Actor, one: NeedWording) -> None:
    """Take a wording away; what it said stays in the record of the need. Raises: 403."""
    policy.demand(actor, WRITE, one)
    audit.record("need.wording-removed", one.need, actor, changes={
        "language": (one.language, None), "title": (one.title, None), "summary": (one.summary, None)})
    db.session.delete(one)
    db.session.flush()
