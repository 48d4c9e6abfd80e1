"""When the database is away, read-only or full, a page says so, gives the words back, and all goes on without a restart."""

from __future__ import annotations

import errno
import io
import re
import sqlite3
from contextlib import contextmanager
from pathlib import Path

import html5lib
import psycopg
import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from partnerships.core import storage
from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.faults import Fault, fault_of
from partnerships.core.policy import public
from partnerships.documents.models import Document
from partnerships.needs.models import Need
from tests.support.client import _NS, form_data, lint
from tests.support.files import PDF

TYPED = {"title": "Clear the “last” <b>field</b>", "summary": "Two lines\nof words & more", "save": "1", "visibility": "public"}


def _beside(app):
    return psycopg.connect(app.extensions["database"].url.set(drivername="postgresql").render_as_string(hide_password=False),
                           autocommit=True)


@contextmanager
def _gone(app, server):
    """The file taken away, or the server stopped."""
    engine = app.extensions["database"]
    if engine.dialect.name == "postgresql":
        server.pause()
        try:
            yield
        finally:
            server.resume()
        return
    path = Path(engine.url.database)
    db.session.close()
    engine.dispose()  # the last one out writes the log into the file
    path.rename(path.with_suffix(".away"))
    path.mkdir()  # so that no new file can be made in its place
    try:
        yield
    finally:
        path.rmdir()
        path.with_suffix(".away").rename(path)


@contextmanager
def _read_only(app, _server):
    engine = app.extensions["database"]
    db.session.close()
    engine.dispose()
    if engine.dialect.name == "postgresql":
        with _beside(app) as connection:
            connection.execute("ALTER DATABASE test SET default_transaction_read_only = on")
            try:
                yield
            finally:
                connection.execute("ALTER DATABASE test RESET default_transaction_read_only")
        engine.dispose()
        return
    with _on_connect(engine, lambda connection: connection.execute("PRAGMA query_only = ON")):
        yield


@contextmanager
def _full(app, _server):
    """SQLite really has no page left. PostgreSQL's own error is raised in its driver's place: a real one needs a disk."""
    engine = app.extensions["database"]
    db.session.close()
    engine.dispose()
    if engine.dialect.name == "postgresql":
        def refuse(_cursor, statement, _parameters, _context):
            if statement.startswith("INSERT"):
                raise psycopg.errors.DiskFull("could not extend file: No space left on device")

        event.listen(engine, "do_execute", refuse)
        try:
            yield
        finally:
            event.remove(engine, "do_execute", refuse)
        return

    def limit(connection):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    with _on_connect(engine, limit):
        yield


@contextmanager
def _on_connect(engine, work):
    def connected(connection, _record):
        work(connection)

    event.listen(engine, "connect", connected)
    try:
        yield
    finally:
        event.remove(engine, "connect", connected)
        db.session.close()
        engine.dispose()


FAULTS = {"gone": (_gone, "cannot be reached"), "read-only": (_read_only, "only be read"), "full": (_full, "no room left")}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_gives_the_words_back_and_passes(app, sign_in, kind, request, engine_name):
    server = request.getfixturevalue("postgres_server") if engine_name == "postgres" else None
    if kind == "gone" and server is not None and server.external:
        pytest.skip("a server of others cannot be stopped")
    fault, words = FAULTS[kind]
    client = sign_in(Role.FOCAL_POINT)
    data = {**client.fields("/needs/new"), **TYPED}
    data["summary"] += " and more" * 300  # more than the room that is left on a page
    db.session.close()
    with fault(app, server):
        answer = client.open("/needs/new", method="POST", data=data)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 503 and words in page and "was not saved" in page
        assert int(answer.headers["Retry-After"]) > 0 and answer.headers["Cache-Control"] == "no-store"
        assert "Clear the “last” &lt;b&gt;field&lt;/b&gt;" in page and "of words &amp; more" in page
        lint(page)
        read = client.open("/needs/")
        assert read.status_code == (503 if kind == "gone" else 200)
        health = client.open("/healthz")
        assert health.status_code == (503 if kind == "gone" else 200)
        again = client.open("/needs/new", method="POST", data=data, headers={"HX-Request": "true"})
        assert again.status_code == 503 and "of words &amp; more" in again.get_data(as_text=True)
    assert db.session.scalar(select(func.count()).where(Need.title == TYPED["title"])) == 0
    form = next(html5lib.parse(page).iter(f"{_NS}form"))
    sent = client.open(form.get("action"), method="POST", data=form_data(form))
    assert sent.status_code == 303, sent.get_data(as_text=True)[:3000]
    need = db.session.scalars(select(Need).where(Need.title == TYPED["title"])).one()
    assert need.summary.replace("\r\n", "\n").startswith(TYPED["summary"])


def test_a_full_disk_under_the_files_leaves_neither_file_nor_row(app, make, sign_in, monkeypatch):
    client = sign_in(Role.FOCAL_POINT)
    need = make.need()
    url = f"/documents/new?need={need.ref}"
    before = storage.names()

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)
    data = {**client.fields(url), "title": "The plan of work", "file": (io.BytesIO(PDF), "plan.pdf")}
    answer = client.post(url, data=data, content_type="multipart/form-data")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 503 and "no room left" in page and "The plan of work" in page
    assert "Choose this file again: plan.pdf" in page and "Send it again" not in page
    assert storage.names() == before and db.session.scalar(select(func.count(Document.id))) == 0


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_secrets_are_not_given_back(app, visitor):
    data = {"email": "a@b.example", "password": "hidden words", "totp-code": "123456", "next": "/needs/", "recovery_code": "abcd-1"}
    for error, code in ((OperationalError("SELECT 1", {}, _sqlite("SQLITE_BUSY")), 503), (ZeroDivisionError("x"), 500)):
        def fail(error=error):
            raise error

        app.view_functions["accounts.start_session"] = public(fail)
        answer = visitor.open("/accounts/sign-in", method="POST", data={**data, "csrf_token": visitor.csrf_token()})
        page = answer.get_data(as_text=True)
        assert answer.status_code == code and "a@b.example" in page
        assert not re.search(r"hidden words|123456|abcd-1|Send it again", page)
        lint(page)


def _sqlite(name):
    error = sqlite3.OperationalError("words")
    error.sqlite_errorname = name
    return error


def _lost():
    error = OperationalError("COMMIT", {}, psycopg.OperationalError("server closed the connection"))
    error.connection_invalidated = True
    return error


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_commit_without_an_answer_is_told_as_uncertain(app, sign_in, monkeypatch):
    client = sign_in(Role.FOCAL_POINT)
    data = {**client.fields("/needs/new"), **TYPED}

    def lose(_self):
        raise _lost()

    monkeypatch.setattr("sqlalchemy.orm.Session.commit", lose)
    answer = client.open("/needs/new", method="POST", data=data)
    assert answer.status_code == 503 and "not certain whether" in answer.get_data(as_text=True)


@pytest.mark.parametrize(("error", "fault"), [
    (_sqlite("SQLITE_FULL"), Fault.FULL), (_sqlite("SQLITE_READONLY_DBMOVED"), Fault.READ_ONLY),
    (_sqlite("SQLITE_LOCKED"), Fault.BUSY), (psycopg.OperationalError(), Fault.GONE),
    (_sqlite("SQLITE_IOERR_WRITE"), Fault.GONE), (sqlite3.OperationalError("near x: syntax error"), None),
    (psycopg.errors.DiskFull(), Fault.FULL), (psycopg.errors.TooManyConnections(), Fault.BUSY), (_lost(), Fault.GONE),
    (psycopg.errors.ReadOnlySqlTransaction(), Fault.READ_ONLY), (psycopg.errors.AdminShutdown(), Fault.GONE),
    (psycopg.errors.DeadlockDetected(), Fault.BUSY), (psycopg.errors.UndefinedColumn(), None),
    (PoolTimeout(), Fault.BUSY), (OSError(errno.EROFS, ""), Fault.READ_ONLY), (OSError(errno.ENOENT, ""), None),
    (ValueError(), None)])
def test_what_is_the_matter(error, fault):
    assert fault_of(error) is fault


def test_a_database_without_tables_is_not_one_that_answers(app, visitor):
    db.session.execute(text("ALTER TABLE need RENAME TO other"))
    db.session.commit()
    try:
        answer = visitor.open("/needs/")
        assert answer.status_code in (500, 503) and "no such" not in answer.get_data(as_text=True)
    finally:
        db.session.execute(text("ALTER TABLE other RENAME TO need"))
        db.session.commit()
