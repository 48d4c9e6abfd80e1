"""Offers over HTTP: the list, an offer, the form, and its withdrawal."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, g, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.core import audit, export, hxl, once, timeline, workflow
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.errors import Conflict
from partnerships.core.lists import member, paginate
from partnerships.core.moves import note_for
from partnerships.core.policy import can, current_actor, demand, public, requires
from partnerships.core.web import found, see_other
from partnerships.feeds import atom
from partnerships.matches import queries as matches
from partnerships.offers import columns, queries, service, twins
from partnerships.offers.forms import FilterForm, NoteForm, OfferForm
from partnerships.offers.models import LISTS, NATURE_LABELS, Nature, Offer
from partnerships.parties.fields import SETS
from partnerships.parties.models import Party
from partnerships.suggestions import engine, words

blueprint = Blueprint("offers", __name__, url_prefix="/offers")
FITTING = 5


def _offer(ref: str, actor: Actor) -> Offer:
    return found(queries.by_ref(actor, ref))


@blueprint.get("/")
@public
def index() -> Any:
    """The standing offers the reader may see, under filters that live in the address."""
    if atom.wanted():
        return atom.of_list("offers")
    form = FilterForm(request.args)
    actor, chosen = current_actor(), form.chosen()
    query, kind = queries.listed(actor, chosen, date.today()), export.wanted()
    if kind:
        return export.send("offers", columns.columns(), export.whole(query), kind, title=_("Standing offers"), tags=hxl.OFFERS)
    page = paginate(query)
    return render_template("offers/index.html", form=form, page=page, natures=NATURE_LABELS, lists=LISTS,
                           tabs=[("", _("All offers")), (Nature.EQUIPMENT.value, NATURE_LABELS[Nature.EQUIPMENT]),
                                 *((one.value, words_) for one, words_ in LISTS.items())],
                           nature=member(Nature, chosen["nature"]),
                           affected=queries.affected(actor, [offer.party_id for offer in page.items]),
                           filtered=any(value for key, value in request.args.items() if key not in ("page", "lang")))


@blueprint.get("/<ref>")
@public
def detail(ref: str) -> Any:
    """One offer: what, for whom, until when, how to ask for it, what happened."""
    actor = current_actor()
    offer = _offer(ref, actor)
    fitting = engine.needs_for_offer(actor, offer, FITTING)
    here = engine.world(actor)
    return render_template(
        "offers/detail.html", offer=offer, moves=workflow.available(offer, actor), note_form=NoteForm(),
        twin=twins.of(offer) if can(actor, "offers.edit", offer) else None,
        days=timeline.days(audit.timeline(actor, offer)), is_open=offer.ref in here.offers,
        south=bool(queries.affected(actor, [offer.party_id])), through=matches.of_offer(actor, offer),
        fitting=[words.show(one, here, need) for one, need in fitting.found],
        held_back=[(here.parties[ref], count) for ref, count in fitting.held_back.items()])


@blueprint.get("/new")
@requires("offers.create")
def new() -> Any:
    """A fresh form, filled with what the register knows of the person and the party."""
    account = g.account
    form = OfferForm(contact_name=f"{account.name}, {current_actor().party_name}", contact_email=account.email,
                     valid_until=date(date.today().year + 1, 12, 31))
    return _form_page(form, _own_party(), None)


@blueprint.post("/new")
@requires("offers.create")
def create() -> Any:
    """Post the offer."""
    actor = current_actor()
    party = _own_party()
    form = OfferForm()
    if not form.check():
        return _form_page(form, party, None), 422
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    offer = service.create(actor, party, form.columns())
    receipt.location = url_for("offers.detail", ref=offer.ref)
    flash(_("%(ref)s is posted and stands in the list.", ref=offer.ref) if offer.nature is Nature.CONTACT_POINT else
          _("Offer %(ref)s is posted. It takes part in matching from now on.", ref=offer.ref), "success")
    return see_other(receipt.location)


@blueprint.get("/<ref>/edit")
@requires("offers.edit")
def edit(ref: str) -> Any:
    """The form of an open offer."""
    actor = current_actor()
    offer = _offer(ref, actor)
    demand(actor, "offers.edit", offer)
    form = OfferForm(obj=offer, version=str(offer.version), visibility=offer.visibility.value, nature=offer.nature.value,
                     **{name: list(getattr(offer, name)) for name in (*SETS, "languages")})
    return _form_page(form, offer.party, offer)


@blueprint.post("/<ref>/edit")
@requires("offers.edit")
def update(ref: str) -> Any:
    """Keep the changes, unless somebody else changed the offer meanwhile."""
    actor = current_actor()
    offer = _offer(ref, actor)
    demand(actor, "offers.edit", offer)
    form = OfferForm()
    if not form.check():
        return _form_page(form, offer.party, offer), 422
    if form.opened_on != offer.version:
        raise Conflict(url_for("offers.edit", ref=offer.ref), form.both(offer))
    if service.change(offer, actor, form.columns()):
        flash(_("Changes kept."), "success")
    else:
        flash(_("Nothing was changed."), "info")
    return see_other(url_for("offers.detail", ref=offer.ref))


@blueprint.post("/<ref>/move/<name>")
@requires("offers.withdraw")
def move(ref: str, name: str) -> Any:
    """Withdraw an offer. It stays on record for its own partner and the ISU."""
    actor = current_actor()
    offer = _offer(ref, actor)
    note = note_for(service.FLOW, name, NoteForm())
    if service.move(offer, name, actor, note):
        flash(_("Offer %(ref)s is withdrawn and no longer takes part in matching.", ref=offer.ref), "success")
    else:
        flash(_("This was already done."), "info")
    return see_other(url_for("offers.detail", ref=offer.ref))


def _own_party() -> Party:
    return db.session.get_one(Party, current_actor().party_id)


def _form_page(form: OfferForm, party: Party, offer: Offer | None) -> str:
    return render_template("offers/form.html", form=form, party=party, offer=offer)
