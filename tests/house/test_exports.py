"""Files of lists: for every list and every reader, the rows of each file are the rows of the page, and nobody else's."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal

import openpyxl
import pytest
from flask import template_rendered

from partnerships.core import export
from partnerships.core.actor import Role
from partnerships.core.visibility import Visibility
from partnerships.needs.states import NeedStatus

READERS = [(Role.PUBLIC, ""), (Role.FOCAL_POINT, "KHM"), (Role.FOCAL_POINT, "AGO"), (Role.DONOR_OFFICER, "JPN"),
           (Role.ORGANISATION_OFFICER, "GICHD"), (Role.ISU_OFFICER, "ISU"), (Role.COMMITTEE_MEMBER, "CHE")]
# Address; the page's rows from what its template was given; what tells a row there, and the columns that tell it in the file.
LISTS = {
    "/needs/?state=all": (lambda seen: [need for need, *_rest in seen["rows"]], lambda one: (one.ref,), ("Need",)),
    "/needs/?theme=survey-clearance": (lambda seen: [need for need, *_rest in seen["rows"]], lambda one: (one.ref,), ("Need",)),
    "/offers/": (lambda seen: seen["page"].items, lambda one: (one.ref,), ("Offer",)),
    "/parties/?kind=organisation": (lambda seen: seen["page"].items, lambda one: (one.ref,), ("Code",)),
    "/matches/?status=all": (lambda seen: seen["page"].items, lambda one: (one.need.ref, one.party.ref), ("Need", "Partner code")),
    "/pledges/": (lambda seen: seen["page"].items, lambda one: (one.ref,), ("Pledge",)),
    "/pledges/?donor=JPN": (lambda seen: seen["page"].items, lambda one: (one.ref,), ("Pledge",)),
    "/conferences/": (lambda seen: [*(seen["ahead"] if seen["page"].number == 1 else []), *seen["page"].items],
                      lambda one: (one.ref,), ("Conference",)),
    "/approach/": (lambda seen: seen["page"].items, lambda one: (one.ref,), ("Meeting",)),
    "/cases/": (lambda seen: seen["page"].items, lambda one: (one.ref,), ("Case",)),
    "/audit/": (lambda seen: seen["page"].items, lambda one: (str(one.subject_id), one.subject_kind), ("Number", "Kind of record")),
    "/followups/?status=open": (lambda seen: seen["page"].items, lambda one: (one.what, one.due_on.isoformat()),
                                ("What is to be done", "Due")),
}


@pytest.fixture
def world(make):
    """Public and restricted records of every kind, between Cambodia and Japan; returns the references to hide."""
    need = make.need("KHM", visibility=Visibility.PARTIES, title="=cmd|' /C calc'!A0")
    make.need("KHM", title="@SUM(1+1)", amounts_visibility=Visibility.ISU)
    make.need("KHM", NeedStatus.MET)
    draft = make.need("KHM", NeedStatus.DRAFT)
    pledge = make.pledge("JPN", need=need, visibility=Visibility.PARTIES)
    make.pledge("JPN", need=make.need("AGO"))
    meeting = make.meeting("KHM", participants=[make.party("JPN")], needs=[need])
    make.meeting("AGO", visibility=Visibility.PUBLIC)
    make.case("AGO")
    make.conference()
    make.match(need, "JPN")
    make.followup("KHM", "JPN", meeting=meeting, what="=Send the plan")
    make.followup("AGO", "ISU", what="Call")
    return [need.ref, draft.ref, pledge.ref, meeting.ref, make.offer("JPN", visibility=Visibility.ISU).ref]


def _pages(app, client, address, rows, key):
    """What the pages of a list show, page after page; None for a reader who may not open it."""
    shown, number = [], 1
    while True:
        seen = []

        def caught(_sender, template, context, seen=seen, **_more):
            if template.name and template.name.endswith("/index.html"):
                seen.append(context)

        with template_rendered.connected_to(caught, app):
            answer = client.get(f"{address}{'&' if '?' in address else '?'}page={number}")
        if answer.status_code != 200:
            return None
        shown += [key(one) for one in rows(seen[-1])]
        if number >= seen[-1]["page"].pages:
            return shown
        number += 1


def _rows(answer, kind):
    if kind == "json":
        said = json.loads(answer.get_data())
        keys = [column["key"] for column in said["columns"]]
        assert len(keys) == len(set(keys)) and all(list(row) == keys for row in said["rows"])
        return [[column["heading"] for column in said["columns"]], *([row[key] for key in keys] for row in said["rows"])]
    if kind == "csv":
        return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).worksheets[0]
    return [["" if cell is None else getattr(cell, "date", lambda cell=cell: cell)() for cell in row]
            for row in sheet.iter_rows(values_only=True)]


def _told(table, columns):
    at = [table[0].index(name) for name in columns]
    return [tuple(re.sub("^'", "", str(row[number])) for number in at) for row in table[1:]]


@pytest.mark.parametrize(("role", "party"), READERS, ids=lambda value: str(value))
def test_a_file_holds_the_rows_of_the_page_for_every_reader(app, world, sign_in, engine_name, role, party):
    client = app.test_client() if role is Role.PUBLIC else sign_in(role, party)
    compared, kinds = 0, export.KINDS if engine_name == "sqlite" else ("csv", "json")  # a workbook is alike on both
    for address, (rows, key, columns) in LISTS.items():
        shown = _pages(app, client, address, rows, key)
        join = "&" if "?" in address else "?"
        files = {kind: client.get(f"{address}{join}as={kind}&page=2") for kind in kinds}
        if shown is None:
            assert {answer.status_code for answer in files.values()} <= {303, 403}, address
            continue
        for kind, answer in files.items():
            assert answer.mimetype == export.MIME[kind] and "attachment" in answer.headers["Content-Disposition"]
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert _told(_rows(answer, kind), columns) == shown, (address, kind)
        assert not [cell for row in _rows(files["csv"], "csv") for cell in row if cell.startswith(("=", "@"))]
        compared += 1
    assert compared >= 5
    if (role, party) not in ((Role.FOCAL_POINT, "KHM"), (Role.DONOR_OFFICER, "JPN"), (Role.ISU_OFFICER, "ISU")):
        for address in LISTS:
            text = client.get(f"{address}{'&' if '?' in address else '?'}as=csv").get_data(as_text=True)
            assert not [ref for ref in world if ref in text], address


def test_amounts_that_a_state_keeps_are_empty_and_say_so(app, make, sign_in, visitor):
    year = 2031
    amounts = [(year, year, Decimal("7654321"), Decimal("1234567"))]
    need = make.need("KHM", amounts=amounts, amounts_visibility=Visibility.ISU)
    text = visitor.get("/needs/?as=csv").get_data(as_text=True)
    assert need.ref in text and "not shown to you" in text
    assert not [word for word in ("7654321", "1234567", "6419754", "2031") if word in text]
    assert "7654321" in sign_in(Role.FOCAL_POINT, "KHM").get("/needs/?as=csv").get_data(as_text=True)
    assert "7654321" in sign_in(Role.ISU_OFFICER).get("/needs/?as=csv").get_data(as_text=True)


def test_a_long_list_is_cut_and_says_so(app, visitor, monkeypatch):
    monkeypatch.setattr(export, "LIMIT", 3)
    lines = visitor.get("/parties/?as=csv").get_data(as_text=True).splitlines()
    assert len(lines) == 5 and "Only the first 3 of" in lines[-1]


def test_a_conference_gives_its_pledges_and_its_delegations(app, make, visitor):
    from partnerships.conferences import service
    from partnerships.core.actor import SYSTEM
    from partnerships.core.db import db

    conference = make.conference()
    pledge = make.pledge("JPN", conference=conference)
    hidden = make.pledge("NOR", conference=conference, visibility=Visibility.ISU)
    service.attend(conference, make.party("SWE"), SYSTEM, head="=Head")
    db.session.commit()
    made = visitor.get(f"/conferences/{conference.ref}?as=csv").get_data(as_text=True)
    assert pledge.ref in made and hidden.ref not in made
    came = list(csv.reader(io.StringIO(visitor.get(
        f"/conferences/{conference.ref}?as=csv&part=attendance").get_data().decode("utf-8-sig"))))
    assert [row[1] for row in came[1:]] == ["SWE"] and came[1][3] == "'=Head"
    page = visitor.get(f"/conferences/{conference.ref}").get_data(as_text=True)
    assert "as=xlsx" in page and "part=attendance" in page


def test_suggestions_come_as_a_file_for_a_partner_and_for_a_state(app, make, sign_in):
    make.offer("NOR")
    need = make.need("KHM")
    partner = sign_in(Role.DONOR_OFFICER, "NOR")
    table = _rows(partner.get("/suggestions/?as=csv"), "csv")
    assert need.ref in [row[0] for row in table[1:]] and "as=csv" in partner.get("/suggestions/").get_data(as_text=True)
    table = _rows(sign_in(Role.FOCAL_POINT, "KHM").get("/suggestions/?as=xlsx"), "xlsx")
    assert ("NOR", need.ref) in [(row[6], row[0]) for row in table[1:]]


def test_every_kind_of_file_holds_the_same_cells(app, world, sign_in):
    client = sign_in(Role.ISU_OFFICER, "ISU")
    for address in LISTS:
        join = "&" if "?" in address else "?"
        plain, exact = (_rows(client.get(f"{address}{join}as={kind}"), kind) for kind in ("csv", "json"))
        assert len(plain) == len(exact) > 1, address
        with app.test_request_context():
            assert [[export.safe(cell) for cell in row] for row in exact] == plain, address


IN_ENGLISH_WORDS = ("/needs/", "/offers/", "/parties/", "/pledges/", "/insight/flows", "/insight/charts/needs",
                    "/insight/charts/support", "/insight/coverage", "/insight/compare?who=KHM&who=NOR", "/indicators/",
                    "/conferences/", "/conferences/compare", "/approach/")


def test_keys_are_the_same_in_every_language(visitor, world, make, engine_name):
    make.offer("NOR")
    for address in IN_ENGLISH_WORDS if engine_name == "sqlite" else IN_ENGLISH_WORDS[:1]:
        join = "&" if "?" in address else "?"
        english, arabic = (json.loads(visitor.get(f"{address}{join}as=json&lang={code}").get_data()) for code in ("en", "ar"))
        assert (english["language"], arabic["language"]) == ("en", "ar") and english["rows"], address
        keys, others = ([column["key"] for column in one["columns"]] for one in (english, arabic))
        assert keys == others and len(set(keys)) == len(keys), address
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*|[A-Z0-9-]+", key) for key in keys), keys
        assert [one["heading"] for one in english["columns"]] != [one["heading"] for one in arabic["columns"]], address


def test_public_lists_come_with_hashtags_where_they_are_asked_for(visitor, world, make):
    make.offer("NOR")
    for address in ("/needs/", "/offers/", "/parties/", "/pledges/", "/insight/flows", "/insight/charts/needs"):
        page = visitor.get(address).get_data(as_text=True)
        assert "as=csv&amp;hxl=1" in page or address == "/insight/charts/needs"
        plain, tagged = (_rows(visitor.get(f"{address}?as=csv{more}"), "csv") for more in ("", "&hxl=1"))
        assert tagged[0] == plain[0] and tagged[2:] == plain[1:]
        assert len(tagged[1]) == len(plain[0]) and sum(cell.startswith("#") for cell in tagged[1]) >= 4
        assert all(cell == "" or cell.startswith("#") for cell in tagged[1])


def test_lists_that_are_not_public_have_no_hashtags(sign_in, world):
    client = sign_in(Role.ISU_OFFICER, "ISU")
    for address in ("/followups/", "/audit/", "/matches/"):
        assert "\n#" not in client.get(f"{address}?as=csv&hxl=1").get_data(as_text=True)
