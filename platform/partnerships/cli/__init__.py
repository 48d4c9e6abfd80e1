"""Commands: one file per group. Each runs in one transaction, committed at its end."""

from __future__ import annotations

from flask import Flask

from partnerships.cli import database, matching, matrix, parties, seed


def init_app(app: Flask) -> None:
    """Register the command groups."""
    for module in (database, parties, seed, matrix, matching):
        app.cli.add_command(module.group)
