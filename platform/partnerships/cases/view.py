"""What the pages of a case are made of: who may be invited, the briefing, the draft of the summary that may be shared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from partnerships.approach import queries as met
from partnerships.approach import view as approach
from partnerships.cases import summary
from partnerships.cases.models import Case
from partnerships.core.actor import Actor
from partnerships.followups import queries as followups
from partnerships.followups.models import Followup
from partnerships.insight import support
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.parties import choices
from partnerships.parties import queries as parties
from partnerships.parties.models import Fact, Obligation, Party, PartyKind
from partnerships.parties.words import name
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges

MOST_PARTNERS = 5
MOST_FACTS = 4
REFS = (r"\b[A-Z]{3}-\d{4}-\d{3}\b", r"\b(?:PL|OF|IA|CASE)-[A-Z0-9-]*\d\b")


@dataclass(frozen=True)
class Theme:
    """The open needs of one thematic area with what they lack, currency by currency."""

    theme: str
    needs: list[tuple[Need, Any]]
    lacks: dict[str, Any]


@dataclass(frozen=True)
class Briefing:
    """What somebody should know who goes to the meeting, on two pages, within one reader's sight."""

    duties: list[Obligation]
    facts: list[Fact]
    themes: list[Theme]
    received: Any
    partners: list[Any]
    actions: list[Followup]
    more_partners: int


def briefing(actor: Actor, case: Case, today: date) -> Briefing:
    """The briefing for the meeting, within the reader's sight (PUBLIC for the one that is handed out)."""
    state = case.state
    open_needs = needs.open_of_party(actor, state, today)
    pledged = pledges.of_needs(actor, [need.id for need in open_needs])
    grouped: dict[str, list[tuple[Need, Any]]] = {}
    for need in open_needs:
        grouped.setdefault(need.theme or "", []).append((need, figures.of_need(actor, need, pledged[need.id])))
    partners = approach.to_invite(actor, state, {one.party.ref for one in case.invitations})
    earlier = [one for one in met.of_party(actor, state) if one.id != case.meeting_id]
    actions = followups.of_meetings(actor, earlier)
    themes = [Theme(theme, found, _lacks(found)) for theme, found in sorted(grouped.items())]
    return Briefing(parties.obligations(state.id), parties.facts(state)[:MOST_FACTS], themes,
                    support.received(state, pledges.received(state)), partners[:MOST_PARTNERS], actions,
                    max(0, len(partners) - MOST_PARTNERS))


def _lacks(found: Iterable[tuple[Need, Any]]) -> dict[str, Any]:
    sums: dict[str, Any] = {}
    for _need, worth in found:
        if worth is not None:
            sums[worth.currency] = sums.get(worth.currency, 0) + worth.gap
    return dict(sorted(sums.items()))


def draft(case: Case) -> str:
    """A first draft of the summary for sharing: what kind of meeting it was, then its outcome with roles for names."""
    assert case.meeting is not None
    meeting, others = case.meeting, [row.party for row in case.meeting.participants if row.party_id != case.state_id]
    themes = sorted({str(choices.label(choices.themes(), need.theme)) for need in meeting.needs if need.theme})
    lines = [ngettext("An affected State met with one partner.", "An affected State met with %(num)s partners.", len(others))]
    if themes:
        lines.append(_("On the table: %(themes)s.", themes=", ".join(themes)))
    if case.statements:
        lines.append(ngettext("One partner stated interest.", "%(num)s statements of interest were made.", len(case.statements)))
    said = veiled(case, meeting.outcome or meeting.summary)
    return "\n\n".join([" ".join(lines), *([said] if said else [])])


def veiled(case: Case, text: str) -> str:
    """A text about a case's meeting with roles for the names of all whom the register knows to be concerned."""
    assert case.meeting is not None
    present = [case.state, *(row.party for row in case.meeting.participants if row.party_id != case.state_id)]
    invited = [one.party for one in case.invitations if one.party not in present]
    named = [summary.Named(_names(party), _role(party, case.state)) for party in [*present, *invited]]
    return summary.veil(text, named, {pattern: _("(a record)") for pattern in REFS})


def still_named(text: str) -> list[str]:
    """Names of States and organisations that a text still holds, as the reader's language has them."""
    return summary.left_over(text, [label for _ref, label in choices.partners()])


def _names(party: Party) -> tuple[str, ...]:
    known = (party.name_en, party.name_fr, party.name_es, party.name_ar, party.name_ru, party.name_zh, name(party), party.ref)
    return tuple(dict.fromkeys(one for one in known if one))


def _role(party: Party, state: Party) -> str:
    if party.id == state.id:
        return _("the affected State")
    if party.kind is PartyKind.STATE:
        return _("a partner State")
    return _("a partner organisation")
