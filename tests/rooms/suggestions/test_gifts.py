"""The history that the engine reads of pledges: by stage, by share, each State once, and nothing of what is gone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from partnerships.core.actor import PUBLIC, SYSTEM, Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.matching import Suggestion
from partnerships.pledges import payments, service
from partnerships.pledges.service import Details
from partnerships.pledges.states import PledgeKind, PledgeStatus
from partnerships.suggestions import engine, gifts
from tests.support.client import Client

TODAY = date.today()


def of(pledge, actor=SYSTEM):
    """(donor, stage, dollars) of the gifts that a pledge gives."""
    db.session.flush()
    return [(gift.donor, gift.stage, gift.amount_usd) for gift in gifts.of(actor) if gift.ref.startswith(pledge.ref)]


def test_a_pledge_feeds_the_history_by_its_stage_never_as_one_sum(make):
    need, donor = make.need("KHM"), make.actor(Role.DONOR_OFFICER, "NOR")
    pledge = make.pledge("NOR", need=need, amount=Decimal(300_000))
    assert of(pledge) == [("NOR", "announced", 300_000.0)]
    service.move(pledge, "confirmed", donor, on=TODAY)
    assert of(pledge) == [("NOR", "confirmed", 300_000.0)]
    service.move(pledge, "agreed", donor, on=TODAY)
    assert of(pledge) == [("NOR", "agreed", 300_000.0)]
    payments.pay(pledge, donor, amount=Decimal(100_000), paid_on=TODAY)
    assert of(pledge) == [("NOR", "paid", 100_000.0), ("NOR", "agreed", 200_000.0)]
    payments.pay(pledge, donor, amount=Decimal(200_000), paid_on=TODAY)
    assert of(pledge) == [("NOR", "paid", 300_000.0)]


@pytest.mark.parametrize("end", ["withdrawn", "lapsed"])
def test_of_what_is_gone_only_what_was_paid_remains(make, end):
    words, signed = make.pledge("NOR", need=make.need()), make.pledge("NOR", need=make.need(), amount=Decimal(50))
    service.move(words, end, SYSTEM, "Not this year.")
    service.move(signed, "agreed", SYSTEM, on=TODAY)
    payments.pay(signed, SYSTEM, amount=Decimal(20), paid_on=TODAY)
    service.move(signed, end, SYSTEM, "Not this year.")
    assert of(words) == []
    assert of(signed) == [("NOR", "paid", 20.0)]


def test_what_was_logged_in_error_feeds_nothing(make):
    pledge = make.pledge("NOR", need=make.need(), from_floor=True)
    pledge.status = PledgeStatus.STRUCK
    assert of(pledge) == []


def test_each_donor_of_a_joint_pledge_gives_its_share(make):
    known = make.pledge("NOR", need=make.need(), amount=Decimal(1000), details=Details(
        partners=((make.party("SWE"), Decimal(300)), (make.party("DNK"), Decimal(100)))))
    open_ = make.pledge("NOR", need=make.need(), amount=Decimal(1000), details=Details(partners=((make.party("SWE"), None),)))
    assert of(known) == [("NOR", "announced", 600.0), ("SWE", "announced", 300.0), ("DNK", "announced", 100.0)]
    assert of(open_) == [("NOR", "announced", 1000.0), ("SWE", "announced", None)]
    service.move(known, "agreed", SYSTEM, on=TODAY)
    payments.pay(known, SYSTEM, amount=Decimal(500), paid_on=TODAY)
    assert of(known) == [("NOR", "paid", 300.0), ("SWE", "paid", 150.0), ("DNK", "paid", 50.0),
                         ("NOR", "agreed", 300.0), ("SWE", "agreed", 150.0), ("DNK", "agreed", 50.0)]


def test_a_pledge_for_several_needs_helps_their_state_once(make):
    first, second = make.need("KHM"), make.need("KHM", theme="victim-assistance")
    pledge = make.pledge("NOR", need=first, amount=Decimal(900), details=Details(parts=((first, Decimal(400)), (second, None))))
    assert of(pledge) == [("NOR", "announced", 900.0)]
    found, = (gift for gift in gifts.of(SYSTEM) if gift.ref.startswith(pledge.ref))
    assert (found.recipient, found.themes) == ("KHM", ("survey-clearance", "victim-assistance"))


def test_political_words_are_no_support_and_things_have_no_amount(make):
    political = make.pledge("NOR", need=make.need(), kind=PledgeKind.POLITICAL, amount=None)
    in_kind = make.pledge("NOR", need=make.need(), kind=PledgeKind.IN_KIND, amount=None)
    assert of(political) == []
    assert of(in_kind) == [("NOR", "announced", None)]
    service.move(in_kind, "agreed", SYSTEM, on=TODAY)
    assert of(in_kind) == [("NOR", "agreed", None)]
    service.move(in_kind, "delivered", SYSTEM, on=TODAY)
    assert of(in_kind) == [("NOR", "paid", None)]


def test_a_pledge_out_of_sight_feeds_nobody_else(make):
    hidden = make.pledge("NOR", need=make.need(), visibility=Visibility.PARTIES)
    assert of(hidden, PUBLIC) == [] and of(hidden, make.actor(Role.DONOR_OFFICER, "JPN")) == []
    assert of(hidden, make.actor(Role.FOCAL_POINT, "KHM")) == [("NOR", "announced", 300_000.0)]


def test_the_surer_the_stage_the_higher_the_partner_and_the_words_say_it(make, visitor: Client):
    """Andorra gave nothing on record: what it pledges to one need of a State speaks for it at the State's other needs."""
    pledged, other = make.need("KHM"), make.need("KHM")
    party, before = make.party("AND"), TODAY - timedelta(days=30)
    pledge = make.pledge("AND", need=pledged, amount=Decimal(2_000_000), announced_on=before)
    scores, told = [], []
    for step in ("", "confirmed", "agreed", "pay"):
        if step == "pay":
            payments.pay(pledge, SYSTEM, amount=Decimal(2_000_000), paid_on=TODAY)
        elif step:
            service.move(pledge, step, SYSTEM, on=TODAY)
        db.session.commit()
        engine.forget()
        found = engine.answer(PUBLIC, other, party)
        assert isinstance(found, Suggestion)
        scores.append(found.score)
        told.append(visitor.get(f"/needs/{other.ref}/why/AND").get_data(as_text=True))
    assert scores == sorted(scores) and len(set(scores)) == 4
    assert "Announced a pledge for Cambodia" in told[0] and "Gave to Cambodia" not in told[0]
    assert "Has announced support to Cambodia, not confirmed yet." in told[0]
    assert "Confirmed in writing a pledge for Cambodia" in told[1] and "Announced a pledge" not in told[1]
    assert "Signed an agreement to support Cambodia" in told[2]
    assert "Support to Cambodia on record" in told[3] and "Signed an agreement" not in told[3]
