"""Fixtures of the API's tests: programs that ask with the keys of people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.tokens import service
from partnerships.tokens.states import Scope, TokenKind


class Program:
    """A program with a key (or none): plain requests, JSON answers."""

    def __init__(self, app: Any, secret: str = "") -> None:
        self.client, self.secret = app.test_client(), secret

    def headers(self, more: dict[str, str] | None = None) -> dict[str, str]:
        """What it sends with each request."""
        return {**({"Authorization": f"Bearer {self.secret}"} if self.secret else {}), **(more or {})}

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **sent: Any) -> Any:
        """One request under /api/v1."""
        return self.client.open(f"/api/v1{path}", method=method, headers=self.headers(headers), **sent)

    def get(self, path: str, headers: dict[str, str] | None = None) -> Any:
        """Read."""
        return self.ask("GET", path, headers)

    def every(self, path: str) -> list[dict[str, Any]]:
        """All records of a list, page after page."""
        found, address = [], path
        while address:
            answer = self.get(address)
            assert answer.status_code == 200, answer.text
            found += answer.json["data"]
            joined = "&" if "?" in path else "?"
            address = f"{path}{joined}cursor={answer.json['next']}" if answer.json["next"] else ""
        return found


@pytest.fixture
def program(app, make) -> Callable[..., Program]:
    """A program of a role and party: `program(Role.FOCAL_POINT, "KHM", Scope.NEEDS)`; without a role, one without a key."""

    def made(role: Role | None = None, party: str = "", *scopes: Scope, kind: TokenKind = TokenKind.PERSONAL) -> Program:
        if role is None:
            return Program(app)
        _token, secret = service.make(make.actor(role, party), "A program", kind, scopes, 30)
        db.session.commit()
        return Program(app, secret)

    return made
