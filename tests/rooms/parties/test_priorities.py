"""Declared priorities: one statement a party, by its own people, within its visibility."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy.exc
from sqlalchemy import select

from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.parties import service
from partnerships.parties.models import Priorities

GOOD = {
    "themes": ["victim-assistance"], "kinds": ["money", "training"], "regions": ["002"], "countries": ["KHM", "LAO"],
    "currency": "NOK", "amount_min": "1 000 000", "amount_max": "5000000", "multi_year": "y",
    "statement": "We look for national ownership.", "visibility": "public",
}
WHERE = "/parties/NOR/priorities"


def stated() -> Priorities | None:
    return db.session.scalars(select(Priorities)).one_or_none()


def tags() -> list[str]:
    return list(db.session.scalars(select(Event.tag).where(Event.subject_kind == "priorities").order_by(Event.id)))


def test_states_priorities(sign_in, visitor):
    client = sign_in(Role.DONOR_OFFICER)
    answer = client.post(WHERE, data=GOOD)
    assert answer.status_code == 303 and answer.location == "/parties/NOR#priorities"
    kept = stated()
    assert kept.themes == ("victim-assistance",) and kept.countries == ("KHM", "LAO") and kept.multi_year
    assert (kept.currency, kept.amount_min, kept.amount_max) == ("NOK", Decimal(1_000_000), Decimal(5_000_000))
    page = visitor.get("/parties/NOR").get_data(as_text=True)
    assert "We look for national ownership." in page and "Priorities stated" in page
    assert "Africa, Cambodia" in page and "plans support over several years" in page


def test_changes_them_and_tells_what_changed(sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    client.post(WHERE, data=GOOD)
    sent = client.fields(WHERE)
    assert sent["themes"] == ["victim-assistance"] and sent["visibility"] == "public" and sent["multi_year"]
    sent.pop("multi_year")
    assert client.post(WHERE, data={**sent, "themes": ["risk-education"]}).status_code == 303
    page = client.get("/parties/NOR").get_data(as_text=True)
    assert tags() == ["priorities.stated", "priorities.changed"]
    assert "Stated priorities changed" in page and "Mine risk education" in page and "<bdi>yes</bdi>" in page
    client.post(WHERE, data=client.fields(WHERE))
    assert tags() == ["priorities.stated", "priorities.changed"]  # nothing changed, nothing told


def test_an_empty_statement_is_allowed(sign_in, visitor):
    client = sign_in(Role.DONOR_OFFICER)
    assert client.post(WHERE, data={"currency": "USD", "visibility": "public"}).status_code == 303
    assert stated().themes == () and not stated().multi_year
    assert visitor.get("/parties/NOR").status_code == 200


@pytest.mark.parametrize(("bad", "words"), [
    ({"amount_min": "9000000"}, "smaller than the smallest"), ({"amount_max": "1.234"}, "fewer decimals"),
    ({"amount_min": "-1"}, "cannot be negative"), ({"themes": ["gardening"]}, "Choose from the list"),
    ({"statement": "x" * 2001}, "at most 2000"), ({"currency": ""}, "needed"),
])
def test_bad_input_is_said_in_words_and_changes_nothing(sign_in, bad, words):
    answer = sign_in(Role.DONOR_OFFICER).post(WHERE, data={**GOOD, **bad})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in text and stated() is None
    assert bad.get("statement", "We look for national ownership.") in text


def test_two_people_of_one_party(sign_in):
    one, two = sign_in(Role.DONOR_OFFICER), sign_in(Role.DONOR_OFFICER)
    first, second = one.fields(WHERE), two.fields(WHERE)
    assert one.post(WHERE, data={**GOOD, "version": first["version"], "statement": "Hers"}).status_code == 303
    answer = two.post(WHERE, data={**GOOD, "version": second["version"], "statement": "His"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Hers" in text and "His" in text
    assert stated().statement == "Hers"


def test_a_second_click_says_so(sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    sent = {**client.fields(WHERE), **GOOD}
    assert client.post(WHERE, data=sent).status_code == 303
    again = client.post(WHERE, data=sent, follow_redirects=True)
    assert "already done" in again.get_data(as_text=True)
    assert tags() == ["priorities.stated"]


def test_only_its_own_people(sign_in, visitor):
    assert sign_in(Role.DONOR_OFFICER, "JPN").get(WHERE).status_code == 403
    assert sign_in(Role.DONOR_OFFICER, "JPN").post(WHERE, data=GOOD).status_code == 403
    for role in (Role.ISU_OFFICER, Role.COMMITTEE_MEMBER):
        assert sign_in(role).post(WHERE, data=GOOD).status_code == 403
    answer = visitor.get(WHERE)
    assert answer.status_code == 303 and "/accounts/sign-in" in answer.location
    assert sign_in(Role.DONOR_OFFICER).get("/parties/XYZ/priorities").status_code == 404
    assert stated() is None
    for role, party in ((Role.FOCAL_POINT, "KHM"), (Role.ORGANISATION_OFFICER, "GICHD")):
        assert sign_in(role, party).get(f"/parties/{party}/priorities").status_code == 200


@pytest.mark.parametrize(("level", "seen_by"), [
    ("public", {"visitor", "khm", "eu", "isu", "own"}), ("states-parties", {"khm", "isu", "own"}),
    ("isu", {"isu", "own"}),
])
def test_visibility(sign_in, visitor, level, seen_by):
    own = sign_in(Role.DONOR_OFFICER)
    own.post(WHERE, data={**GOOD, "visibility": level})
    clients = {"visitor": visitor, "khm": sign_in(Role.FOCAL_POINT), "eu": sign_in(Role.DONOR_OFFICER, "EU"),
               "isu": sign_in(Role.ISU_OFFICER), "own": own}
    found = {who for who, client in clients.items()
             if "national ownership" in client.get("/parties/NOR").get_data(as_text=True)}
    assert found == seen_by


def test_what_was_restricted_stays_so_after_opening(sign_in):
    own = sign_in(Role.DONOR_OFFICER)
    own.post(WHERE, data={**GOOD, "visibility": "isu", "statement": "Between us"})
    own.post(WHERE, data={**own.fields(WHERE), "visibility": "public", "statement": "For all"})
    others = sign_in(Role.FOCAL_POINT).get("/parties/NOR").get_data(as_text=True)
    assert "For all" in others and "Between us" not in others
    assert "Between us" in own.get("/parties/NOR").get_data(as_text=True)


def test_one_statement_a_party_in_the_database_too(make):
    actor = make.actor(Role.DONOR_OFFICER)
    service.state_priorities(actor, make.party("NOR"), {"statement": "One", "visibility": Visibility.PUBLIC})
    db.session.add(Priorities(party_id=make.party("NOR").id, statement="Two"))
    with pytest.raises(sqlalchemy.exc.IntegrityError, match=r"priorities\.party_id|uq_priorities_party_id"):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize(("values", "constraint"), [
    ({"amount_min": Decimal(5), "amount_max": Decimal(4)}, "amounts_in_order"),
    ({"amount_min": Decimal(-5)}, "amount_min_not_negative"),
])
def test_the_database_knows_the_range_too(make, values, constraint):
    db.session.add(Priorities(party_id=make.party("NOR").id, **values))
    with pytest.raises(sqlalchemy.exc.IntegrityError, match=constraint):
        db.session.flush()
    db.session.rollback()
