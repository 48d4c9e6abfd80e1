"""What the pages of suggestions show: where a partner stands, States that could help each other, lists, the match desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from partnerships.core.actor import Actor
from partnerships.core.filters import compact_text, day
from partnerships.matching.constraints import NOTHING_IN_COMMON, broken
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.parties import choices
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges
from partnerships.suggestions import engine, queries, words
from partnerships.suggestions.models import Answer
from partnerships.suggestions.words import RULES, STRONG, TERMS, Reason


@dataclass(frozen=True)
class Change:
    """Something the State could do, with what it would bring: points, and the rank among all partners."""

    sentence: str
    gain: float
    rank: int


@dataclass(frozen=True)
class Standing:
    """Where a partner stands for a need, in words.

    `rank` of `of`, 0 when a rule keeps it out (`rules` then says which); `to_go` points to the last one suggested;
    `short`: (term, its points, the mean of the partners that are suggested).
    """

    rank: int
    of: int
    to_go: float
    is_suggested: bool
    rules: list[str]
    short: list[tuple[str, float, float]]
    changes: list[Change]


def standing(actor: Actor, need: Need, party: Party) -> Standing | None:
    """Where a partner stands for a need and what the State could do about it; None for a party that is no partner."""
    from partnerships.matching import explain

    here = engine.world(actor)
    if party.ref not in here.parties:
        return None
    plain = engine.seen(actor, need)
    found = explain.standing(here.matcher, plain, party.ref)
    changes = [Change(_change(one.key, one.facts), one.gain, one.rank)
               for one in explain.changes(here.matcher, plain, party.ref)]
    return Standing(found.rank, found.of, found.to_go, found.is_suggested, [str(RULES[one]) for one in found.reasons],
                    [(str(TERMS[one.key]), one.points, one.usual) for one in found.short], changes)


def _usd(amount: float) -> str:
    return compact_text(Decimal(round(amount)), "USD")


CHANGES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "renew": lambda facts: _("Renew the need: it is past its valid-until date (%(day)s).", day=day(facts["valid_until"])),
    "ask-kind": lambda facts: _("Ask for %(kind)s too, if that would help.",
                                kind=choices.label(choices.kinds(), facts["kind"]).lower()),
    "state-amount": lambda facts: _("State an amount by year; this partner usually gives about %(amount)s.",
                                    amount=_usd(facts["usual_usd"])),
    "several-years": lambda _facts: _("Plan over several years: this partner commits for several."),
    "join": lambda facts: _("Join it with another need: this partner gives from %(amount)s.",
                            amount=_usd(facts["amount_min"])),
    "language": lambda facts: _("Post it in %(language)s as well, which this partner works in.",
                                language=words.spoken(facts["language"])),
}


def _change(key: str, facts: Mapping[str, Any]) -> str:
    return CHANGES[key](facts)


@dataclass(frozen=True)
class ShownPeer:
    """A State that could help another, as a page shows it; the score is the exact sum of the terms' points."""

    party: Party
    score: float
    terms: list[Reason]


def peers(actor: Actor, party: Party, limit: int = 4) -> list[ShownPeer]:
    """Affected States, now or once, whose offers, experience or example could help another, best first, with reasons."""
    from partnerships.matching import peers as engine_of_peers

    here = engine.world(actor)
    states = _states(actor, here)
    if party.ref not in states or not states[party.ref].asks:
        return []
    affected = pledges.recipients()
    among = [one for ref, one in states.items() if ref in affected or one.asks or one.completed]
    found = engine_of_peers.peers_for(states[party.ref], among, limit=limit)
    return [ShownPeer(here.parties[one.peer], one.score, [
        Reason(term.key, PEERS[term.key](term.facts, here), term.points, _peer_href(term, here.parties[one.peer]))
        for term in one.terms]) for one in found]


def _states(actor: Actor, here: engine.World) -> dict[str, Any]:
    from partnerships.matching.peers import State

    open_needs, supported = _themes(needs.current(actor, date.today())), _supported(actor)
    offered: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for offer in here.offers.values():
        offered.setdefault(offer.party.ref, []).append((offer.ref, offer.themes))
    completed = parties.completions()
    return {ref: State(
        ref=ref, region=one.region, subregion=one.subregion, neighbours=tuple(one.neighbours.split()),
        languages=tuple(one.languages.split()), asks=tuple(sorted(open_needs.get(ref, {}))),
        supported=supported.get(ref, {}), offers=tuple(sorted(offered.get(ref, ()))), completed=completed.get(ref),
        excluded=_excluded(here, ref)) for ref, one in here.parties.items() if one.is_state}


def _excluded(here: engine.World, ref: str) -> tuple[str, ...]:
    return here.matcher.candidate(ref).partner.excluded_countries


def _themes(found: Iterable[Need]) -> dict[str, dict[str, str]]:
    """{State: {theme: a need's reference}}."""
    themes: dict[str, dict[str, str]] = {}
    for need in found:
        if need.theme:
            themes.setdefault(need.party.ref, {}).setdefault(need.theme, need.ref)
    return themes


def _supported(actor: Actor) -> dict[str, dict[str, str]]:
    """Themes of needs with a signed or paid pledge, by State, within the actor's sight."""
    found = needs.by_ids(actor, pledges.needs_with_agreement(actor))
    on_record = (NeedStatus.PUBLISHED, NeedStatus.MET, NeedStatus.PARTLY_MET)
    return _themes(need for _number, need in sorted(found.items()) if need.status in on_record)


def _listed_themes(codes: Iterable[str]) -> str:
    return words.listed([choices.label(choices.themes(), code).lower() for code in codes])


PEERS: dict[str, Callable[[Mapping[str, Any], engine.World], str]] = {
    "peer-offers": lambda facts, here: _("Has a standing offer for what is asked: %(ref)s.", ref=facts["offer"]),
    "peer-completed": lambda facts, here: _(
        "Announced in %(year)s that it had cleared its known mined areas: its experience, and perhaps its equipment "
        "(Action 47), may serve.", year=facts["year"]),
    "peer-found-support": lambda facts, here: _(
        "Found support for the same thematic area: %(themes)s.", themes=_listed_themes(facts["themes"])),
    "peer-same-needs": lambda facts, here: _("Has open needs in the same thematic area: %(themes)s.",
                                             themes=_listed_themes(facts["themes"])),
    "peer-near": lambda facts, here: _("Shares a border.") if facts["level"] == "border" else _(
        "In the same part of the world: %(place)s.", place=choices.label(choices.regions(), facts["place"])),
    "peer-language": lambda facts, here: _("An official language in common: %(languages)s.", languages=words.listed(
        [words.spoken(code) for code in facts["languages"]])),
}


def _peer_href(term: Any, party: Party) -> str:
    if term.key == "peer-offers":
        return url_for("offers.detail", ref=term.facts["offer"])
    if term.key == "peer-found-support":
        return url_for("needs.detail", ref=term.evidence[0])
    anchors = {"peer-same-needs": "needs", "peer-completed": "facts"}
    return url_for("parties.detail", ref=party.ref, _anchor=anchors.get(term.key))




LOOKED_AT = 200  # so many needs are ranked for a party, whatever the filters then leave of them
SHOWN = 20
VARIETY = 0.3  # no State has more than this share of the list while others can fill it, as in the engine's own lists
OFF = ("deadline-urgent", "few-donors")  # terms of the need alone, which a reader may leave out


@dataclass(frozen=True)
class Row:
    """A need that fits a party, as a page shows it; `answer` is the reader's own last one."""

    fit: words.Shown
    figures: Any
    is_new: bool
    answer: Answer | None


@dataclass(frozen=True)
class Fits:
    """The needs that fit a party: the rows shown, how many pass the filters, how many fit at all.

    `held_back`: (State, needs of it that score as high as the last one shown, which variety keeps from the list).
    """

    rows: list[Row]
    passing: int
    total: int
    held_back: list[tuple[Party, int]]

    @property
    def is_cut(self) -> bool:
        """Whether more needs may fit than were ranked."""
        return self.total >= LOOKED_AT


def fits(actor: Actor, party: Party, chosen: Mapping[str, str], since: datetime | None, *, whole: bool = False) -> Fits:
    """The open needs that fit a party, ranked by the engine, then filtered, then varied by State.

    Arguments: chosen, the values of `FilterForm`; since, the visit before this one, None on the first; whole, for a file:
    all that pass the filters, by rank alone.
    """
    here = engine.world(actor)
    ranked = engine.needs_for(actor, party, limit=LOOKED_AT, off=OFF if chosen["off"] else ()).found
    passing = [pair for pair in ranked if _passes(pair[1], chosen) and (not chosen["new"] or _is_new(pair[1], since))]
    shown, held = (passing, Counter()) if whole else _varied(passing)
    ids = [need.id for _found, need in shown]
    own, said = pledges.of_needs(actor, ids), queries.own_answers(actor, ids)
    rows = [Row(words.show(found, here, need), figures.of_need(actor, need, own[need.id]), _is_new(need, since),
                said.get(need.id)) for found, need in shown]
    return Fits(rows, len(passing), len(ranked), [(here.parties[ref], count) for ref, count in sorted(held.items())])


def _passes(need: Need, chosen: Mapping[str, str]) -> bool:
    region, kind = chosen["region"], chosen.get("kind")
    return ((not chosen["theme"] or need.theme == chosen["theme"]) and (not kind or kind in need.kinds)
            and (not region or region in (need.party.region, need.party.subregion)))


def _is_new(need: Need, since: datetime | None) -> bool:
    return since is not None and need.published_at is not None and need.published_at > since


def _varied(ranked: list[tuple[Any, Need]]) -> tuple[list[tuple[Any, Need]], Counter[str]]:
    """The needs of a list, no State with more than a share of it while others can fill it; and what that held back."""
    of_state: Counter[str] = Counter()
    most = max(ceil(SHOWN * VARIETY), ceil(SHOWN / max(1, len({need.party_id for _found, need in ranked}))))
    first: list[tuple[Any, Need]] = []
    after: list[tuple[Any, Need]] = []
    for pair in ranked:
        of_state[pair[1].party.ref] += 1
        (first if of_state[pair[1].party.ref] <= most else after).append(pair)
    room = max(0, SHOWN - len(first))
    shown = sorted([*first[:SHOWN], *after[:room]], key=lambda pair: (-pair[0].score, pair[0].need))
    least = shown[-1][0].score if shown else 0.0
    return shown, Counter(need.party.ref for found, need in after[room:] if found.score >= least)


def set_aside(actor: Actor, party: Party) -> list[Answer]:
    """The open needs that a party set aside and that stay so until they or its priorities change, newest first."""
    stated, today = parties.priorities_of(actor, party), date.today()
    found: dict[int, Answer] = {}
    for answer in queries.set_aside_needs(actor, party):
        if answer.need.is_current(today) and queries.still_stands(answer, stated):
            found.setdefault(answer.need_id, answer)
    return list(found.values())


@dataclass(frozen=True)
class Best:
    """A need with the partners that fit it best."""

    need: Need
    partners: list[words.Shown]


def best_partners(actor: Actor, found: Iterable[Need]) -> list[Best]:
    """Each of these needs with its first three partners, in words."""
    found, here = list(found), engine.world(actor)
    best = engine.best_partners(actor, found)
    return [Best(need, [words.show(one, here, need) for one in best.get(need.ref, ())]) for need in found]


@dataclass(frozen=True)
class Weak:
    """A need that no partner fits well: the best there is, and the rules that keep out most partners, with counts."""

    need: Need
    best: words.Shown | None
    held_by: list[tuple[str, int]]


@dataclass(frozen=True)
class Silent:
    """A State with open needs and no conversation."""

    party: Party
    needs: int
    since: datetime | None


@dataclass(frozen=True)
class MatchDesk:
    """What nobody carries: each list with its first rows, and beside it how many there are."""

    unowned: list[Best]
    unowned_total: int
    weak: list[Weak]
    weak_total: int
    silent: list[Silent]
    without_needs: list[tuple[Party, date | None]]
    open_needs: int
    total_needs: int


def match_desk(actor: Actor, chosen: Mapping[str, str], today: date) -> MatchDesk:
    """The match desk: strong pairs that nobody owns, needs without a strong partner, silent States.

    Arguments: chosen, the values of `DeskFilterForm`. Of the lists of States, only the region narrows the last one.
    """
    every = needs.current(actor, today)
    found = sorted((need for need in every if _passes(need, chosen) and _is_old(need, chosen["age"], today)), key=_pressing)
    strong = {ref: [one.partner for one in best if one.score >= STRONG]
              for ref, best in engine.strongest(actor, found).items()}
    contacts = queries.contacts(actor)
    touched = {(one.need_id, one.partner) for one in contacts}
    unowned = [need for need in found if strong.get(need.ref)
               and not any((need.id, partner) in touched for partner in strong[need.ref])]
    weak = [need for need in found if not strong.get(need.ref)]
    asking = {need.party_id for need in every}
    return MatchDesk(
        best_partners(actor, unowned[:SHOWN]), len(unowned), _weak(actor, weak[:SHOWN], today), len(weak),
        _silent(found, {one.state_id for one in contacts}),
        [(party, deadline) for party, deadline in queries.with_open_obligations() if party.id not in asking
         and (not chosen["region"] or chosen["region"] in (party.region, party.subregion))],
        len(found), len(every))


def _is_old(need: Need, days: str, today: date) -> bool:
    return not days or (need.published_at is not None and need.published_at.date() < today - timedelta(int(days)))


def _pressing(need: Need) -> tuple[Any, ...]:
    """By deadline, then the longest published first."""
    published = need.published_at.timestamp() if need.published_at else 0.0
    return (need.deadline is None, need.deadline or date.max, published, need.ref)


def _silent(found: Iterable[Need], talking: set[int]) -> list[Silent]:
    of_state: dict[int, list[Need]] = {}
    for need in found:
        if need.party_id not in talking:
            of_state.setdefault(need.party_id, []).append(need)
    rows = [Silent(own[0].party, len(own), min((need.published_at for need in own if need.published_at), default=None))
            for own in of_state.values()]
    return sorted(rows, key=lambda row: (row.since is None, row.since, row.party.ref))


def _weak(actor: Actor, found: list[Need], today: date) -> list[Weak]:
    here = engine.world(actor)
    best = {one.need.ref: one.partners for one in best_partners(actor, found)}
    rows = []
    for need, plain in zip(found, engine.seen_all(actor, found), strict=True):
        able = {partner for partner, _score in here.matcher.standing(plain)}
        kept_out = Counter(rule for ref in here.parties if ref not in able
                           for rule in broken(plain, here.matcher.candidate(ref), today)[:1] or (NOTHING_IN_COMMON,))
        del kept_out["self"]
        most = sorted(kept_out.items(), key=lambda pair: (-pair[1], pair[0]))[:3]
        rows.append(Weak(need, next(iter(best[need.ref]), None), [(str(RULES[rule]), count) for rule, count in most]))
    return rows
