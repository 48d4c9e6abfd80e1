"""After the meeting: the summary without names, and what support came since."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.accounts.confirming import fresh
from partnerships.cases import queries, service, sharing, view
from partnerships.cases.forms import SharedForm, SupportForm
from partnerships.cases.models import Case, CaseSupport
from partnerships.cases.routes import blueprint
from partnerships.cases.routes.pages import case_of
from partnerships.cases.states import Support
from partnerships.core.actor import Actor
from partnerships.core.errors import Refused
from partnerships.core.filters import day
from partnerships.core.forms import options
from partnerships.core.policy import demand, public, requires
from partnerships.core.web import found, see_other
from partnerships.parties.words import name


@blueprint.get("/shared")
@public
def summaries() -> Any:
    """What country meetings led to, without names: with the consent of each State."""
    return render_template("cases/summaries.html", found=queries.shared())


@blueprint.get("/<ref>/shared")
@requires("cases.run")
def shared(ref: str) -> Any:
    """The summary for sharing, as kept, or a first draft with roles for names."""
    _actor, case = case_of(ref, "cases.run")
    found(case.support or None)
    return _shared_page(case, SharedForm(formdata=None, shared=case.shared or view.draft(case)))


def _shared_page(case: Case, form: SharedForm) -> str:
    return render_template("cases/shared.html", case=case, form=form, is_draft=not case.shared)


@blueprint.post("/<ref>/shared")
@requires("cases.run")
def summarise(ref: str) -> Any:
    """Keep the wording; the State is asked to agree to it."""
    actor, case = case_of(ref, "cases.run")
    form = SharedForm()
    if not form.validate():
        return _shared_page(case, form), 422
    try:
        changed = sharing.write(case, actor, form.shared.data or "")
    except Refused as refused:
        form.shared.errors = [str(refused)]
        return _shared_page(case, form), 422
    if changed:
        flash(_("Kept. The State is asked whether it agrees."), "success")
    return see_other(url_for("cases.detail", ref=case.ref, _anchor="shared"))


@blueprint.post("/<ref>/consent")
@requires("cases.consent")
def consent(ref: str) -> Any:
    """The State agrees to the wording that it read, or takes its consent back."""
    actor, case = case_of(ref, "cases.consent")
    if request.form.get("agree") == "no":
        sharing.take_back(case, actor)
        flash(_("Your consent is taken back; the summary is not shared."), "success")
    else:
        sharing.consent(case, actor, request.form.get("seen", "").replace("\r\n", "\n"))
        flash(_("You agreed: the ISU may share this summary."), "success")
    return see_other(url_for("cases.detail", ref=case.ref, _anchor="shared"))


@blueprint.post("/<ref>/share")
@requires("cases.run")
@fresh
def share(ref: str) -> Any:
    """Open the summary to everybody."""
    actor, case = case_of(ref, "cases.run")
    sharing.publish(case, actor)
    flash(_("The summary is shared, without names."), "success")
    return see_other(url_for("cases.detail", ref=case.ref, _anchor="shared"))


def _asked(ref: str, months: int) -> tuple[Actor, Case, CaseSupport]:
    actor, case = case_of(ref)
    one = found(next((one for one in case.support if one.months == months), None))
    demand(actor, "cases.report", one)
    return actor, case, one


@blueprint.get("/<ref>/support/<int:months>")
@requires("cases.report")
def support(ref: str, months: int) -> Any:
    """What support came since the meeting: two clicks and a sentence."""
    actor, case, one = _asked(ref, months)
    form = SupportForm(formdata=None, answer=one.answer.value if one.answer else None, words=one.words,
                       pledges=[pledge.ref for pledge in one.pledges])
    return _support_page(actor, case, one, form)


def _offer(actor: Actor, case: Case, form: SupportForm) -> Any:
    since = queries.since(actor, case)
    form.pledges.choices = options([(one.ref, f"{one.ref}, {name(one.donor)}, {day(one.announced_on)}") for one in since])
    return since


def _support_page(actor: Actor, case: Case, one: CaseSupport, form: SupportForm) -> str:
    _offer(actor, case, form)
    return render_template("cases/support.html", case=case, one=one, form=form, early=one.due_on > date.today())


@blueprint.post("/<ref>/support/<int:months>")
@requires("cases.report")
def say(ref: str, months: int) -> Any:
    """Keep the answer."""
    actor, case, one = _asked(ref, months)
    form = SupportForm()
    since = _offer(actor, case, form)
    if not form.validate():
        return _support_page(actor, case, one, form), 422
    chosen = set(form.pledges.data or ())
    service.report(one, actor, answer=Support(form.answer.data), words=form.words.data or "",
                   pledges=[pledge for pledge in since if pledge.ref in chosen])
    flash(_("Thank you: your answer is on record."), "success")
    return see_other(url_for("cases.detail", ref=case.ref, _anchor="support"))
