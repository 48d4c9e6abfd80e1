"""What the services of a pledge keep, told by what the record says afterwards."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.needs import service as needs
from partnerships.needs.states import NeedStatus
from partnerships.pledges import service
from partnerships.pledges.models import Pledge
from partnerships.pledges.service import Details


def _changes(pledge: Pledge) -> dict[str, list[object]]:
    return db.session.scalars(select(Event).where(Event.tag == "pledge.described").order_by(Event.id.desc())).first().changes


def test_another_share_or_part_alone_is_a_change_on_the_record(make):
    first, second, japan = make.need(), make.need(), make.party("JPN")
    actor = make.actor(Role.DONOR_OFFICER)
    pledge = make.pledge(need=first, details=Details(partners=((japan, Decimal(5)),), parts=((first, None), (second, None))))
    assert service.describe(pledge, actor, Details(partners=((japan, Decimal(7)),), parts=((first, None), (second, None))), "")
    assert _changes(pledge) == {"partners": [["JPN: 5 USD"], ["JPN: 7 USD"]]}
    again = Details(partners=((japan, Decimal(7)),), parts=((first, Decimal(9)), (second, None)))
    assert service.describe(pledge, actor, again, "")
    assert _changes(pledge) == {"parts": [[first.ref, second.ref], [f"{first.ref}: 9 USD", second.ref]]}
    assert not service.describe(pledge, actor, again, "")


def test_a_pledge_can_be_described_after_its_need_was_closed_but_not_moved_to_a_closed_one(make):
    need, closed, actor = make.need(), make.need(status=NeedStatus.MET), make.actor(Role.DONOR_OFFICER)
    pledge = make.pledge(need=need)
    needs.move(need, "met", make.actor(Role.ISU_OFFICER), "All of it is covered.")
    assert service.describe(pledge, actor, Details(channel="un"), "") and pledge.channel == "un"
    with pytest.raises(Refused, match="Only a published need"):
        service.describe(pledge, actor, Details(parts=((need, None), (closed, None))), "")


def test_a_fact_of_a_public_source_without_its_day_can_be_described(make):
    pledge, isu = make.pledge(), make.actor(Role.ISU_OFFICER)
    pledge.announced_on, pledge.source = None, "https://source.example"
    db.session.flush()
    assert service.describe(pledge, isu, Details(place="Battambang"), "")
    pledge.source = ""
    db.session.flush()
    with pytest.raises(Refused, match="Say on which day"):
        service.describe(pledge, isu, Details(place="Pailin"), "")
