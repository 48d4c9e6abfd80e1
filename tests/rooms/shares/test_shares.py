"""A need shared with one partner until a day: who sees it, what of it, until when, and what it never does."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.needs.states import NeedStatus

UNTIL = date.today() + timedelta(30)
SECRET = "Zanzibarite"


@pytest.fixture
def need(make):
    """A draft of Cambodia with a word, an amount and a contact that nobody else holds."""
    year = date.today().year + 1
    return make.need("KHM", NeedStatus.DRAFT, title=f"{SECRET} survey", contact_email="secret@authority.example",
                     amounts=[(year, year, Decimal(7_654_321), Decimal(0))])


def _read(client, url, status=200):
    answer = client.get(url)
    assert answer.status_code == status, (url, answer.status_code)
    return answer.get_data(as_text=True)


def _give(client, need, partner="NOR", until=UNTIL, **more):
    fields = client.fields(f"/shares/new/{need.ref}")
    return client.post(f"/shares/new/{need.ref}", data={**fields, "partner": partner, "until": str(until), **more})


def test_a_share_lasts_until_its_day_and_ends_by_itself(app, make, sign_in, need):
    state, partner, other = sign_in(Role.FOCAL_POINT, "KHM"), sign_in(Role.DONOR_OFFICER, "NOR"), sign_in(Role.DONOR_OFFICER, "SWE")
    _read(partner, f"/needs/{need.ref}", 404)
    assert _give(state, need, note="What do you think?").status_code == 303
    page = _read(partner, f"/needs/{need.ref}")
    assert "Cambodia shares this need with Norway until" in page and "This is a draft" in page
    assert re.search(r"7\D{1,8}654\D{1,8}321", page) and "secret@authority" not in page and "What do you think?" in page
    assert not re.search(r'href="[^"]*/(edit|new/|matches/new|pledges/new)[^"]*' + need.ref, page)
    for url in ("/shares/", "/needs/", f"/searches/?q={SECRET}"):
        assert SECRET in _read(partner, url), url
        assert SECRET not in re.sub(r"<input[^>]*>|<title>.*?</title>|<h1.*?</h1>", "", _read(other, url)).replace(
            f"“{SECRET}”", "") or "search" in url, url
    _read(other, f"/needs/{need.ref}", 404)
    assert "until" in _read(state, f"/needs/{need.ref}") and "Norway" in _read(state, f"/needs/{need.ref}")
    assert SECRET in _read(partner, "/notices/") or need.ref in _read(partner, "/notices/")
    with time_machine.travel(UNTIL, tick=False):
        _read(sign_in(Role.DONOR_OFFICER, "NOR"), f"/needs/{need.ref}")
    with time_machine.travel(UNTIL + timedelta(1), tick=False):
        late = sign_in(Role.DONOR_OFFICER, "NOR")
        _read(late, f"/needs/{need.ref}", 404)
        for url in ("/shares/", "/needs/"):
            assert SECRET not in _read(late, url)


def test_it_is_changed_and_ended_by_its_state_alone(make, sign_in, need):
    state, partner = sign_in(Role.FOCAL_POINT, "KHM"), sign_in(Role.DONOR_OFFICER, "NOR")
    share = make.share(need)
    number, later = share.id, UNTIL + timedelta(60)
    for client in (partner, sign_in(Role.FOCAL_POINT, "AGO"), sign_in(Role.ISU_OFFICER)):
        for url in (f"/shares/{number}", f"/shares/{number}/end"):
            assert client.post(url, data={"until": str(later)}).status_code in (403, 404)
    assert state.post(f"/shares/{number}", data={"until": str(later)}).status_code == 303
    db.session.refresh(share)
    assert share.until == later
    assert state.post(f"/shares/{number}/end").status_code == 303
    assert "already done" in state.post(f"/shares/{number}/end", follow_redirects=True).get_data(as_text=True)
    _read(partner, f"/needs/{need.ref}", 404)
    notices = _read(partner, "/notices/")
    assert "no longer shares its need" in notices and SECRET not in notices
    assert _give(state, need).status_code == 303, "what is over can be shared again"
    _read(partner, f"/needs/{need.ref}")


WRONG = [
    ({"partner": "KHM"}, "Choose one of the list."), ({"partner": "nobody"}, "Choose one of the list."),
    ({"partner": "ISU"}, "Choose one of the list."), ({"partner": ""}, "Choose with whom"),
    ({"partner": "SWE"}, "shared with this partner already"),
    ({"until": str(date.today() - timedelta(1))}, "This day has passed"),
    ({"until": str(date.today() + timedelta(400))}, "for a year at most"),
    ({"until": "soon"}, "Give the date as"), ({"until": ""}, "Say until when"),
]


def test_bad_input_has_words_and_keeps_what_was_typed(make, sign_in, need):
    share = make.share(need, "SWE")
    state = sign_in(Role.FOCAL_POINT, "KHM")
    for changes, words in WRONG:
        data = {"partner": "NOR", "until": str(UNTIL), "note": "Kept words", **changes}
        answers = [state.post(f"/shares/new/{need.ref}", data=data)]
        answers += [state.post(f"/shares/{share.id}", data=data)] if "until" in changes else []
        for answer in answers:
            page = answer.get_data(as_text=True)
            assert answer.status_code == 422 and words in page, changes
        assert "Kept words" in answers[0].get_data(as_text=True)


def test_there_is_nothing_to_share_of_what_the_partner_sees(make, sign_in):
    state, everything = sign_in(Role.FOCAL_POINT, "KHM"), make.need("KHM")
    part = make.need("KHM", amounts_visibility=Visibility.PARTIES)
    assert "sees the whole need already" in _give(state, everything).get_data(as_text=True)
    assert _give(state, part).status_code == 303
    assert _give(state, make.need("KHM", visibility=Visibility.PARTIES)).status_code == 303
    assert state.get(f"/shares/new/{make.need('AGO', NeedStatus.DRAFT).ref}").status_code == 404
    assert state.get(f"/shares/new/{make.need('AGO').ref}").status_code == 403


def test_sent_twice_it_is_one_share(sign_in, need):
    state = sign_in(Role.FOCAL_POINT, "KHM")
    data = {**state.fields(f"/shares/new/{need.ref}"), "partner": "NOR", "until": str(UNTIL)}
    assert [state.post(f"/shares/new/{need.ref}", data=data).status_code for _time in (1, 2)] == [303, 303]


def test_before_publication_the_partner_only_reads(make, sign_in, need):
    make.share(need)
    partner = sign_in(Role.DONOR_OFFICER, "NOR")
    assert partner.get(f"/matches/new/{need.ref}").status_code in (403, 404)
    assert partner.get(f"/needs/{need.ref}/edit").status_code == 403
    assert SECRET not in partner.get("/pledges/new").get_data(as_text=True)
    assert "not published, so that nothing can be pledged" in _read(partner, f"/pledges/new?need={need.ref}")
    typed = {**partner.fields("/pledges/new"), "object": "need", "need": need.ref, "kind": "financial", "currency": "USD",
             "amount": "1000"}
    assert partner.post("/pledges/new", data=typed).status_code == 422


def test_partners_do_not_learn_of_each_other(make, sign_in, need):
    make.share(need, "NOR")
    make.share(need, "SWE")
    page = _read(sign_in(Role.DONOR_OFFICER, "NOR"), f"/needs/{need.ref}")
    assert "shares this need with Norway" in page
    assert not [part for part in ("shares this need with Sweden", 'id="shared"') if part in page]
    assert page.count("The State shares its need with a partner") == 1
