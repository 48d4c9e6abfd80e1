"""Finding: every record that holds what is looked for, within the reader's sight, with its facets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, and_, case, func, literal, or_, select, union, union_all

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.search import MOST, SearchWord, begins, folded
from partnerships.needs.models import Need
from partnerships.searches.kinds import KINDS
from partnerships.searches.models import SavedSearch
from partnerships.searches.near import near
from partnerships.searches.words import Term, understood

EXACT = 4  # other ways of saying a word count only when whole, if they are shorter than this ("REG" is no region)


@dataclass(frozen=True)
class Question:
    """What is looked for. The facets' choices are "" for all; `since` keeps only what became public after it."""

    words: str = ""
    kind: str = ""
    theme: str = ""
    region: str = ""
    state: str = ""
    since: datetime | None = None


@dataclass(frozen=True)
class Hit:
    """A record that was found."""

    kind: str
    record: Any


@dataclass(frozen=True)
class Found:
    """What was found: how many by facet (each facet under the choices of the others), and in which words."""

    terms: Sequence[Term] = ()
    total: int = 0
    facets: dict[str, Counter[str]] = field(default_factory=dict)
    instead: tuple[tuple[str, str], ...] = ()  # (typed, looked for) of words that nothing within sight holds
    cut: bool = False  # more words were typed than are looked at

    @property
    def said(self) -> list[str]:
        """The other ways that were looked for as well."""
        return list(dict.fromkeys(way for term in self.terms for way in term.said))


def find(actor: Actor, question: Question, today: date, *, tolerant: bool = True) -> Found:
    """Look for records that hold all words, by their beginning, in any of the field's languages.

    Where nothing holds them all, a word that nothing within the actor's sight holds is replaced by the nearest that
    something does (unless not `tolerant`). One query, and four more when words are replaced, however much is found.
    """
    typed = folded(question.words)
    cut, typed = len(typed) > MOST, typed[:MOST]
    if not typed:
        return Found()
    terms = understood(typed)
    found, instead = _count(actor, terms, question, today), {}
    if tolerant and not found.facets:
        instead = near(actor, _lacking(actor, terms))
        if instead:
            terms = understood([instead.get(word, word) for word in typed])
            found = _count(actor, terms, question, today)
    if not found.facets:
        return Found(terms=terms, cut=cut)
    return replace(found, cut=cut, instead=tuple((word, instead[word]) for word in dict.fromkeys(typed) if word in instead))


def _count(actor: Actor, terms: Sequence[Term], question: Question, today: date) -> Found:
    """Count what holds the terms by every facet at once; what each choice would show follows from the one table."""
    hits, parts = _hits(terms), []
    for name, kind in KINDS.items():
        query = kind.joined(select(literal(name).label("kind"), *kind.columns(today))).where(kind.seen(actor))
        query = query.join(hits, and_(hits.c.kind == name, hits.c.record_id == kind.model.id))
        if question.since:
            query = query.where(kind.since(question.since))
        inner = query.subquery()
        parts.append(select(*inner.c, func.count().label("number")).group_by(*inner.c))
    rows = [tuple(row) for row in db.session.execute(union_all(*parts))]
    if not rows:
        return Found(terms=terms)
    wanted = {"kind": question.kind, "theme": question.theme, "region": question.region, "state": question.state}
    facets: dict[str, Counter[str]] = {name: Counter() for name in wanted}
    total = 0
    for kind_, themes, region, state, number in rows:
        values = {"kind": {kind_}, "theme": set(themes.split()), "region": {region} - {""}, "state": {state} - {""}}
        misses = [name for name, choice in wanted.items() if choice and choice not in values[name]]
        total += 0 if misses else number
        for name, held in values.items():
            if not misses or misses == [name]:
                facets[name].update(dict.fromkeys(held, number))
    return Found(terms=terms, total=total, facets=facets)


def rows(actor: Actor, found: Found, question: Question, today: date, *, size: int, start: int = 0,
         newest: bool = False) -> list[Hit]:
    """One page of what was found, the best first: title before text, whole words before beginnings, open before past.

    `newest` puts what became public last first instead.

    One query, and one more for each kind of record on the page.
    """
    hits, parts = _hits(found.terms), []
    for name, kind in KINDS.items():
        if question.kind in ("", name):
            query = kind.joined(select(literal(name).label("kind"), kind.model.id.label("id"),
                                       hits.c.points.label("points"), kind.when().label("at"), kind.columns(today)[2]))
            query = query.join(hits, and_(hits.c.kind == name, hits.c.record_id == kind.model.id))
            query = query.where(kind.seen(actor), kind.chosen(today, question.theme, question.region, question.state))
            parts.append(query.where(kind.since(question.since)) if question.since else query)
    every = union_all(*parts).subquery()
    first = (every.c.at.desc().nulls_last(),) if newest else ()
    order = *first, every.c.points.desc(), case((every.c.state == "past", 1), else_=0), every.c.kind, every.c.id.desc()
    pairs = [tuple(row) for row in db.session.execute(
        select(every.c.kind, every.c.id).order_by(*order).limit(size).offset(start))]
    records = {name: KINDS[name].load([number for kind_, number in pairs if kind_ == name])
               for name in {kind_ for kind_, _number in pairs}}
    return [Hit(name, records[name][number]) for name, number in pairs if number in records[name]]


def _hits(terms: Sequence[Term]) -> CTE:
    """SQL: (kind, record, points) of everything that holds every term, seen or not: the rule of sight comes with the record."""
    held = _held(terms)
    return (select(held.c.kind, held.c.record_id, func.sum(held.c.points).label("points"))
            .group_by(held.c.kind, held.c.record_id).having(func.count() == len(terms)).cte("hits"))


def _held(terms: Sequence[Term]) -> CTE:
    """SQL: (kind, record, term, points) of the records that hold a term in any of its ways."""
    ways = union_all(*_ranges(terms)).subquery()
    keys = ways.c.kind, ways.c.record_id, ways.c.term, ways.c.way
    each = select(*keys, func.min(ways.c.points).label("points")).group_by(*keys, ways.c.size).having(
        func.count(ways.c.place.distinct()) == ways.c.size).subquery()
    return (select(each.c.kind, each.c.record_id, each.c.term, func.max(each.c.points).label("points"))
            .group_by(each.c.kind, each.c.record_id, each.c.term).cte("held"))


def _ranges(terms: Sequence[Term]) -> Iterator[Any]:
    """SQL: for each word of each way of each term, the range of the index that holds it, with what it is worth.

    One SELECT a range, because both engines then see its bounds and walk just that part of the index.
    """
    for number, term in enumerate(terms):
        for way, words in enumerate((term.typed, *term.others)):
            some = list(dict.fromkeys(words))
            for place, word in enumerate(some):
                # A word that was typed counts twice what another way counts, and more where it stands as it was typed.
                points = SearchWord.weight * 2 if way else SearchWord.weight * 4 + case((SearchWord.word == word, 2), else_=0)
                match = begins(word) if way == 0 or len(word) >= EXACT else SearchWord.word == word
                yield select(SearchWord.kind, SearchWord.record_id, literal(number).label("term"), literal(way).label("way"),
                             literal(place).label("place"), literal(len(some)).label("size"), points.label("points")).where(
                    SearchWord.kind.in_(KINDS), match)


def _lacking(actor: Actor, terms: Sequence[Term]) -> list[str]:
    """The typed words that nothing within the actor's sight holds in any way."""
    held = _held(terms)
    asked = [select(held.c.term).join(kind.model, kind.model.id == held.c.record_id).where(held.c.kind == name, kind.seen(actor))
             for name, kind in KINDS.items()]
    found = set(db.session.scalars(union(*asked)))
    return [word for number, term in enumerate(terms) if number not in found for word in term.typed]


_PART = re.compile(r"[A-Za-z]{1,12}|[0-9]{1,4}")


def by_reference(actor: Actor, typed: str) -> Hit | None:
    """The record whose reference was typed, however ("khm 2026 14" for KHM-2026-014), when the actor may see it."""
    parts = _PART.findall(typed)
    if not 2 <= len(parts) <= 5 or not parts[-1].isdigit() or re.sub(r"[\s_./-]+", "", typed) != "".join(parts):
        return None
    head, number = "-".join(parts[:-1]).upper(), int(parts[-1])
    refs = {f"{head}-{number:0{width}d}" for width in (1, 2, 3, 4)}
    asked = []
    for name, kind in KINDS.items():
        if name != "party":
            named = or_(kind.model.ref.in_(refs), Need.draft_ref.in_(refs)) if name == "need" else kind.model.ref.in_(refs)
            asked.append(select(literal(name), kind.model.id).where(named, kind.seen(actor)))
    first = db.session.execute(union_all(*asked)).first()
    return None if first is None else Hit(first[0], KINDS[first[0]].load([first[1]])[first[1]])


def kept(actor: Actor) -> list[SavedSearch]:
    """The actor's own kept searches, by name."""
    query = select(SavedSearch).where(SavedSearch.account_id == actor.account_id)
    return list(db.session.scalars(query.order_by(SavedSearch.name, SavedSearch.id)))


def kept_one(actor: Actor, number: int) -> SavedSearch | None:
    """One of the actor's own kept searches."""
    return db.session.scalars(select(SavedSearch).where(
        SavedSearch.id == number, SavedSearch.account_id == actor.account_id)).first()
