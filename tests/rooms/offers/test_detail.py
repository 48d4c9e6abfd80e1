"""An offer's page: the needs that fit it, read with this offer alone, and what variety held back."""

from __future__ import annotations

import re
from datetime import date, timedelta

from partnerships.core.actor import Role
from partnerships.core.visibility import Visibility


def fitting(client, offer) -> str:
    text = client.get(f"/offers/{offer.ref}").get_data(as_text=True)
    found = re.search(r'<section class="section" id="fitting">(.*?)</section>', text, re.S)
    return found.group(1) if found else ""


def test_needs_that_fit_an_offer_with_its_own_words_first(visitor, sign_in, make):
    offer = make.offer("AUT", regions=("035",), themes=("victim-assistance",), kinds=("equipment",))
    assert "No open need within your sight fits" in fitting(visitor, offer)
    need = make.need("KHM", theme="victim-assistance", kinds=("equipment",))
    hidden = make.need("KHM", theme="victim-assistance", kinds=("equipment",), visibility=Visibility.STATES_PARTIES)
    other = make.need("COL", theme="risk-education", kinds=("training",), title="Escuelas", summary="Educación en escuelas.")
    text = fitting(visitor, offer)
    assert need.ref in text and hidden.ref not in text and other.ref not in text
    first = re.findall(r'<li><span class="why-sign.*?</li>', text, re.S)[0]
    assert f"Its standing offer {offer.ref} names victim assistance" in first
    assert hidden.ref in fitting(sign_in(Role.FOCAL_POINT, "AGO"), offer)


def test_not_all_needs_are_of_one_state_and_the_page_says_so(visitor, make):
    offer = make.offer("NOR", regions=("142",))
    for number in range(4):
        make.need("KHM", title=f"Clearance in Battambang, block {number}")
    for state in ("LKA", "TJK", "YEM"):
        make.need(state, title=f"Clearance in {state}")
    text = fitting(visitor, offer)
    assert len(re.findall(r'<span class="ref">', text)) == 5 and text.count("KHM-") == 4  # two needs, each named and linked
    assert "2 more of Cambodia" in text and 'href="/parties/KHM#needs"' in text


def test_an_offer_past_its_date_fits_nothing(visitor, make):
    make.need("KHM")
    assert not fitting(visitor, make.offer(valid_until=date.today() - timedelta(days=1)))
