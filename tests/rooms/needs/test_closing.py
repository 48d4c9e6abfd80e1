"""Closing a need with what happened: asked for, shown as far as it may be, and read by the engine."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from partnerships.core.actor import PUBLIC, SYSTEM, Role
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.core.visibility import Visibility
from partnerships.matches.states import MatchStatus
from partnerships.needs import service
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.pledges import service as pledges
from partnerships.suggestions import engine, gifts


def page(client, need) -> str:
    answer = client.get(f"/needs/{need.ref}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def kept(need) -> Need:
    db.session.expire_all()
    return db.session.get_one(Need, need.id)


def test_the_buttons_lead_to_a_page_that_asks_what_happened(sign_in, make):
    need, state = make.need(), sign_in(Role.FOCAL_POINT)
    text = page(state, need)
    for name, label in (("met", "Close as met"), ("partly-met", "Close as partly met"), ("withdrawn", "Withdraw")):
        assert f'href="/needs/{need.ref}/close/{name}"' in text
        assert label in state.get(f"/needs/{need.ref}/close/{name}").get_data(as_text=True)
    answer = state.post(f"/needs/{need.ref}/move/met", data={"note": "Only a note."})
    assert answer.headers["Location"] == f"/needs/{need.ref}/close/met"
    assert kept(need).status is NeedStatus.PUBLISHED


def test_closing_takes_words_and_shows_all_of_it(sign_in, make, visitor):
    need, state = make.need(), sign_in(Role.FOCAL_POINT)
    address = f"/needs/{need.ref}/close/partly-met"
    answer = state.post(address, data={"outcome": " ", "received": "700 000", "supporters": ["NOR"]})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "Say in a few sentences what happened" in text and "700 000" in text
    assert re.search(r'<input checked[^>]* value="NOR">', text)
    answer = state.post(address, data={"outcome": "Two of three areas were cleared.\n\nOne remains.", "received": "700 000",
                                       "supporters": ["NOR", "GICHD"]})
    assert answer.status_code == 303 and answer.headers["Location"] == f"/needs/{need.ref}"
    found = kept(need)
    assert (found.status, found.supporters, found.received) == (NeedStatus.PARTLY_MET, ("GICHD", "NOR"), Decimal(700_000))
    text = page(visitor, need)
    assert "Two of three areas were cleared." in text and "700\u202f000" in text
    assert 'href="/parties/NOR">Norway</a>' in text and 'href="/parties/GICHD">Geneva International Centre' in text
    assert need.title not in visitor.get("/needs/").get_data(as_text=True)
    assert need.title in visitor.get("/needs/?state=closed").get_data(as_text=True)


def test_a_withdrawn_need_has_neither_supporters_nor_an_amount(sign_in, make):
    need, state = make.need(), sign_in(Role.FOCAL_POINT)
    address = f"/needs/{need.ref}/close/withdrawn"
    form = state.get(address).get_data(as_text=True)
    assert 'name="supporters"' not in form and 'name="received"' not in form
    answer = state.post(address, data={"outcome": "The area was released by survey.", "received": "5", "supporters": ["NOR"]})
    assert answer.status_code == 303
    found = kept(need)
    assert (found.status, found.supporters, found.received) == (NeedStatus.WITHDRAWN, (), None)


WRONG = (
    ("received", "lots", "Write the amount in figures"), ("received", "-1", "cannot be negative"),
    ("received", "9" * 40, "check the number of zeros"), ("received", "1.005", "fewer decimals"),
    ("supporters", "XXX", "Choose from the list"), ("supporters", "KHM", "Choose from the list"),
    ("outcome", "x" * 4001, "at most 4000 characters"), ("outcome", "done\x00\u202eenod", "marks that cannot be shown"))


def test_what_cannot_be_kept_is_said_beside_the_field(sign_in, make):
    need, state = make.need(), sign_in(Role.FOCAL_POINT)
    for field, value, words in WRONG:
        answer = state.post(f"/needs/{need.ref}/close/met", data={"outcome": "Done.", field: value})
        assert answer.status_code == 422 and words in answer.get_data(as_text=True), (field, value)
    assert kept(need).status is NeedStatus.PUBLISHED


def test_a_second_click_and_another_ending_change_nothing(sign_in, make):
    need, state = make.need(), sign_in(Role.FOCAL_POINT)
    address = f"/needs/{need.ref}/close/met"
    state.post(address, data={"outcome": "First."})
    again = state.post(address, data={"outcome": "Second."})
    assert "already done" in state.get(again.headers["Location"]).get_data(as_text=True)
    assert state.post(f"/needs/{need.ref}/close/withdrawn", data={"outcome": "Third."}).status_code == 422
    assert state.get(address).headers["Location"] == f"/needs/{need.ref}"
    assert (kept(need).outcome, kept(need).status) == ("First.", NeedStatus.MET)


def test_only_its_state_and_the_isu_close_a_need(sign_in, make, visitor):
    need, draft = make.need(), make.need(status=NeedStatus.DRAFT)
    address = f"/needs/{need.ref}/close/met"
    for client in (sign_in(Role.DONOR_OFFICER), sign_in(Role.COMMITTEE_MEMBER), sign_in(Role.FOCAL_POINT, "AGO")):
        assert client.get(address).status_code == 403
        assert client.post(address, data={"outcome": "Mine."}).status_code == 403
    assert visitor.get(address).status_code == 303
    state, isu = sign_in(Role.FOCAL_POINT), sign_in(Role.ISU_OFFICER)
    assert state.get(f"/needs/{need.ref}/close/explode").status_code == 404
    assert state.get(f"/needs/{draft.ref}/close/met").headers["Location"] == f"/needs/{draft.ref}"
    assert state.post(f"/needs/{draft.ref}/close/met", data={"outcome": "Done."}).status_code == 422
    assert isu.post(address, data={"outcome": "The State told us."}).status_code == 303
    with pytest.raises(Refused):
        service.move(make.need(), "withdrawn", SYSTEM, " ")


def test_what_came_is_shown_to_those_who_see_amounts_only(sign_in, make, visitor):
    need = make.need(amounts_visibility=Visibility.STATES_PARTIES)
    sign_in(Role.FOCAL_POINT).post(f"/needs/{need.ref}/close/met", data={
        "outcome": "All cleared.", "received": "654321", "supporters": ["NOR"]})
    text = page(visitor, need)
    assert "All cleared." in text and "Norway" in text and "How much came" not in text and "654\u202f" not in text
    assert "654\u202f321" in page(sign_in(Role.DONOR_OFFICER), need)


def test_open_matches_of_a_closed_need_stay_and_are_named(sign_in, make, visitor):
    match = make.match(party="NOR")
    need, state = match.need, sign_in(Role.FOCAL_POINT)
    assert "One match of this need is still open" in state.get(f"/needs/{need.ref}/close/met").get_data(as_text=True)
    state.post(f"/needs/{need.ref}/close/met", data={"outcome": "All cleared."})
    assert db.session.get_one(type(match), match.id).status is MatchStatus.INTEREST
    text = page(state, need)
    assert "One match of this closed need is still open" in text and f'href="/matches/{match.id}"' in text
    assert "still open" not in page(visitor, need)


def test_those_whose_pledges_are_signed_are_chosen_already(sign_in, make):
    need = make.need()
    signed = make.pledge("NOR", need=need)
    make.pledge("JPN", need=need)
    _sign(signed)
    form = sign_in(Role.FOCAL_POINT).get(f"/needs/{need.ref}/close/met").get_data(as_text=True)
    assert form.count(" checked") == 1 and "Who helped: Norway</summary>" in form


def _sign(pledge) -> None:
    for name in ("confirmed", "agreed"):
        pledges.move(pledge, name, SYSTEM, "", on=date.today(), **({"expected_on": date.today() + timedelta(9)}
                                                                  if name == "agreed" else {}))
    db.session.commit()


def test_a_supporter_of_a_met_need_has_a_tie_in_history(make):
    """Once, without an amount; not twice beside its own signed pledge; never from a need out of sight."""
    def ties() -> list[tuple[str, float | None]]:
        engine.forget()
        return [(gift.donor, gift.amount_usd) for gift in gifts.of(PUBLIC)
                if gift.recipient == "AND" and gift.year == date.today().year]

    def close(**values) -> Need:
        need = make.need("AND", **values)
        service.close(need, "met", SYSTEM, outcome="Done.", supporters=["NOR", "JPN"], received=Decimal(900))
        db.session.commit()
        return need

    assert ties() == []
    hidden = close(visibility=Visibility.PARTIES)
    assert ties() == [] and hidden.supporters == ("JPN", "NOR")
    close()
    assert ties() == [("JPN", None), ("NOR", None)]
    pledged = make.need("AND")
    _sign(make.pledge("NOR", need=pledged, amount=Decimal(100_000)))
    service.close(pledged, "partly-met", SYSTEM, outcome="Part.", supporters=["NOR"])
    withdrawn = make.need("AND")
    service.close(withdrawn, "withdrawn", SYSTEM, outcome="No.", supporters=["SWE"])
    db.session.commit()
    assert sorted(ties(), key=str) == [("JPN", None), ("NOR", 100_000.0), ("NOR", None)]
