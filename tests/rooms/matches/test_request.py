"""Asking for a standing offer: a match from the other side."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import werkzeug.exceptions
from sqlalchemy import select

from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.matches import service
from partnerships.matches.models import Match
from partnerships.matches.states import MatchStatus
from partnerships.offers.models import Nature

SOON = date.today() + timedelta(days=9)
SENT = {"message": "Two of these would finish the valley.", "next_step": "Send the list of areas",
        "next_step_on": SOON.isoformat()}


def where(offer) -> str:
    return f"/matches/request/{offer.ref}"


def ask(client, offer, asked_with, **more):
    return client.post(where(offer), data={**client.fields(where(offer)), **SENT, "need": asked_with.ref, **more})


def only() -> Match:
    db.session.expire_all()
    return db.session.scalars(select(Match)).one()


def events() -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.subject_kind == "match").order_by(Event.id)))


def read(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.get_data(as_text=True)


def test_a_state_asks_and_the_partner_finds_it_on_its_desk(make, sign_in):
    offer, need, person = make.offer("NOR"), make.need("KHM"), make.account(Role.FOCAL_POINT)
    client = sign_in(person)
    assert f'href="{where(offer)}"' in read(client, f"/offers/{offer.ref}")
    page = read(client, where(offer))
    assert "is shared with Norway, with its amounts and all its parts" in page and offer.how_to_ask in page
    answer = ask(client, offer, need)
    match = only()
    assert answer.status_code == 303 and answer.location == f"/matches/{match.id}"
    assert (match.status, match.offer_id, match.owner_id) == (MatchStatus.SHARED, offer.id, person.id)
    assert (match.next_step, match.next_step_on) == ("Send the list of areas", SOON)
    partner = sign_in(Role.DONOR_OFFICER, "NOR")
    assert f"asks for your offer {offer.ref} with its need {need.ref}" in read(partner, "/desk/")
    page = read(partner, answer.location)
    assert "Asked for through the offer" in page and f'href="/offers/{offer.ref}"' in page
    assert f"Offer {offer.ref} asked for" in page and "Two of these would finish the valley." in page
    assert "Register interest" in page


def test_the_need_is_shared_by_asking(make, sign_in):
    offer, need = make.offer("NOR"), make.need("KHM", visibility=Visibility.ISU, amounts_visibility=Visibility.ISU)
    partner = sign_in(Role.DONOR_OFFICER, "NOR")
    assert partner.get(f"/needs/{need.ref}").status_code == 404
    ask(sign_in(Role.FOCAL_POINT), offer, need)
    assert "1\u202f000\u202f000" in read(partner, f"/needs/{need.ref}")
    assert sign_in(Role.DONOR_OFFICER, "JPN").get(f"/needs/{need.ref}").status_code == 404


def test_the_offers_page_lists_who_asked_for_those_concerned(make, sign_in, visitor):
    offer, need = make.offer("NOR"), make.need("KHM")
    ask(sign_in(Role.FOCAL_POINT), offer, need)
    url = f"/offers/{offer.ref}"
    for role, party in ((Role.DONOR_OFFICER, "NOR"), (Role.ISU_OFFICER, "ISU"), (Role.FOCAL_POINT, "KHM")):
        page = read(sign_in(role, party), url)
        assert "Who asked for it" in page and "Send the list of areas" in page and "asked for" in page
    for client in (visitor, sign_in(Role.FOCAL_POINT, "AGO"), sign_in(Role.DONOR_OFFICER, "JPN")):
        page = read(client, url)
        assert "Who asked for it" not in page and "asked for" not in page


def test_a_conversation_that_is_open_goes_on_with_the_offer(make, sign_in):
    offer, match = make.offer("NOR"), make.match(party="NOR")
    person = make.account(Role.FOCAL_POINT)
    client = sign_in(person)
    assert "You are in contact with Norway about these needs already" in read(client, where(offer))
    answer = ask(client, offer, match.need)
    kept = only()
    assert answer.location == f"/matches/{kept.id}" and kept.status is MatchStatus.INTEREST
    assert (kept.offer_id, kept.next_step, kept.owner_id) == (offer.id, "Send the list of areas", person.id)
    told = events()[-1]
    assert told.tag == "match.requested" and told.changes["offer"] == [None, offer.ref]
    assert told.changes["next_step"] == ["Call with the focal point", "Send the list of areas"]
    page = read(client, where(offer))  # asked for with its only need: nothing is left to choose
    assert "You asked for this offer with need" in page and "with every open need of yours" in page
    again = client.post(where(offer), data={**SENT, "need": kept.need.ref})
    assert again.location == f"/matches/{kept.id}" and len(events()) == 2


def test_an_agreed_match_takes_the_offer_and_stays_agreed(make, sign_in):
    offer, match = make.offer("NOR"), make.match(party="NOR")
    service.move(match, "agreed", make.actor(Role.DONOR_OFFICER, "NOR"))
    db.session.commit()
    ask(sign_in(Role.FOCAL_POINT), offer, match.need)
    kept = only()
    assert (kept.status, kept.offer_id, kept.next_step_on) == (MatchStatus.AGREED, offer.id, None)


def test_a_declined_one_begins_again(make, sign_in):
    offer, match = make.offer("NOR"), make.match(party="NOR")
    service.move(match, "declined", make.actor(Role.DONOR_OFFICER, "NOR"), "Not this year.")
    db.session.commit()
    ask(sign_in(Role.FOCAL_POINT), offer, match.need)
    kept = only()
    assert (kept.status, kept.offer_id, kept.reason) == (MatchStatus.SHARED, offer.id, "")
    assert [one.tag for one in events()] == ["match.interest", "match.declined", "match.requested"]


def test_a_second_click_asks_once(make, sign_in):
    offer, need = make.offer("NOR"), make.need("KHM")
    client = sign_in(Role.FOCAL_POINT)
    sent = {**client.fields(where(offer)), **SENT, "need": need.ref}
    first, second = client.post(where(offer), data=sent), client.post(where(offer), data=sent)
    assert first.location == second.location and len(events()) == 1


def test_another_offer_of_the_same_partner_replaces_the_first_and_says_so(make, sign_in):
    first, second, need = make.offer("NOR"), make.offer("NOR", title="Another"), make.need("KHM")
    client = sign_in(Role.FOCAL_POINT)
    ask(client, first, need)
    ask(client, second, need)
    assert only().offer_id == second.id and events()[-1].changes["offer"] == [first.ref, second.ref]


def test_the_need_of_the_address_or_the_only_one_is_chosen(make, sign_in):
    offer, need = make.offer("NOR"), make.need("KHM")
    client = sign_in(Role.FOCAL_POINT)
    assert client.fields(where(offer))["need"] == need.ref
    other = make.need("KHM")
    assert client.fields(where(offer))["need"] == ""
    assert client.fields(f"{where(offer)}?need={other.ref}")["need"] == other.ref
    assert client.fields(f"{where(offer)}?need=%00KHM")["need"] == ""


def test_without_an_open_need_one_is_posted_first(make, sign_in):
    offer = make.offer("NOR")
    make.need("KHM").valid_until = date.today() - timedelta(days=1)
    db.session.commit()
    client = sign_in(Role.FOCAL_POINT)
    page = read(client, where(offer))
    assert "Your State has no open need yet" in page and 'href="/needs/new"' in page and "<textarea" not in page
    assert client.post(where(offer), data=SENT).status_code == 422


@pytest.mark.parametrize(("bad", "words"), [
    ({"need": ""}, "Choose the need"), ({"need": "AGO-1999-001"}, "Choose one of the list"),
    ({"message": " "}, "what you ask for"), ({"next_step_on": "2020-01-01"}, "has passed"),
    ({"next_step": "x" * 301}, "at most 300"), ({"message": "a\x00b"}, "cannot be shown"),
])
def test_bad_input_is_said_in_words_and_kept(make, sign_in, bad, words):
    offer, need = make.offer("NOR"), make.need("KHM")
    make.need("KHM")
    answer = ask(sign_in(Role.FOCAL_POINT), offer, need, **bad)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in text
    assert bad.get("next_step", "Send the list of areas") in text and not events()


def test_another_states_need_cannot_be_asked_with(make, sign_in):
    offer, need = make.offer("NOR"), make.need("AGO")
    make.need("KHM")
    assert ask(sign_in(Role.FOCAL_POINT), offer, need).status_code == 422
    with pytest.raises(werkzeug.exceptions.Forbidden):
        service.request(offer, need, make.actor(Role.FOCAL_POINT), message="x", next_step="x", next_step_on=SOON)
    assert not events()


def test_who_may_not_and_what_cannot_be_asked_for(make, sign_in, visitor):
    offer = make.offer("NOR")
    make.need("KHM")
    assert "/accounts/sign-in" in visitor.get(where(offer)).location
    for role in (Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER, Role.ISU_OFFICER, Role.COMMITTEE_MEMBER):
        assert sign_in(role).get(where(offer)).status_code == 403
        assert sign_in(role).post(where(offer), data=SENT).status_code == 403
    client = sign_in(Role.FOCAL_POINT)
    assert client.get(where(make.offer("KHM"))).status_code == 403  # its own
    assert client.get(where(make.offer("NOR", nature=Nature.CONTACT_POINT))).status_code == 403
    assert client.get(where(make.offer("NOR", visibility=Visibility.ISU))).status_code == 404
    past = client.get(where(make.offer("NOR", valid_until=date.today() - timedelta(days=1))))
    assert past.status_code == 422 and "past its valid-until date" in past.get_data(as_text=True)


def test_an_offer_closed_to_the_state_later_is_named_and_not_linked(make, sign_in):
    offer, need = make.offer("NOR"), make.need("KHM")
    client = sign_in(Role.FOCAL_POINT)
    ask(client, offer, need)
    match = only()
    match.offer.visibility = Visibility.ISU
    db.session.commit()
    page = read(client, f"/matches/{match.id}")
    assert offer.ref in page and f'href="/offers/{offer.ref}"' not in page and offer.title not in page
