"""What the first page and the page about the data read: a fixed number of queries whatever the register holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, false, func, select, text, union_all
from sqlalchemy import literal as literally
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.expression import or_

from partnerships.conferences.models import Attendance, Conference
from partnerships.conferences.states import ConferenceStatus
from partnerships.core.actor import PUBLIC, Actor
from partnerships.core.db import db
from partnerships.core.policy import condition, scope
from partnerships.insight.queries import is_open, parties_by_id
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.needs.states import Origin
from partnerships.parties.models import Fact, Obligation, Party, Region, TreatyAct
from partnerships.parties.reference import Action, ActionPlan, Article, AssistanceKind, Indicator, Theme
from partnerships.parties.words import name, title
from partnerships.pledges.models import Contribution, DonorTotal, Pledge, RecipientTotal

MONTHS_AHEAD = 18
NAMED = 3  # needs that a deadline names, of those it counts


@dataclass
class Deadline:
    """A dated deadline of a State: the obligation on record, or what its open needs serve (`many`; `needs` are the first)."""

    on: date
    state: str
    words: str
    href: str
    needs: list[Need] = field(default_factory=list)
    many: int = 0


def newest(actor: Actor, today: date, limit: int) -> list[Need]:
    """The open needs within the actor's sight that were published last."""
    return list(db.session.scalars(needs.published(actor, {}, today).limit(limit)).unique())


def deadlines(actor: Actor, today: date, limit: int) -> tuple[list[Deadline], int]:
    """Deadlines of the next eighteen months: obligations on record and open needs, nearest first.

    A need that serves an obligation on the same day stands with it, not beside it. Needs are counted by State and day, and read
    only for what is shown. Returns: (the first `limit`, how many there are).
    """
    until = _months_after(today, MONTHS_AHEAD)
    rows = db.session.scalars(select(Obligation).where(
        Obligation.deadline >= today, Obligation.deadline <= until, Obligation.status == "open").options(
        joinedload(Obligation.party)).order_by(Obligation.id))
    found = {(row.party_id, row.deadline): _obligation(row) for row in rows}
    asked = and_(is_open(actor, today), Need.deadline >= today, Need.deadline <= until)
    counted = select(Need.party_id, Need.deadline, func.count()).where(asked).group_by(Need.party_id, Need.deadline)
    parties = parties_by_id()
    for party, on, many in db.session.execute(counted):
        assert on is not None
        state = parties[party]
        found.setdefault((party, on), Deadline(on, name(state), "", url_for("parties.detail", ref=state.ref))).many = many
    ordered = sorted(found.items(), key=lambda one: (one[1].on, one[1].state))
    _with_needs(dict(ordered[:limit]), asked)
    return [one for _key, one in ordered[:limit]], len(ordered)


def _with_needs(shown: dict[tuple[int, date | None], Deadline], asked: ColumnElement[bool]) -> None:
    """Read the first few needs of each deadline that is shown."""
    place = func.row_number().over(partition_by=(Need.party_id, Need.deadline), order_by=Need.id).label("place")
    inner = select(Need.id, place).where(asked, or_(false(), *(
        and_(Need.party_id == party, Need.deadline == on) for (party, on), one in shown.items() if one.many))).subquery()
    for need in db.session.scalars(select(Need).join(inner, inner.c.id == Need.id).where(inner.c.place <= NAMED).order_by(Need.id)):
        shown[need.party_id, need.deadline].needs.append(need)


def _obligation(row: Obligation) -> Deadline:
    assert row.deadline is not None
    return Deadline(row.deadline, name(row.party),
                    _("Article %(article)s: %(title)s", article=row.article, title=title(row)),
                    url_for("parties.detail", ref=row.party.ref))


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, 28))


def next_report(today: date) -> date:
    """The next 30 April: until then every State Party submits its yearly report (Article 7.2)."""
    report = date(today.year, 4, 30)
    return report if report >= today else report.replace(year=today.year + 1)


def conference(actor: Actor) -> Conference | None:
    """The conference to show first: an open one, else the last with a published outcome, else the last closed."""
    order = {ConferenceStatus.OPEN: 0, ConferenceStatus.PUBLISHED: 1, ConferenceStatus.CLOSED: 2}
    rows = db.session.scalars(scope(actor, "conferences.view", Conference).where(
        Conference.status.in_(order)).order_by(
        Conference.first_day.is_(None), Conference.first_day.desc(), Conference.id.desc())).all()
    return min(rows, key=lambda row: order[row.status], default=None)


def sizes() -> dict[str, int]:
    """How many rows each table of reference data holds now, in one query."""
    tables: dict[str, Any] = {
        "states": select(func.count()).select_from(Party).where(Party.kind == "state"),
        "organisations": select(func.count()).select_from(Party).where(Party.kind == "organisation"),
        "areas": select(func.count()).select_from(Party).where(Party.kind == "area"),
        "needs": select(func.count()).select_from(Need).where(Need.origin == Origin.RECORDED, *_for_all(Need)),
        **{key: select(func.count()).select_from(model).where(model.source != "", *_for_all(model))
           for key, model in SOURCED.items()},
        **{key: select(func.count()).select_from(model) for key, model in COUNTED.items()},
    }
    rows = db.session.execute(union_all(*(
        select(literally(key).label("what"), query.scalar_subquery().label("many")) for key, query in tables.items())))
    return {row.what: row.many for row in rows}


def _for_all(model: Any) -> list[ColumnElement[bool]]:
    """What everybody may see of a table whose records may be kept from some: a public page counts no others."""
    permission = {Need: "needs.view", Pledge: "pledges.view"}.get(model)
    return [condition(PUBLIC, permission, model)] if permission else []


COUNTED: dict[str, Any] = {
    "regions": Region, "acts": TreatyAct, "obligations": Obligation, "facts": Fact, "themes": Theme,
    "kinds": AssistanceKind, "articles": Article, "plans": ActionPlan, "actions": Action, "indicators": Indicator,
    "contributions": Contribution, "recipient_totals": RecipientTotal, "donor_totals": DonorTotal,
}
# Tables that hold records of people too: only what a public source documents is counted.
SOURCED: dict[str, Any] = {"pledges": Pledge, "conferences": Conference, "attendance": Attendance}


def contribution_years() -> tuple[list[int], int]:
    """The years for which contributions are on record, and how many of them state no amount."""
    years = list(db.session.scalars(select(Contribution.year).distinct().order_by(Contribution.year)))
    blank = db.session.scalar(select(func.count()).select_from(Contribution).where(Contribution.amount_usd.is_(None)))
    return years, blank or 0


def glossary() -> list[Theme]:
    """The thematic areas, in their order."""
    return list(db.session.scalars(select(Theme).order_by(Theme.position)))


def answers() -> bool:
    """Whether the database answers, asked on a connection of its own."""
    with db.apart() as own:
        return own.execute(text("SELECT 1")).scalar() == 1
