"""What an offer is: help, equipment left after completion, or an entry of the lists of Article 6.6; and South-South."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from partnerships.core.actor import PUBLIC, Role
from partnerships.core.db import current_engine, db
from partnerships.core.visibility import Visibility
from partnerships.needs.states import NeedStatus
from partnerships.offers import queries, service
from partnerships.offers.models import Nature, Offer
from partnerships.suggestions import engine

GOOD = {
    "title": "Machines no longer needed", "summary": "In good order.", "currency": "USD", "contact_name": "The desk",
    "contact_email": "desk@mfa.example", "valid_until": (date.today() + timedelta(days=300)).isoformat(),
    "visibility": "public",
}


def only() -> Offer:
    db.session.expire_all()
    return db.session.scalars(select(Offer)).one()


def listed(client, query: str) -> set[str]:
    return set(re.findall(r'href="/offers/([A-Z]+-OFFER-[\d-]+)"', client.get(f"/offers/?{query}").get_data(as_text=True)))


@pytest.mark.parametrize(("nature", "more", "kinds"), [
    (Nature.EQUIPMENT, {"quantities": "3 demining machines of 2019", "how_to_ask": "By letter."}, ("equipment",)),
    (Nature.EQUIPMENT, {"quantities": "60 detectors", "how_to_ask": "By letter.", "kinds": ["training"]},
     ("equipment", "training")),
    (Nature.EXPERTS, {}, ("expertise",)), (Nature.AGENCY, {"languages": ["fr"]}, ("expertise",)),
    (Nature.CONTACT_POINT, {}, ("exchange",)),
])
def test_a_nature_needs_no_more_than_it_is(sign_in, visitor, nature, more, kinds):
    answer = sign_in(Role.DONOR_OFFICER).post("/offers/new", data={**GOOD, "nature": nature.value, **more})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    offer = only()
    assert offer.nature is nature and offer.kinds == kinds and offer.quantities == more.get("quantities", "")
    page = visitor.get(answer.location).get_data(as_text=True)
    assert ("Action 47" in page) is (nature is Nature.EQUIPMENT) and ("Article 6.6" in page) is (nature is not Nature.EQUIPMENT)
    assert offer.quantities in page


@pytest.mark.parametrize(("sent", "words"), [
    ({"nature": "equipment-after-completion", "how_to_ask": "By letter."}, "Say what equipment there is"),
    ({"nature": "equipment-after-completion", "quantities": "3 machines"}, "Say how a State asks for it"),
    ({"nature": "help", "how_to_ask": "By letter."}, "Choose at least one kind"),
    ({"nature": "experts", "kinds": ["gold"]}, "Choose from the list"),
    ({"nature": "experts", "quantities": "x" * 401}, "at most 400"),
    ({"nature": "people", "how_to_ask": "By letter.", "kinds": ["money"]}, "What you post"),
    ({"nature": "\u202ehelp", "how_to_ask": "By letter.", "kinds": ["money"]}, "What you post"),
])
def test_what_a_nature_lacks_is_said_beside_it(sign_in, sent, words):
    answer = sign_in(Role.DONOR_OFFICER).post("/offers/new", data={**GOOD, **sent})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in text and "Machines no longer needed" in text
    assert db.session.scalars(select(Offer)).first() is None


def test_the_form_keeps_the_nature_and_two_people_read_it_in_words(sign_in, make):
    offer = make.offer(nature=Nature.EXPERTS, contact_email="a@b.example")
    one, two = sign_in(Role.DONOR_OFFICER), sign_in(Role.DONOR_OFFICER)
    where = f"/offers/{offer.ref}/edit"
    first, second = one.fields(where), two.fields(where)
    assert first["nature"] == "experts"
    assert one.post(where, data={**first, "nature": "expert-agency"}).status_code == 303
    page = one.get(f"/offers/{offer.ref}").get_data(as_text=True)
    assert "What is posted" in page and "Expert agency" in page
    answer = two.post(where, data={**second, "nature": "contact-point"})
    assert answer.status_code == 409 and "National point of contact" in answer.get_data(as_text=True)


@pytest.fixture
def several(make):
    return {nature: make.offer(party, nature=nature, title=f"Entry {nature.value}").ref for nature, party in (
        (Nature.HELP, "NOR"), (Nature.EQUIPMENT, "AUT"), (Nature.EXPERTS, "KHM"), (Nature.AGENCY, "GICHD"),
        (Nature.CONTACT_POINT, "CHE"))}


def test_lists_by_nature(several, visitor):
    for nature, ref in several.items():
        assert listed(visitor, f"nature={nature.value}") == {ref}
    assert listed(visitor, "") == listed(visitor, "nature=%00") == set(several.values())


def test_the_lists_of_article_6_6_are_directories(make, sign_in, visitor):
    make.offer("KHM", nature=Nature.EXPERTS, title="Dog handlers", languages=("fr",), contact_name="Operations room",
               contact_email="room@authority.example")
    hidden = make.offer("AUT", nature=Nature.EXPERTS, visibility=Visibility.ISU)
    page = visitor.get("/offers/?nature=experts").get_data(as_text=True)
    row = re.search(r"<tr>\s*<th scope=\"row\">.*?</tr>", page, re.S)
    assert row and all(words in row.group() for words in ("Dog handlers", "Cambodia", "South-South", "French", "Survey"))
    assert "Article 6.6" in page and "room@authority.example" not in page and "Operations room" not in page
    assert hidden.ref not in page
    signed = sign_in(Role.FOCAL_POINT, "AGO").get("/offers/?nature=experts").get_data(as_text=True)
    assert "room@authority.example" in signed and "Operations room" in signed


def test_south_south_is_derived_from_what_the_reader_may_know(make, sign_in, visitor):
    duty, donor = make.offer("THA"), make.offer("NOR")  # Thailand has an Article 5 obligation on record, Norway none
    asks, hides, drafts = make.offer("AGO"), make.offer("LAO"), make.offer("COL")
    make.need("AGO")
    make.need("LAO", visibility=Visibility.ISU)
    make.need("COL", NeedStatus.DRAFT)
    assert listed(visitor, "south=y") == {duty.ref, asks.ref}
    assert listed(sign_in(Role.FOCAL_POINT, "LAO"), "south=y") == {duty.ref, asks.ref, hides.ref}
    assert listed(sign_in(Role.FOCAL_POINT, "COL"), "south=y") == {duty.ref, asks.ref}
    every = {offer.party_id: offer for offer in (duty, donor, asks, hides, drafts)}
    assert queries.affected(PUBLIC, every) == {duty.party_id, asks.party_id}
    for offer in every.values():
        words = "South-South: " in visitor.get(f"/offers/{offer.ref}").get_data(as_text=True)
        on_party = ">South-South<" in visitor.get(f"/parties/{offer.party.ref}").get_data(as_text=True)
        assert words == on_party == (offer in (duty, asks)), offer.ref


def test_an_organisation_is_never_south_south(make, visitor):
    offer = make.offer("GICHD")
    assert listed(visitor, "south=y") == set() and listed(visitor, "") == {offer.ref}


def test_a_point_of_contact_offers_no_help_and_is_not_matched(make, visitor):
    make.need("KHM")
    helping, contact = make.offer("NOR"), make.offer("NOR", nature=Nature.CONTACT_POINT)
    assert set(engine.world(PUBLIC).offers) == {helping.ref}
    assert 'id="fitting"' not in visitor.get(f"/offers/{contact.ref}").get_data(as_text=True)
    assert 'id="fitting"' in visitor.get(f"/offers/{helping.ref}").get_data(as_text=True)


def test_equipment_is_matched_with_needs_for_equipment(make):
    need = make.need("KHM", kinds=("equipment",))
    offer = make.offer("AUT", nature=Nature.EQUIPMENT, kinds=("equipment",))
    (found, *_rest) = engine.offers_for(PUBLIC, need)
    assert found.offer == offer.ref


def test_a_later_date_confirms_the_offer(make):
    offer = make.offer()
    actor = make.actor(Role.DONOR_OFFICER)
    service.change(offer, actor, {"title": "Only words"})
    assert offer.confirmed_at is None
    service.change(offer, actor, {"valid_until": offer.valid_until + timedelta(days=30)})
    assert offer.confirmed_at is not None


def test_a_fixed_number_of_queries(make, visitor):
    make.offer("NOR")
    counted: list[str] = []
    event.listen(current_engine(), "before_cursor_execute", lambda *args: counted.append(args[2]))
    numbers = []
    for party in ("KHM", "AUT"):
        for query in ("", "?nature=experts&south=y"):
            counted.clear()
            visitor.get(f"/offers/{query}")
            numbers.append(len(counted))
        make.offer(party)
        make.offer(party, nature=Nature.EXPERTS)
    assert numbers[:2] == numbers[2:] and max(numbers) <= 14
