"""Fixtures of the laws of the house."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from partnerships import create_app
from partnerships.core.actor import Role
from tests.conftest import settings_for
from tests.support.client import Raw


@pytest.fixture
def unbound_app(tmp_path: Path) -> Flask:
    """An application whose database is never opened."""
    return create_app(settings_for("sqlite://", tmp_path))


@pytest.fixture
def raw(app, sign_in, monkeypatch) -> Callable[..., Raw]:
    """Sign in with a raw client."""
    monkeypatch.setattr(app, "test_client_class", Raw)

    def signed(role: Role, party: str) -> Raw:
        client: Raw = sign_in(role, party)
        client.token = ""  # a session that begins has a token of its own
        return client

    return signed
