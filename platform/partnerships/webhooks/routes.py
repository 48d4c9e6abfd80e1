"""Webhooks over HTTP: a party's own, their logs and tests, and the queue of administrators."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Blueprint, abort, after_this_request, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from partnerships.accounts.confirming import fresh
from partnerships.core import audit, once, timeline, workflow
from partnerships.core.errors import Conflict, Refused
from partnerships.core.policy import can, current_actor, demand, requires
from partnerships.core.web import found, see_other
from partnerships.webhooks import delivery, queries, sample, service
from partnerships.webhooks.forms import EventsForm, ProposeForm, RefuseForm
from partnerships.webhooks.models import Webhook

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")
MOVES = ("paused", "resumed", "allowed")


def _hook(number: int, permission: str = "webhooks.view") -> Webhook:
    actor = current_actor()
    hook = found(queries.by_number(actor, number))
    demand(actor, permission, hook)
    return hook


@blueprint.get("/")
@requires("webhooks.view")
def index() -> Any:
    """The webhooks of the reader's State or organisation, and how a receiver verifies what comes."""
    hooks = queries.own(current_actor())
    return render_template("webhooks/index.html", hooks=hooks, tried=queries.last_tried(hooks), body=sample.BODY,
                           code=sample.code())


@blueprint.get("/new")
@requires("webhooks.change")
def new() -> Any:
    """The form that proposes a webhook."""
    return render_template("webhooks/new.html", form=ProposeForm(actor=current_actor()))


@blueprint.post("/new")
@requires("webhooks.change")
@fresh
def create() -> Any:
    """Propose a webhook, and show its secret this once."""
    actor = current_actor()
    form = ProposeForm(actor=actor)
    receipt, first = once.claim(form.once.data, actor.account_id or 0)  # before the rest: sent twice, the address is there already
    if not first:
        flash(_("This was done by the first click. If you did not see the secret, renew it."), "info")
        return see_other(receipt.location)
    if not form.validate():
        return render_template("webhooks/new.html", form=form), 422
    hook, secret = service.propose(actor, form.target, form.events.data, form.description.data or "")
    receipt.location = url_for("webhooks.detail", number=hook.id)
    return _page(hook, secret=secret)


@blueprint.get("/waiting")
@requires("webhooks.decide")
def waiting() -> Any:
    """The queue of administrators: what waits, and all others."""
    queue, others = queries.to_decide(current_actor())
    return render_template("webhooks/waiting.html", waiting=queue, others=others)


@blueprint.get("/<int:number>")
@requires("webhooks.view")
def detail(number: int) -> Any:
    """A webhook and its log."""
    return _page(_hook(number))


def _page(hook: Webhook, secret: str = "", refuse_form: RefuseForm | None = None) -> Any:
    actor = current_actor()
    moves = [one for one in workflow.available(hook, actor) if one.name in MOVES]
    page = render_template(
        "webhooks/detail.html", hook=hook, secret=secret, deliveries=queries.log(hook), most=delivery.MOST_ATTEMPTS,
        last=queries.LAST, moves=moves, may_change=can(actor, "webhooks.change", hook), may_stop=can(actor, "webhooks.stop", hook),
        may_refuse=any(one.name == "refused" for one in workflow.available(hook, actor)),
        refuse_form=refuse_form or RefuseForm(formdata=None), days=timeline.days(audit.timeline(actor, hook)))
    answer = Response(page, mimetype="text/html")
    if secret:
        answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/<int:number>/edit")
@requires("webhooks.change")
def edit(number: int) -> Any:
    """What a webhook is told of: the form."""
    hook = _hook(number, "webhooks.change")
    form = EventsForm(events=list(hook.events), description=hook.description, version=str(hook.version))
    return render_template("webhooks/edit.html", hook=hook, form=form)


@blueprint.post("/<int:number>/edit")
@requires("webhooks.change")
def update(number: int) -> Any:
    """Keep what a webhook is told of."""
    hook = _hook(number, "webhooks.change")
    form = EventsForm()
    if not form.validate():
        return render_template("webhooks/edit.html", hook=hook, form=form), 422
    if form.opened_on != hook.version:
        raise Conflict(url_for("webhooks.edit", number=number), [
            (str(form.description.label.text), form.description.data or "", hook.description)])
    changed = service.change(hook, current_actor(), form.events.data, form.description.data or "")
    flash(_("Changes kept.") if changed else _("Nothing was changed."), "success" if changed else "info")
    return see_other(url_for("webhooks.detail", number=number))


@blueprint.post("/<int:number>/secret")
@requires("webhooks.change")
@fresh
def renew(number: int) -> Any:
    """A new secret, shown this once."""
    hook = _hook(number, "webhooks.change")
    return _page(hook, secret=service.renew(hook, current_actor()))


@blueprint.post("/<int:number>/test")
@requires("webhooks.change")
def test(number: int) -> Any:
    """Send a test: written down with this request, sent right after it was committed, so that no lock waits for the receiver."""
    row = service.test(_hook(number, "webhooks.change"), current_actor()).id

    @after_this_request
    def send(answer: Response) -> Response:
        try:
            delivery.one(row)
        except Exception:  # it stays in the outbox for the worker
            structlog.get_logger().exception("test of a webhook not sent", delivery=row)
        return answer

    return see_other(url_for("webhooks.detail", number=number, _anchor="log"))


@blueprint.post("/<int:number>/move/<name>")
@requires("webhooks.view")
@fresh(when=lambda number, name: name == "allowed")
def move(number: int, name: str) -> Any:
    """Pause, resume or allow a webhook."""
    if name not in MOVES:
        abort(404)
    hook = _hook(number)
    if service.move(hook, name, current_actor()):
        flash(_("Changes kept."), "success")
    else:
        flash(_("This was already done."), "info")
    return see_other(url_for("webhooks.detail", number=number))


@blueprint.post("/<int:number>/refuse")
@requires("webhooks.decide")
def refuse(number: int) -> Any:
    """Refuse a webhook, or take back that it was allowed, with a reason."""
    hook = _hook(number, "webhooks.decide")
    form = RefuseForm()
    if not form.validate():
        return _page(hook, refuse_form=form), 422
    service.move(hook, "refused", current_actor(), form.note.data)
    flash(_("Changes kept."), "success")
    return see_other(url_for("webhooks.detail", number=number))


@blueprint.post("/<int:number>/delete")
@requires("webhooks.stop")
def delete(number: int) -> Any:
    """Delete a webhook with its log."""
    hook = _hook(number, "webhooks.stop")
    if request.form.get("version") != str(hook.version):
        raise Refused(_("This webhook was changed meanwhile: look at it again."))
    service.delete(hook, current_actor())
    flash(_("The webhook is deleted."), "success")
    return see_other(url_for("webhooks.index"))
