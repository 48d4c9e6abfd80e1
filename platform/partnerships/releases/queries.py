"""Reading releases: all of them are public."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import force_locale
from sqlalchemy import func, select

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.lists import Page, paginate
from partnerships.core.policy import scope
from partnerships.parties.models import Party
from partnerships.releases import records, reference
from partnerships.releases.frame import Table
from partnerships.releases.models import Release


def tables() -> list[Table]:
    """Every table of a release, as it would be now: what everybody may see, without the demonstration, in English."""
    parties = set(db.session.scalars(select(Party.id).where(Party.is_demo.is_(False))))
    with force_locale("en"):
        return [*reference.tables(parties), *records.tables(parties)]


def page(actor: Actor) -> Page:
    """The page of the list that the address asks for, the newest first."""
    return paginate(scope(actor, "releases.view", Release).order_by(Release.day.desc(), Release.number.desc()))


def by_ref(actor: Actor, ref: str) -> Release | None:
    """The release with this reference."""
    return db.session.scalars(scope(actor, "releases.view", Release).where(Release.ref == ref)).first()


def latest(actor: Actor) -> Release | None:
    """The newest release that still has its file."""
    return db.session.scalars(scope(actor, "releases.view", Release).where(Release.withdrawn_at.is_(None)).order_by(
        Release.day.desc(), Release.number.desc())).first()


def of_day(day: date) -> list[Release]:
    """The releases of a day, in their order."""
    return list(db.session.scalars(select(Release).where(Release.day == day).order_by(Release.number)))


def since(day: date) -> int:
    """How many releases there are of this day and later."""
    return db.session.scalar(select(func.count()).select_from(Release).where(Release.day >= day)) or 0


def before(actor: Actor, found: Sequence[Release]) -> dict[int, Release]:
    """For each of these releases (the newest first), the one made before it."""
    if not found:
        return {}
    last = found[-1]
    older = db.session.scalars(scope(actor, "releases.view", Release).where(
        (Release.day < last.day) | ((Release.day == last.day) & (Release.number < last.number))).order_by(
        Release.day.desc(), Release.number.desc()).limit(1)).first()
    following = [*found[1:], older]
    return {one.id: earlier for one, earlier in zip(found, following, strict=True) if earlier is not None}


def stored() -> list[Release]:
    """Every release that has a file, for the command that checks the files."""
    return list(db.session.scalars(select(Release).where(Release.stored_as.is_not(None)).order_by(Release.id)))
