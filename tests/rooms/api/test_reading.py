"""Reading by programs: what a list tells is what its page and its file tell, for every reader; pages, fields, tags, faults."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from partnerships.core.actor import PUBLIC, Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.insight import totals as sums
from partnerships.needs.states import NeedStatus
from partnerships.tokens.states import TokenKind

READERS = [(None, ""), (Role.FOCAL_POINT, "KHM"), (Role.FOCAL_POINT, "AGO"), (Role.DONOR_OFFICER, "JPN"),
           (Role.ORGANISATION_OFFICER, "GICHD"), (Role.ISU_OFFICER, "ISU"), (Role.COMMITTEE_MEMBER, "CHE")]
# The API's list; the page's file; the columns that tell a record there, and how the API tells it.
LISTS = {
    "/needs?state=all": ("/needs/?state=all&as=csv", ("Need",), lambda one: (one["ref"],)),
    "/needs?theme=survey-clearance": ("/needs/?theme=survey-clearance&as=csv", ("Need",), lambda one: (one["ref"],)),
    "/offers": ("/offers/?as=csv", ("Offer",), lambda one: (one["ref"],)),
    "/organisations": ("/parties/?kind=organisation&as=csv", ("Code",), lambda one: (one["ref"],)),
    "/states?standing=party": ("/parties/?standing=party&as=csv", ("Code",), lambda one: (one["ref"],)),
    "/pledges": ("/pledges/?as=csv", ("Pledge",), lambda one: (one["ref"],)),
    "/pledges?donor=JPN": ("/pledges/?donor=JPN&as=csv", ("Pledge",), lambda one: (one["ref"],)),
    "/conferences": ("/conferences/?as=csv", ("Conference",), lambda one: (one["ref"],)),
    "/matches?status=all": ("/matches/?status=all&as=csv", ("Need", "Partner code"), lambda one: (one["need"], one["partner"])),
    "/followups?status=all": ("/followups/?status=all&as=csv", ("What is to be done", "Due"),
                              lambda one: (one["what"], one["due_on"])),
}


@pytest.fixture
def world(make):
    """Public and restricted records of every kind, between Cambodia and Japan."""
    need = make.need("KHM", visibility=Visibility.PARTIES, title="Only for the parties 7531")
    make.need("KHM", amounts_visibility=Visibility.ISU)
    make.need("KHM", NeedStatus.MET)
    make.need("KHM", NeedStatus.DRAFT)
    make.pledge("JPN", need=need, visibility=Visibility.PARTIES)
    make.pledge("JPN", need=make.need("AGO"))
    meeting = make.meeting("KHM", participants=[make.party("JPN")], needs=[need])
    make.conference()
    make.match(need, "JPN")
    make.followup("KHM", "JPN", meeting=meeting, what="Send the plan", need=need)
    make.followup("AGO", "ISU", what="Call")
    make.offer("JPN", visibility=Visibility.ISU)
    make.offer("NOR")
    return need


@pytest.mark.parametrize("address", LISTS)
def test_lists_tell_what_their_files_tell(app, world, program, sign_in, address):
    file, columns, key = LISTS[address]
    seen = []
    for role, party in READERS:
        page = (sign_in(role, party) if role else app.test_client()).get(file)
        answer = program(role, party).get(address)
        if page.status_code != 200:
            assert answer.status_code in (401, 403), (role, address)
            continue
        rows = csv.DictReader(io.StringIO(page.get_data(as_text=True).lstrip("\ufeff")))
        expected = sorted(tuple(row[name] for name in columns) for row in rows)
        assert sorted(map(key, program(role, party).every(address))) == expected, (role, address)
        assert answer.json["total"] == len(expected)
        seen.append(expected)
    assert any(seen)


def test_a_restricted_need_is_nowhere_for_a_stranger(program, world):
    for one in (program(), program(Role.FOCAL_POINT, "AGO"), program(Role.DONOR_OFFICER, "SWE")):
        for path in ("/needs?state=all", "/pledges", "/totals?of=needs", f"/needs?q={world.ref}", "/conferences"):
            text = one.get(path).get_data(as_text=True)
            assert world.ref not in text and "7531" not in text, path
        assert one.get(f"/needs/{world.ref}").status_code == 404
        assert one.get(f"/needs/{world.ref}/suggestions").status_code == 404
    assert program(Role.DONOR_OFFICER, "JPN").get(f"/needs/{world.ref}").json["title"].endswith("7531")


def test_amounts_and_contacts_are_told_to_those_who_may_see_them(program, make):
    need = make.need("KHM", amounts_visibility=Visibility.PARTIES, contact_name="Mine action office")
    public, own = program().get(f"/needs/{need.ref}").json, program(Role.FOCAL_POINT, "KHM").get(f"/needs/{need.ref}").json
    assert (public["amounts_shown"], public["amounts"], public["money"], public["currency"], public["contact"]) == (
        False, None, None, None, None)
    assert own["amounts_shown"] and own["amounts"] and own["money"]["asked"] and own["contact"]["name"] == "Mine action office"


def test_a_cursor_goes_through_a_list_once_whatever_is_added(program, make):
    for _number in range(5):
        make.need("KHM")
    one = program()
    first = one.get("/needs?limit=2&state=all").json
    before = {row["ref"] for row in one.every("/needs?state=all")}
    make.need("AGO")
    second = one.get(f"/needs?limit=200&state=all&cursor={first['next']}").json
    told = [row["ref"] for row in first["data"] + second["data"]]
    assert len(told) == len(set(told)) and before < set(told)
    link = one.get("/needs?limit=2&state=all").headers["Link"]
    assert link.startswith("</api/v1/needs?limit=2&state=all&cursor=") and link.endswith('rel="next"')


def test_a_cursor_that_was_changed_is_refused(program, make):
    for _number in range(3):
        make.need("KHM")
    one = program()
    cursor = one.get("/needs?limit=1").json["next"]
    for path in (f"/needs?cursor={cursor[:-2]}xx", "/needs?cursor=W10.x", f"/offers?cursor={cursor}",
                 f"/needs?state=all&cursor={cursor}"):
        answer = one.get(path)
        assert answer.status_code == 422 and answer.json["errors"][0]["at"] == "cursor", path


def test_fields_and_tags(program, make):
    need = make.need("KHM")
    one = program()
    assert one.get("/needs?fields=ref,title").json["data"][0].keys() == {"ref", "title"}
    assert one.get(f"/needs/{need.ref}?fields=ref").json == {"ref": need.ref}
    wrong = one.get("/needs?fields=ref,secret")
    assert wrong.status_code == 422 and wrong.json["errors"] == [{"at": "fields", "detail": "There is no field “secret” here."}]
    for path in (f"/needs/{need.ref}", "/needs", "/totals?of=needs"):
        answer = one.get(path)
        again = one.get(path, {"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path
    before = one.get(f"/needs/{need.ref}").headers["ETag"]
    need.title = "Another title"
    db.session.commit()
    assert one.get(f"/needs/{need.ref}", {"If-None-Match": before}).status_code == 200


@pytest.mark.parametrize(("path", "at"), [("/needs?theme=none-such", "theme"), ("/needs?until=tomorrow", "until"),
                                          ("/needs?least=much", "least"), ("/needs?teme=x", "teme"), ("/needs?limit=0", "limit"),
                                          ("/pledges?due=soon", "due"), ("/totals?of=needs&by=colour", "by"), ("/totals", "of"),
                                          ("/matches?contact=perhaps", "contact"), ("/needs?lang=tlh", "lang")])
def test_what_is_not_understood_is_said_and_not_passed_over(program, path, at):
    answer = program(Role.ISU_OFFICER, "ISU").get(path)
    assert answer.status_code == 422 and answer.mimetype == "application/problem+json"
    assert [one["at"] for one in answer.json["errors"]] == [at] and answer.json["errors"][0]["detail"]


def test_faults_are_problems_and_cookies_count_for_nothing(app, program, sign_in, make):
    make.need("KHM", NeedStatus.DRAFT)
    browser = sign_in(Role.FOCAL_POINT, "KHM")
    assert browser.get("/api/v1/matches").status_code == 401
    assert browser.get("/api/v1/needs?state=all").json["total"] == program().get("/needs?state=all").json["total"]
    for path, status in (("/nothing", 404), ("/needs/XXX-1", 404), ("/followups", 401), ("/states/GICHD", 404),
                         ("/matches/1", 401)):
        answer = program().get(path)
        assert (answer.status_code, answer.mimetype, answer.json["status"]) == (status, "application/problem+json", status), path
        assert answer.json["detail"] and answer.json["instance"] == f"/api/v1{path}"
    gone = program().ask("DELETE", "/needs")
    assert gone.status_code == 405 and "GET" in gone.headers["Allow"]
    assert "WWW-Authenticate" in program().get("/matches").headers


def test_words_in_the_language_asked_for(program, make):
    make.need("KHM")
    assert program().get("/states/KHM?lang=fr").json["name"] == "Cambodge"
    assert program().get("/states/KHM").json["name"] == "Cambodia"


def test_suggestions_say_why_and_add_up(program, make):
    need = make.need("KHM", theme="survey-clearance")
    found = program().get(f"/needs/{need.ref}/suggestions").json["data"]
    assert found
    for one in found:
        assert one["need"] == need.ref and abs(sum(term["points"] for term in one["reasons"]) - one["score"]) < 1e-3
        assert all(term["sentence"] for term in one["reasons"])


def test_totals_are_those_of_the_command(program, make):
    make.pledge("JPN", need=make.need("AGO"), amount=Decimal(1000), currency="USD")
    groups = program().get("/totals?of=pledges&by=donor").json["data"]
    assert ("JPN", "announced", "1000") in {(one["donor"], one["stage"], one["amount"]) for one in groups}
    assert groups == sums.of_pledges(PUBLIC, ["donor", "stage"]).groups
    assert {one["currency"] for one in program().get("/totals?of=contributions&by=year").json["data"]} == {"USD"}
    assert program().get("/indicators").json["data"][0]["plan"]


def test_other_sites_may_ask_only_when_the_settings_name_them(app, program, make):
    origin = {"Origin": "https://atlas.example"}
    assert "Access-Control-Allow-Origin" not in program().get("/needs", origin).headers
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(api_origins=("https://atlas.example",))
    allowed = program().get("/needs", origin).headers
    assert allowed["Access-Control-Allow-Origin"] == "https://atlas.example"
    assert "Access-Control-Allow-Credentials" not in allowed
    assert "Access-Control-Allow-Origin" not in program().get("/needs", {"Origin": "https://other.example"}).headers


def test_opening_a_restricted_record_by_program_is_on_the_record(program, world, sign_in):
    program(Role.ISU_OFFICER, "ISU").get(f"/needs/{world.ref}")
    page = sign_in(Role.ISU_ADMINISTRATOR, "ISU").get(f"/audit/?ref={world.ref}&reads=only")
    assert world.ref in page.get_data(as_text=True)


def test_a_key_of_a_party_sees_what_the_party_sees(program, world):
    own = program(Role.DONOR_OFFICER, "JPN", kind=TokenKind.ORGANISATION)
    assert {one["need"] for one in own.every("/matches?status=all")} == {world.ref}
    assert own.get(f"/needs/{world.ref}").status_code == 200
