"""Writing by programs: under the rules of the pages' forms; a lost update is refused; what comes twice creates once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.offers.models import Offer
from partnerships.pledges.models import Pledge
from partnerships.tokens.models import Token, TokenReceipt
from partnerships.tokens.states import Scope, TokenKind

NEXT = date.today().year + 1
NEED = {"title": "Survey three districts", "summary": "Teams and machines for three districts.", "theme": "survey-clearance",
        "kinds": ["money", "equipment"], "place": "Battambang", "serves": "a:5", "currency": "USD",
        "years": [{"year": NEXT, "amount": "250000", "national_share": "50000"}, {"year": NEXT + 1, "amount": "100000.50"}],
        "contact_name": "Mine action office", "contact_email": "office@khm.example", "valid_until": f"{NEXT}-12-31",
        "visibility": "public"}
OFFER = {"title": "Courses for survey teams", "summary": "Two courses a year.", "kinds": ["training"], "how_to_ask": "Write to us.",
         "themes": ["survey-clearance"], "contact_name": "Desk", "contact_email": "desk@nor.example",
         "valid_until": (date.today() + timedelta(days=200)).isoformat()}


@pytest.fixture
def focal(program):
    return program(Role.FOCAL_POINT, "KHM", Scope.NEEDS, Scope.OFFERS)


def test_a_need_from_draft_to_the_queue(focal):
    made = focal.ask("POST", "/needs", json=NEED)
    assert made.status_code == 201, made.text
    need = made.json
    assert need["status"] == "draft" and need["state"] == "KHM" and need["contact"]["email"] == "office@khm.example"
    assert need["amounts"] == [
        {"first_year": NEXT, "last_year": NEXT, "amount": "250000", "national_share": "50000"},
        {"first_year": NEXT + 1, "last_year": NEXT + 1, "amount": "100000.5", "national_share": "0"}]
    assert made.headers["Location"] == f"/api/v1/needs/{need['ref']}"
    tag = focal.get(f"/needs/{need['ref']}").headers["ETag"]
    changed = focal.ask("PATCH", f"/needs/{need['ref']}", {"If-Match": tag}, json={"place": "Pailin"})
    assert changed.status_code == 200, changed.text
    assert (changed.json["place"], changed.json["title"]) == ("Pailin", NEED["title"])
    assert changed.json["kinds"] == ["equipment", "money"]
    assert changed.json["amounts"] == need["amounts"] and changed.json["deadline"] == need["deadline"]
    sent = focal.ask("POST", f"/needs/{need['ref']}/submission", {"If-Match": changed.headers["ETag"]})
    assert sent.status_code == 200 and sent.json["status"] == "submitted", sent.text


def test_a_lost_update_is_refused(focal, sign_in):
    ref = focal.ask("POST", "/needs", json=NEED).json["ref"]
    tag = focal.get(f"/needs/{ref}").headers["ETag"]
    assert focal.ask("PATCH", f"/needs/{ref}", json={"place": "Pailin"}).status_code == 428
    browser = sign_in(Role.FOCAL_POINT, "KHM")
    fields = browser.fields(f"/needs/{ref}/edit")
    assert browser.post(f"/needs/{ref}/edit", data={**fields, "title": "Written meanwhile", "save": "1"}).status_code == 303
    late = focal.ask("PATCH", f"/needs/{ref}", {"If-Match": tag}, json={"place": "Pailin"})
    assert late.status_code == 412 and "Read it again" in late.json["detail"]
    assert focal.ask("PATCH", f"/needs/{ref}", {"If-Match": '"last-week"'}, json={"place": "Pailin"}).status_code == 412
    now = focal.get(f"/needs/{ref}")
    assert now.json["title"] == "Written meanwhile" and now.json["place"] == "Battambang"


def test_a_published_need_changes_by_a_change_that_waits(focal, make):
    need = make.need("KHM")
    read = focal.get(f"/needs/{need.ref}")
    without = focal.ask("PATCH", f"/needs/{need.ref}", {"If-Match": read.headers["ETag"]}, json={"place": "Pailin"})
    assert without.status_code == 200, without.text  # a draft of a change may say later what changes
    again = focal.ask("PATCH", f"/needs/{need.ref}", {"If-Match": read.headers["ETag"]}, json={"place": "Kep"})
    assert again.status_code == 412, "the change that is under way has a version too"
    told = focal.ask("PATCH", f"/needs/{need.ref}", {"If-Match": without.headers["ETag"]}, json={"note": "Another province."})
    assert told.status_code == 200 and told.json["place"] == read.json["place"], "what is published stays"
    sent = focal.ask("POST", f"/needs/{need.ref}/submission", {"If-Match": told.headers["ETag"]})
    assert sent.status_code == 200 and sent.json["status"] == "published", sent.text
    stuck = focal.ask("PATCH", f"/needs/{need.ref}", {"If-Match": sent.headers["ETag"]}, json={"place": "Kep"})
    assert stuck.status_code == 422 and "waits for verification" in stuck.json["detail"]


@pytest.mark.parametrize(("change", "at"), [
    ({"theme": "none-such"}, "theme"),
    ({"valid_until": "2020-01-01"}, "valid_until"), ({"contact_email": "nobody"}, "contact_email"),
    ({"years": [{"year": NEXT, "amount": "12.345.678"}]}, "years.0.amount"), ({"title": "x" * 400}, "title"),
    ({"years": [{"year": NEXT, "amount": "5"}, {"year": NEXT, "amount": "6"}]}, "years.1.year"), ({"colour": "red"}, "colour"),
    ({"kinds": "money"}, "kinds"), ({"title": "right\u202eleft"}, "title"), ({"years": [{"amount": "5"}]}, "years.0.year")])
def test_words_at_each_field_and_nothing_saved(focal, change, at):
    before = db.session.scalar(select(func.count()).select_from(Need))
    answer = focal.ask("POST", "/needs", json={**NEED, **change})
    assert answer.status_code == 422 and at in [one["at"] for one in answer.json["errors"]], answer.text
    assert all(one["detail"] for one in answer.json["errors"])
    assert db.session.scalar(select(func.count()).select_from(Need)) == before


@pytest.mark.parametrize("sent", [{"data": b"{", "content_type": "application/json"}, {"data": b"title=x"},
                                  {"json": [1]}, {"json": "x"}, {"data": b"\xff\xfe{}", "content_type": "application/json"},
                                  {"data": b"x" * 3_000_000, "content_type": "application/json"}])
def test_what_is_no_json_is_said(focal, sent):
    answer = focal.ask("POST", "/needs", **sent)
    assert answer.status_code in (400, 413, 415, 422) and answer.mimetype == "application/problem+json"


def test_an_idempotency_key_creates_once(focal, program):
    key = {"Idempotency-Key": "import-2026-11-27/1"}
    first, second = (focal.ask("POST", "/needs", key, json=NEED) for _turn in range(2))
    assert (first.status_code, second.status_code) == (201, 201) and first.json["ref"] == second.json["ref"]
    other = focal.ask("POST", "/needs", key, json={**NEED, "title": "Something else"})
    assert other.status_code == 422 and other.json["errors"][0]["at"] == "Idempotency-Key"
    assert db.session.scalar(select(func.count()).select_from(TokenReceipt)) == 1
    wrong = focal.ask("POST", "/needs", {"Idempotency-Key": "failed"}, json={**NEED, "theme": "none"})
    right = focal.ask("POST", "/needs", {"Idempotency-Key": "failed"}, json=NEED)
    assert (wrong.status_code, right.status_code) == (422, 201), "what failed may be sent again, mended"
    stranger = program(Role.FOCAL_POINT, "KHM", Scope.NEEDS).ask("POST", "/needs", key, json=NEED)
    assert stranger.json["ref"] != first.json["ref"], "a key belongs to its holder"


def test_a_key_writes_only_what_it_opens_and_only_for_its_own(program, make):
    need, offer = make.need("KHM", NeedStatus.DRAFT), make.offer("NOR")
    reader, stranger = program(Role.FOCAL_POINT, "KHM"), program(Role.FOCAL_POINT, "AGO", Scope.NEEDS)
    assert reader.ask("POST", "/needs", json=NEED).status_code == 403
    assert program().ask("POST", "/needs", json=NEED).status_code == 401
    assert program(Role.DONOR_OFFICER, "NOR", *Scope).ask("POST", "/needs", json=NEED).status_code == 403
    tag = {"If-Match": reader.get(f"/needs/{need.ref}").headers["ETag"]}
    assert stranger.ask("PATCH", f"/needs/{need.ref}", tag, json={"place": "Here"}).status_code == 404
    swede = program(Role.DONOR_OFFICER, "SWE", *Scope)
    tag = {"If-Match": swede.get(f"/offers/{offer.ref}").headers["ETag"]}
    assert swede.ask("PATCH", f"/offers/{offer.ref}", tag, json={"title": "Ours now"}).status_code == 403
    published = make.need("AGO")
    tag = {"If-Match": reader.get(f"/needs/{published.ref}").headers["ETag"]}
    own = program(Role.FOCAL_POINT, "KHM", Scope.NEEDS)
    assert own.ask("PATCH", f"/needs/{published.ref}", tag, json={"place": "Here"}).status_code == 403


def test_offers_are_posted_and_changed(program):
    donor = program(Role.DONOR_OFFICER, "NOR", Scope.OFFERS, kind=TokenKind.ORGANISATION)
    made = donor.ask("POST", "/offers", json=OFFER)
    assert made.status_code == 201 and made.json["party"] == "NOR", made.text
    tag = {"If-Match": made.headers["ETag"]}
    changed = donor.ask("PATCH", f"/offers/{made.json['ref']}", tag, json={"quantities": "Six teams"})
    assert changed.status_code == 200 and changed.json["quantities"] == "Six teams" and changed.json["title"] == OFFER["title"]
    assert donor.ask("PATCH", f"/offers/{made.json['ref']}", tag, json={"quantities": "Two"}).status_code == 412
    assert db.session.scalars(select(Offer.title).where(Offer.ref == made.json["ref"])).one() == OFFER["title"]


def test_a_pledge_is_announced(program, make):
    need = make.need("KHM")
    donor = program(Role.DONOR_OFFICER, "NOR", Scope.PLEDGES)
    body = {"object": "need", "need": need.ref, "amount": "3500000", "currency": "NOK", "first_year": NEXT, "last_year": NEXT + 2}
    made = donor.ask("POST", "/pledges", json=body)
    assert made.status_code == 201, made.text
    assert (made.json["donor"], made.json["need"], made.json["status"]) == ("NOR", need.ref, "announced")
    assert (made.json["stages"]["announced"], made.json["stages"]["paid"]) == ("3500000", "0")
    assert donor.ask("POST", "/pledges", json={**body, "amount": "-5"}).json["errors"][0]["at"] == "amount"
    assert donor.ask("POST", "/pledges", json={**body, "donor": "SWE"}).status_code in (201, 422)
    assert not db.session.scalars(select(Pledge).where(Pledge.donor.has(ref="SWE"), Pledge.source == "")).all()


def test_a_key_dies_with_its_day_its_maker_and_its_word(app, program, sign_in):
    one = program(Role.FOCAL_POINT, "KHM", Scope.NEEDS)
    assert one.get("/matches").status_code == 200
    token = db.session.scalars(select(Token)).one()
    token.expires_on = date.today() - timedelta(days=1)
    db.session.commit()
    assert one.get("/matches").status_code == 401
    token = db.session.scalars(select(Token)).one()
    token.expires_on, token.account.active = date.today(), False
    db.session.commit()
    assert one.get("/needs").status_code == 401
    for wrong in ("", "Bearer", "Bearer x", f"Basic {one.secret}", f"Bearer {one.secret[:-1]}x", "Bearer pfp_1_" + "a" * 43):
        answer = app.test_client().get("/api/v1/matches", headers={"Authorization": wrong})
        assert answer.status_code == 401 and one.secret not in answer.text, wrong


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 50_000, b'{"title":"\\ud800"}'],
                         ids=("lists", "objects", "half-a-mark"))
def test_json_that_nothing_can_hold_is_the_senders_fault(focal, body):
    answer = focal.ask("POST", "/needs", data=body, content_type="application/json")
    assert answer.status_code == 400 and answer.json["status"] == 400
