"""Fixtures of the laws of the house."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from partnerships import create_app
from tests.conftest import settings_for


@pytest.fixture
def unbound_app(tmp_path: Path) -> Flask:
    """An application whose database is never opened."""
    return create_app(settings_for("sqlite://", tmp_path))
