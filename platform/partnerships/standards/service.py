"""The register as IATI: activities one after the other, into a file; and how a donor classifies a pledge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import IO, Any

from flask import current_app
from flask_babel import force_locale

from partnerships.core import audit, policy
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.parties import queries as parties
from partnerships.pledges.models import Pledge
from partnerships.pledges.service import record
from partnerships.standards import queries
from partnerships.standards.iati import given, pledged, writing
from partnerships.standards.iati.plain import Activity
from partnerships.standards.iati.pledged import Ground
from partnerships.standards.iati.writing import Publisher
from partnerships.standards.models import PledgeTerms
from partnerships.standards.queries import LeftOut, Wanted
from partnerships.standards.states import AidType, FinanceType, Significance, TiedStatus

PARTS = {"aid_type": AidType, "finance_type": FinanceType, "tied_status": TiedStatus, "gender": Significance,
         "disability": Significance}


def publisher() -> Publisher:
    """Who reports, by the settings."""
    settings = current_app.config["SETTINGS"]
    return Publisher(settings.iati_org, settings.iati_name, settings.iati_type, f"{settings.public_url}/standards/iati")


def write(out: IO[bytes], wanted: Wanted) -> tuple[int, LeftOut]:
    """Write what is public, as far as it is asked for. Returns: how many activities, and what was left out."""
    with force_locale("en"):
        left = queries.left_out(wanted)
        number = writing.write(out, activities(wanted), publisher(), utcnow(), left.words())
    return number, left


def activities(wanted: Wanted) -> Iterator[Activity]:
    """The activities: needs with agreed support, pledges, contributions."""
    ground = Ground(date.today(), {theme.code: theme.title for theme in parties.all_themes()}, {})
    yield from _needs(wanted, ground)
    yield from _pledges(wanted, ground)
    for contributions, moments in queries.contributed(wanted):
        for one in contributions:
            if wanted.recent(moments.get(one.id)):
                yield given.of_contribution(one, moments.get(one.id), ground)


def _needs(wanted: Wanted, ground: Ground) -> Iterator[Activity]:
    for needs, amounts, by_need in queries.supported(wanted):
        for need in needs:
            pledges = by_need[need.id]
            updated = max(need.created_at, need.updated_at, *(one.updated_at for one in pledges))
            support = [(one.ref, party) for one in pledges for party in (one.donor, *(part.party for part in one.partners))]
            if wanted.recent(updated):
                yield given.of_need(need, support, need.id in amounts, updated, ground)


def _pledges(wanted: Wanted, ground: Ground) -> Iterator[Activity]:
    for found, seen, terms in queries.pledged(wanted):
        for pledge in found:
            one = pledged.activity(pledge, replace(ground, needs=seen), terms.get(pledge.id))
            if one is not None and wanted.recent(one.updated):
                yield one


def classify(pledge: Pledge, actor: Actor, kept: PledgeTerms | None, values: Mapping[str, Any]) -> bool:
    """Keep how the donor classifies a pledge; what is empty was not said. Returns: whether anything changed. Raises: 403."""
    policy.demand(actor, "pledges.advance", pledge)
    one = kept or PledgeTerms(pledge=pledge)
    new = {name: kind(values[name]) if values.get(name) else None for name, kind in PARTS.items()}
    changes = audit.differences(one, new)
    if not changes:
        return False
    for name, value in new.items():
        setattr(one, name, value)
    one.is_demo, one.updated_at = pledge.is_demo, utcnow()
    db.session.add(one)
    db.session.flush()
    record("pledge.described", pledge, actor, changes)
    return True
