"""Every page of the platform, with the records that the demonstration gives to look at."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from partnerships.accounts.models import Account, AccountInvitation
from partnerships.accounts.routes import recovery
from partnerships.accounts.session import digest
from partnerships.allocations.models import Allocation
from partnerships.amendments.models import Amendment
from partnerships.amendments.states import AmendmentStatus
from partnerships.approach.models import Meeting
from partnerships.assessments.models import Assessment
from partnerships.cases.models import Case
from partnerships.conferences.models import Conference
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.db import db, utcnow
from partnerships.exchange import service as exchange
from partnerships.exchange.models import Import, ImportOf
from partnerships.followups.models import Followup
from partnerships.matches.models import Match
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.offers.models import Nature, Offer
from partnerships.parties.models import Party
from partnerships.pledges.models import Pledge
from partnerships.releases import service as releases
from partnerships.searches.models import SavedSearch
from partnerships.shares.models import NeedShare
from partnerships.subscriptions import words
from partnerships.subscriptions.models import Subscription
from partnerships.subscriptions.states import Rhythm
from partnerships.suggestions.models import EngineWeights
from partnerships.webhooks.models import Webhook

NOT_PAGES = ("static", "pages.healthz", "allocations.export", "conferences.entries", "conferences.read", "conferences.now",
             "documents.file", "observations.file", "returns.file",
             "exchange.template", "releases.file",
             "citations.robots", "citations.index", "citations.part",
             "feeds.calendar_of", "feeds.everybody", "feeds.of_state", "feeds.news_feed",
             "accounts.export",
             "accounts.ministry", "accounts.ministry_back", "api.openapi", "standards.activities")
# What an address needs besides its parts to show its form.
QUERIES = {"searches.index": "?q=clearance", "feeds.index": "?state=KHM",
           "subscriptions.new": "?place=needs&query=theme%3Dvictim-assistance",
           "searches.new": "?place=needs&query=theme%3Dvictim-assistance",
           "approach.new": "?state=KHM", "insight.compare": "?who=KHM&who=NOR", "insight.chart": "?conference=PC-90",
           "amendments.version": "?with=1"}


def _some(model: Any, most: int, *conditions: Any) -> list[Any]:
    """The demonstration's first records of a model."""
    query = select(model).where(model.is_demo, *conditions).order_by(model.id).limit(most)
    found = list(db.session.scalars(query))
    assert found, f"the demonstration has no such {model.__tablename__}"
    return found


def _one(model: Any, *conditions: Any) -> Any:
    return _some(model, 1, *conditions)[0]


def _like(need: Need) -> str:
    """The reference of a preview whose only row is like a need on record."""
    data = f"State;Title;Source\n{need.party.ref};{need.title};https://documents.example/plan\n".encode()
    one = exchange.preview(SYSTEM, ImportOf.NEEDS, "like.csv", data)
    db.session.commit()
    return one.ref


def _records() -> dict[str, list[dict[str, Any]]]:
    """For each address with a part to fill in: what to fill in."""
    khm = db.session.scalars(select(Party).where(Party.ref == "KHM")).one()
    own = [_one(Need, Need.party_id == khm.id, Need.status == status).ref
           for status in (NeedStatus.PUBLISHED, NeedStatus.SUBMITTED, NeedStatus.DRAFT)]
    others = _one(Need, Need.party_id != khm.id, Need.status == NeedStatus.PUBLISHED, Need.theme == "survey-clearance")
    change = _one(Amendment, Amendment.status == AmendmentStatus.SUBMITTED)
    conferences = [row.ref for row in _some(Conference, 2)]
    offers, equipment = [{"ref": _one(Offer).ref}], {"ref": _one(Offer, Offer.nature == Nature.EQUIPMENT).ref}
    parties = [{"ref": ref} for ref in ("KHM", "NOR")]
    invitation, waiting = (_one(AccountInvitation, AccountInvitation.role == role)
                           for role in (Role.DONOR_OFFICER, Role.FOCAL_POINT))
    release, _new = releases.make(SYSTEM, date.today())
    invitation.digest = digest("a-word")  # its own went out in a letter and is kept nowhere
    followed = Subscription(address="reader@example.org", query="needs?theme=victim-assistance", rhythm=Rhythm.WEEKLY,
                            language="en", looked_at=utcnow(), is_demo=True)
    db.session.add(followed)
    db.session.commit()
    person = _one(Account)
    return {
        "accounts.accept": [{"word": "a-word"}], "accounts.recover": [{"word": recovery.word_for(person)}],
        "accounts.invitation": [{"number": waiting.id}],
        **{f"accounts.{page}": [{"number": person.id}] for page in ("person", "hand_over")},
        "parties.detail": parties, "parties.priorities": parties, "parties.brief": parties,
        "insight.chart": [{"name": name} for name in ("needs", "support", "conference")],
        "insight.theme": [{"code": "survey-clearance"}],
        "insight.flow": [{"donor": "NOR", "recipient": "KHM"}], "offers.detail": [*offers, equipment], "offers.edit": offers,
        "needs.detail": [*({"ref": ref} for ref in own), {"ref": others.ref}],
        "needs.close": [{"ref": own[0], "name": name} for name in ("met", "withdrawn")],
        "amendments.detail": [{"ref": change.need.ref}], "amendments.verify": [{"ref": change.need.ref}, {"ref": own[1]}],
        "renewals.detail": [{"kind": "need", "ref": own[0]}, {"kind": "offer", **offers[0]}],
        "amendments.versions": [{"ref": own[0]}], "amendments.version": [{"ref": own[0], "number": number} for number in (1, 2)],
        "needs.edit": [{"ref": own[2]}, {"ref": own[0]}],
        "plans.edit": [*({"ref": own[0], "step": step} for step in ("work", "people", "costs", "context")),
                       {"ref": _one(Need, Need.article == "6.7").ref, "step": "programme"}],
        "needs.why": [*({"ref": own[0], "partner": ref} for ref in ("NOR", "CHE")), {"ref": own[0]}],
        "matches.detail": [{"number": _one(Match).id}], "matches.new": [{"ref": others.ref}],
        "matches.request": [equipment, {"ref": _one(Offer, Offer.party.has(Party.ref == "HRV")).ref}],
        "matches.share_form": [{"ref": own[0], "partner": ref} for ref in ("DEU", "SWE")],
        **{f"pledges.{page}": [{"ref": row.ref} for row in _some(Pledge, 2)] for page in ("detail", "update")},
        "pledges.edit": [{"ref": _one(Pledge, Pledge.status == "announced").ref}], "pledges.account": parties,
        "standards.terms": [{"ref": row.ref} for row in _some(Pledge, 1)],
        **{f"conferences.{page}": [{"ref": ref} for ref in conferences]
           for page in ("detail", "edit", "desk", "attendance", "tally", "targets")},
        "wordings.edit": [{"ref": own[0], "language": "fr"}],
        "indicators.detail": [{"plan": "OSLO-2019", "ref": "42.2"}],
        "indicators.edit": [{"plan": "OSLO-2019", "ref": "8.1", "year": 2021}], "observations.detail": [{"ref": "KHM"}],
        "returns.draft": [{"ref": "KHM"}],
        "assessments.edit": [{"number": _one(Assessment).id}],
        "releases.detail": [{"ref": release.ref}],
        "conferences.latest": [{"ref": conferences[0]}], "conferences.dated": [{"ref": conferences[0], "number": 1}],
        "conferences.correct": [{"ref": row.conference.ref, "pledge": row.ref} for row in _some(Pledge, 1, Pledge.from_floor)],
        **{f"approach.{page}": [{"ref": _one(Meeting).ref}] for page in ("detail", "edit")},
        **{f"cases.{page}": [{"ref": row.ref} for row in _some(Case, 2)] for page in ("detail", "briefing", "shared")},
        "cases.plan": [{"ref": _one(Case).ref}], "cases.support": [{"ref": _one(Case).ref, "months": 6}],
        "cases.invitation": [{"number": _one(Case).invitations[0].id}],
        **{f"allocations.{page}": [{"ref": _one(Allocation).ref}] for page in ("detail", "edit")},
        **{f"webhooks.{page}": [{"number": _one(Webhook).id}] for page in ("detail", "edit")},
        "shares.new": [{"ref": own[2]}], "shares.edit": [{"number": _one(NeedShare).id}],
        "suggestions.answer": [{"ref": others.ref}],
        "weights.detail": [{"number": _one(EngineWeights).id}],
        "exchange.detail": [{"ref": _one(Import).ref}], "exchange.row": [{"ref": _like(others), "number": 2}],
        "searches.edit": [{"number": _one(SavedSearch).id}],
        "subscriptions.confirm": [{"word": words.to_confirm(followed)}, {"word": "used"}],
        "subscriptions.leave": [{"word": words.to_leave(followed)}],
        "followups.rule": [{"rule": "no-contact"}, {"rule": "near-completion"}],
        **{f"followups.{page}": [{"number": row.id} for row in _some(Followup, 2)] for page in ("detail", "finish")},
    }


def addresses(app: Flask) -> dict[str, list[str]]:
    """Each page's addresses, by endpoint. A new page without a record to look at fails here: none is forgotten."""
    with app.app_context():
        records = _records()
        db.session.close()
    found: dict[str, list[str]] = {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.endpoint not in NOT_PAGES and not rule.endpoint.startswith("v1."):
                parts = [one for one in records.get(rule.endpoint, [{}]) if set(one) == rule.arguments]
                found.setdefault(rule.endpoint, []).extend(_address(app, rule, one) for one in parts)
    for endpoint, paths in found.items():
        assert paths, f"tests/browser/pages.py names no record for {endpoint}"
    return found


def _address(app: Flask, rule: Rule, parts: dict[str, Any]) -> str:
    return app.url_for(rule.endpoint, **parts) + QUERIES.get(rule.endpoint, "")
