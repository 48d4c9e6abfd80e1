"""What-if plans as the service saves them, committed: for the room's own tests and for the laws of the house."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from partnerships.allocations import service
from partnerships.allocations.models import Allocation
from partnerships.core.actor import Role
from partnerships.core.db import db
from tests.support.factories import Make

ALL = {"themes": [], "region": "", "states": [], "needs": []}


def saved(make: Make, budgets: dict[str, int], *, party: str = "ISU", run: bool = True,
          scope: dict[str, Any] | None = None, **values: Any) -> Allocation:
    """A plan of a party, with a budget in US dollars for each donor; computed unless `run` is False."""
    actor = make.actor(Role.ISU_OFFICER if party == "ISU" else Role.DONOR_OFFICER, party)
    rows = [{"donor": donor, "amount": str(usd), "themes": [], "countries": []} for donor, usd in budgets.items()]
    allocation = service.create(actor, make.party(party), {
        "title": "Budgets of next year", "floor": 20, "minimum": Decimal(0), "note": "",
        "scope": {**ALL, **(scope or {})}, "budgets": rows, **values})
    if run:
        service.run(allocation, actor)
    db.session.commit()
    return allocation
