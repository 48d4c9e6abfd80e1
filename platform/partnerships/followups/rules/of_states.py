"""Rules about States: not heard from, nearly there, neighbours, and donors whose partner is done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from flask import url_for
from flask_babel import gettext as _

from partnerships.core.filters import day, number
from partnerships.followups.rules.ground import Ground, Suggested, amount, in_a_row
from partnerships.followups.rules.learning import rising
from partnerships.followups.states import Reason
from partnerships.needs.models import Need
from partnerships.parties import queries as parties
from partnerships.parties.words import name, title
from partnerships.suggestions.words import STRONG

REPORT = (4, 30)  # Article 7.2: the yearly report
CLEARANCE = "survey-clearance"


def last_report(today: date, days: int) -> date:
    """The newest 30 April that is at least so many days ago."""
    asked = today - timedelta(days=days)
    since = date(asked.year, *REPORT)
    return since if since <= asked else date(asked.year - 1, *REPORT)


def unheard(ground: Ground, days: int) -> Iterator[Suggested]:
    """A State Party with open needs that was not heard from since the last 30 April, asked for so many days after it."""
    since = last_report(ground.today, days)
    for state, own in ground.by_state(ground.needs):
        last, key = ground.heard.get(state.id), f"state-unheard:{state.ref}:{since.year}"
        if state.id not in ground.bound or (last is not None and last >= since) or key in ground.taken:
            continue
        known = _("the last thing on record is of %(day)s", day=day(last)) if last else _("nothing of it is on record")
        yield Suggested(
            key, Reason.STATE_UNHEARD, _("Ask %(state)s how its needs stand", state=name(state)), state, ground.owner,
            _("Nobody of %(state)s did anything here, and no country meeting with it was held, since the yearly report was due "
              "on %(due)s: %(known)s. Its open needs on record: %(needs)s.", state=name(state), due=day(since), known=known,
              needs=in_a_row(need.ref for need in own)),
            url_for("parties.detail", ref=state.ref), rising((ground.today - since).days, 365),
            need=own[0] if len(own) == 1 else None)


def near_completion(ground: Ground, thousands: int) -> Iterator[Suggested]:
    """All that a State's open clearance needs are short of together is at most so many thousand US dollars."""
    limit = Decimal(thousands * 1000)
    for state, own in ground.by_state(need for need in ground.needs if need.theme == CLEARANCE):
        gaps = [_gap_usd(ground, need) for need in own]
        known = [gap for gap in gaps if gap is not None]
        total, key = sum(known, Decimal(0)), f"near-completion:{state.ref}:{ground.today.year}"
        if len(known) < len(gaps) or not 0 < total <= limit or key in ground.taken:
            continue
        yield Suggested(
            key, Reason.NEAR_COMPLETION, _("Find the rest for the clearance needs of %(state)s", state=name(state)), state,
            ground.owner,
            _("All that the open clearance needs of %(state)s (%(needs)s) are short of is about %(gap)s: a small gap left.",
              state=name(state), needs=in_a_row(need.ref for need in own), gap=amount(total, "USD")),
            url_for("parties.detail", ref=state.ref), rising(float(limit - total), float(limit)),
            need=own[0] if len(own) == 1 else None)


def _gap_usd(ground: Ground, need: Need) -> Decimal | None:
    """A need's gap in US dollars, at the rate at which what it asks was converted; None when it is not known."""
    found = ground.gap(need)
    if found is None or not need.asked or need.asked_usd is None:
        return None
    return need.asked_usd * found.gap / need.asked


def neighbours(ground: Ground, shared: int) -> Iterator[Suggested]:
    """Two States with a common border and open needs in at least so many of the same thematic areas."""
    themes = {theme.code: theme for theme in parties.all_themes()}
    asking = {state.ref: (state, {need.theme for need in own if need.theme}) for state, own in ground.by_state(ground.needs)}
    for ref, (state, own) in asking.items():
        for other in sorted(set(state.neighbours.split()) & asking.keys()):
            both = sorted(own & asking[other][1])
            if other < ref or len(both) < shared or f"neighbours:{ref}:{other}" in ground.taken:
                continue
            second = asking[other][0]
            yield Suggested(
                f"neighbours:{ref}:{other}", Reason.NEIGHBOURS,
                _("Ask %(state)s and %(other)s whether they want to work together", state=name(state), other=name(second)),
                state, ground.owner,
                _("%(state)s and %(other)s share a border and both have open needs in: %(themes)s.", state=name(state),
                  other=name(second), themes=in_a_row(title(themes[code]) for code in both)),
                url_for("parties.detail", ref=ref), rising(len(both), 4))


def donor_free(ground: Ground, years: int) -> Iterator[Suggested]:
    """A donor supported a State that completed clearance within so many years, and an open need fits it well."""
    for donor, state, count, last in ground.givers(years):
        key = f"donor-free:{donor.ref}:{state.ref}"
        if key in ground.taken or donor.ref not in ground.world.parties:
            continue
        best = ground.world.matcher.needs_for(donor.ref, limit=1).shown
        need = next((one for one in ground.needs if best and one.ref == best[0].need), None)
        if need is None or best[0].score < STRONG:
            continue
        yield Suggested(
            key, Reason.DONOR_FREE,
            _("Bring need %(ref)s to the attention of %(donor)s", ref=need.ref, donor=name(donor)), donor, ground.owner,
            _("%(state)s announced in %(year)s that its known mined areas are cleared. %(donor)s supported it in %(count)s of "
              "the years before, last in %(last)s. Need %(ref)s (%(other)s) fits %(donor)s best (%(points)s points).",
              state=name(state), year=ground.completed[state.ref], donor=name(donor), count=count, last=last, ref=need.ref,
              other=name(need.party), points=number(best[0].score, 0)),
            url_for("needs.detail", ref=need.ref), rising(best[0].score, 60), need=need)
