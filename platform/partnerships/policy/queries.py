"""What the running application allows: its permissions with their rules in words, its routes with who may open them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask

from partnerships.core.actor import Role
from partnerships.core.policy import PERMISSIONS, Predicate
from partnerships.policy.deeds import DEEDS, ROOMS
from partnerships.policy.words import alternatives


@dataclass(frozen=True)
class Row:
    """One permission for the roles that have it under the same rule; `rule` is the ways in which it holds, in words."""

    permission: str
    deed: str
    roles: tuple[Role, ...]
    rule: list[str]


@dataclass(frozen=True)
class Route:
    """One route of the application; no permission means that everybody may open it."""

    rule: str
    endpoint: str
    methods: str
    permission: str | None
    roles: tuple[Role, ...]


def room_of(name: str) -> str:
    """The room that a permission or an endpoint belongs to."""
    return name.partition(".")[0]


def rooms() -> list[tuple[str, Any]]:
    """The rooms that have permissions, in the application's order: (name, words)."""
    return [(room, ROOMS[room]) for room in dict.fromkeys(room_of(name) for name in PERMISSIONS)]


def rows(room: str = "", role: Role | None = None) -> Iterator[Row]:
    """Every permission, a row for the roles that share a rule, under the filters."""
    for permission, rule in PERMISSIONS.items():
        if room not in ("", room_of(permission)):
            continue
        alike: dict[int, tuple[Predicate, list[Role]]] = {}
        for one in Role:
            if one in rule:
                alike.setdefault(id(rule[one]), (rule[one], []))[1].append(one)
        for predicate, roles in alike.values():
            if role is None or role in roles:
                yield Row(permission, str(DEEDS[permission]), tuple(roles), alternatives(predicate))


def routes(app: Flask, room: str = "", role: Role | None = None) -> Iterator[Route]:
    """Every route and method with the roles that may use it, by endpoint, under the filters."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: (one.endpoint, one.rule)):
        if rule.endpoint == "static" or room not in ("", room_of(rule.endpoint)):
            continue
        permission: str | None = getattr(app.view_functions[rule.endpoint], "permission")  # noqa: B009 - mypy knows no attribute of a view
        roles = tuple(one for one in Role if permission is None or one in PERMISSIONS[permission])
        if role is None or role in roles:
            methods = " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
            yield Route(rule.rule, rule.endpoint, methods, permission, roles)
