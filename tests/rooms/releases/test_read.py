"""A release in the hands of a stranger: what the data cannot answer is said before anybody adds it up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask_babel import force_locale
from sqlalchemy import select

from partnerships.core.db import db
from partnerships.needs.states import Origin
from partnerships.parties.models import Obligation
from partnerships.pledges.models import Contribution, RecipientTotal
from partnerships.releases import package, queries, reading, service
from tests.support.releases import opened, rows


def _said(word):
    return next(line for line in reading.cautions(queries.tables()) if word in line)


def test_years_without_rows_and_lists_that_are_not_complete_are_told(make):
    said = _said("no row is of")
    years = set(db.session.scalars(select(Contribution.year)))
    assert f"covers {min(years)} to {max(years)}; no row is of 2013," in said and 2013 not in years
    first = db.session.scalars(select(Contribution).where(Contribution.list_complete)).first()
    before = _said("`list_complete` is true")
    first.list_complete = False
    db.session.flush()
    assert _said("`list_complete` is true") != before
    db.session.scalars(select(Contribution)).first().year = 2013
    db.session.flush()
    assert "every year has rows" in _said("`contributions.csv` covers")


def test_totals_that_rows_do_not_come_to_are_named(make):
    assert "KHM 2014" in _said("differ by over one per cent") and "KHM 2009" not in _said("differ by over one per cent")
    total = db.session.scalars(select(RecipientTotal).where(
        RecipientTotal.year == 2009, RecipientTotal.party_id == make.party("KHM").id)).one()
    total.international_usd += Decimal(5_000_000)
    db.session.flush()
    assert "KHM 2009" in _said("differ by over one per cent")


def test_open_obligations_without_a_day_are_counted(app):
    standing = db.session.scalars(select(Obligation).where(Obligation.status == "open")).all()
    assert f"of {len(standing)} open rows 0 state a day" in _said("`obligations.csv`")
    standing[0].deadline = date(2027, 12, 31)
    db.session.flush()
    assert f"of {len(standing)} open rows 1 state a day" in _said("`obligations.csv`")


def test_an_empty_register_has_nothing_to_warn_of(app):
    for table in (tables := queries.tables()):
        table.cells = []
    assert reading.cautions(tables) == [reading._AREAS]


def test_what_a_source_leaves_open_is_in_its_row(make):
    """A note that bears on a figure goes with it; a share that no document names is no zero."""
    recorded, posted = make.need("KHM"), make.need("KHM")
    recorded.origin, recorded.basis, recorded.source = Origin.RECORDED, "A plan", "https://plan.example/"
    for need in (recorded, posted):
        need.national_share = need.amounts[0].national_share = Decimal(0)
    pledge = make.pledge("NOR")
    pledge.note = "May be the same support as another."
    db.session.commit()
    files = opened(service.content(make.release()))
    needs = {row["ref"]: row["national_share"] for row in rows(files, "needs")}
    assert (needs[recorded.ref], needs[posted.ref]) == ("", "0")
    amounts = {row["need"]: row["national_share"] for row in rows(files, "need_amounts")}
    assert (amounts[recorded.ref], amounts[posted.ref]) == ("", "0")
    assert next(row["note"] for row in rows(files, "pledges") if row["ref"] == pledge.ref) == pledge.note
    assert any(row["note"].startswith("Revised figure") for row in rows(files, "recipient_totals"))
    assert b"no row is of 2013" in files["README.md"]


def test_codes_are_explained_in_english_whoever_asks(app):
    with force_locale("fr"):
        found = package.codes(queries.tables()).decode()
    assert "pledges,status,confirmed,Confirmed in writing\r\n" in found and "pledges,status,struck" not in found
    assert found.encode() == package.codes(queries.tables())
