"""The outcome of a conference: what everybody may see of it, as plain data; published as it is on a day and never changed again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from partnerships.conferences import tally, view
from partnerships.conferences.models import Conference, Outcome
from partnerships.conferences.states import Presence
from partnerships.core.actor import PUBLIC, Actor
from partnerships.core.audit import plain
from partnerships.core.db import db
from partnerships.core.policy import scope
from partnerships.needs import queries as needs
from partnerships.parties.models import Party
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges
from partnerships.pledges.figures import Stages
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import ENDED, PledgeStatus

FACTS = ("ref", "number", "title", "chair", "place", "mode", "first_day", "last_day", "note", "outcome", "source",
         "stated_delegations", "stated_pledging", "reference_currency")


def build(conference: Conference, today: date) -> dict[str, Any]:
    """The outcome as it is today.

    Within the sight of everybody, whoever asks: it is what will be published. Returns: plain data, ready for JSON; amounts are
    texts of decimals, each with its currency; stages stand apart and are never added.
    """
    every = pledges.of_conference(PUBLIC, conference.id)
    made = _whole(every)
    board = tally.board(conference, made, today)
    reference = board.whole.reference
    seen = needs.by_ids(PUBLIC, {one.need_id for one in made if one.need_id is not None})
    return {
        "facts": {key: plain(getattr(conference, key)) for key in FACTS}, "on": today.isoformat(),
        "attendance": [{"category": group.category.value, "stated": group.stated, "names": [
            {**_party(row.party), "head": row.head} for row in group.rows if row.presence is Presence.PRESENT]}
            for group in view.attendance(conference)],
        "targets": [{"object": one.object.value, "year": one.year or None, "amount": plain(one.amount), "currency": one.currency,
                     "note": one.note} for one in conference.targets],
        "pledges": [_pledge(one, {number: need.ref for number, need in seen.items()}) for one in made],
        "stages": {currency: _stages(one) for currency, one in board.whole.by_currency.items()},
        "objects": [{"object": row.object.value, "pledges": row.pledges, "target": plain(row.target),
                     "stages": _stages(row.reference.stages),
                     "by_currency": {currency: _stages(one) for currency, one in row.by_currency.items()}} for row in board.rows],
        "reference": {"currency": board.currency, "stages": _stages(reference.stages),
                      "rates": [{"currency": code, "rate": plain(one.rate), "on": one.on.isoformat()}
                                for code, one in sorted(reference.rates.items())],
                      "left_out": {code: _stages(one) for code, one in sorted(reference.left_out.items())}},
        "donors": board.donors, "hidden": _hidden(conference), "ended": len(every) - len(made),
    }


def _whole(made: Sequence[Pledge]) -> list[Pledge]:
    """The pledges of an outcome: those that stand, and what was paid of others."""
    return [one for one in made if one.status not in ENDED or one.paid_amount]


def _party(party: Party) -> dict[str, str]:
    return {"ref": party.ref, "name": party.name_en}  # not in the language of whoever publishes


def _stages(stages: Stages) -> dict[str, str]:
    return {key: plain(value) for key, value in vars(stages).items() if value}


def _pledge(one: Pledge, seen: dict[int, str]) -> dict[str, Any]:
    columns = ("kind", "object", "in_kind", "amount", "currency", "approximate", "valuation", "valuation_currency", "first_year",
               "last_year", "earmarking", "themes", "channel", "condition", "statement", "announced_on")
    return {"ref": one.ref, "donor": _party(one.donor), "stage": one.status.value,
            "recipient": _party(one.recipient) if one.recipient else None,
            "need": seen.get(one.need_id) if one.need_id else None,
            "partners": [{**_party(part.party), "amount": plain(part.amount)} for part in one.partners],
            "portions": [[part.year, plain(part.amount)] for part in one.portions],
            "unconfirmed": one.from_floor and one.status is PledgeStatus.ANNOUNCED,
            "stages": _stages(figures.stages(one)), **{key: plain(getattr(one, key)) for key in columns}}


def _hidden(conference: Conference) -> int:
    """How many pledges of the conference not everybody may see."""
    every = select(func.count()).where(Pledge.conference_id == conference.id, Pledge.status.not_in(ENDED))
    open_ = scope(PUBLIC, "pledges.view", Pledge).where(Pledge.conference_id == conference.id, Pledge.status.not_in(ENDED))
    seen = db.session.scalar(select(func.count()).select_from(open_.subquery())) or 0
    return max(0, (db.session.scalar(every) or 0) - seen)


def fingerprint(content: dict[str, Any]) -> str:
    """The SHA-256 of an outcome's canonical JSON (keys sorted, no spaces, UTF-8), so that a copy can be compared."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def publish(conference: Conference, actor: Actor) -> Outcome:
    """Keep the outcome as it is now, as the conference's next one. Flushes. Called by the move that publishes."""
    content = build(conference, date.today())
    last = db.session.scalar(select(func.max(Outcome.number)).where(Outcome.conference_id == conference.id)) or 0
    kept = Outcome(conference=conference, conference_id=conference.id, number=last + 1, account_id=actor.account_id,
                   actor_label=actor.label, content=content, sha256=fingerprint(content), is_demo=conference.is_demo)
    db.session.add(kept)
    db.session.flush()
    return kept


def published(conference: Conference) -> list[Outcome]:
    """The outcomes of a conference as they were published, oldest first. Public, as the conference is."""
    return list(db.session.scalars(select(Outcome).where(Outcome.conference_id == conference.id).order_by(Outcome.number)))


def became(actor: Actor, content: dict[str, Any]) -> dict[str, Pledge]:
    """The pledges of an outcome as the reader may see them today, by reference: what became of them."""
    refs = [one["ref"] for one in content["pledges"]]
    found = db.session.scalars(scope(actor, "pledges.view", Pledge).where(
        Pledge.ref.in_(refs), Pledge.status != PledgeStatus.STRUCK))
    return {one.ref: one for one in found}
