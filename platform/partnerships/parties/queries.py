"""Reading parties: lists, treaty status by dates, and the tables that choices are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.lists import member
from partnerships.core.policy import scope
from partnerships.parties.models import CONSENT, Act, Fact, Obligation, Party, PartyKind, Priorities, Region, TreatyAct
from partnerships.parties.reference import Article, AssistanceKind, Theme


def _did(acts: Sequence[Act], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(TreatyAct.party_id == Party.id, TreatyAct.act.in_(acts), *conditions).correlate(Party)


def bound_on(day: date) -> ColumnElement[bool]:
    """SQL: the party is a State Party on a day (entry into force for it has passed, no withdrawal has taken effect)."""
    return and_(_did(CONSENT, TreatyAct.effective <= day), ~_did([Act.WITHDRAWAL], TreatyAct.effective <= day))


def accepted_on(day: date) -> ColumnElement[bool]:
    """SQL: the party has formally accepted the Convention by a day (deposit, whatever the entry into force)."""
    deposit = func.coalesce(TreatyAct.date, TreatyAct.effective)
    return and_(_did(CONSENT, deposit <= day), ~_did([Act.WITHDRAWAL], TreatyAct.effective <= day))


def count_parties(day: date, *, accepted: bool = False) -> int:
    """How many States are parties on a day, or have accepted the Convention by then."""
    rule = accepted_on(day) if accepted else bound_on(day)
    return db.session.scalar(select(func.count()).select_from(Party).where(rule)) or 0


def is_state_party(party_id: int, day: date) -> bool:
    """Whether one party is a State Party on a day."""
    return bool(db.session.scalar(select(Party.id).where(Party.id == party_id, bound_on(day))))


def states_parties(day: date) -> set[int]:
    """The identifiers of all States Parties on a day."""
    return set(db.session.scalars(select(Party.id).where(bound_on(day))))


def by_ref(ref: str) -> Party | None:
    """The party with a reference."""
    return db.session.scalars(select(Party).where(Party.ref == ref)).first()


def by_refs(refs: Iterable[str]) -> list[Party]:
    """The parties with these references."""
    return list(db.session.scalars(select(Party).where(Party.ref.in_([ref for ref in refs if ref]))))


def listed(*, kind: str = "", region: str = "", words: str = "", standing: str = "", day: date) -> Select[Any]:
    """The list of parties under its filters, by name."""
    query = select(Party).order_by(Party.name_en, Party.ref)
    if member(PartyKind, kind):
        query = query.where(Party.kind == PartyKind(kind))
    if region:
        query = query.where((Party.region == region) | (Party.subregion == region))
    if words:
        query = query.where(func.lower(Party.name_en).contains(words.lower(), autoescape=True)
                            | (Party.ref == words.upper()))
    if standing:
        rule = bound_on(day)
        query = query.where(Party.kind == PartyKind.STATE, rule if standing == "party" else ~rule)
    return query


def acts(party: Party) -> list[TreatyAct]:
    """A State's acts towards the Convention, oldest first."""
    rows = db.session.scalars(select(TreatyAct).where(TreatyAct.party_id == party.id)).all()
    return sorted(rows, key=lambda row: (row.date or row.effective or date.min, row.id))


def obligations(party_id: int) -> list[Obligation]:
    """What the Convention asks of a State, dated deadlines first."""
    rows = db.session.scalars(select(Obligation).where(Obligation.party_id == party_id)).all()
    return sorted(rows, key=lambda row: (row.deadline is None, row.deadline or date.min, row.article, row.line))


def facts(party: Party) -> list[Fact]:
    """Dated figures about a State, newest first."""
    query = select(Fact).where(Fact.party_id == party.id).order_by(Fact.year.desc(), Fact.indicator, Fact.value)
    return list(db.session.scalars(query))


def priorities_of(actor: Actor, party: Party) -> Priorities | None:
    """A party's declared priorities, when the actor may see them."""
    return db.session.scalars(scope(actor, "priorities.view", Priorities).where(
        Priorities.party_id == party.id)).first()


def all_themes() -> list[Theme]:
    """The thematic areas in their order."""
    return list(db.session.scalars(select(Theme).order_by(Theme.position)))


def all_kinds() -> list[AssistanceKind]:
    """The kinds of assistance in their order."""
    return list(db.session.scalars(select(AssistanceKind).order_by(AssistanceKind.position)))


def all_regions() -> list[Region]:
    """The regions of M49, continents first."""
    return list(db.session.scalars(select(Region).order_by(Region.parent != "", Region.name_en)))


def within(m49: str) -> list[str]:
    """A region's code and those of the regions inside it."""
    parents = {row.m49: row.parent for row in all_regions()}
    found = [m49]
    for code in found:
        found.extend(sorted(child for child, parent in parents.items() if parent == code))
    return found


def all_within() -> dict[str, set[str]]:
    """For each region its own code and those of the regions inside it, in one query."""
    parents = {row.m49: row.parent for row in all_regions()}
    found: dict[str, set[str]] = {code: {code} for code in parents}
    for code in parents:
        above, seen = parents[code], {code}
        while above and above not in seen:  # a file may name a parent that is not there, or go round in a circle
            found.setdefault(above, {above}).add(code)
            seen.add(above)
            above = parents.get(above, "")
    return found


def all_parties(*kinds: PartyKind) -> list[Party]:
    """All parties of the kinds, by name."""
    return list(db.session.scalars(select(Party).where(Party.kind.in_(kinds)).order_by(Party.name_en)))


def articles(refs: Sequence[str]) -> list[Article]:
    """The articles with these references, in their order."""
    return sorted(db.session.scalars(select(Article).where(Article.ref.in_(refs))), key=lambda row: refs.index(row.ref))


def completions() -> dict[str, int]:
    """The year in which a State announced that it had cleared its known mined areas, where a source says so, by State."""
    query = select(Party.ref, func.min(Fact.year)).join(Party, Party.id == Fact.party_id).where(
        Fact.indicator == "clearance-completion-announced").group_by(Party.ref)
    return dict(db.session.execute(query).all())
