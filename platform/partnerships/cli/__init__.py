"""Commands: one file per group. Each runs in one transaction, committed at its end."""

from __future__ import annotations

from flask import Flask

from partnerships.cli import (
    accounts,
    audit,
    bench_web,
    database,
    documents,
    exchange,
    exchange_release,
    insight,
    jobs,
    keeping,
    languages,
    matching,
    matrix,
    parties,
    search,
    seed,
)


def init_app(app: Flask) -> None:
    """Register the command groups."""
    for module in (accounts, audit, database, parties, seed, matrix, matching, documents, exchange, exchange_release, insight,
                   search, bench_web):
        app.cli.add_command(module.group)
    for one in (jobs.group, languages.group, jobs.mail, keeping.backup, keeping.restore):
        app.cli.add_command(one)
