"""Matches over HTTP: my matches, one match, beginning a conversation, carrying it on, ending it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.core import export, once
from partnerships.core.actor import Actor
from partnerships.core.errors import Conflict, Refused
from partnerships.core.lists import paginate
from partnerships.core.policy import current_actor, demand, requires
from partnerships.core.web import found, see_other
from partnerships.matches import columns, queries, service, view
from partnerships.matches.forms import BeginForm, CarryForm, DeclineForm, FilterForm, NoteForm, RequestForm
from partnerships.matches.models import Match
from partnerships.matches.routes import blueprint
from partnerships.matches.states import LABELS, Decline
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.offers import queries as offers
from partnerships.offers.models import Offer
from partnerships.parties import queries as parties
from partnerships.parties.models import Party, PartyKind
from partnerships.suggestions import engine, words


def _match(number: int, actor: Actor) -> Match:
    return found(queries.by_id(actor, number))


def _need(ref: str, actor: Actor) -> Need:
    return found(needs.by_ref(actor, ref))


@blueprint.get("/")
@requires("matches.view")
def index() -> Any:
    """The reader's matches, the next step that is due longest first."""
    actor = current_actor()
    form = FilterForm(request.args)
    query = queries.listed(actor, status=form.status.data or "", overdue=form.overdue.data, contact=form.contact.data)
    kind = export.wanted()
    if kind:
        return export.send("matches", columns.columns(), export.whole(query), kind, title=_("Matches"))
    page = paginate(query)
    return render_template("matches/index.html", form=form, page=page,
                           reasons=queries.reasons_given(actor) if actor.is_isu else [],
                           filtered=bool(form.status.data or form.overdue.data or form.contact.data))


@blueprint.get("/<int:number>")
@requires("matches.view")
def detail(number: int) -> Any:
    """One match: both sides, why, who does what next, what came of it."""
    actor = current_actor()
    match = _match(number, actor)
    return view.page(match, actor)


@blueprint.route("/new/<ref>", methods=["GET", "POST"])
@requires("matches.register")
def new(ref: str) -> Any:
    """Register interest in a need on behalf of the reader's own party."""
    actor = current_actor()
    need = _need(ref, actor)
    mine = queries.own_match(actor, need)
    if mine is not None and mine.status not in service.FLOW.by_name["interest"].sources:
        return see_other(url_for("matches.detail", number=mine.id))
    demand(actor, "matches.register", need)
    party = parties.by_ref(actor.party_ref)
    assert party is not None  # every account belongs to a party
    return _begin(need, party, actor, service.register, "matches/new.html", mine)


@blueprint.get("/share/<ref>/<partner>")
@requires("matches.share")
def share_form(ref: str, partner: str) -> Any:
    """The form that begins a conversation with a partner on behalf of the affected State or the ISU."""
    return _share(ref, partner)


@blueprint.post("/share/<ref>/<partner>")
@requires("matches.share")
def share(ref: str, partner: str) -> Any:
    """Share a need with a partner."""
    return _share(ref, partner)


def _share(ref: str, partner: str) -> Any:
    actor = current_actor()
    need = _need(ref, actor)
    party = parties.by_ref(partner)
    if party is None or party.kind is PartyKind.AREA or party.id == need.party_id:
        abort(404)
    demand(actor, "matches.share", need)
    found = queries.pair(need, party)
    if found is not None and found.status not in service.FLOW.by_name["shared"].sources:
        return see_other(url_for("matches.detail", number=found.id))
    return _begin(need, party, actor, service.share, "matches/share_form.html", found)


def _begin(need: Need, party: Party, actor: Actor, act: Any, template: str, found: Match | None) -> Any:
    """Show the form of a first step, or act on it."""
    if not need.is_current(date.today()):
        raise Refused(_("This need is past its valid-until date. Its State can renew it; then conversations can "
                        "begin."))
    sent = request.method == "POST"
    form = BeginForm() if sent else BeginForm.fresh()
    if not sent or not form.validate():
        reasons = words.show_answer(engine.answer(actor, need, party), actor, need)
        return render_template(template, form=form, need=need, party=party, found=found, reasons=reasons,
                               has_people=queries.has_people(party)), 422 if sent else 200
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    match = act(need, party, actor, message=form.message.data or "", next_step=form.next_step.data or "",
                next_step_on=form.next_step_on.data)
    receipt.location = url_for("matches.detail", number=match.id)
    flash(_("On the record. Both sides and the ISU see it, nobody else."), "success")
    return see_other(receipt.location)


@blueprint.route("/request/<ref>", methods=["GET", "POST"], endpoint="request")
@requires("matches.request")
def ask(ref: str) -> Any:
    """Ask for a partner's standing offer with one of the reader's own State's needs."""
    actor = current_actor()
    offer = found(offers.by_ref(actor, ref))
    demand(actor, "matches.request", offer)
    if offer.valid_until < date.today():
        raise Refused(_("This offer is past its valid-until date. Its partner can renew it; then it can be asked for."))
    state = parties.by_ref(actor.party_ref)
    assert state is not None  # every account belongs to a party
    mine = needs.open_of_party(actor, state, date.today())
    talks = queries.with_partner(actor, mine, offer.party)
    asked = [talks[need.id] for need in mine if need.id in talks and talks[need.id].offer_id == offer.id
             and talks[need.id].status not in service.ENDED]
    return _request(offer, mine, talks, asked)


def _request(offer: Offer, mine: list[Need], talks: dict[int, Match], asked: list[Match]) -> Any:
    """Show the form of a request, or act on it."""
    actor, sent = current_actor(), request.method == "POST"
    # A second click names a need that was asked for by the first: it is no fault, and leads to the same match.
    left = [need for need in mine if need.id not in {match.need_id for match in asked}]
    choices = [(need.ref, f"{need.ref}: {need.title}") for need in (mine if sent else left)]
    form = RequestForm(needs=choices) if sent else RequestForm.fresh(choices, request.args.get("need", ""))
    if not sent or not form.validate():
        return render_template(
            "matches/request.html", form=form, offer=offer, needs=left, asked=asked,
            talks=[talks[need.id] for need in left if need.id in talks and talks[need.id].status not in service.ENDED],
            has_people=queries.has_people(offer.party)), 422 if sent else 200
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    match = service.request(
        offer, next(need for need in mine if need.ref == form.need.data), actor, message=form.message.data or "",
        next_step=form.next_step.data or "", next_step_on=form.next_step_on.data)
    receipt.location = url_for("matches.detail", number=match.id)
    flash(_("On the record. Both sides and the ISU see it, nobody else."), "success")
    return see_other(receipt.location)


@blueprint.post("/<int:number>/carry")
@requires("matches.carry")
def carry(number: int) -> Any:
    """Set the next step, its day and its owner."""
    actor = current_actor()
    match = _match(number, actor)
    demand(actor, "matches.carry", match)
    form = CarryForm(owners=queries.possible_owners(match))
    if not form.validate():
        return view.page(match, actor, carry=form), 422
    if form.opened_on != match.version:
        raise Conflict(url_for("matches.detail", number=number), _both(form, match))
    changed = service.carry(match, actor, next_step=form.next_step.data or "", next_step_on=form.next_step_on.data,
                            owner_id=int(form.owner.data))
    if changed:
        flash(_("Next step saved."), "success")
    else:
        flash(_("Nothing was different, so nothing was changed."), "info")
    return see_other(url_for("matches.detail", number=number))


def _both(form: CarryForm, match: Match) -> list[tuple[str, str, str]]:
    owners = {one.value: one.label for one in form.owner.choices}
    rows = [(_("Next step"), form.next_step.data or "", match.next_step),
            (_("By"), str(form.next_step_on.data), str(match.next_step_on or "")),
            (_("Owner"), owners.get(form.owner.data, ""), owners.get(str(match.owner_id), ""))]
    return [row for row in rows if row[1] != row[2]]


@blueprint.post("/<int:number>/move/<name>")
@requires("matches.view")
def move(number: int, name: str) -> Any:
    """One move: in talks, agreed, declined, lapsed."""
    actor = current_actor()
    match = _match(number, actor)
    if name not in service.MOVES:
        abort(404)
    form = DeclineForm() if name == "declined" else NoteForm()
    if not form.validate():
        demand(actor, service.FLOW.by_name[name].permission, match)
        if isinstance(form, DeclineForm):
            return view.page(match, actor, decline=form), 422
        raise Refused(" ".join(form.note.errors))
    why = Decline(form.declined_for.data) if isinstance(form, DeclineForm) else None
    if service.move(match, name, actor, form.note.data or "", why):
        flash(_("Done: this match is now “%(status)s”.", status=LABELS[match.status]), "success")
    else:
        flash(_("This was already done."), "info")
    return see_other(url_for("matches.detail", number=number))
