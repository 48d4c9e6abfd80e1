"""Shares over HTTP: what is shared with whom, sharing a need, until when, and the end."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask_babel import gettext as _

from partnerships.core import once
from partnerships.core.filters import day
from partnerships.core.policy import current_actor, demand, requires
from partnerships.core.web import found, see_other
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.parties.words import name
from partnerships.shares import queries, service
from partnerships.shares.forms import USUAL, ShareForm, UntilForm
from partnerships.shares.models import NeedShare

blueprint = Blueprint("shares", __name__, url_prefix="/shares")


def _need(ref: str) -> Need:
    actor = current_actor()
    need = found(needs.by_ref(actor, ref))
    demand(actor, "needs.share", need)
    return need


def _share(number: int) -> NeedShare:
    actor = current_actor()
    share = found(queries.by_number(actor, number))
    demand(actor, "shares.change", share)
    return share


def _back(share: NeedShare) -> Any:
    return see_other(url_for("needs.detail", ref=share.need.ref, _anchor="shared"))


@blueprint.get("/")
@requires("shares.view")
def index() -> Any:
    """What is shared with the reader's State or organisation, and what it shares itself."""
    actor = current_actor()
    return render_template("shares/index.html", received=queries.with_us(actor, date.today()), given=queries.by_us(actor))


@blueprint.get("/new/<ref>")
@requires("needs.share")
def new(ref: str) -> Any:
    """The form that shares a need."""
    need = _need(ref)
    return render_template("shares/new.html", need=need, form=ShareForm(need=need, until=date.today() + USUAL))


@blueprint.post("/new/<ref>")
@requires("needs.share")
def create(ref: str) -> Any:
    """Share a need with a partner until a day."""
    need, actor = _need(ref), current_actor()
    form = ShareForm(need=need)
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)  # first: sent twice, it is shared already
    if not fresh:
        return see_other(receipt.location)
    if not form.validate() or form.party is None:
        return render_template("shares/new.html", need=need, form=form), 422
    share = service.give(need, form.party, actor, until=form.until.data, note=form.note.data or "")
    receipt.location = url_for("needs.detail", ref=need.ref, _anchor="shared")
    flash(_("Shared with %(partner)s until %(day)s.", partner=name(share.party), day=day(share.until)), "success")
    return see_other(receipt.location)


@blueprint.get("/<int:number>")
@requires("shares.change")
def edit(number: int) -> Any:
    """Until when: the form."""
    share = _share(number)
    return render_template("shares/edit.html", share=share, need=share.need, form=UntilForm(until=share.until))


@blueprint.post("/<int:number>")
@requires("shares.change")
def update(number: int) -> Any:
    """Let it last longer or shorter."""
    share = _share(number)
    form = UntilForm()
    if not form.validate():
        return render_template("shares/edit.html", share=share, need=share.need, form=form), 422
    if service.change(share, current_actor(), until=form.until.data):
        flash(_("Shared with %(partner)s until %(day)s.", partner=name(share.party), day=day(share.until)), "success")
    else:
        flash(_("Nothing changed."), "info")
    return _back(share)


@blueprint.post("/<int:number>/end")
@requires("shares.change")
def end(number: int) -> Any:
    """End it now."""
    share = _share(number)
    if service.end(share, current_actor()):
        flash(_("%(partner)s no longer sees this need because of you sharing it.", partner=name(share.party)), "success")
    else:
        flash(_("This was already done."), "info")
    return _back(share)
