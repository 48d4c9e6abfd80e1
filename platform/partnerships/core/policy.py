"""The policy: who may do what to which record, in one algebra.

A predicate is asked in two ways that cannot disagree, because both come from it: `test(actor, obj)` about one record,
and `where(actor, model)` as SQL about all of them. A permission is a table role -> predicate; a role that is not
in the table may never. Rooms hold their rows of the table in their own policy.py.
"""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import abort, g
from flask_babel import lazy_pgettext as _p
from sqlalchemy import ColumnElement, Select, and_, false, not_, or_, select, true

from partnerships.core import problems
from partnerships.core.actor import PUBLIC, Actor, Role


class Predicate(ABC):
    """A rule about an actor and a record. `words` say it in one phrase where its parts would say it less plainly."""

    words: Any = None

    def called(self, words: Any) -> Predicate:
        """Give it its words (lazily translated). Returns: itself."""
        self.words = words
        return self

    @abstractmethod
    def test(self, actor: Actor, obj: Any) -> bool:
        """Whether it holds for this record."""

    @abstractmethod
    def where(self, actor: Actor, model: Any) -> ColumnElement[bool]:
        """The same as SQL about all records of a model."""

    def __and__(self, other: Predicate) -> Predicate:
        return All(self, other)

    def __or__(self, other: Predicate) -> Predicate:
        return Any_(self, other)

    def __invert__(self) -> Predicate:
        return Not(self)


class Always(Predicate):
    """True of every record."""

    def test(self, actor: Actor, obj: Any) -> bool:
        return True

    def where(self, actor: Actor, model: Any) -> ColumnElement[bool]:
        return true()


class All(Predicate):
    def __init__(self, *parts: Predicate) -> None:
        self.parts = parts

    def test(self, actor: Actor, obj: Any) -> bool:
        return all(part.test(actor, obj) for part in self.parts)

    def where(self, actor: Actor, model: Any) -> ColumnElement[bool]:
        return and_(*(part.where(actor, model) for part in self.parts))


class Any_(Predicate):
    def __init__(self, *parts: Predicate) -> None:
        self.parts = parts

    def test(self, actor: Actor, obj: Any) -> bool:
        return any(part.test(actor, obj) for part in self.parts)

    def where(self, actor: Actor, model: Any) -> ColumnElement[bool]:
        return or_(*(part.where(actor, model) for part in self.parts))


class Not(Predicate):
    def __init__(self, part: Predicate) -> None:
        self.part = part

    def test(self, actor: Actor, obj: Any) -> bool:
        return not self.part.test(actor, obj)

    def where(self, actor: Actor, model: Any) -> ColumnElement[bool]:
        return not_(self.part.where(actor, model))


class Holds(Predicate):
    """The record's column holds one of the values."""

    def __init__(self, column: str, *values: Any) -> None:
        self.column, self.values = column, values

    def test(self, actor: Actor, obj: Any) -> bool:
        return getattr(obj, self.column) in self.values

    def where(self, actor: Actor, model: Any) -> ColumnElement[bool]:
        return getattr(model, self.column).in_(self.values)


class Empty(Predicate):
    """The record's column is empty."""

    def __init__(self, column: str) -> None:
        self.column = column

    def test(self, actor: Actor, obj: Any) -> bool:
        return getattr(obj, self.column) is None

    def where(self, actor: Actor, model: Any) -> ColumnElement[bool]:
        return getattr(model, self.column).is_(None)


class Lasts(Predicate):
    """The day in the record's column has not passed; the last day counts. Without a day it does not last."""

    def __init__(self, column: str) -> None:
        self.column = column

    def test(self, actor: Actor, obj: Any) -> bool:
        until = getattr(obj, self.column)
        return until is not None and until >= date.today()

    def where(self, actor: Actor, model: Any) -> ColumnElement[bool]:
        # The application's day, not the database's: a record and a list must not disagree about midnight.
        return getattr(model, self.column) >= date.today()


class Own(Predicate):
    """The record's column names the actor's party (or account, by `of`)."""

    def __init__(self, column: str = "party_id", of: str = "party_id") -> None:
        self.column, self.of = column, of

    def test(self, actor: Actor, obj: Any) -> bool:
        mine = getattr(actor, self.of)
        return mine is not None and getattr(obj, self.column) == mine

    def where(self, actor: Actor, model: Any) -> ColumnElement[bool]:
        mine = getattr(actor, self.of)
        return false() if mine is None else (getattr(model, self.column) == mine)


class When(Predicate):
    """A question about the actor alone."""

    def __init__(self, question: Callable[[Actor], bool]) -> None:
        self.question = question

    def test(self, actor: Actor, obj: Any) -> bool:
        return self.question(actor)

    def where(self, actor: Actor, model: Any) -> ColumnElement[bool]:
        return true() if self.question(actor) else false()


class Through(Predicate):
    """The rule holds for the record that a relationship leads to (or for any of several); none means no."""

    def __init__(self, relationship: str, part: Predicate) -> None:
        self.relationship, self.part = relationship, part

    def test(self, actor: Actor, obj: Any) -> bool:
        found = getattr(obj, self.relationship)
        if found is None:
            return False
        if isinstance(found, list):
            return any(self.part.test(actor, one) for one in found)
        return self.part.test(actor, found)

    def where(self, actor: Actor, model: Any) -> ColumnElement[bool]:
        attribute = getattr(model, self.relationship)
        target = attribute.property.mapper.class_
        condition = self.part.where(actor, target)
        return attribute.any(condition) if attribute.property.uselist else attribute.has(condition)


always = Always()
never = Not(always)
state_party = When(lambda actor: actor.of_state_party or actor.role is Role.COMMITTEE_MEMBER or actor.is_isu).called(
    _p("rule", "the reader is of a State Party, the Committee or the ISU"))

Rule = Mapping[Role, Predicate]
PERMISSIONS: dict[str, Rule] = {}


def grant(predicate: Predicate, *roles: Role) -> dict[Role, Predicate]:
    """A table that gives the same predicate to several roles (all roles when none is named)."""
    return dict.fromkeys(roles or tuple(Role), predicate)


def declare(permissions: Mapping[str, Rule]) -> None:
    """Add a room's rows. Raises ValueError when a permission is declared twice."""
    for name, rule in permissions.items():
        if PERMISSIONS.get(name, rule) is not rule:
            raise ValueError(f"permission {name} is declared twice")
        PERMISSIONS[name] = rule


def may_ever(actor: Actor, permission: str) -> bool:
    """Whether the actor's role appears in the permission at all (the guard of a route)."""
    return actor.role in PERMISSIONS[permission]


def can(actor: Actor, permission: str, obj: Any) -> bool:
    """Whether the actor may do this to this record."""
    predicate = PERMISSIONS[permission].get(actor.role)
    return predicate is not None and predicate.test(actor, obj)


def condition(actor: Actor, permission: str, model: Any) -> ColumnElement[bool]:
    """The same question as SQL, for lists, counts and sums."""
    predicate = PERMISSIONS[permission].get(actor.role)
    return false() if predicate is None else predicate.where(actor, model)


def scope(actor: Actor, permission: str, model: Any) -> Select[Any]:
    """All records of a model for which `can` is true."""
    return select(model).where(condition(actor, permission, model))


def demand(actor: Actor, permission: str, obj: Any) -> None:
    """403 unless the actor may. The record is already known to be within the actor's sight."""
    if not can(actor, permission, obj):
        abort(403)


def current_actor() -> Actor:
    """The actor of this request (PUBLIC when nobody signed in)."""
    return g.get("actor", PUBLIC)


def requires(permission: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Guard a view: a signed-out person is asked to sign in, a role outside the permission gets 403."""

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            actor = current_actor()
            if not may_ever(actor, permission):
                if not actor.is_signed_in:
                    if problems.wanted():
                        abort(401)
                    from flask_login import login_url

                    from partnerships.core.web import here, see_other

                    return see_other(login_url("accounts.sign_in", next_url=here()))
                abort(403)
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view that everybody may open; what it shows is still within the actor's scope."""
    view.permission = None  # type: ignore[attr-defined]
    return view
