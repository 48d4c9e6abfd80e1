"""Every page of the platform, with the records that the demonstration gives to look at."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from partnerships.allocations.models import Allocation
from partnerships.approach.models import Meeting
from partnerships.conferences.models import Conference
from partnerships.core.db import db
from partnerships.followups.models import Followup
from partnerships.matches.models import Match
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.offers.models import Offer
from partnerships.parties.models import Party
from partnerships.pledges.models import Pledge
from partnerships.suggestions.models import EngineWeights

NOT_PAGES = ("static", "pages.healthz", "allocations.export")
# What an address needs besides its parts to show its form.
QUERIES = {"approach.new": "?state=KHM"}


def _some(model: Any, most: int, *conditions: Any) -> list[Any]:
    """The demonstration's first records of a model."""
    query = select(model).where(model.is_demo, *conditions).order_by(model.id).limit(most)
    found = list(db.session.scalars(query))
    assert found, f"the demonstration has no such {model.__tablename__}"
    return found


def _one(model: Any, *conditions: Any) -> Any:
    return _some(model, 1, *conditions)[0]


def _records() -> dict[str, list[dict[str, Any]]]:
    """For each address with a part to fill in: what to fill in."""
    khm = db.session.scalars(select(Party).where(Party.ref == "KHM")).one()
    own = [_one(Need, Need.party_id == khm.id, Need.status == status).ref
           for status in (NeedStatus.PUBLISHED, NeedStatus.SUBMITTED, NeedStatus.DRAFT)]
    others = _one(Need, Need.party_id != khm.id, Need.status == NeedStatus.PUBLISHED, Need.theme == "survey-clearance")
    conferences = [row.ref for row in _some(Conference, 2)]
    offers = [{"ref": _one(Offer).ref}]
    parties = [{"ref": ref} for ref in ("KHM", "NOR")]
    return {
        "parties.detail": parties, "parties.priorities": parties, "offers.detail": offers, "offers.edit": offers,
        "needs.detail": [*({"ref": ref} for ref in own), {"ref": others.ref}],
        "needs.edit": [{"ref": own[2]}],
        "needs.why": [*({"ref": own[0], "partner": ref} for ref in ("NOR", "CHE")), {"ref": own[0]}],
        "matches.detail": [{"number": _one(Match).id}], "matches.new": [{"ref": others.ref}],
        "matches.share_form": [{"ref": own[0], "partner": ref} for ref in ("DEU", "SWE")],
        "pledges.detail": [{"ref": row.ref} for row in _some(Pledge, 2)],
        **{f"conferences.{page}": [{"ref": ref} for ref in conferences] for page in ("detail", "edit", "desk")},
        **{f"approach.{page}": [{"ref": _one(Meeting).ref}] for page in ("detail", "edit")},
        **{f"allocations.{page}": [{"ref": _one(Allocation).ref}] for page in ("detail", "edit")},
        "suggestions.answer": [{"ref": others.ref}],
        "weights.detail": [{"number": _one(EngineWeights).id}],
        "followups.detail": [{"number": row.id} for row in _some(Followup, 2)],
    }


def addresses(app: Flask) -> dict[str, list[str]]:
    """Each page's addresses, by endpoint. A new page without a record to look at fails here: none is forgotten."""
    with app.app_context():
        records = _records()
        db.session.close()
    found: dict[str, list[str]] = {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.endpoint not in NOT_PAGES:
                parts = [one for one in records.get(rule.endpoint, [{}]) if set(one) == rule.arguments]
                found.setdefault(rule.endpoint, []).extend(_address(app, rule, one) for one in parts)
    for endpoint, paths in found.items():
        assert paths, f"tests/browser/pages.py names no record for {endpoint}"
    return found


def _address(app: Flask, rule: Rule, parts: dict[str, Any]) -> str:
    return app.url_for(rule.endpoint, **parts) + QUERIES.get(rule.endpoint, "")
