"""Generated worlds: for every actor, a record is in a list if and only if its page opens, and its amount is in a total if
and only if it may be seen. Amounts are distinct powers of two, so that a total says which records it holds."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from partnerships.approach import queries as meetings
from partnerships.approach.models import Meeting, Participant
from partnerships.conferences.models import Conference
from partnerships.conferences.states import Mode
from partnerships.core.actor import PUBLIC, Actor, Role
from partnerships.core.db import db, utcnow
from partnerships.core.policy import PERMISSIONS, can, scope
from partnerships.core.visibility import Visibility
from partnerships.insight import figures as insight
from partnerships.insight import gaps, headline, totals
from partnerships.insight import queries as counted
from partnerships.matches.models import Match
from partnerships.matches.states import MatchStatus
from partnerships.needs import columns
from partnerships.needs import queries as needs
from partnerships.needs.models import Need, NeedAmount
from partnerships.needs.states import ON_RECORD, NeedStatus
from partnerships.offers import queries as offers
from partnerships.offers.models import Offer, OfferStatus
from partnerships.pledges import queries as pledges
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import PledgeObject, PledgeStatus
from partnerships.searches import queries as searches
from partnerships.shares import queries as shares
from partnerships.shares.models import NeedShare

WORD = "quaggaland"  # in every record that can be searched, and nowhere else
HELPERS = ("NOR", "JPN", "USA", "GICHD")
STATUSES = [*[NeedStatus.PUBLISHED] * 6, *NeedStatus]
NOBODY = [None] * len(HELPERS)


def _drawn(chance: random.Random) -> tuple[list[Any], ...]:
    """What a world holds: needs, pledges, offers and meetings, each as `World` takes it.

    Hypothesis draws the seed alone: its small worlds would seldom hold a share on its last day with a reader of its own.
    """
    level = partial(chance.choice, list(Visibility))
    return (
        # State; status; who sees it, its amounts, its details; with whom it is matched; with whom it is shared; past its date.
        [(chance.choice(("KHM", "AGO")), chance.choice(STATUSES), level(), level(), level(), chance.choice([*NOBODY, *HELPERS]),
          None if place % 3 else (chance.choice(HELPERS), SHARES[place // 3 % len(SHARES)]), chance.random() < 0.2)
         for place in range(16)],
        # Donor; status; who sees it; which need it is for (none: the work plan of the ISU).
        [(chance.choice(("NOR", "JPN")), chance.choice((*[PledgeStatus.ANNOUNCED] * 3, PledgeStatus.STRUCK)), level(),
          chance.choice((None, chance.randrange(16)))) for _place in range(7)],
        [(chance.choice(("NOR", "GICHD")), chance.choice(list(OfferStatus)), level()) for _place in range(4)],
        [(chance.choice(("KHM", "AGO")), level(), chance.choice([*NOBODY, *HELPERS])) for _place in range(4)],
    )


SHARES = ("lasts", "last day", "past", "ended", "lasts", "last day")
READERS = ((Role.FOCAL_POINT, "KHM"), (Role.FOCAL_POINT, "AGO"), (Role.DONOR_OFFICER, "NOR"), (Role.DONOR_OFFICER, "JPN"),
           (Role.DONOR_OFFICER, "USA"), (Role.ORGANISATION_OFFICER, "GICHD"), (Role.COMMITTEE_MEMBER, "CHE"),
           (Role.ISU_OFFICER, "ISU"))
OWN_CURRENCY = "XCD"  # the seeded register asks for and pledges nothing in it


class World:
    """One generated world in the running transaction: nothing of it is committed unless a test says so."""

    def __init__(self, parties: dict[str, Any], owner: Any, drawn: Any) -> None:
        self.party, self.owner, self.today, self.numbers = parties, owner, date.today(), count()
        self.conference = db.session.scalars(select(Conference).limit(1)).one()
        self.needs = [self._need(one) for one in drawn[0]]
        self.pledges = [self._pledge(one) for one in drawn[1]]
        self.offers = [self._offer(one) for one in drawn[2]]
        self.meetings = [self._meeting(one) for one in drawn[3]]
        db.session.flush()
        db.session.expire_all()

    def _add(self, record: Any) -> Any:
        db.session.add(record)
        db.session.flush()
        return record

    def _need(self, drawn: Any) -> Need:
        state, status, level, amounts, details, partner, share, past = drawn
        number, party = next(self.numbers), self.party[state]
        amount = Decimal(2 ** number)
        need = self._add(Need(
            ref=f"W-NEED-{number}", party_id=party.id, status=status, title=f"{WORD} need", summary="Words.",
            theme="survey-clearance", kinds=("money",), article="5", currency=OWN_CURRENCY, asked=amount, visibility=level,
            amounts_visibility=amounts,
            details_visibility=details, published_at=utcnow() if status in ON_RECORD else None, outcome="",
            valid_until=self.today + timedelta(-1 if past else 100),
            amounts=[NeedAmount(first_year=2027, last_year=2027, amount=amount)]))
        if partner and status in ON_RECORD:
            self._add(Match(need_id=need.id, party_id=self.party[partner].id, state_id=party.id, status=MatchStatus.INTEREST,
                            owner_id=self.owner.id, next_step="Call", next_step_on=self.today))
        if share:
            until = self.today + timedelta({"lasts": 9, "last day": 0, "past": -1, "ended": 9}[share[1]])
            self._add(NeedShare(need_id=need.id, party_id=self.party[share[0]].id, until=until,
                                ended_at=utcnow() if share[1] == "ended" else None))
        return need

    def _pledge(self, drawn: Any) -> Pledge:
        donor, status, level, place = drawn
        number = next(self.numbers)
        need = None if place is None else self.needs[place % len(self.needs)]
        amount = Decimal(2 ** number)
        return self._add(Pledge(
            ref=f"W-PL-{number}", donor_id=self.party[donor].id, recipient_id=need.party_id if need else None,
            need_id=need.id if need else None, conference_id=self.conference.id,
            status=status, visibility=level, currency=OWN_CURRENCY, amount=amount,
            announced_amount=amount, announced_on=self.today, object=PledgeObject.NEED if need else PledgeObject.ISU_WORK_PLAN))

    def _offer(self, drawn: Any) -> Offer:
        party, status, level = drawn
        return self._add(Offer(ref=f"W-OFFER-{next(self.numbers)}", party_id=self.party[party].id, status=status, visibility=level,
                               title=f"{WORD} offer", summary="Words.", kinds=("money",), how_to_ask="Write.",
                               valid_until=self.today + timedelta(50)))

    def _meeting(self, drawn: Any) -> Meeting:
        state, level, guest = drawn
        meeting = self._add(Meeting(ref=f"W-IA-{next(self.numbers)}", state_id=self.party[state].id, title=f"{WORD} meeting",
                                    held_on=self.today, mode=Mode.IN_PERSON, visibility=level))
        if guest:
            self._add(Participant(meeting_id=meeting.id, party_id=self.party[guest].id))
        return meeting


def _ids(records: Iterable[Any]) -> set[int]:
    return {one.id for one in records}


def _parts(total: Any) -> set[int]:
    """The powers of two in a sum: which records it holds. A record counted twice shows as another one's."""
    whole = int(Decimal(total or 0))
    assert whole == Decimal(total or 0)
    return {place for place in range(whole.bit_length()) if whole >> place & 1}


def _places(records: Iterable[Any]) -> set[int]:
    return {int(one.ref.rpartition("-")[2]) for one in records}


def _seen(actor: Actor, permission: str, records: Iterable[Any]) -> list[Any]:
    return [one for one in records if can(actor, permission, one)]


def _lists(world: World, actor: Actor) -> None:
    """Lists, first pages, search and the page itself agree."""
    today, seen = world.today, _seen(actor, "needs.view", world.needs)
    on_record = [one for one in seen if one.status in ON_RECORD]
    current = [one for one in on_record if one.is_current(today)]
    made = _ids(world.needs)
    assert {one.id for one in world.needs if needs.by_ref(actor, one.ref)} == _ids(seen)
    assert _ids(db.session.scalars(needs.published(actor, {"state": ""}, today)).unique()) & made == _ids(on_record)
    assert _ids(db.session.scalars(needs.published(actor, {}, today)).unique()) & made == _ids(current)
    assert _ids(needs.current(actor, today)) & made == _ids(current)
    for state in ("KHM", "AGO"):
        assert _ids(needs.of_party(actor, world.party[state])) & made == {
            one.id for one in seen if one.party_id == world.party[state].id}
    lent = {one.need_id for one in shares.with_us(actor, today)}
    assert lent <= _ids(seen)
    live = _seen(actor, "pledges.view", world.pledges)
    assert {one.id for one in world.pledges if pledges.by_ref(actor, one.ref)} == _ids(live)
    assert _ids(db.session.scalars(pledges.listed(actor)).unique()) & _ids(world.pledges) == _ids(live)
    _pledged(world, actor, live)
    held = _seen(actor, "approach.view", world.meetings)
    assert {one.id for one in world.meetings if meetings.by_ref(actor, one.ref)} == _ids(held)
    assert _ids(db.session.scalars(meetings.listed(actor)).unique()) & _ids(world.meetings) == _ids(held)
    offered = _seen(actor, "offers.view", world.offers)
    assert {one.id for one in world.offers if offers.by_ref(actor, one.ref)} == _ids(offered)
    assert _ids(offers.current(actor, today)) & _ids(world.offers) == {
        one.id for one in offered if one.status is OfferStatus.OPEN}
    question = searches.Question(words=WORD)
    found = searches.find(actor, question, today)
    hits = searches.rows(actor, found, question, today, size=100)
    assert {hit.record.ref for hit in hits} == {one.ref for one in (*seen, *held, *offered)}
    assert found.total == len(hits)


def _pledged(world: World, actor: Actor, live: list[Pledge]) -> None:
    """Every other way to a pledge: by its party, its need, its conference, and all that stand."""
    made = _ids(world.pledges)
    standing = [one for one in live if one.status is PledgeStatus.ANNOUNCED]
    assert _ids(pledges.live(actor)) & made == _ids(standing)
    assert _ids(pledges.for_states(actor)) & made == {one.id for one in standing if one.recipient_id}
    assert _ids(pledges.of_conference(actor, world.conference.id)) & made == _ids(standing)
    by_need = pledges.of_needs(actor, _ids(world.needs))
    assert {(need, one.id) for need, found in by_need.items() for one in found} == {
        (one.need_id, one.id) for one in standing if one.need_id}
    for ref in ("NOR", "JPN", "KHM", "AGO"):
        party = world.party[ref]
        own = {one.id for one in live if party.id in (one.donor_id, one.recipient_id)}
        assert _ids(pledges.of_party(actor, party)) & made == own
        both = (*pledges.whole(actor, donor=party), *pledges.whole(actor, recipient=party))
        assert _ids(both) & made == own & _ids(standing)


def _totals(world: World, actor: Actor) -> None:
    """Every total holds the amounts that may be seen, and no other."""
    today = world.today
    priced = [one for one in _seen(actor, "needs.view-amounts", world.needs) if one.status in ON_RECORD]
    current = [one for one in priced if one.is_current(today)]

    def own(groups: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        return [one for one in groups if one["currency"] == OWN_CURRENCY]

    assert set().union(*(_parts(one["amount"]) for one in own(totals.of_needs(actor, ())))) == _places(priced)
    for group in own(totals.of_needs(actor, ("country",))):
        assert _parts(group["amount"]) == _places(one for one in priced if one.party.ref == group["country"])
    asked = {currency: (amount, number) for currency, amount, number in headline.asked_in(gaps.by_state(actor, today))}
    assert _parts(asked.get(OWN_CURRENCY, (0, 0))[0]) == _places(current)
    shown = insight.page(actor, today)
    assert _parts(sum(row.asked for row in shown["asked"] if row.currency == OWN_CURRENCY)) == _places(current)
    live = [one for one in _seen(actor, "pledges.view", world.pledges) if one.status is PledgeStatus.ANNOUNCED]
    sums = own(totals.of_pledges(actor, ("stage",)).groups)
    assert set().union(*(_parts(one["amount"]) for one in sums)) == _places(live)
    stages = shown["stages"].get(OWN_CURRENCY)
    assert _parts(stages.announced if stages else 0) == _places(live)
    seen = [one for one in _seen(actor, "needs.view", world.needs) if one.is_current(today)]
    before = {one.id for one in needs.current(actor, today)} - _ids(world.needs)
    assert sum(gap.needs for gap in gaps.by_state(actor, today)) == shown["open_needs"] == len(seen) + len(before)
    for ref in ("KHM", "AGO"):
        party = world.party[ref]
        kept = {one.id for one in needs.open_of_party(actor, party, today)} - _ids(world.needs)
        assert counted.open_needs(actor, [party.id], today).get(party.id, 0) == len(kept) + sum(
            one.party_id == party.id for one in seen)
    for row in columns.rows(actor, _seen(actor, "needs.view", world.needs)):
        assert row.seen == can(actor, "needs.view-amounts", row.need) == (row.money is not None)
        if row.money is not None:
            assert _parts(row.money.pledged) <= _places(live)


def _rules(world: World, actor: Actor) -> None:
    """`can` and `scope` are one answer."""
    records: dict[str, tuple[Any, list[Any]]] = {
        "needs": (Need, world.needs), "pledges": (Pledge, world.pledges), "offers": (Offer, world.offers),
        "approach": (Meeting, world.meetings), "shares": (NeedShare, [share for one in world.needs for share in one.shares]),
        "matches": (Match, [match for one in world.needs for match in one.matches])}
    others = {"matches.register": "needs", "matches.share": "needs", "suggestions.answer": "needs", "matches.request": "offers"}
    for permission in PERMISSIONS:
        kind = others.get(permission, permission.partition(".")[0])
        if kind in records:
            model, made = records[kind]
            listed = _ids(db.session.scalars(scope(actor, permission, model)).unique()) & _ids(made)
            assert listed == _ids(_seen(actor, permission, made)), (permission, actor)


def _actors(make: Any) -> list[Actor]:
    return [PUBLIC, *(make.actor(role, ref) for role, ref in READERS)]


def _checked(app: Any, make: Any, examples: int, *checks: Callable[[World, Actor], None]) -> None:
    actors, owner = _actors(make), make.account(Role.ISU_OFFICER)
    parties = {ref: make.party(ref) for ref in ("KHM", "AGO", *HELPERS)}

    @settings(max_examples=examples, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 2**31))
    def ask(seed: int) -> None:
        with app.test_request_context():
            try:
                world = World(parties, owner, _drawn(random.Random(seed)))
                for actor in actors:
                    for check in checks:
                        check(world, actor)
            finally:
                db.session.rollback()

    ask()


def test_in_any_world_lists_pages_and_totals_agree(app, make):
    _checked(app, make, 3, _rules, _lists, _totals)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)  # what SQL says on both engines is asked above
def test_over_http_a_need_is_in_the_list_and_the_file_if_and_only_if_its_page_opens(app, make, sign_in):
    """One world that holds every status and level, as people meet it: page, list, file, and the amount in the file."""
    drawn = [("KHM", status, level, amounts, Visibility.PUBLIC, partner, share, False)
             for (status, level), amounts, partner, share in zip(
                 [(status, level) for status in (NeedStatus.DRAFT, NeedStatus.PUBLISHED) for level in Visibility],
                 (*Visibility, *Visibility), (None, "JPN", None, "NOR") * 2,
                 (("NOR", "lasts"), ("NOR", "past"), None, ("NOR", "ended"), None, None, ("NOR", "last day"), None), strict=True)]
    parties = {ref: make.party(ref) for ref in ("KHM", "AGO", *HELPERS)}
    world = World(parties, make.account(Role.ISU_OFFICER), (drawn, [], [], []))
    db.session.commit()
    refs = [one.ref for one in world.needs]
    for role, ref in (("", ""), *READERS[:1], READERS[2], READERS[5]):
        client = sign_in(role, ref) if role else app.test_client()
        actor = make.actor(role, ref) if role else PUBLIC
        kept = list(db.session.scalars(scope(actor, "needs.view", Need).where(Need.ref.in_(refs))).unique())
        opens = {one for one in refs if client.get(f"/needs/{one}").status_code == 200}
        assert opens == {one.ref for one in kept}, (role, ref)
        page = client.get("/needs/?state=all&sort=newest").get_data(as_text=True)
        assert {one for one in refs if f'href="/needs/{one}"' in page} == {
            one.ref for one in kept if one.status in ON_RECORD}, (role, ref)
        file = csv.DictReader(io.StringIO(client.get("/needs/?state=all&as=csv").get_data(as_text=True).lstrip("\ufeff")))
        asked = {row["Need"]: row["Asked"] for row in file if row.get("Need") in refs}
        assert set(asked) == {one.ref for one in kept if one.status in ON_RECORD}
        for need in kept:
            if need.ref in asked:
                assert bool(asked[need.ref]) == can(actor, "needs.view-amounts", need), (role, ref, need.ref)
