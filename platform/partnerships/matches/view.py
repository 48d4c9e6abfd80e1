"""What the page of a match is made of."""

from __future__ import annotations

from flask import render_template

from partnerships.core import audit, timeline, workflow
from partnerships.core.actor import Actor
from partnerships.core.policy import can
from partnerships.documents import queries as documents
from partnerships.documents.fields import ACCEPTED
from partnerships.matches import mediation, queries, service
from partnerships.matches.forms import CarryForm, DeclineForm, MessageForm, NoteForm
from partnerships.matches.models import Match
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges


def page(match: Match, actor: Actor, *, carry: CarryForm | None = None, decline: DeclineForm | None = None,
         message: MessageForm | None = None) -> str:
    """The page of one match; a form that was sent and has faults is shown as it was sent."""
    need, talk = match.need, queries.conversation(actor, match)
    moves = [move for move in workflow.available(match, actor) if move.name in service.MOVES]
    return render_template(
        "matches/detail.html", match=match, need=need, moves=moves, note_form=NoteForm(None),
        form=carry or CarryForm.of(match, queries.possible_owners(match)), decline=decline or DeclineForm(None),
        message_form=message or MessageForm(None, sides=mediation.sides(match, actor)), accepted=ACCEPTED, talk=talk,
        files=documents.of_messages(actor, [one.id for one in talk.items]),
        takes_back={one.id for one in talk.items if one.taken_back_at is None and mediation.recent(one)
                    and can(actor, "messages.take-back", one)},
        figures=figures.of_need(actor, need, pledges.of_needs(actor, [need.id])[need.id]),
        pledges=pledges.of_match(actor, match.id), days=timeline.days(audit.timeline(actor, match)),
        own=actor.is_isu or actor.party_id == match.party_id)
