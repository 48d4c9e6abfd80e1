"""Offers: posting, changing, renewing, withdrawing, and who sees what."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy.exc
from sqlalchemy import func, select

from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.offers.models import Offer, OfferStatus

UNTIL = date.today() + timedelta(days=300)
GOOD = {
    "title": "Training of deminers in French", "summary": "Two courses a year at our training centre.",
    "kinds": ["training"], "themes": ["survey-clearance", "national-capacity"], "regions": ["002"],
    "countries": ["KHM"],
    "currency": "EUR", "amount_min": "10 000", "amount_max": "250,000.50", "languages": ["fr", "en"],
    "conditions": "A request of the national authority.", "how_to_ask": "Write to the desk.",
    "contact_name": "The desk", "contact_email": "desk@mfa.example", "valid_until": UNTIL.isoformat(),
    "visibility": "public",
}


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Offer)) or 0


def only() -> Offer:
    return db.session.scalars(select(Offer)).one()


def tags() -> list[str]:
    return list(db.session.scalars(select(Event.tag).where(Event.subject_kind == "offer").order_by(Event.id)))


@pytest.mark.parametrize(("role", "party"), [(Role.DONOR_OFFICER, "NOR"), (Role.ORGANISATION_OFFICER, "GICHD"),
                                             (Role.FOCAL_POINT, "KHM")])
def test_posts_an_offer_with_all_its_parts(sign_in, visitor, role, party):
    client = sign_in(role, party)
    answer = client.post("/offers/new", data=GOOD)
    offer = only()
    assert answer.status_code == 303 and answer.location == f"/offers/{party}-OFFER-{date.today().year}-001"
    assert offer.party.ref == party and offer.ref in answer.location and offer.status is OfferStatus.OPEN
    assert offer.themes == ("national-capacity", "survey-clearance") and offer.countries == ("KHM",)
    assert (offer.currency, offer.amount_min, offer.amount_max) == ("EUR", Decimal(10_000), Decimal("250000.50"))
    page = visitor.get(answer.location).get_data(as_text=True)
    assert "Training of deminers in French" in page and "Two courses a year" in page
    assert "Africa, Cambodia" in page and f"Offer {offer.ref} posted" in page
    assert offer.ref in visitor.get("/offers/").get_data(as_text=True)
    assert offer.ref in visitor.get(f"/parties/{party}").get_data(as_text=True)


def test_contact_is_for_people_who_are_signed_in(sign_in, visitor, make):
    offer = make.offer(contact_email="desk@mfa.example")
    assert "desk@mfa.example" not in visitor.get(f"/offers/{offer.ref}").get_data(as_text=True)
    assert "desk@mfa.example" in sign_in(Role.FOCAL_POINT).get(f"/offers/{offer.ref}").get_data(as_text=True)


@pytest.mark.parametrize(("bad", "words"), [
    ({"title": " "}, "Give the offer a title"), ({"kinds": []}, "Choose at least one kind"),
    ({"kinds": ["gold"]}, "Choose from the list"), ({"valid_until": "2020-01-01"}, "has passed"),
    ({"valid_until": ""}, "Say until when"), ({"valid_until": "2099-01-01"}, "three years at most"),
    ({"valid_until": "soon"}, "year-month-day"), ({"amount_min": "300000"}, "smaller than the smallest"),
    ({"amount_max": "-5"}, "cannot be negative"), ({"amount_min": "12.345"}, "fewer decimals"),
    ({"amount_min": "a lot"}, "in figures"), ({"contact_email": "nobody"}, "not look like an e-mail"),
    ({"currency": "XXX"}, "Choose one of the list"), ({"title": "x" * 161}, "at most 160"),
    ({"countries": ["ZZZ"]}, "Choose from the list"),
])
def test_bad_input_is_said_in_words_and_changes_nothing(sign_in, bad, words):
    client = sign_in(Role.DONOR_OFFICER)
    answer = client.post("/offers/new", data={**GOOD, "summary": "What I typed stays here.", **bad})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in text
    assert "What I typed stays here." in text and count() == 0


def test_an_unknown_visibility_is_refused(sign_in):
    answer = sign_in(Role.DONOR_OFFICER).post("/offers/new", data={**GOOD, "visibility": "everybody"})
    assert answer.status_code == 422 and count() == 0


def test_a_second_click_posts_nothing_new(sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    sent = {**client.fields("/offers/new"), **GOOD}
    first, second = client.post("/offers/new", data=sent), client.post("/offers/new", data=sent)
    assert first.location == second.location and second.status_code == 303
    assert count() == 1


def test_changes_are_kept_and_told(sign_in, make):
    offer = make.offer()
    client = sign_in(Role.DONOR_OFFICER)
    sent = {**client.fields(f"/offers/{offer.ref}/edit"), "title": "A better title", "contact_email": "a@b.example"}
    assert client.post(f"/offers/{offer.ref}/edit", data=sent).status_code == 303
    page = client.get(f"/offers/{offer.ref}").get_data(as_text=True)
    assert "A better title" in page and f"Offer {offer.ref} changed" in page
    assert only().themes == ("survey-clearance",) and only().regions == ("142",)


def test_a_new_date_renews(sign_in, make):
    offer = make.offer(valid_until=date.today() - timedelta(days=3), contact_email="a@b.example")
    client = sign_in(Role.DONOR_OFFICER)
    assert "Renew or edit" in client.get(f"/offers/{offer.ref}").get_data(as_text=True)
    sent = {**client.fields(f"/offers/{offer.ref}/edit"), "valid_until": UNTIL.isoformat()}
    assert client.post(f"/offers/{offer.ref}/edit", data=sent).status_code == 303
    assert tags() == ["offer.posted", "offer.renewed"]
    again = {**client.fields(f"/offers/{offer.ref}/edit")}
    assert client.post(f"/offers/{offer.ref}/edit", data=again).status_code == 303
    assert tags() == ["offer.posted", "offer.renewed"]  # nothing changed, nothing told


def test_two_people_editing_see_both_versions(sign_in, make):
    offer = make.offer(contact_email="a@b.example")
    one, two = sign_in(Role.DONOR_OFFICER), sign_in(Role.DONOR_OFFICER)
    first, second = one.fields(f"/offers/{offer.ref}/edit"), two.fields(f"/offers/{offer.ref}/edit")
    assert one.post(f"/offers/{offer.ref}/edit", data={**first, "title": "Hers"}).status_code == 303
    answer = two.post(f"/offers/{offer.ref}/edit", data={**second, "title": "His", "amount_max": "9000000"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Hers" in text and "His" in text
    assert only().title == "Hers"


def test_a_withdrawn_offer_leaves_the_list(sign_in, visitor, make):
    offer = make.offer()
    client = sign_in(Role.DONOR_OFFICER)
    where = f"/offers/{offer.ref}"
    assert client.post(f"{where}/move/withdrawn", data={"note": "Budget cut."}).status_code == 303
    assert only().status is OfferStatus.WITHDRAWN
    page = client.get(where).get_data(as_text=True)
    assert "Budget cut." in page and "withdrawn" in page
    assert "already done" in client.post(f"{where}/move/withdrawn", follow_redirects=True).get_data(as_text=True)
    assert tags() == ["offer.posted", "offer.withdrawn"]
    assert visitor.get(where).status_code == 404
    assert offer.ref not in visitor.get("/offers/?state=all").get_data(as_text=True)
    assert client.get(f"{where}/edit").status_code == 403
    assert sign_in(Role.ISU_OFFICER).get(where).status_code == 200


def test_a_note_too_long_is_refused(sign_in, make):
    offer = make.offer()
    answer = sign_in(Role.DONOR_OFFICER).post(f"/offers/{offer.ref}/move/withdrawn", data={"note": "x" * 2001})
    assert answer.status_code == 422 and only().status is OfferStatus.OPEN


def test_another_partners_offer_is_not_ours_to_change(sign_in, make):
    offer = make.offer("JPN")
    client = sign_in(Role.DONOR_OFFICER, "NOR")
    assert client.get(f"/offers/{offer.ref}/edit").status_code == 403
    assert client.post(f"/offers/{offer.ref}/edit", data=GOOD).status_code == 403
    assert client.post(f"/offers/{offer.ref}/move/withdrawn").status_code == 403
    assert client.post(f"/offers/{offer.ref}/move/destroyed").status_code == 404
    assert client.get("/offers/NOR-OFFER-1999-001").status_code == 404
    assert only().status is OfferStatus.OPEN


def test_roles_without_offers(sign_in, visitor):
    for role in (Role.COMMITTEE_MEMBER, Role.ISU_OFFICER):
        assert sign_in(role).get("/offers/new").status_code == 403
        assert sign_in(role).post("/offers/new", data=GOOD).status_code == 403
    answer = visitor.get("/offers/new")
    assert answer.status_code == 303 and "/accounts/sign-in" in answer.location
    assert count() == 0


@pytest.mark.parametrize(("level", "seen_by"), [
    (Visibility.PUBLIC, {"visitor", "khm", "eu", "isu", "own"}), (Visibility.STATES_PARTIES, {"khm", "isu", "own"}),
    (Visibility.ISU, {"isu", "own"}),
])
def test_visibility(sign_in, visitor, make, level, seen_by):
    offer = make.offer(visibility=level)
    clients = {"visitor": visitor, "khm": sign_in(Role.FOCAL_POINT, "KHM"), "eu": sign_in(Role.DONOR_OFFICER, "EU"),
               "isu": sign_in(Role.ISU_OFFICER), "own": sign_in(Role.DONOR_OFFICER, "NOR")}
    on_page = {who for who, client in clients.items() if client.get(f"/offers/{offer.ref}").status_code == 200}
    listed = {who for who, client in clients.items() if offer.ref in client.get("/offers/").get_data(as_text=True)}
    on_party = {who for who, client in clients.items()
                if offer.ref in client.get("/parties/NOR").get_data(as_text=True)}
    assert on_page == listed == on_party == seen_by


def test_what_was_restricted_stays_so_after_opening(sign_in, visitor, make):
    offer = make.offer(visibility=Visibility.ISU, contact_email="secret@mfa.example")
    client = sign_in(Role.DONOR_OFFICER)
    sent = {**client.fields(f"/offers/{offer.ref}/edit"), "contact_email": "open@mfa.example", "visibility": "public"}
    assert client.post(f"/offers/{offer.ref}/edit", data=sent).status_code == 303
    assert "secret@mfa.example" not in sign_in(Role.FOCAL_POINT).get(f"/offers/{offer.ref}").get_data(as_text=True)
    assert "secret@mfa.example" in client.get(f"/offers/{offer.ref}").get_data(as_text=True)


@pytest.fixture
def several(make):
    later = date.today() + timedelta(days=90)
    return {
        "asia": make.offer("NOR", title="Land release in Asia"),
        "khm": make.offer("JPN", title="Detectors", regions=(), countries=("KHM",), kinds=("equipment",),
                          valid_until=later),
        "south-east": make.offer("GICHD", title="Advice", regions=("035",), themes=(), kinds=("expertise",)),
        "anywhere": make.offer("CHE", title="Victim data", regions=(), themes=("victim-assistance",)),
        "past": make.offer("AUT", title="Of last year", valid_until=date.today() - timedelta(days=1)),
    }


STANDING = {"asia", "khm", "south-east", "anywhere"}


@pytest.mark.parametrize(("query", "found"), [
    ("", STANDING), ("region=142", {"asia", "khm", "south-east"}), ("region=035", {"khm", "south-east"}),
    ("region=002", set()), ("region=any", {"anywhere"}), ("theme=any", {"south-east"}),
    ("theme=victim-assistance", {"anywhere"}), ("kind=equipment", {"khm"}), ("party=GICHD", {"south-east"}),
    ("q=DETECTORS", {"khm"}), ("q=100%25", set()), ("state=all", STANDING | {"past"}), ("theme=nothing", STANDING),
])
def test_filters(several, visitor, query, found):
    text = visitor.get(f"/offers/?{query}").get_data(as_text=True)
    assert {key for key, offer in several.items() if f"/offers/{offer.ref}\"" in text} == found


def test_an_empty_list_says_what_next(visitor, sign_in):
    assert "Look at partners" in visitor.get("/offers/").get_data(as_text=True)
    assert "Post the first" in sign_in(Role.DONOR_OFFICER).get("/offers/").get_data(as_text=True)
    assert "Take one away" in visitor.get("/offers/?q=nothing").get_data(as_text=True)


def test_text_is_escaped(sign_in, visitor):
    sign_in(Role.DONOR_OFFICER).post("/offers/new", data={**GOOD, "title": "<script>alert(1)</script>"})
    assert "<script>alert" not in visitor.get("/offers/").get_data(as_text=True)


@pytest.mark.parametrize(("values", "constraint"), [
    ({"amount_min": Decimal(5), "amount_max": Decimal(4)}, "amounts_in_order"),
    ({"amount_min": Decimal(-5)}, "amount_min_not_negative"),
])
def test_the_database_knows_the_range_too(make, values, constraint):
    offer = make.offer(amount_min=None, amount_max=None)
    for key, value in values.items():
        setattr(offer, key, value)
    with pytest.raises(sqlalchemy.exc.IntegrityError, match=constraint):
        db.session.flush()
    db.session.rollback()
