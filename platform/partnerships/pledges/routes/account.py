"""The account of a party over HTTP: what became of the pledges that it made, and of those that were made for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from partnerships.core import export
from partnerships.core.actor import Actor
from partnerships.core.policy import current_actor, public
from partnerships.core.web import found
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.parties.words import name
from partnerships.pledges import account as accounts
from partnerships.pledges import columns, queries
from partnerships.pledges.account import Line
from partnerships.pledges.models import Pledge
from partnerships.pledges.routes import blueprint
from partnerships.pledges.states import OBJECT_LABELS

MOST = 100  # lines of the list of pledges; the file holds them all


@blueprint.get("/account/<ref>")
@public
def account(ref: str) -> Any:
    """What a party announced, confirmed, agreed and paid, and what was announced for it and arrived; within sight."""
    actor, party, today = current_actor(), found(parties.by_ref(ref)), date.today()
    given, received = accounts.given(actor, party), accounts.received(actor, party)
    kind = export.wanted()
    if kind:
        of_donor = request.args.get("part") != "received" if given else not received
        return _file(actor, party, given if of_donor else received, kind, of_donor)
    return render_template(
        "pledges/account.html", party=party, most=MOST, given=_of_donor(given, today) if given else None,
        received=_of_state(received, today) if received else None, contributed=accounts.recorded(queries.given(party)),
        supported=accounts.recorded(queries.received(party)))


def _both(lines: Sequence[Line], today: date) -> dict[str, Any]:
    """What the accounts of both sides show."""
    return {"lines": lines, "currencies": accounts.by_currency(lines), "reference": accounts.in_reference(lines),
            "fresh": accounts.fresh(lines, today), "recorded": sum(bool(line.pledge.source) for line in lines),
            "several_years": sum(line.several_years for line in lines), "joint": sum(line.joint for line in lines),
            "unpriced": sum(not line.years and not line.share_unknown for line in lines)}


def _of_donor(lines: Sequence[Line], today: date) -> dict[str, Any]:
    return {**_both(lines, today), "years": accounts.by_year(lines), "themes": accounts.by_theme(lines),
            "states": accounts.by_other(lines, _for_whom), "unknown_shares": sum(line.share_unknown for line in lines)}


def _for_whom(pledge: Pledge) -> tuple[str, str]:
    """(name, reference) of the State that a pledge is for; what else it is for has no reference."""
    if pledge.recipient is not None:
        return name(pledge.recipient), pledge.recipient.ref
    return str(OBJECT_LABELS[pledge.object]), ""


def _of_state(lines: Sequence[Line], today: date) -> dict[str, Any]:
    return {**_both(lines, today), "arrived": accounts.arrived(lines), "first": accounts.lag(lines, full=False),
            "full": accounts.lag(lines, full=True)}


def _file(actor: Actor, party: Party, lines: Sequence[Line], kind: str, of_donor: bool) -> Any:
    rows = [(line, year, own) for line in lines for year, own in (line.years.items() or [(None, None)])]
    title = _("Pledges made by %(party)s", party=name(party)) if of_donor else _("Pledges for %(party)s", party=name(party))
    notes = [columns.note(), _("A joint pledge stands with the share of this party alone.")] if of_donor else [columns.note()]
    return export.send(f"account-{party.ref}-{'made' if of_donor else 'received'}", columns.of_account(actor, rows), rows, kind,
                       title=title, notes=notes)
