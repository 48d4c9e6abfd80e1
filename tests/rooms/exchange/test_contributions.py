"""Contributions from a spreadsheet: the file that exists, later years in the same form, what goes wrong, and the undo."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest
import xlsxwriter
from sqlalchemy import delete, func, select, text

from partnerships.core.actor import PUBLIC, Role
from partnerships.core.db import db
from partnerships.exchange import funding
from partnerships.exchange.kinds import KINDS
from partnerships.exchange.models import Import, ImportOf
from partnerships.parties.models import Party
from partnerships.pledges.models import Contribution
from partnerships.suggestions import gifts as history
from tests.rooms.exchange.conftest import SHARED, csv_of

HISTORY = SHARED / "funding_history_2009_2019.csv"
HEAD = ["year", "donor", "donor_iso3", "recipient", "recipient_iso3", "sector", "amount_usd", "amount_national", "currency",
        "donor_list_complete", "cross_check", "source_url"]
SOURCE = "https://monitor.example/2021"
there = pytest.mark.skipif(not HISTORY.exists(), reason="the shared files are not here")


def row(**changes):
    values = {"year": 2021, "donor": "Norway", "donor_iso3": "NOR", "recipient": "Cambodia", "recipient_iso3": "KHM",
              "sector": "Clearance and risk education", "amount_usd": 1000000, "amount_national": 8600000, "currency": "NOK",
              "donor_list_complete": "yes", "cross_check": "", "source_url": SOURCE, **changes}
    return [values[name] for name in HEAD]


def everything() -> list[tuple]:
    """All contributions on record, in plain terms."""
    giver, taker = Party.__table__.alias(), Party.__table__.alias()
    query = select(Contribution.year, giver.c.ref, taker.c.ref, Contribution.line, Contribution.sector, Contribution.themes,
                   Contribution.amount_usd, Contribution.amount_national, Contribution.currency, Contribution.list_complete,
                   Contribution.source)
    query = query.join(giver, giver.c.id == Contribution.donor_id).join(taker, taker.c.id == Contribution.recipient_id)
    return sorted(map(tuple, db.session.execute(query)), key=repr)


def later() -> list[Contribution]:
    return list(db.session.scalars(select(Contribution).where(Contribution.year > 2019).order_by(Contribution.id)))


@there
def test_the_file_changes_nothing_in_a_seeded_register_and_makes_the_same_in_an_empty_one(command):
    before = everything()
    code, report = command(HISTORY, what="contributions")
    assert code == 0 and report["counts"] == {"created": 0, "updated": 0, "unchanged": 770, "rejected": 0}
    assert [one["row"] for one in report["rows"]] == list(range(2, 772)) and report["notes"] == []
    db.session.execute(delete(Contribution))
    db.session.commit()
    code, report = command(HISTORY, "--dry-run", what="contributions")
    assert code == 0 and report["counts"]["created"] == 770 and report["dry_run"] and report["import"] is None
    assert everything() == []
    code, report = command(HISTORY, what="contributions")
    assert code == 0 and report["counts"]["created"] == 770 and report["status"] == "confirmed"
    assert everything() == before
    assert command(HISTORY, what="contributions")[1]["counts"]["unchanged"] == 770 and everything() == before


@there
def test_columns_in_another_order_in_a_workbook_read_the_same(command):
    rows = list(csv.reader(io.StringIO(HISTORY.read_text(encoding="utf-8-sig"))))
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, one in enumerate(rows):
            for place, cell in enumerate(reversed(one)):
                sheet.write(number, place, int(cell) if cell.isdigit() else cell)
    assert command(out.getvalue(), name="history.xlsx", what="contributions")[1]["counts"]["unchanged"] == 770


@there
def test_names_alone_are_enough_for_every_party_of_the_file(command):
    rows = list(csv.DictReader(io.StringIO(HISTORY.read_text(encoding="utf-8-sig"))))
    data = csv_of(HEAD, *[[{**one, "donor_iso3": "", "recipient_iso3": ""}[name] for name in HEAD] for one in rows])
    assert command(data, what="contributions")[1]["counts"]["unchanged"] == 770


@pytest.mark.parametrize("donor", [
    "European Union", "Union européenne", "الاتحاد الأوروبي", "欧洲联盟", "EU", "OFID", "OPEC Fund for International Development",
    "UNDP", "OCHA (pooled funds)", "OCHA", "UN CERF", "Howard Buffett Foundation", "Königreich", "Ruritania"])
def test_organisations_are_found_by_name_and_strangers_are_refused_with_what_to_do(command, donor):
    found = command(csv_of(HEAD, row(donor=donor, donor_iso3="", currency="USD", amount_national=1000000)), what="contributions")[1]
    fate = "rejected" if donor in ("Königreich", "Ruritania") else "created"
    assert found["rows"][0]["result"] == fate, found
    if fate == "rejected":
        assert "ask the ISU to add it" in found["rows"][0]["words"] and later() == []
    else:
        assert len(later()) == 1


ROWS = [
    (row(donor="Noruega", donor_iso3=""), "created", "Norway"),
    (row(donor="The Kingdom up north", recipient="Angola", recipient_iso3="AGO"), "created", "was taken for Norway, by its code"),
    (row(donor="Sweden"), "rejected", "the code NOR is Norway, but the name is “Sweden”: which is meant?"),
    (row(recipient="Angola"), "rejected", "the code KHM is Cambodia"),
    (row(donor_iso3="NRW"), "rejected", "“NRW” is no code known here"),
    (row(donor="", donor_iso3=""), "rejected", "nobody is named"),
    (row(recipient="Norway", recipient_iso3="NOR"), "rejected", "donor and recipient are the same"),
    (row(recipient="UNDP", recipient_iso3=""), "rejected", "not known here"),
    (row(donor="Kosovo", donor_iso3="XKX"), "rejected", "only States and organisations are donors"),
    (row(year="soon"), "rejected", "is no year"), (row(year=""), "rejected", "no year is given"),
    (row(year="2019-2021"), "rejected", "give one year"), (row(year=2099), "rejected", "still to come"),
    (row(year=1066), "rejected", "Use a year between"),
    (row(amount_usd="-5"), "rejected", "cannot be negative"), (row(amount_usd="(5)"), "rejected", "cannot be negative"),
    (row(amount_usd="0"), "rejected", "an amount of nothing"),
    (row(amount_usd="5,555.123"), "rejected", "USD has fewer decimals"),
    (row(amount_national="5000.5", currency="JPY"), "rejected", "JPY has fewer decimals"),
    (row(currency=""), "rejected", "in which currency"), (row(currency="DEM"), "rejected", "DEM ceased in 2002"),
    (row(currency="USD"), "rejected", "both amounts are in US dollars, but differ"),
    (row(amount_usd="EUR 5"), "rejected", "different currencies: EUR, USD"),
    (row(amount_usd="=1+1"), "rejected", "no amount"), (row(sector="=HYPERLINK(1)"), "rejected", "holds a formula"),
    (row(sector="x" * 121), "rejected", "at most 120"), (row(donor_list_complete="perhaps"), "rejected", "write yes or no"),
    (row(source_url=""), "rejected", "name the public document"),
    (row(donor="Japan", donor_iso3="JPN", amount_usd="", amount_national="", currency=""), "created", "No amount is stated"),
    (row(donor="Italy", donor_iso3="ITA", amount_usd="1.5 million", amount_national="", currency=""), "created", "1 500 000 USD"),
    (row(donor="Spain", donor_iso3="ESP", sector="Dogs and clearance"), "created", "“Dogs” names no single thematic area"),
    (row(donor="Chile", donor_iso3="CHL", cross_check="CONFLICT 7"), "created", "“CONFLICT 7”"),
]


def test_each_row_has_its_own_fate_and_words(command):
    code, report = command(csv_of(HEAD, *[values for values, _fate, _words in ROWS]), what="contributions")
    assert code == 0
    for one, (values, fate, words) in zip(report["rows"], ROWS, strict=True):
        assert one["result"] == fate and words in one["words"].replace("\u202f", " "), (values, one)
    assert len(later()) == sum(fate == "created" for _values, fate, _words in ROWS) == report["counts"]["created"]


def test_what_is_kept_of_a_row(command):
    report = command(csv_of(HEAD, row()), what="contributions")[1]
    assert report["notes"] == [] and report["rows"][0]["words"]
    one = later()[0]
    assert (one.year, one.donor.ref, one.recipient.ref, one.line, one.sector) == (
        2021, "NOR", "KHM", 1, "Clearance and risk education")
    assert one.themes == ("risk-education", "survey-clearance") and one.list_complete and one.source == SOURCE
    assert (one.amount_usd, one.amount_national, one.currency) == (Decimal(1000000), Decimal(8600000), "NOK")


def test_the_same_row_twice_two_that_differ_and_another_sector(command):
    data = csv_of(HEAD, row(), row(), row(recipient="Angola", recipient_iso3="AGO"),
                  row(recipient="Angola", recipient_iso3="AGO", amount_usd=7), row(sector="Victim assistance", amount_usd=5),
                  row(sector="Advocacy"))
    found = command(data, what="contributions")[1]["rows"]
    assert [one["result"] for one in found] == ["created", "unchanged", "rejected", "rejected", "created", "created"]
    assert "The same as row 2" in found[1]["words"] and all("Rows 4 and 5" in one["words"] for one in found[2:4])
    assert [(one.line, one.sector) for one in later()] == [
        (1, "Clearance and risk education"), (2, "Victim assistance"), (3, "Advocacy")]
    again = command(data, what="contributions")[1]["rows"]
    assert [one["result"] for one in again] == ["unchanged", "unchanged", "rejected", "rejected", "unchanged", "unchanged"]
    more = command(csv_of(HEAD, row(sector="Various")), what="contributions")[1]["rows"][0]
    assert more["result"] == "created" and "is it the same contribution?" in more["words"]


def test_a_formula_of_a_workbook_refuses_its_row(command):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, row())
        sheet.write_formula(1, 6, "=2+3", None, 5)
    found = command(out.getvalue(), name="x.xlsx", what="contributions")[1]["rows"][0]
    assert found["result"] == "rejected" and "holds a formula" in found["words"]


def gifts() -> set[tuple]:
    return {(one.donor, one.recipient, one.year, one.amount_usd, one.themes) for one in history.of(PUBLIC) if one.year > 2019}


def test_a_changed_amount_updates_and_the_engine_knows_at_once(importing):
    here = importing(Role.ISU_OFFICER)
    first = here.import_(csv_of(HEAD, row()), what="contributions")
    themes = ("risk-education", "survey-clearance")
    assert gifts() == {("NOR", "KHM", 2021, 1000000.0, themes)}
    where = here.preview(csv_of(HEAD, row(amount_usd=2000000)), what="contributions")
    fate, words = here.rows(where)[0]
    assert fate == "Changes a record" and "amount in US dollars: 1 000 000 becomes 2 000 000" in words.replace("\u202f", " ")
    assert later()[0].amount_usd == 1000000
    here.move(where, "confirmed")
    assert gifts() == {("NOR", "KHM", 2021, 2000000.0, themes)}
    here.move(f"/exchange/{first.ref}", "undone")  # the older import: its row has changed since, and stays
    assert "somebody changed it" in here.rows(f"/exchange/{first.ref}")[0][1] and len(later()) == 1
    here.move(where, "undone")
    assert gifts() == {("NOR", "KHM", 2021, 1000000.0, themes)}


def test_the_engine_notices_a_change_that_leaves_every_sum_as_it_was(importing):
    here = importing(Role.ISU_OFFICER)
    rows = [row(sector="Clearance"), row(sector="Clearance", recipient="Angola", recipient_iso3="AGO", amount_usd=3000000)]
    here.import_(csv_of(HEAD, *rows), what="contributions")
    before = gifts()
    swapped = [row(sector="Clearance", amount_usd=3000000), row(sector="Clearance", recipient="Angola", recipient_iso3="AGO")]
    here.import_(csv_of(HEAD, *swapped), what="contributions")
    after = gifts()
    assert {(one[1], one[3]) for one in before} == {("KHM", 1e6), ("AGO", 3e6)}
    assert {(one[1], one[3]) for one in after} == {("KHM", 3e6), ("AGO", 1e6)}


def test_undo_takes_out_what_was_made_and_puts_back_what_was_changed(importing):
    here = importing(Role.ISU_OFFICER)
    before = everything()
    seeded = db.session.scalars(select(Contribution).order_by(Contribution.id)).first()
    data = csv_of(HEAD, row(), row(sector="Various", donor="Chile", donor_iso3="CHL"), row(
        year=seeded.year, donor=seeded.donor.ref, donor_iso3="", recipient=seeded.recipient.ref, recipient_iso3="",
        sector=seeded.sector, amount_usd=1, amount_national=2, currency="EUR", donor_list_complete="no"))
    one = here.import_(data, what="contributions")
    assert [fate for fate, _words in here.rows(f"/exchange/{one.ref}")] == ["New", "New", "Changes a record"]
    assert len(everything()) == len(before) + 2
    here.move(f"/exchange/{one.ref}", "undone")
    assert everything() == before
    assert {fate for fate, _words in here.rows(here.preview(data, what="contributions"))} == {"New", "Changes a record"}


def test_nothing_is_half_imported_when_the_database_refuses_a_row(importing, monkeypatch):
    here, real = importing(Role.ISU_OFFICER), funding.keep
    before = everything()

    def broken(one, kept, verdict, actor):
        real(one, kept, verdict, actor)
        if kept.number == 3:
            db.session.execute(text("UPDATE contribution SET donor_id = NULL WHERE id = :id"), {"id": kept.record_id})
    monkeypatch.setitem(KINDS, ImportOf.CONTRIBUTIONS, replace(KINDS[ImportOf.CONTRIBUTIONS], write=broken))
    where = here.preview(csv_of(HEAD, row(), row(sector="Various", amount_usd=7)), what="contributions")
    answer = here.move(where, "confirmed")
    assert answer.status_code == 422 and "Nothing was imported" in answer.get_data(as_text=True)
    assert everything() == before and here.rows(where)[0][0] == "New"


def test_a_conference_chosen_by_mistake_is_no_matter_of_contributions(importing, make):
    conference = make.conference()
    one = importing(Role.ISU_OFFICER).import_(csv_of(HEAD, row()), what="contributions", conference=conference.ref)
    assert one.what is ImportOf.CONTRIBUTIONS and one.conference is None and one.notes == []


def test_only_the_isu_imports_contributions(importing):
    for role, party in ((Role.DONOR_OFFICER, "NOR"), (Role.FOCAL_POINT, "KHM"), (Role.ORGANISATION_OFFICER, "GICHD")):
        assert importing(role, party).send(csv_of(HEAD, row()), what="contributions").status_code == 422
    assert db.session.scalar(select(func.count(Import.id))) == 0 and later() == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_our_own_template_comes_back(importing, kind):
    here = importing(Role.ISU_OFFICER)
    for language in ("en", "ar"):
        answer = here.client.get(f"/exchange/template/contributions.{kind}?lang={language}")
        shown = here.client.get(here.preview(answer.data, name=f"t.{kind}", what="contributions")).get_data(as_text=True)
        assert "The example of the template: not read." in shown and "Not read:" not in shown


def test_what_a_demonstration_sign_in_imports_goes_with_the_demonstration(app):
    from partnerships.seeding import demo
    from tests.rooms.exchange.conftest import Page

    before = everything()
    demo.add()
    db.session.commit()
    client = app.test_client()
    client.post("/accounts/sign-in", data={"email": "isu@isu.example", "password": demo.PASSWORD})
    here = Page(client)
    for amount in (5, 7):
        here.import_(csv_of(HEAD, row(amount_usd=amount)), what="contributions")
    assert len(everything()) == len(before) + 1
    demo.remove()
    db.session.commit()
    assert everything() == before
