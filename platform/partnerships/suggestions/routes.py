"""Suggestions over HTTP: what fits a person's own party, what people answer to it, and the ISU's match desk."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, g, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.core import export
from partnerships.core.actor import Actor, Role
from partnerships.core.db import db
from partnerships.core.policy import current_actor, demand, requires
from partnerships.core.web import found, here, own_path, see_other
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.parties.models import Party
from partnerships.suggestions import columns, engine, queries, service, view, words
from partnerships.suggestions.forms import AnswerForm, DeskFilterForm, FilterForm
from partnerships.suggestions.models import REASONS, Verdict

blueprint = Blueprint("suggestions", __name__, url_prefix="/suggestions")


@blueprint.get("/")
@requires("suggestions.own")
def index() -> Any:
    """What fits the reader's own party: needs for a partner, partners for the needs of a State."""
    actor = current_actor()
    party, kind = db.session.get_one(Party, actor.party_id), export.wanted()
    if actor.role is Role.FOCAL_POINT:
        own = sorted(needs.open_of_party(actor, party, date.today()), key=lambda need: (need.deadline or date.max, need.id))
        if kind:
            best = view.best_partners(actor, own)
            return export.send("partners-for-needs", columns.columns(), [one for row in best for one in row.partners], kind,
                               title=_("Partners for your needs"), notes=[columns.note()])
        return render_template("suggestions/partners.html", party=party, total=len(own),
                               found=view.best_partners(actor, own[:view.SHOWN]))
    form = FilterForm(request.args)
    chosen = form.chosen()
    if kind:
        fitting = view.fits(actor, party, chosen, g.account.visit_before, whole=True)
        return export.send("needs-that-fit", columns.columns(), [row.fit for row in fitting.rows], kind,
                           title=_("Needs that fit %(party)s", party=actor.party_name), notes=[columns.note()])
    return render_template(
        "suggestions/index.html", party=party, form=form, answer_form=AnswerForm(None), since=g.account.visit_before,
        fits=view.fits(actor, party, chosen, g.account.visit_before), aside=view.set_aside(actor, party),
        filtered=any(chosen[name] for name in ("theme", "region", "kind", "new")), off=bool(chosen["off"]),
        back=here(), reasons=REASONS)


@blueprint.get("/desk")
@requires("suggestions.desk")
def desk() -> Any:
    """The ISU's match desk: what nobody carries, and where the platform has nothing to offer."""
    form = DeskFilterForm(request.args)
    chosen = form.chosen()
    return render_template("suggestions/desk.html", form=form, desk=view.match_desk(current_actor(), chosen, date.today()),
                           filtered=any(chosen.values()), strong=words.STRONG)


@blueprint.route("/<ref>/answer", methods=["GET", "POST"])
@requires("suggestions.answer")
def answer(ref: str) -> Any:
    """Say whether a need was relevant to one's own party, and why not."""
    actor = current_actor()
    need = found(needs.by_ref(actor, ref))
    demand(actor, "suggestions.answer", need)
    if request.method != "POST":
        return _answer_page(need, actor, _filled(need, actor))
    form = AnswerForm()
    if not form.check():
        return _answer_page(need, actor, form), 422
    verdict = Verdict(form.verdict.data)
    if not service.answer(need, actor, verdict, reason=form.reason.data or "", note=form.note.data or ""):
        flash(_("This was already done."), "info")
    elif verdict is Verdict.NOT_RELEVANT:
        flash(_("%(ref)s is set aside for %(party)s until the need or your priorities change. Nobody else's list "
                "changes, and you can bring it back.", ref=need.ref, party=actor.party_name), "success")
    else:
        flash(_("Kept: %(ref)s is relevant to you.", ref=need.ref), "success")
    return see_other(_back(form.back.data))


@blueprint.post("/<ref>/answer/withdraw")
@requires("suggestions.answer")
def withdraw(ref: str) -> Any:
    """Take an answer back, and bring back what one's own party had set aside."""
    actor = current_actor()
    need = found(needs.by_ref(actor, ref))
    if service.withdraw(need, actor):
        flash(_("Taken back: %(ref)s is suggested to you again where it fits.", ref=need.ref), "success")
    else:
        flash(_("This was already done."), "info")
    return see_other(_back(request.form.get("back")))


def _back(target: str | None) -> str:
    return own_path(target) or url_for("suggestions.index")


def _filled(need: Need, actor: Actor) -> AnswerForm:
    """The form as the reader answered last."""
    own = queries.own_answers(actor, [need.id]).get(need.id)
    said = {"verdict": own.verdict.value, "reason": own.reason, "note": own.note} if own else {}
    return AnswerForm(None, back=own_path(request.args.get("back")) or "", **said)


def _answer_page(need: Need, actor: Actor, form: AnswerForm) -> str:
    party = db.session.get_one(Party, actor.party_id)
    return render_template("suggestions/answer.html", need=need, party=party, form=form,
                           reasons=words.show_answer(engine.answer(actor, need, party), actor, need))
