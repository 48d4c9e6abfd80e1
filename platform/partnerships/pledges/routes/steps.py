"""The steps of a pledge over HTTP: moves, instalments, payments taken back, another amount; each with its evidence."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from partnerships.core import once
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.errors import Conflict
from partnerships.core.filters import day as in_words
from partnerships.core.filters import money_text as in_money
from partnerships.core.policy import current_actor, demand, requires
from partnerships.core.web import found, see_other
from partnerships.documents import service as documents
from partnerships.documents.models import Document
from partnerships.parties.models import Party
from partnerships.parties.words import LANGUAGE_LABELS
from partnerships.pledges import payments, queries, service, view
from partnerships.pledges.forms import AmendForm, NoteForm, PayForm, StepForm, VoidForm
from partnerships.pledges.models import Pledge, PledgeStep
from partnerships.pledges.routes import blueprint
from partnerships.pledges.states import LABELS, LIVE, STEP_LABELS, PledgeStatus


def _pledge(ref: str, actor: Actor, permission: str) -> Pledge:
    pledge = found(queries.by_ref(actor, ref))
    demand(actor, permission, pledge)
    return pledge


def _proof(form: Any) -> service.Proof:
    return service.Proof(form.note.data or "", form.evidence.data or "")


def _keep_file(actor: Actor, pledge: Pledge, step: PledgeStep, form: Any) -> None:
    """Keep the file that came with a step, as a document of the pledge."""
    file = form.file
    if file.checked is None:
        return
    demand(actor, "documents.attach", Document(pledge=pledge))
    language = str(get_locale().language)
    kept = documents.attach(
        actor, db.session.get_one(Party, actor.party_id), "pledge", pledge, file.checked, filename=file.sent_as,
        title=_("Evidence: %(step)s, %(day)s", step=STEP_LABELS[step.kind], day=in_words(step.day)),
        language=language if language in LANGUAGE_LABELS else "en")
    step.document_id = kept.id
    db.session.flush()


@blueprint.post("/<ref>/move/<name>")
@requires("pledges.advance")
def move(ref: str, name: str) -> Any:
    """One step: confirmed, agreement signed, delivered, withdrawn, lapsed, struck, restored."""
    actor = current_actor()
    step = service.FLOW.by_name.get(name)
    pledge = found(queries.by_ref(actor, ref))
    if step is None or name not in service.MOVES:
        abort(404)
    demand(actor, step.permission, pledge)
    dated = name in service.DATED
    form: Any = StepForm() if dated else NoteForm()
    if pledge.status in step.sources and not (form.check(pledge) if dated else form.validate()):
        return view.page(pledge, actor, view.Sent(name, form)), 422
    more = {"on": form.on.data, "expected_on": form.expected_on.data, "proof": _proof(form)} if dated else {}
    if service.move(pledge, name, actor, form.note.data or "", **more):
        if dated:
            _keep_file(actor, pledge, pledge.steps[-1], form)
        flash(_("Done: %(ref)s is now “%(status)s”.", ref=ref, status=LABELS[pledge.status]), "success")
    else:
        flash(_("This was already done."), "info")
    return see_other(url_for("pledges.detail", ref=ref))


@blueprint.post("/<ref>/pay")
@requires("pledges.advance")
def pay(ref: str) -> Any:
    """Record one instalment; a form sent twice records one."""
    actor = current_actor()
    pledge = _pledge(ref, actor, "pledges.advance")
    form = PayForm()
    where = url_for("pledges.detail", ref=ref)
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location or where)
    if pledge.status is PledgeStatus.AGREED and not form.check(pledge):
        return view.page(pledge, actor, view.Sent("pay", form)), 422  # nothing is committed: the key stays free
    step = payments.pay(pledge, actor, amount=form.amount.data, paid_on=form.paid_on.data, proof=_proof(form))
    _keep_file(actor, pledge, step, form)
    receipt.location = where
    flash(_("Payment recorded."), "success")
    return see_other(where)


@blueprint.post("/<ref>/void")
@requires("pledges.advance")
def void(ref: str) -> Any:
    """Take a payment back that was not made as recorded."""
    actor = current_actor()
    pledge = _pledge(ref, actor, "pledges.advance")
    form = VoidForm(pledge=pledge)
    number = request.form.get("payment", "")
    step = next((one for one in pledge.steps if str(one.id) == number), None)
    if (step is None or step.voided_at is None) and not form.validate():
        return view.page(pledge, actor, view.Sent("void", form)), 422
    if payments.void(found(step), actor, form.note.data or ""):
        flash(_("The payment is taken back. It stays on the record, struck through."), "success")
    else:
        flash(_("This was already done."), "info")
    return see_other(url_for("pledges.detail", ref=ref))


@blueprint.post("/<ref>/amend")
@requires("pledges.advance")
def amend(ref: str) -> Any:
    """Make a pledge larger or smaller."""
    actor = current_actor()
    pledge = _pledge(ref, actor, "pledges.advance")
    form = AmendForm()
    where = url_for("pledges.detail", ref=ref)
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location or where)
    stands = pledge.amount is not None and pledge.status in (*LIVE, PledgeStatus.PAID)
    if stands and not form.validate():
        return view.page(pledge, actor, view.Sent("amend", form)), 422
    if stands and form.opened_on != pledge.version:
        raise Conflict(where, [(_("Amount"), *(in_money(one, pledge.currency)
                                               for one in (form.amount.data, pledge.amount)))])
    if stands and not form.check(pledge):
        return view.page(pledge, actor, view.Sent("amend", form)), 422
    step = payments.amend(pledge, actor, amount=form.amount.data, day=form.day.data, proof=_proof(form))
    _keep_file(actor, pledge, step, form)
    receipt.location = where
    flash(_("The amount is changed."), "success")
    return see_other(where)
