"""Writing versions of the weights: proposals that do not serve yet, and which one serves. Flushes, never commits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select

from partnerships.core import audit
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.policy import scope
from partnerships.core.visibility import Visibility
from partnerships.matching import weights as engine_weights
from partnerships.matching.weights import BRAKES, PRIORS, ROUND_POINTS
from partnerships.suggestions import engine, queries
from partnerships.suggestions.models import EngineWeights, Origin

if TYPE_CHECKING:
    from partnerships.matching.training import Trained

TOTAL = 100.0  # points of all reasons together: the best conceivable fit
NEAR_TOTAL = 0.01  # what rounding each weight leaves
MOST_FACTOR = 2.0  # of a term's prior
LIMITS: Mapping[str, float] = {prior.key: MOST_FACTOR * prior.points for prior in (*PRIORS, *BRAKES)}

audit.declare("engine_weights", EngineWeights, "weights.view")


@cache
def shipped() -> Trained:
    """The training that comes with this version of the platform: its weights, data and measures."""
    from partnerships.matching.training import from_json  # only these pages need it

    return from_json(engine_weights.SHIPPED.read_text(encoding="utf-8"))


def serving_points() -> dict[str, float]:
    """The points that serve now, by term."""
    return queries.weights() or dict(shipped().weights)


def by_number(actor: Actor, number: int) -> EngineWeights | None:
    """A version within the actor's sight."""
    found: EngineWeights | None = db.session.scalar(
        scope(actor, "weights.view", EngineWeights).where(EngineWeights.id == number))
    return found


def same(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Whether two versions give every term the same points."""
    return one.keys() == other.keys() and all(abs(one[key] - other[key]) < 0.5 * 10**-ROUND_POINTS for key in one)


def balanced(points: Mapping[str, float]) -> dict[str, float]:
    """Bring the reasons' points to a sum of 100 by one common factor, none above its limit; brakes stay.

    Arguments: points, by term, each from zero to its limit. Returns: the points by term, rounded.
    Raises: ValueError when even at their limits the reasons that have points do not reach 100.
    """
    reasons = {prior.key: points[prior.key] for prior in PRIORS if points[prior.key] > 0}
    if math.fsum(LIMITS[key] for key in reasons) < TOTAL:
        raise ValueError("These reasons cannot reach the sum within their limits.")
    if abs(math.fsum(reasons.values()) - TOTAL) <= NEAR_TOTAL:
        return {key: round(value, ROUND_POINTS) for key, value in points.items()}
    held: dict[str, float] = {}
    while True:
        free = reasons.keys() - held.keys()
        factor = (TOTAL - math.fsum(held.values())) / math.fsum(reasons[key] for key in free)
        over = {key: LIMITS[key] for key in free if reasons[key] * factor > LIMITS[key]}
        if not over:
            break
        held |= over
    scaled = {key: held.get(key, value * factor) for key, value in reasons.items()}
    return {key: round(scaled.get(key, value), ROUND_POINTS) for key, value in points.items()}


def propose(actor: Actor, points: Mapping[str, float], note: str) -> EngineWeights:
    """Save a version that does not serve yet.

    Arguments: points, by term, as `balanced` gives them; note, the reason in words. Returns: the version, flushed.
    """
    before = queries.active_weights()
    version = EngineWeights(
        origin=Origin.ADJUSTED, points=dict(points), note=note, author_id=actor.account_id,
        training={"from": before.ref if before else shipped().version})
    db.session.add(version)
    db.session.flush()
    audit.record("weights.adjusted", version, actor, note=note, audience=Visibility.ISU.value)
    return version


def learn(actor: Actor) -> EngineWeights | None:
    """Learn a version from the contributions and answers on record; it does not serve yet.

    Returns: the version, flushed; None when it would be the same as the one that serves.
    """
    from partnerships.matching.training import train

    gifts, places, answers = engine.lessons()
    trained = train(gifts, places, today=date.today(), answers=answers)
    if same(dict(trained.weights), serving_points()):
        return None
    version = EngineWeights(
        origin=Origin.TRAINED, points=dict(trained.weights), trained_on=trained.trained_on, author_id=actor.account_id,
        training={"data": dict(trained.data), "metrics": dict(trained.metrics)})
    db.session.add(version)
    db.session.flush()
    audit.record("weights.learned", version, actor, audience=Visibility.ISU.value)
    return version


def activate(version: EngineWeights, actor: Actor, serving: int) -> bool:
    """Let a version serve, for the first time or again.

    Arguments: serving, the number of the version that served when the actor's page was opened, 0 for the shipped one.
    Returns: False when it serves already. Raises: Refused when another version was let serve since.
    """
    now = _serving_locked()
    if now is not None and now.id == version.id:
        return False
    _unchanged(now, serving)
    moment = utcnow()
    if now is not None and now.activated_at is not None:  # the last one serves, whatever the hosts' clocks say
        moment = max(moment, now.activated_at + timedelta(microseconds=1))
    version.activated_at = moment
    db.session.flush()
    audit.record("weights.activated", version, actor, audience=Visibility.ISU.value)
    return True


def restore(actor: Actor, serving: int) -> bool:
    """Go back to the shipped weights, which become a version of their own. Arguments and answers: see `activate`."""
    now = _serving_locked()
    points = dict(shipped().weights)
    if now is None or (now.origin is Origin.TRAINED and same(now.points, points)):
        return False
    _unchanged(now, serving)
    kept = next((row for row in queries.versions() if row.origin is Origin.TRAINED and same(row.points, points)), None)
    if kept is None:
        trained = shipped()
        kept = EngineWeights(
            origin=Origin.TRAINED, points=points, trained_on=trained.trained_on, author_id=actor.account_id,
            training={"data": dict(trained.data), "metrics": dict(trained.metrics)})
        db.session.add(kept)
        db.session.flush()
    return activate(kept, actor, serving)


def _serving_locked() -> EngineWeights | None:
    """The version that serves, every version locked until the transaction ends: two people at once come one by one."""
    db.session.execute(select(EngineWeights.id).order_by(EngineWeights.id).with_for_update()).all()
    return queries.active_weights()


def _unchanged(now: EngineWeights | None, serving: int) -> None:
    if serving != (now.id if now else 0):
        raise Refused(_("Another version was let serve since you opened this page (%(ref)s serves now). Nothing was changed: "
                        "look at what serves now, then decide again.", ref=now.ref if now else shipped().version))
