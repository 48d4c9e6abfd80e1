"""Workflow: status moves only here. A room declares its transitions as a table; buttons come from the same table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from partnerships.core import audit, policy
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused


@dataclass(frozen=True)
class Transition:
    """One allowed move.

    name: also the last part of the event's tag. label: the verb on its button. effect: what else the move does to the
    record, called before the status changes; it may raise Refused.
    """

    name: str
    label: Any
    sources: frozenset[StrEnum]
    target: StrEnum
    permission: str
    needs_note: bool = False
    audience: str | None = None
    effect: Callable[[Any, Actor], None] | None = None


@dataclass(frozen=True)
class Workflow:
    """The table of a kind of record. `kind` is the record's kind in the event table."""

    kind: str
    transitions: tuple[Transition, ...]
    column: str = "status"
    by_name: dict[str, Transition] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {move.name: move for move in self.transitions})


WORKFLOWS: dict[type, Workflow] = {}


def declare(model: type, workflow: Workflow) -> None:
    """Register the workflow of a model."""
    WORKFLOWS[model] = workflow


def available(obj: Any, actor: Actor) -> list[Transition]:
    """The moves this actor may make now, in the table's order."""
    flow = WORKFLOWS[type(obj)]
    status = getattr(obj, flow.column)
    return [move for move in flow.transitions
            if status in move.sources and policy.can(actor, move.permission, obj)]


def advance(obj: Any, name: str, actor: Actor, note: str = "", **context: Any) -> bool:
    """Make a move and write its event.

    Arguments: obj, the record; name of the transition; actor; note, words for the record; context, further
    arguments of `audit.record` (links to the records whose timeline shows it).
    Returns: False when the record is already where the move leads (a second click), else True.
    Raises: Refused when the move is not possible from here or its note is missing; 403 when the actor may not.
    """
    flow = WORKFLOWS[type(obj)]
    move = flow.by_name[name]
    policy.demand(actor, move.permission, obj)
    status = getattr(obj, flow.column)
    if status not in move.sources:
        if status == move.target:
            return False
        raise Refused(_("This can no longer be done: the record is now “%(status)s”.", status=status.value))
    if move.needs_note and not note.strip():
        raise Refused(_("Say why, in a sentence: it is shown to those concerned and kept on the record."))
    if move.effect is not None:
        move.effect(obj, actor)
    setattr(obj, flow.column, move.target)
    if hasattr(obj, "status_on"):
        obj.status_on = utcnow()
    changes = {flow.column: (status.value, move.target.value)} if status != move.target else {}
    seen_by = context.pop("audience", None)  # the move's own audience comes before that of the record
    audit.record(f"{flow.kind}.{name}", obj, actor, note=note, changes={**changes, **context.pop("changes", {})},
                 audience=move.audience or seen_by, **context)
    db.session.flush()
    return True
