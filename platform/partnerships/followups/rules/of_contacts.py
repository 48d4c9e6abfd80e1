"""Rules about contacts: a silent interest, a pledge past its date, a new offer for a need that was discussed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _

from partnerships.core.filters import day, in_words, number
from partnerships.followups.rules.ground import Ground, Suggested
from partnerships.followups.rules.learning import rising
from partnerships.followups.states import Reason
from partnerships.parties.words import name
from partnerships.suggestions import engine
from partnerships.suggestions.words import STRONG


def interest_silent(ground: Ground, days: int) -> Iterator[Suggested]:
    """Interest was registered, no talks began, and nothing was recorded of it for so many days."""
    for match, since in ground.interests:
        silent, key = (ground.today - since).days, f"interest-silent:{match.id}:{since}"
        if silent < days or key in ground.taken:
            continue
        yield Suggested(
            key, Reason.INTEREST_SILENT,
            _("Ask %(partner)s whether its interest in need %(ref)s stands", partner=name(match.party), ref=match.need.ref),
            match.party, ground.owner,
            _("%(partner)s is interested in need %(ref)s (%(state)s); no talks began, and nothing was recorded since %(day)s, "
              "%(days)s days ago.", partner=name(match.party), ref=match.need.ref, state=name(match.state), day=day(since),
              days=silent),
            url_for("matches.detail", number=match.id), rising(silent, 180), need=match.need, match=match)


def pledge_past_date(ground: Ground, days: int) -> Iterator[Suggested]:
    """The next step of a live pledge is past its day by so many days."""
    for pledge in ground.past_pledges:
        key = f"pledge-past-date:{pledge.ref}:{pledge.expected_on}"
        assert pledge.expected_on is not None
        late = (ground.today - pledge.expected_on).days
        if late < days or key in ground.taken:
            continue
        yield Suggested(
            key, Reason.PLEDGE_PAST_DATE,
            _("Ask %(donor)s where pledge %(ref)s stands", donor=name(pledge.donor), ref=pledge.ref), pledge.donor,
            ground.owner,
            _("The next step of pledge %(ref)s (%(donor)s) was expected by %(day)s, %(ago)s.", donor=name(pledge.donor),
              ref=pledge.ref, day=day(pledge.expected_on), ago=in_words(pledge.expected_on, ground.today)),
            url_for("pledges.detail", ref=pledge.ref), rising(late, 180), need=pledge.need, pledge=pledge)


def offer_fits(ground: Ground, days: int) -> Iterator[Suggested]:
    """An offer posted within so many days suits an open need that an earlier country meeting discussed."""
    since = ground.today - timedelta(days=days)
    fresh = {offer.ref: offer for offer in ground.offers if offer.created_at.date() >= since}
    asked = [need for need in ground.needs if need.id in ground.discussed] if fresh else []
    for need, plain in zip(asked, engine.seen_all(ground.actor, asked) if asked else [], strict=True):
        meeting = ground.discussed[need.id]
        for one in ground.world.matcher.offers_for(plain):
            offer, key = fresh.get(one.offer), f"offer-fits:{one.offer}:{need.ref}"
            if offer is None or one.score < STRONG or offer.created_at.date() < meeting.held_on or key in ground.taken:
                continue
            yield Suggested(
                key, Reason.OFFER_FITS,
                _("Tell %(state)s of offer %(offer)s for its need %(ref)s", state=name(need.party), offer=offer.ref,
                  ref=need.ref), need.party, ground.owner,
                _("%(partner)s posted offer %(offer)s on %(day)s. It suits need %(ref)s (%(points)s points), which the country "
                  "meeting of %(held)s discussed.", partner=name(offer.party), offer=offer.ref,
                  day=day(offer.created_at.date()), ref=need.ref, points=number(one.score, 0), held=day(meeting.held_on)),
                url_for("offers.detail", ref=offer.ref), rising(one.score, 60), need=need)
