"""Stored markup: in every text column of every table, and nowhere is it anything but text."""

from __future__ import annotations

import csv
import io
from zipfile import ZipFile

import icalendar
import pytest
from defusedxml import ElementTree
from sqlalchemy import String, Text, UniqueConstraint, select, text, update

from partnerships.core import html
from partnerships.core.audit import Event
from partnerships.core.db import Base, current_engine, db
from partnerships.core.mail import Mail
from partnerships.seeding import demo
from tests.browser.pages import addresses
from tests.support.client import Raw

MARK = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*191}}&amp;"
BROKEN = ("<script>alert", "<img src=x", "1337", "onerror=alert(2)>{{")
# Columns that are no words of people: codes, names of files on the disk, hashes, addresses of sign-ins, what tells a kind.
NO_WORDS = {"password_hash", "totp_secret", "digest", "sha256", "stored_as", "token_hash", "credential", "email", "address",
            "tag", "subject_kind", "subject_label", "audience", "hash", "content", "device_hash", "issuer", "issuer_subject",
            "filename", "key", "slot", "location", "excluded_partners", "supporters", "query", "where", "place_key"}
EXPORTS = ("/needs/", "/offers/", "/matches/", "/pledges/", "/conferences/", "/approach/", "/followups/", "/parties/", "/audit/",
           "/desk/all")


def _words(table):
    """The columns of a table that hold words of people."""
    alone = {column.name for rule in table.constraints if isinstance(rule, UniqueConstraint) for column in rule.columns}
    checked = " ".join(str(getattr(rule, "sqltext", "")) for rule in table.constraints)
    for column in table.columns:
        plain = type(column.type) in (String, Text)
        roomy = isinstance(column.type, Text) or (getattr(column.type, "length", 0) or 0) >= 200
        free = not (column.primary_key or column.foreign_keys or column.unique or column.name in NO_WORDS | alone)
        if plain and roomy and free and f"{column.name} IN" not in checked:
            yield column


@pytest.fixture
def marked(app):
    """The demonstration, with markup in every word. Returns: how many columns hold it."""
    demo.add()
    db.session.commit()
    filled = 0
    with current_engine().execution_options(write=True).begin() as connection:
        connection.execute(text("DROP TRIGGER record_event_update"))
        for table in Base.metadata.sorted_tables:
            for column in _words(table):
                done = connection.execute(update(table).where(column != "").values({column.name: MARK}))
                filled += bool(done.rowcount)
    db.session.expire_all()
    return filled


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_every_page_shows_it_as_the_text_it_is(app, marked, monkeypatch, sign_in):
    assert marked > 60
    monkeypatch.setattr(app, "test_client_class", Raw)
    urls = sorted({url for paths in addresses(app).values() for url in paths})
    shown = 0
    for email, _role in demo.SIGN_INS:
        if email in ("focal@cambodia.example", "admin@isu.example"):
            client = app.test_client().signed_in(_account(email))
            for url in urls:
                page = client.get(url).get_data(as_text=True)
                assert not [one for one in BROKEN if one in page], (email, url)
                shown += page.count("&lt;script&gt;alert(1)")
    assert shown > 300


def _account(email):
    from partnerships.accounts.models import Account

    return db.session.scalars(select(Account).where(Account.email == email)).one()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_spreadsheets_feeds_and_letters_hold_it_as_text(app, marked, monkeypatch, visitor):
    monkeypatch.setattr(app, "test_client_class", Raw)
    client = app.test_client().signed_in(_account("admin@isu.example"))
    for url in EXPORTS:
        rows = list(csv.reader(io.StringIO(client.get(f"{url}?as=csv").get_data(as_text=True))))
        assert rows, url
        assert not [cell for row in rows for cell in row if cell[:1] in "=+@\t\r" and cell], url
        sheet = client.get(f"{url}?as=xlsx").get_data()
        with ZipFile(io.BytesIO(sheet)) as book:
            for name in book.namelist():
                body = book.read(name)
                assert b"<script>" not in body and b"<f>" not in body, (url, name)
                if name.endswith(".xml"):
                    ElementTree.fromstring(body)
    news = visitor.get("/feeds/news.atom").get_data()
    assert b"<script>" not in news and ElementTree.fromstring(news) is not None
    calendar = visitor.get("/feeds/public.ics").get_data()
    assert icalendar.Calendar.from_ical(calendar) and b"\nATTACH" not in calendar
    for letter in db.session.scalars(select(Mail)):
        page = html.page(letter.subject, letter.body, letter.language)
        assert not [one for one in BROKEN if one in page]
    assert db.session.scalar(select(Event.id).where(Event.note == MARK)) is not None
