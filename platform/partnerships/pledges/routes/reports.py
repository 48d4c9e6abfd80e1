"""Reconciliation over HTTP: a report by one side, its settlement by the ISU, and the list of what is open."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnerships.core import once
from partnerships.core.policy import current_actor, demand, requires
from partnerships.core.web import found, see_other
from partnerships.pledges import queries, reports, view
from partnerships.pledges.forms import ReportForm, SettleForm
from partnerships.pledges.routes import blueprint
from partnerships.pledges.states import Settlement


@blueprint.get("/differences")
@requires("pledges.settle")
def differences() -> Any:
    """What one side reports otherwise than the record, until it is settled."""
    return render_template("pledges/differences.html", found=reports.open_differences(current_actor()))


@blueprint.post("/<ref>/report")
@requires("pledges.report")
def report(ref: str) -> Any:
    """Say what was paid or received so far."""
    actor = current_actor()
    pledge = found(queries.by_ref(actor, ref))
    demand(actor, "pledges.report", pledge)
    form = ReportForm()
    where = url_for("pledges.detail", ref=ref, _anchor="reports")
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location or where)
    if reports.can_report(pledge, actor) and not form.check(pledge):
        return view.page(pledge, actor, view.Sent("report", form)), 422
    said = reports.report(pledge, actor, paid_amount=form.paid_amount.data, as_of=form.as_of.data, note=form.note.data or "",
                          evidence=form.evidence.data or "")
    receipt.location = where
    flash(_("Your report agrees with the record.") if said.outcome else
          _("Your report stands beside the record until the ISU settles the difference."), "success")
    return see_other(where)


@blueprint.post("/<ref>/reports/<int:number>/settle")
@requires("pledges.settle")
def settle(ref: str, number: int) -> Any:
    """Settle a difference."""
    actor = current_actor()
    pledge = found(queries.by_ref(actor, ref))
    demand(actor, "pledges.settle", pledge)
    said = found(next((one for one in pledge.reports if one.id == number), None))
    form = SettleForm()
    if said.outcome is None and not form.validate():
        return view.page(pledge, actor, view.Sent(f"settle-{number}", form)), 422
    if said.outcome is None and reports.settle(said, actor, outcome=Settlement(form.outcome.data), note=form.note.data or "",
                                               paid_on=form.paid_on.data):
        flash(_("The difference is settled."), "success")
    else:
        flash(_("This was already done."), "info")
    return see_other(url_for("pledges.detail", ref=ref, _anchor="reports"))
