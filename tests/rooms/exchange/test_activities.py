"""IATI activities in: our own change nothing, those of others become contributions, bad files are refused in words."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from partnerships.core.actor import SYSTEM, Role
from partnerships.core.db import db
from partnerships.exchange.models import ImportOf
from partnerships.exchange.reading import LARGEST_FILE
from partnerships.pledges import service as pledges
from partnerships.pledges.models import Contribution, Pledge
from partnerships.standards import service
from partnerships.standards.queries import Wanted
from tests.rooms.exchange.conftest import csv_of

SOON = (date.today() + timedelta(30)).isoformat()
SECTOR = '<sector vocabulary="1" code="15250"/>'
KHM = '<recipient-country code="KH"/>'


def paid(amount: object, day: str = "2023-05-06", kind: str = "3", **more: str) -> str:
    """A transaction; `more` are the insides of its parts, in the schema's order."""
    return (f'<transaction><transaction-type code="{kind}"/><transaction-date iso-date="{day}"/>'
            f'<value {more.get("currency", "")} value-date="2023-05-06">{amount}</value>{more.get("rest", "")}</transaction>\n')


def activity(*transactions: str, identifier: str = "NO-1-KHM", funding: str = "Norway", sector: str = SECTOR, country: str = KHM,
             more: str = "", currency: str = 'default-currency="NOK"') -> str:
    """An activity of another publisher."""
    who = f'<participating-org role="1" type="10"><narrative>{funding}</narrative></participating-org>' if funding else ""
    return (f'<iati-activity xml:lang="en" {currency}>\n<iati-identifier>{identifier}</iati-identifier>\n'
            '<reporting-org ref="NO-1" type="10"><narrative>Agency of Norway</narrative></reporting-org>\n'
            '<title><narrative>Clearance in Battambang</narrative></title>\n'
            f'{who}{country}{sector}{more}\n{"".join(transactions)}</iati-activity>\n')


def file_of(*activities: str, head: str = 'version="2.03"') -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities {head}>\n{"".join(activities)}</iati-activities>'.encode()


@pytest.fixture
def taken(command):
    """`taken(data)` imports a file by command: (exit code, report)."""
    return lambda data, *options: command(data, *options, name="file.xml", what="iati")


def recorded() -> list[tuple[object, ...]]:
    """The contributions that came from activities, in plain terms."""
    found = db.session.scalars(select(Contribution).where(Contribution.source.startswith("IATI")).order_by(Contribution.id))
    return [(one.year, one.donor.ref, one.recipient.ref, one.amount_usd, one.amount_national, one.currency) for one in found]


def test_our_own_export_changes_nothing(app, make, taken):
    need = make.need("KHM")
    one = make.pledge("NOR", need=need)
    pledges.move(one, "agreed", SYSTEM, on=date.today())
    db.session.commit()
    out = io.BytesIO()
    number, _left = service.write(out, Wanted(donor="NOR"))
    before = db.session.scalar(select(func.count()).select_from(Contribution)), one.version, one.updated_at
    code, report = taken(out.getvalue())
    assert code == 0 and report["counts"] == {"created": 0, "updated": 0, "unchanged": number, "rejected": 0}
    assert any(f"{one.ref} is a record of this register" in row["words"] for row in report["rows"])
    db.session.expire_all()
    assert (db.session.scalar(select(func.count()).select_from(Contribution)), one.version, one.updated_at) == before
    code, report = taken(out.getvalue().replace(one.ref.encode(), b"PL-1999-0001"))
    assert [row["result"] for row in report["rows"]].count("rejected") == 1


def test_another_publishers_activities_become_contributions_once(app, taken):
    data = file_of(
        activity(paid("1000.50"), paid(500, kind="4"), paid(70, "2022-01-02"), paid(9000, kind="2"), paid(8000, kind="12")),
        activity(paid(25), identifier="NO-1-USD", currency='default-currency="USD"'),
        activity(paid(1), identifier="NO-1-OTHER", sector='<sector code="11220"/>'))
    code, report = taken(data)
    assert code == 0 and report["counts"] == {"created": 3, "updated": 0, "unchanged": 0, "rejected": 0}
    assert recorded() == [(2023, "NOR", "KHM", None, Decimal("1500.5"), "NOK"), (2022, "NOR", "KHM", None, Decimal(70), "NOK"),
                          (2023, "NOR", "KHM", Decimal(25), None, "")]
    words = " ".join(row["words"] for row in report["rows"])
    assert "Committed, not counted as paid: 9000 NOK." in words and "Pledged, not counted as paid: 8000 NOK." in words
    assert report["notes"] == ["1 activity is not of sector 15250: not read."]
    assert db.session.scalars(select(Contribution.source).where(Contribution.currency == "NOK", Contribution.year == 2022)).all()[
        -1] == "IATI activity NO-1-KHM, Agency of Norway"
    assert taken(data)[1]["counts"]["unchanged"] == 3
    code, report = taken(data.replace(b">1000.50<", b">2000.50<"))
    assert report["counts"]["updated"] == 1 and "becomes" in report["rows"][0]["words"]
    assert (2023, "NOR", "KHM", None, Decimal("2500.5"), "NOK") in recorded()


def test_what_others_reported_is_not_published_again(app, taken):
    taken(file_of(activity(paid(1000))))
    out = io.BytesIO()
    _number, left = service.write(out, Wanted(donor="NOR"))
    assert left.of_others == 1 and b"IATI activity" not in out.getvalue()


def test_an_import_of_activities_is_undone_as_a_whole(app, importing):
    page = importing(Role.ISU_OFFICER, "ISU")
    where = page.preview(file_of(activity(paid(1000))), name="a.xml", what="activities")
    text = page.client.get(where).get_data(as_text=True)
    assert "Clearance in Battambang" in text and "What each column holds" not in text and "IATI activities (XML)" in text
    assert page.move(where, "confirmed").status_code == 303 and len(recorded()) == 1
    assert page.move(where, "undone").status_code == 303 and recorded() == []


SPLIT = '<sector code="15250" percentage="40"/><sector code="11220" percentage="60"/>'
TWO = '<recipient-country code="KH" percentage="75"/><recipient-country code="LA" percentage="25"/>'
FUNDERS = ('<participating-org role="1"><narrative>Norway</narrative></participating-org>'
           '<participating-org role="1"><narrative>Sweden</narrative></participating-org>')
SWEDEN = "<provider-org><narrative>Sweden</narrative></provider-org>"


@pytest.mark.parametrize(("given", "rows"), [
    (activity(paid(1000), sector=SPLIT), [(2023, "NOR", "KHM", None, Decimal(400), "NOK")]),
    (activity(paid(1000), country=TWO), [
        (2023, "NOR", "KHM", None, Decimal(750), "NOK"), (2023, "NOR", "LAO", None, Decimal(250), "NOK")]),
    (activity(paid(7, rest=SWEDEN), funding="", more=FUNDERS), [(2023, "SWE", "KHM", None, Decimal(7), "NOK")]),
    (activity(paid(7), paid(-2)), [(2023, "NOR", "KHM", None, Decimal(5), "NOK")]),
    (activity(paid(7, rest=f'{SECTOR}<recipient-country code="LA"/>'), sector="", country=""), [
        (2023, "NOR", "LAO", None, Decimal(7), "NOK")]),
    (activity(paid(7, currency='currency="usd"')), [(2023, "NOR", "KHM", Decimal(7), None, "")]),
    (activity(paid("7.12345")), [(2023, "NOR", "KHM", None, Decimal("7.12"), "NOK")]),
    (activity(paid(7), country='<recipient-country code="XK"/>'), [(2023, "NOR", "XKX", None, Decimal(7), "NOK")]),
], ids=["share-of-sector", "two-states", "provider", "paid-back", "at-transactions", "currency", "rounded", "kosovo"])
def test_shares_places_and_givers(app, taken, given, rows):
    assert taken(file_of(given))[0] == 0
    assert recorded() == rows


@pytest.mark.parametrize(("given", "fate", "words"), [
    (activity(paid(7, SOON)), "unchanged", "is still to come: not counted"),
    (activity(paid(7), sector=SPLIT.replace("60", "70")), "unchanged", "come to 110, not to 100: not counted"),
    (activity(paid(7), country=TWO.replace("25", "20")), "unchanged", "come to 95, not to 100: not counted"),
    (activity(paid(7), country=""), "unchanged", "names no State that receives: not counted"),
    (activity(paid(7), country='<recipient-region code="298"/>'), "unchanged", "it names a region"),
    (activity(paid(7), currency=""), "unchanged", "it names no currency: not counted"),
    (activity(paid(7), currency='default-currency="XXQ"'), "unchanged", "“XXQ” is no currency in use"),
    (activity(paid("seven")), "unchanged", "no amount that can be read"),
    (activity(paid(7, kind="77")), "unchanged", "“77” is no type of transaction"),
    (activity(paid(7, kind="5")), "unchanged", "of type 5 are not counted"),
    (activity(paid(7), funding="", more=FUNDERS), "unchanged", "does not say which one paid this"),
    (activity(paid(7), paid(-9)), "rejected", "comes to nothing"),
    (activity(paid(7), funding="Atlantis"), "rejected", "“Atlantis” is not known here"),
    (activity(paid(7), funding="Cambodia"), "rejected", "donor and recipient are the same"),
    (activity(paid(7), country='<recipient-country code="QQ"/>'), "rejected", "“QQ” is no State known here"),
    (activity(paid(7), identifier=" "), "rejected", "has no identifier"),
    (activity(paid("9" * 30)), "unchanged", "more than any mine action budget"),
])
def test_what_breaks_the_rules_is_said_with_its_line_and_never_counted(app, taken, given, fate, words):
    code, report = taken(file_of(given))
    [row] = report["rows"]
    assert code == 0 and row["result"] == fate and words in row["words"] and recorded() == []


def test_unknown_parts_and_repeated_identifiers_are_reported(app, taken):
    strange = activity(paid(7), more='<wishes/><x:own xmlns:x="https://x.example"/>')
    code, report = taken(file_of(strange, activity(paid(8)), head='version="2.02"'))
    assert code == 0 and report["counts"]["rejected"] == 2 and "say different things" in report["rows"][0]["words"]
    assert "“2.02”" in report["notes"][0] and "“wishes” (line 7, 1 in all)" in report["notes"][1]
    assert "{https://x.example}own" in report["notes"][2]


BOMB = (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>'
        b'<iati-activities version="2.03">&c;</iati-activities>')
OUTSIDE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><iati-activities version="2.03">&b;</iati-activities>'
GOOD = file_of(activity(paid(7)))
BAD = [
    (BOMB, "declares a document type or entities"), (OUTSIDE, "declares a document type or entities"),
    (b'<!DOCTYPE a SYSTEM "https://elsewhere.example/a.dtd"><iati-activities/>', "declares a document type"),
    (GOOD[:-9], "this is no well-formed XML"),
    (GOOD.replace(b"Battambang", b"Battamb\xe9ng"), "says that it is in UTF-8, but line 6 is not"),
    (GOOD.replace(b"UTF-8", b"klingon"), "“klingon”, which is not known here"),
    (GOOD.replace(b"UTF-8", b"UTF-16"), "says that it is in UTF-16, but line"),
    (b"<html/>", "begins with “html”"), (file_of(head='version="1.05"'), "of version 1.05 of IATI"),
    (file_of(activity(paid(7), sector='<sector code="11220"/>')), "holds no activity of mine action"),
    (file_of(), "holds no activity of mine action"), (csv_of(["a", "b"], [1, 2]), "can become"), (b"", "can become"),
    (b"<iati-activities>" + b"<a>" * 5000, "more parts than any activity needs"), (b"<", "no well-formed XML"),
    (GOOD + b" " * LARGEST_FILE, "larger than 10 megabytes"),
]


@pytest.mark.parametrize(("data", "words"), BAD, ids=range(len(BAD)))
def test_bad_files_are_refused_in_words_by_command_and_page(app, taken, importing, data, words):
    code, report = taken(data)
    assert code == 2 and words in report["words"]
    answer = importing(Role.ISU_OFFICER, "ISU").send(data, name="a.xml", what=ImportOf.ACTIVITIES.value)
    assert answer.status_code == 422 and words in answer.get_data(as_text=True).replace("&#39;", "'")


def test_a_file_of_half_a_gigabyte_is_refused_before_it_is_read(app, taken, tmp_path, monkeypatch):
    large = tmp_path / "large.xml"
    with large.open("wb") as out:
        out.truncate(500 * 1024 * 1024)
    monkeypatch.setattr("pathlib.Path.read_bytes", lambda self: pytest.fail("it was read"))
    code, report = taken(large)
    assert code == 2 and "larger than 10 megabytes" in report["words"]


@pytest.mark.parametrize("code", ["utf-16", "iso-8859-1", "utf-8-sig", "windows-1252"])
def test_declared_encodings_are_read(app, taken, code):
    text = file_of(activity(paid(7), identifier="NO-é")).decode().replace("UTF-8", code.removesuffix("-sig"))
    assert taken(text.encode(code))[0] == 0
    assert "NO-é" in db.session.scalars(select(Contribution.source).order_by(Contribution.id.desc())).first()


def test_xml_is_no_spreadsheet_and_only_the_isu_takes_activities(app, importing, command):
    assert "can become: IATI activities" in command(GOOD, what="contributions")[1]["words"]
    page = importing(Role.FOCAL_POINT, "KHM")
    assert page.send(GOOD, what="activities").status_code == 422
    isu = importing(Role.ISU_OFFICER, "ISU").client
    assert isu.get("/exchange/template/activities.csv").status_code == 404


def test_every_file_is_read_again_when_the_register_changed(app, importing):
    page = importing(Role.ISU_OFFICER, "ISU")
    first = page.preview(GOOD, name="a.xml", what="activities")
    page.import_(GOOD, name="b.xml", what="activities")
    page.move(first, "confirmed")
    assert [fate for fate, _words in page.rows(first)] == ["Changes nothing"] and len(recorded()) == 1
    assert db.session.scalar(select(func.count()).select_from(Pledge)) == 36
