"""Logs: one line an event, without the values of local variables (they hold what people typed)."""

from __future__ import annotations

import structlog


def init(production: bool) -> None:
    """Configure structlog: JSON lines in production, readable lines elsewhere."""
    renderer = structlog.processors.JSONRenderer() if production else structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[
        structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso"),
        *([structlog.processors.format_exc_info] if production else []), renderer])
