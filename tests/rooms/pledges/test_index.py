"""The list of pledges and its ladders."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import event

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.pledges import payments, service


def test_filters_and_ladders_count_all_that_match(make, visitor):
    for _ in range(22):
        make.pledge("JPN", currency="JPY", amount=Decimal(1_000_000))
    signed = make.pledge("JPN", currency="JPY", amount=Decimal(5_000_000))
    actor = make.actor(Role.DONOR_OFFICER, "JPN")
    service.move(signed, "agreed", actor, on=date.today())
    payments.pay(signed, actor, amount=Decimal(2_000_000), paid_on=date.today())
    db.session.commit()
    text = visitor.get("/pledges/?donor=JPN").get_data(as_text=True)
    assert "22\u00a0million\u00a0JPY" in text.replace(" ", "\u00a0") and "1 to 20 of " in text
    assert "3\u00a0million\u00a0JPY" in text.replace(" ", "\u00a0")  # signed and not yet paid
    only = visitor.get("/pledges/?donor=JPN&status=agreed").get_data(as_text=True)
    assert signed.ref in only and "1 shown" in only and "22\u00a0million" not in only.replace(" ", "\u00a0")


def test_by_recipient(make, visitor):
    need = make.need()
    to_need, other = make.pledge(need=need), make.pledge()
    text = visitor.get("/pledges/?recipient=KHM").get_data(as_text=True)
    assert to_need.ref in text and need.ref in text and other.ref not in text


def test_an_empty_list_says_what_to_do(app, visitor):
    assert "No pledge within your sight matches" in visitor.get("/pledges/?donor=AFG").get_data(as_text=True)
    assert visitor.get("/pledges/?donor=nobody&status=%00&page=x").status_code == 200


def test_only_those_who_may_are_offered_to_record_one(sign_in, visitor):
    assert 'href="/pledges/new"' not in visitor.get("/pledges/").get_data(as_text=True)
    assert 'href="/pledges/new"' in sign_in(Role.DONOR_OFFICER).get("/pledges/").get_data(as_text=True)


def test_a_longer_list_asks_no_more_queries(app, make, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    asked: list[str] = []
    event.listen(app.extensions["database"], "before_cursor_execute", lambda *args: asked.append(args[2]))
    counts = []
    for _ in range(2):
        for _ in range(3):
            make.pledge(need=make.need())
        asked.clear()
        client.get("/pledges/?recipient=KHM")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 13  # one of them counts the notices for the header
