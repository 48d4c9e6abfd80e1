"""Rules about needs: nobody in contact, one like it found support, about to expire, a deadline near."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _

from partnerships.core.filters import day, in_words, number
from partnerships.followups.rules.ground import Ground, Suggested, amount, in_a_row
from partnerships.followups.rules.learning import rising
from partnerships.followups.states import Reason
from partnerships.needs.models import Need
from partnerships.parties.words import name
from partnerships.pledges.models import Pledge
from partnerships.pledges.queries import months_from
from partnerships.suggestions import engine
from partnerships.suggestions.words import STRONG

NAMED = 3  # partners or needs that a sentence names
NEAREST = 10  # needs compared with each that found support


def no_contact(ground: Ground, days: int) -> Iterator[Suggested]:
    """Strong matches of a need published at least so many days ago, and nobody in contact."""
    last = ground.today - timedelta(days=days)
    alone = [need for need in ground.needs if need.published_at is not None and need.published_at.date() < last
             and need.id not in ground.in_contact and f"no-contact:{need.ref}" not in ground.taken]
    best = ground.world.matcher.strongest({need.ref for need in alone}, limit=NAMED) if alone else {}
    for need in alone:
        strong = [one for one in best.get(need.ref, ()) if one.score >= STRONG]
        if not strong:
            continue
        assert need.published_at is not None
        named = in_a_row(_("%(partner)s (%(points)s points)", partner=name(ground.world.parties[one.partner]),
                           points=number(one.score, 0)) for one in strong)
        yield Suggested(
            f"no-contact:{need.ref}", Reason.NO_CONTACT,
            _("Share need %(ref)s with the partners that fit it best", ref=need.ref), need.party, ground.owner,
            _("Need %(ref)s (%(state)s) was published on %(day)s, and nobody has contacted the partners that fit it "
              "best: %(partners)s.", state=name(need.party), ref=need.ref, day=day(need.published_at.date()),
              partners=named),
            url_for("needs.detail", ref=need.ref, _anchor="partners"),
            rising((ground.today - need.published_at.date()).days, 180), need=need)


def similar(ground: Ground, points: int) -> Iterator[Suggested]:
    """For each open need without a pledge the likest need of another State that found support: after what step, by whom."""
    unpledged = {need.ref: need for need in ground.needs if not ground.pledged(need)}
    if not unpledged or not ground.supported:
        return
    nearest: dict[str, tuple[float, Need, list[Pledge]]] = {}
    plain = engine.seen_all(ground.actor, [need for need, _pledges in ground.supported])
    for (other, gave), seen in zip(ground.supported, plain, strict=True):
        for ref, likeness in ground.world.matcher.similar_needs(seen, limit=NEAREST):
            need = unpledged.get(ref)
            if need is None or likeness * 100 < points or need.party_id == other.party_id:
                continue
            if likeness > nearest.get(ref, (0.0,))[0] and f"similar-need:{ref}:{other.ref}" not in ground.taken:
                nearest[ref] = (likeness, other, gave)
    for ref, (likeness, other, gave) in sorted(nearest.items()):
        need, donors = unpledged[ref], in_a_row(sorted({name(pledge.donor) for pledge in gave}))
        yield Suggested(
            f"similar-need:{ref}:{other.ref}", Reason.SIMILAR_NEED,
            _("Bring need %(ref)s to the attention of %(donors)s", ref=ref, donors=donors)[:300], need.party, ground.owner,
            _("No pledge to need %(ref)s (%(state)s) is on record. %(other)s (%(other_state)s) reads much like it (%(points)s "
              "of 100) and found support: %(steps)s.", state=name(need.party), ref=ref, other=other.ref,
              other_state=name(other.party), points=number(likeness * 100, 0),
              steps=in_a_row(_step(ground, other, pledge) for pledge in gave)),
            url_for("needs.detail", ref=ref), likeness, need=need)


def _step(ground: Ground, need: Need, pledge: Pledge) -> str:
    """Who supported a need, and the step after which they did."""
    donor, meeting = name(pledge.donor), ground.discussed.get(need.id)
    if pledge.conference is not None:
        return _("%(donor)s, at %(conference)s", donor=donor, conference=pledge.conference.title)
    if meeting is not None and pledge.announced_on is not None and meeting.held_on <= pledge.announced_on:
        return _("%(donor)s, after the country meeting of %(day)s", donor=donor, day=day(meeting.held_on))
    began = ground.beginnings.get(pledge.match_id or 0)
    if began is not None and began[0] == "match.interest":
        return _("%(donor)s, after registering interest on %(day)s", donor=donor, day=day(began[1]))
    if began is not None:
        return _("%(donor)s, after it was asked for help on %(day)s", donor=donor, day=day(began[1]))
    if pledge.announced_on is None:
        return donor
    return _("%(donor)s, which announced it on %(day)s", donor=donor, day=day(pledge.announced_on))


def expiring(ground: Ground, days: int) -> Iterator[Suggested]:
    """A need that leaves matching within so many days unless its State says that it stands."""
    for need in ground.needs:
        if need.valid_until is None or need.valid_until > ground.today + timedelta(days=days):
            continue
        key = f"need-expiring:{need.ref}:{need.valid_until}"
        if key not in ground.taken:
            yield Suggested(
                key, Reason.NEED_EXPIRING,
                _("Ask %(state)s whether need %(ref)s still stands", state=name(need.party), ref=need.ref), need.party,
                ground.owner,
                _("Need %(ref)s (%(state)s) leaves matching after %(day)s, %(when)s, unless its State says that it stands.",
                  ref=need.ref, state=name(need.party), day=day(need.valid_until),
                  when=in_words(need.valid_until, ground.today)),
                url_for("needs.detail", ref=need.ref), rising(days - (need.valid_until - ground.today).days, days), need=need)


def deadline_near(ground: Ground, months: int) -> Iterator[Suggested]:
    """A deadline within so many months, and open needs of the State that serve it with a gap."""
    last = months_from(ground.today, months)
    serving: dict[date, list[Need]] = defaultdict(list)
    for need in ground.needs:
        if need.deadline is not None and ground.today <= need.deadline <= last and _short(ground, need):
            serving[need.deadline].append(need)
    for deadline, found in sorted(serving.items()):
        for state, own in ground.by_state(found):
            key = f"deadline-near:{state.ref}:{deadline}"
            if key in ground.taken:
                continue
            yield Suggested(
                key, Reason.DEADLINE_NEAR,
                _("Discuss with %(state)s how the gap is closed before %(day)s", state=name(state), day=day(deadline)), state,
                ground.owner,
                _("The deadline of %(state)s is %(day)s, %(when)s. Still short: %(needs)s.", state=name(state),
                  day=day(deadline), when=in_words(deadline, ground.today), needs=in_a_row(_gaps(ground, own))),
                url_for("parties.detail", ref=state.ref),
                rising((last - deadline).days, (last - ground.today).days), need=own[0] if len(own) == 1 else None)


def _short(ground: Ground, need: Need) -> bool:
    found = ground.gap(need)
    return found.gap > 0 if found is not None else not ground.pledged(need)


def _gaps(ground: Ground, found: list[Need]) -> list[str]:
    """The needs with their gaps, the first few."""
    words = []
    for need in found[:NAMED]:
        worth = ground.gap(need)
        words.append(_("%(ref)s (%(gap)s)", ref=need.ref, gap=amount(worth.gap, worth.currency)) if worth is not None
                     else _("%(ref)s (no amount stated)", ref=need.ref))
    more = len(found) - NAMED
    return [*words, _("%(count)s more", count=more)] if more > 0 else words
