"""Changing what a pledge says besides its amount."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.pledges import service
from partnerships.pledges.models import Pledge
from partnerships.pledges.service import Details
from partnerships.pledges.states import Earmarking, PledgeKind


def _again(pledge: Pledge) -> Pledge:
    db.session.expire_all()
    return db.session.get_one(Pledge, pledge.id)


@pytest.fixture
def pledge(make) -> Pledge:
    """300 000 dollars for two needs, with a partner, two years and what was typed in the room."""
    first, second = make.need("KHM"), make.need("KHM")
    return make.pledge(need=first, condition="Subject to parliament", details=Details(
        earmarking=Earmarking.SOFT, place="Pailin", channel="un", as_typed="nor 300k usd khm",
        portions=((2027, Decimal(100_000)), (2028, Decimal(200_000))), partners=((make.party("JPN"), Decimal(1000)),),
        parts=((first, Decimal(5)), (second, None))))


def _form(client: Any, pledge: Pledge) -> dict[str, str]:
    return client.fields(f"/pledges/{pledge.ref}/edit")


def test_the_form_shows_what_is_said_and_sending_it_as_it_is_changes_nothing(pledge, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    answer = client.post(f"/pledges/{pledge.ref}/edit", data=_form(client, pledge), follow_redirects=True)
    assert answer.status_code == 200 and "Nothing was changed." in answer.get_data(as_text=True)
    kept = _again(pledge)
    assert kept.version == pledge.version and len(kept.portions) == 2 and len(kept.parts) == 2 and kept.partners[0].amount == 1000
    assert (kept.as_typed, kept.place, kept.condition) == ("nor 300k usd khm", "Pailin", "Subject to parliament")


def test_what_is_changed_stands_on_the_timeline(pledge, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    data = {**_form(client, pledge), "earmarking": "tight", "place": "Battambang", "portions-0-amount": "300000",
            "portions-1-year": "", "portions-1-amount": "", "partners-0-share": "2000"}
    assert client.post(f"/pledges/{pledge.ref}/edit", data=data).status_code == 303
    kept = _again(pledge)
    assert (kept.earmarking, kept.place, kept.as_typed) == (Earmarking.TIGHT, "Battambang", "nor 300k usd khm")
    assert [(one.year, one.amount) for one in kept.portions] == [(2027, Decimal(300_000))] and kept.partners[0].amount == 2000
    [event] = db.session.scalars(select(Event).where(Event.tag == "pledge.described"))
    assert set(event.changes) == {"earmarking", "place", "portions", "partners", "last_year"}
    text = client.get(f"/pledges/{pledge.ref}").get_data(as_text=True)
    assert "Terms of the pledge changed" in text and "Softly earmarked" in text and "Battambang" in text


def test_two_people_changing_at_once_see_both(pledge, sign_in):
    one, other = sign_in(Role.DONOR_OFFICER), sign_in(Role.ISU_OFFICER)
    first, second = _form(one, pledge), _form(other, pledge)
    assert one.post(f"/pledges/{pledge.ref}/edit", data={**first, "place": "Siem Reap"}).status_code == 303
    answer = other.post(f"/pledges/{pledge.ref}/edit", data={**second, "place": "Kampot"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Kampot" in text and "Siem Reap" in text
    assert _again(pledge).place == "Siem Reap"


@pytest.mark.parametrize(("typed", "words"), [
    ({"portions-0-amount": "1"}, "they must be the same"), ({"partners-0-share": "300000"}, "leave something of the amount"),
    ({"partners-0-party": "Norway"}, "the lead is the donor"), ({"need": "KHM-1999-999"}, "No need within your sight"),
    ({"need": ""}, "Give the need&#39;s reference"), ({"channel": "x"}, "Choose one of the list")])
def test_what_does_not_fit_is_said_and_kept(pledge, sign_in, typed: dict[str, str], words: str):
    client = sign_in(Role.DONOR_OFFICER)
    answer = client.post(f"/pledges/{pledge.ref}/edit", data={**_form(client, pledge), "place": "As typed", **typed})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in text and "As typed" in text
    assert _again(pledge).place == "Pailin"


def test_the_need_it_was_announced_to_stays_and_others_come_and_go(make, pledge, sign_in):
    client, first, third = sign_in(Role.DONOR_OFFICER), pledge.need.ref, make.need("KHM")
    data = _form(client, pledge)
    answer = client.post(f"/pledges/{pledge.ref}/edit", data={**data, "need": third.ref})
    assert answer.status_code == 422 and "keep it in the list" in answer.get_data(as_text=True)
    client.post(f"/pledges/{pledge.ref}/edit", data={**data, "need": f"{third.ref}: 7\n{first}"})
    assert [(one.need.ref, one.amount) for one in _again(pledge).parts] == [(third.ref, Decimal(7)), (first, None)]
    client.post(f"/pledges/{pledge.ref}/edit", data={**_form(client, pledge), "need": first})
    assert _again(pledge).parts == []


def test_only_what_fits_the_kind_is_asked(make, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    political, in_kind = make.pledge(kind=PledgeKind.POLITICAL), make.pledge(kind=PledgeKind.IN_KIND)
    fields = _form(client, political)
    assert "valuation" not in fields and "portions-0-year" not in fields and "need" not in fields
    fields = _form(client, in_kind)
    assert "portions-0-year" not in fields
    client.post(f"/pledges/{in_kind.ref}/edit", data={**fields, "in_kind": "expertise", "valuation": "80 000"})
    assert (_again(in_kind).valuation, _again(in_kind).valuation_currency) == (Decimal(80_000), "USD")
    # What is not asked cannot be forced in.
    client.post(f"/pledges/{political.ref}/edit", data={**_form(client, political), "valuation": "5", "portions-0-amount": "5",
                                                        "portions-0-year": "2027", "place": "Anywhere"})
    assert (_again(political).valuation, _again(political).portions, _again(political).place) == (None, [], "Anywhere")


def test_more_rows_keep_what_was_typed(pledge, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    answer = client.post(f"/pledges/{pledge.ref}/edit", data={**_form(client, pledge), "place": "As typed", "add_row": "partners"})
    assert answer.status_code == 200 and "As typed" in answer.get_data(as_text=True)
    assert _again(pledge).place == "Pailin"


def test_a_closed_pledge_says_why_it_stays_as_it_is(pledge, sign_in, make):
    client = sign_in(Role.DONOR_OFFICER)
    data = _form(client, pledge)
    service.move(pledge, "withdrawn", make.actor(Role.DONOR_OFFICER), "The budget was cut.")
    db.session.commit()
    assert "Change what it says" not in client.get(f"/pledges/{pledge.ref}").get_data(as_text=True)
    answer = client.post(f"/pledges/{pledge.ref}/edit", data={**data, "version": str(_again(pledge).version), "place": "Kept"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "can no longer be changed" in text and "Kept" in text
    assert _again(pledge).place == "Pailin"


def test_who_may_not(pledge, sign_in, visitor):
    url = f"/pledges/{pledge.ref}/edit"
    assert "/accounts/sign-in" in visitor.get(url).location
    for role, party in ((Role.DONOR_OFFICER, "JPN"), (Role.FOCAL_POINT, "KHM")):
        client = sign_in(role, party)
        assert client.get(url).status_code == 403 == client.post(url, data={"place": "Mine"}).status_code
    assert sign_in(Role.DONOR_OFFICER).get("/pledges/PL-1999-0001/edit").status_code == 404
    assert _again(pledge).place == "Pailin" and _again(pledge).announced_on == date.today()
