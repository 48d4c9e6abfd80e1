"""States that could share experience: on the page of an affected State with open needs, each with its reasons."""

from __future__ import annotations

import re
from datetime import date, timedelta

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility


def peers(client, ref: str) -> str:
    text = client.get(f"/parties/{ref}").get_data(as_text=True)
    found = re.search(r'<section class="section" id="peers">(.*?)</section>', text, re.S)
    return found.group(1) if found else ""


def test_states_that_could_share_experience(visitor, sign_in, make):
    assert not peers(visitor, "KHM"), "nothing is asked yet"
    make.need("KHM")
    need = make.need("TJK", title="Clearance along the border")
    offer = make.offer("HRV", title="Experience in completing clearance", kinds=("expertise",))
    hidden = make.offer("VNM", visibility=Visibility.ISU)
    text = peers(visitor, "KHM")
    assert "Suggested from public records" in text and "Articles 6.2 and 6.6" in text
    assert f'href="/offers/{offer.ref}"' in text and "Croatia" in text and hidden.ref not in text
    assert 1 <= text.count("<h3>") <= 4 and "Cambodia" not in text
    assert 'href="#peers"' in visitor.get("/parties/KHM").get_data(as_text=True)
    assert not peers(visitor, "NOR"), "a donor asks for nothing"
    assert hidden.ref in peers(sign_in(Role.ISU_OFFICER), "KHM") and "within your sight" in peers(
        sign_in(Role.FOCAL_POINT, need.party.ref), "KHM")


def test_a_state_whose_needs_have_expired_is_not_shown_peers(visitor, make):
    make.need("KHM").valid_until = date.today() - timedelta(days=1)
    db.session.commit()
    make.offer("HRV")
    assert not peers(visitor, "KHM")
