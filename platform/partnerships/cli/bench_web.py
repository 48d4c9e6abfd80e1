"""`flask bench web`: how fast the list of needs and the search answer on a large register, and by which plans.

The register is made up on a scratch database: a temporary SQLite file, or an empty PostgreSQL database that is named.
"""

from __future__ import annotations

import json
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

import click
from flask import Flask
from sqlalchemy import Connection, event, insert, select

from partnerships.cli.group import Commands

group = Commands("bench", help="Measure the platform on a made-up register.")
TODAY = date.today()
AXES: dict[str, tuple[str, ...]] = {
    "theme": ("", "survey-clearance", "victim-assistance"), "region": ("", "002", "035"), "kind": ("", "money", "training"),
    "least": ("", "200000"), "most": ("", "900000"), "until": ("", str(TODAY + timedelta(days=700))),
    "state": ("", "expired", "closed", "all"), "sort": ("", "deadline", "amount", "state"),
    "q": ("", "clear", "victim assist", "khm"), "page": ("", "7"),
    "who": ("visitor", "donor", "focal point", "ISU"),
}
SEARCHES = ("clearance", "victim assistance", "déminage", "Cambodia training", "minne", "zzzzzz")
TABLE_SCAN = re.compile(r"^SCAN need(?! USING)\b")
Asked = list[tuple[str, Any]]


@group.command("web")
@click.option("--needs", type=click.IntRange(10), default=100_000, show_default=True, help="How many needs to make up.")
@click.option("--database", help="SQLAlchemy's address of an empty PostgreSQL database; a temporary SQLite file when not given.")
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True, help="How often each page is asked for.")
@click.option("--json", "out", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the figures.")
def command(needs: int, database: str | None, rounds: int, out: Path | None) -> None:
    """Ask for pages of 50 needs under pairwise combinations of all filters, orders and readers; print JSON.

    Milliseconds are those of a whole request in this process, page drawn; `scans` lists statements that read the table of
    needs from end to end.
    """
    with tempfile.TemporaryDirectory(prefix="partnerships-bench-") as folder:
        app = scratch(database or f"sqlite:///{folder}/bench.sqlite3", Path(folder))
        with app.app_context():
            people, seconds = fill(app, needs)
        report = {"needs": needs, "engine": app.extensions["database"].dialect.name, **seconds, **measure(app, people, rounds)}
        app.extensions["database"].dispose()
    text = json.dumps(report, indent=1, ensure_ascii=False)
    click.echo(text)
    if out:
        out.write_text(text + "\n", encoding="utf-8")


def scratch(url: str, folder: Path) -> Flask:
    """An application on a fresh database with the reference data. Raises: ClickException where there are needs already."""
    from partnerships import create_app
    from partnerships.core import migrate
    from partnerships.core.db import db
    from partnerships.needs.models import Need
    from partnerships.seeding import reference
    from partnerships.settings import Settings

    app = create_app(Settings(environment="testing", secret_key="b" * 40, database_url=url, data_dir=folder, demo=False,
                              secure_cookies=False))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        migrate.upgrade()
        reference.load_and_stamp()
        if db.session.scalar(select(Need.id).where(Need.origin == "posted").limit(1)):
            raise click.ClickException("This database holds needs. The bench writes only into an empty one.")
        db.session.commit()
    return app


def fill(app: Flask, count: int) -> tuple[dict[str, int | None], dict[str, float]]:
    """Make up needs, their words, and one person of each kind. Returns: (accounts by reader, seconds by step)."""
    from partnerships.core.db import db
    from partnerships.needs.models import Need, NeedAmount
    from partnerships.searches import index

    started = time.perf_counter()
    rows = list(_needs(count))
    for at in range(0, count, 1000):
        db.session.execute(insert(Need), rows[at:at + 1000])
    made = list(db.session.execute(select(Need.id, Need.asked).where(Need.origin == "posted", Need.asked.is_not(None))))
    amounts = [{"need_id": number, "first_year": TODAY.year + 1, "last_year": TODAY.year + 1, "amount": asked}
               for number, asked in made]
    db.session.execute(insert(NeedAmount), amounts)
    people = _people()
    db.session.commit()
    filled = time.perf_counter()
    counts = index.rebuild()
    db.session.commit()
    indexed = time.perf_counter()
    _settle(app)
    return people, {"fill_s": round(filled - started, 1), "index_s": round(indexed - filled, 1), "indexed": sum(counts.values())}


def _needs(count: int) -> Iterator[dict[str, Any]]:
    """Rows of needs, the same at every run: texts of the engine's made-up register on the States of the reference data."""
    from partnerships.core.db import db
    from partnerships.matching import synthetic
    from partnerships.needs.states import Origin
    from partnerships.parties.models import Party, PartyKind

    chance = random.Random(2026)
    states = list(db.session.execute(select(Party.id, Party.ref).where(Party.kind == PartyKind.STATE).order_by(Party.id)))
    statuses = ["published"] * 80 + ["met"] * 6 + ["partly-met"] * 6 + ["withdrawn"] * 4 + ["draft"] * 2 + ["submitted"] * 2
    levels = ["public"] * 90 + ["states-parties"] * 6 + ["parties"] * 2 + ["isu"] * 2
    for number, need in enumerate(synthetic.register(count).needs, start=1):
        party, ref = states[min(len(states) - 1, int(chance.expovariate(1 / 25)))]
        status = chance.choice(statuses)
        asked = Decimal(int(need.gap_usd or 0)) if need.gap_usd else None
        yield {
            "ref": f"{ref}-1999-{number:06d}", "party_id": party, "origin": Origin.POSTED, "status": status, "title": need.title,
            "summary": need.text, "theme": need.theme, "kinds": tuple(need.kinds), "place": need.title.split(",")[0],
            "article": "5", "language": need.language, "asked": asked, "asked_usd": asked, "deadline": need.deadline,
            "valid_until": need.valid_until, "visibility": chance.choice(levels), "amounts_visibility": chance.choice(levels),
            "published_at": None if status in ("draft", "submitted") else datetime(2026, 1, 1, tzinfo=UTC) - timedelta(
                minutes=chance.randrange(2_000_000))}


def _people() -> dict[str, int | None]:
    from partnerships.accounts.models import Account
    from partnerships.core.actor import Role
    from partnerships.core.db import db
    from partnerships.parties.models import Party

    refs = {row.ref: row.id for row in db.session.execute(select(Party.ref, Party.id))}
    people: dict[str, int | None] = {"visitor": None}
    for who, role, ref in (("donor", Role.DONOR_OFFICER, "NOR"), ("focal point", Role.FOCAL_POINT, "KHM"),
                           ("ISU", Role.ISU_OFFICER, "ISU")):
        account = Account(email=f"{ref.lower()}@bench.example", name=who, role=role, party_id=refs[ref], password_hash="none")
        db.session.add(account)
        db.session.flush()
        people[who] = account.id
    return people


def _settle(app: Flask) -> None:
    """Statistics and, on PostgreSQL, the map of what every transaction sees: what a running server does by itself."""
    engine = app.extensions["database"]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE")


def pairwise(axes: dict[str, tuple[str, ...]]) -> list[dict[str, str]]:
    """Combinations in which every two values of every two axes meet at least once (greedily, the same at every run)."""
    chance, names = random.Random(7), list(axes)

    def pairs(one: dict[str, str]) -> set[tuple[str, str, str, str]]:
        return {(a, one[a], b, one[b]) for a, b in combinations(names, 2)}

    open_ = {(a, x, b, y) for a, b in combinations(names, 2) for x in axes[a] for y in axes[b]}
    chosen = []
    while open_:
        a, x, b, y = min(open_)
        tries = [{name: chance.choice(axes[name]) for name in names} | {a: x, b: y} for _ in range(60)]
        best = max(tries, key=lambda one: len(pairs(one) & open_))
        chosen.append(best)
        open_ -= pairs(best)
    return chosen


def measure(app: Flask, people: dict[str, int | None], rounds: int) -> dict[str, Any]:
    """Ask for every page and say how long each took, how many statements it needed, and which read a whole table."""
    asked: Asked = []
    event.listen(app.extensions["database"], "before_cursor_execute", lambda *args: asked.append((args[2], args[3])))
    report: dict[str, Any] = {}
    pages = {"list": [(combination.pop("who"), "/needs/", combination) for combination in pairwise(AXES)],
             "search": [(who, "/searches/", {"q": words}) for who in ("visitor", "ISU") for words in SEARCHES]}
    for name, some in pages.items():
        times, numbers, scans, slowest = [], [], {}, []
        for who, path, filters in some:
            address = f"{path}?{urlencode({**{key: value for key, value in filters.items() if value}, 'per': '50'})}"
            get = _client(app, people[who])
            get(address)  # what an application prepares once is not a page's time
            spent = [_timed(get, address, asked) for _ in range(rounds)]
            times += spent
            slowest.append((round(min(spent)), who, address))
            numbers.append(len(asked))
            if name == "list":
                with app.extensions["database"].connect() as connection:
                    scans.update({statement[:160]: address for statement, parameters in list(asked)
                                  if table_scans(connection, statement, parameters)})
        times.sort()
        report[name] = {"pages": len(some), "p50_ms": round(median(times), 1), "p95_ms": round(times[int(len(times) * .95)], 1),
                        "most_ms": round(times[-1], 1), "queries": [min(numbers), max(numbers)], "scans": scans,
                        "slowest": sorted(slowest, reverse=True)[:3]}
    return report


def _client(app: Flask, account: int | None) -> Callable[[str], Any]:
    from partnerships.accounts.models import Account
    from partnerships.core.db import db

    client = app.test_client()
    if account is not None:
        with app.app_context():
            person = db.session.get_one(Account, account)
            with client.session_transaction() as session:
                session.update(_user_id=person.get_id(), _fresh=True)
    client.environ_base["HTTP_USER_AGENT"] = "bench"

    def get(address: str) -> Any:
        answer = client.get(address)
        if answer.status_code != 200:
            raise click.ClickException(f"{address} answered {answer.status_code}")
        return answer

    return get


def _timed(get: Callable[[str], Any], address: str, asked: Asked) -> float:
    asked.clear()
    started = time.perf_counter()
    get(address)
    return (time.perf_counter() - started) * 1000


@contextmanager
def quiet(connection: Connection) -> Iterator[None]:
    """Whatever is asked inside is undone: EXPLAIN writes nothing, but a failed one would spoil the transaction."""
    try:
        yield
    finally:
        connection.rollback()


def table_scans(connection: Connection, statement: str, parameters: Any) -> bool:
    """Whether the engine would read the table of needs from end to end to answer a statement.

    Walking an index alone is no such scan. Source: EXPLAIN QUERY PLAN of SQLite, EXPLAIN of PostgreSQL.
    """
    if not re.match(r"\s*(SELECT|WITH)\b", statement):
        return False
    with quiet(connection):
        if connection.dialect.name == "sqlite":
            rows: Sequence[Any] = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            return any(TABLE_SCAN.match(row[3]) for row in rows)
        rows = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).all()
        return any(re.search(r"Seq Scan on need\b(?!_)", row[0]) for row in rows)
