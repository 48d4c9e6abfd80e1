"""Verification and versions over HTTP: what waits to be verified, what differs, what was published."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.accounts.confirming import fresh
from partnerships.amendments import queries, service, view
from partnerships.amendments.forms import DecideForm
from partnerships.amendments.models import Amendment
from partnerships.amendments.queries import Seen
from partnerships.amendments.states import AmendmentStatus
from partnerships.core import audit
from partnerships.core.actor import Actor
from partnerships.core.errors import Conflict
from partnerships.core.moves import note_for
from partnerships.core.policy import current_actor, demand, public, requires
from partnerships.core.web import found, see_other
from partnerships.needs import coach
from partnerships.needs import queries as needs
from partnerships.needs import service as of_needs
from partnerships.needs.content import snapshot
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus

blueprint = Blueprint("amendments", __name__, url_prefix="/amendments")
DECISIONS = ("published", "returned")


def _need(ref: str, actor: Actor) -> Need:
    return found(needs.by_ref(actor, ref))


def _amendment(ref: str, actor: Actor) -> Amendment:
    return found(queries.open_of(actor, _need(ref, actor)))


@blueprint.get("/<ref>")
@requires("amendments.view")
def detail(ref: str) -> Any:
    """The change to a need that its State works on or that waits: what differs from what is published."""
    actor = current_actor()
    amendment = _amendment(ref, actor)
    return render_template("amendments/detail.html", form=DecideForm(formdata=None), **_compared(amendment.need, amendment),
                           comments=_comments(amendment, actor),
                           moves=service.moves(amendment, actor))


def _comments(amendment: Amendment, actor: Actor) -> str:
    """What the ISU said when it returned the change."""
    if amendment.status is not AmendmentStatus.RETURNED:
        return ""
    return next((event.note for event in audit.timeline(actor, amendment) if event.tag == "amendment.returned"), "")


def _compared(need: Need, amendment: Amendment) -> dict[str, Any]:
    """The State and the ISU see every part of a change: nothing of it is hidden from them."""
    before = snapshot(need)
    after = {**before, **amendment.content}
    return {"need": need, "amendment": amendment, "changes": view.changes(before, after, need.party_id),
            "unchanged": view.unchanged(before, after, need.party_id)}


@blueprint.post("/<ref>/move/<name>")
@requires("amendments.submit")
def move(ref: str, name: str) -> Any:
    """A move of the State: submit its change, take it back, give it up."""
    actor = current_actor()
    need = _need(ref, actor)
    if name in DECISIONS:
        abort(404)
    form = DecideForm()
    note = note_for(service.FLOW, name, form)
    amendment = found(queries.latest_of(actor, need))
    demand(actor, "amendments.submit", amendment)
    if form.opened_on is not None and form.opened_on != amendment.version:
        raise Conflict(url_for("needs.detail", ref=need.ref))
    done = service.move(amendment, name, actor, note)
    flash(service.said(amendment) if done else _("This was already done."), "success" if done else "info")
    return see_other(url_for("needs.detail", ref=need.ref))


@blueprint.get("/<ref>/verify")
@requires("amendments.verify")
def verify(ref: str) -> Any:
    """What the ISU is to verify: the whole of a new need, or what a change makes of a published one."""
    actor = current_actor()
    need = _need(ref, actor)
    if not _waits(need, queries.open_of(actor, need)):
        flash(_("Nothing of this need waits for verification."), "info")
        return see_other(url_for("needs.detail", ref=need.ref))
    return _verify_page(need, actor, DecideForm(formdata=None))


def _waits(need: Need, amendment: Amendment | None) -> bool:
    if need.status is NeedStatus.SUBMITTED:
        return True
    return need.status is NeedStatus.PUBLISHED and amendment is not None and amendment.status in service.WAITING


def _verify_page(need: Need, actor: Actor, form: DecideForm) -> str:
    today = date.today()
    waiting = next(row for row in queries.queue(actor) if row.need.id == need.id)
    form.version.data = str(need.version if waiting.amendment is None else waiting.amendment.version)
    shown = {"need": need, "amendment": None, "parts": view.parts(waiting.content, need.party_id)}
    if waiting.amendment is not None:
        shown = _compared(need, waiting.amendment)
    return render_template("amendments/verify.html", form=form, waiting=waiting, review=coach.review(waiting.content, today),
                           days=(today - waiting.since.date()).days if waiting.since else 0, **shown)


@blueprint.post("/<ref>/verify/<name>")
@requires("amendments.verify")
@fresh(when=lambda ref, name: name == "published")
def decide(ref: str, name: str) -> Any:
    """Publish what was read, or return it with words. What was changed meanwhile is read again first."""
    actor = current_actor()
    need = _need(ref, actor)
    if name not in DECISIONS:
        abort(404)
    amendment, form = queries.open_of(actor, need), DecideForm()
    if not _waits(need, amendment):
        return _decided(need, queries.latest_of(actor, need), name)
    of_change = amendment is not None and need.status is NeedStatus.PUBLISHED
    demand(actor, "amendments.verify" if of_change else "needs.verify", amendment if of_change else need)
    if name == "returned" and not (form.note.data or "").strip():
        form.validate()
        form.note.errors = [_("Say why, in a sentence: it is shown to those concerned and kept on the record.")]
        return _verify_page(need, actor, form), 422
    if not form.validate():
        return _verify_page(need, actor, form), 422
    if form.opened_on != (amendment.version if of_change and amendment else need.version):
        raise Conflict(url_for("amendments.verify", ref=need.ref))
    if of_change and amendment is not None:
        service.move(amendment, name, actor, form.note.data or "")
    else:
        of_needs.move(need, name, actor, form.note.data or "")
    flash(_("Published as %(ref)s.", ref=need.ref) if name == "published" else _("Returned to the State with your comments."),
          "success")
    return see_other(url_for("desk.verification"))


def _decided(need: Need, amendment: Amendment | None, name: str) -> Any:
    """Somebody was quicker: say what became of it."""
    status = amendment.status.value if amendment is not None else need.status.value
    flash(_("This was already done.") if status == name else _("Nothing of this need waits for verification."), "info")
    return see_other(url_for("needs.detail", ref=need.ref))


@blueprint.get("/<ref>/versions")
@public
def versions(ref: str) -> Any:
    """The published versions of a need; of one recorded from a document, what the register holds."""
    actor = current_actor()
    need = _need(ref, actor)
    seen = queries.versions(actor, need)
    return render_template("amendments/versions.html", need=need, seen=seen, as_recorded=_as_recorded(need, actor))


def _as_recorded(need: Need, actor: Actor) -> list[view.Part]:
    """The content of a need that never was published through the register."""
    if queries.was_published(need):
        return []
    now = snapshot(need)
    return view.parts(now, need.party_id, queries.hidden(actor, need, now) or ())


@blueprint.get("/<ref>/versions/<int:number>")
@public
def version(ref: str, number: int) -> Any:
    """One published version, whole; with `?with=` another version, what differs between the two, the older one first."""
    actor = current_actor()
    need = _need(ref, actor)
    seen = {one.version.number: one for one in queries.versions(actor, need)}
    shown = found(seen.get(number))
    asked = request.args.get("with", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 10 and int(asked) != number:
        return _comparison(need, seen, *sorted((found(seen.get(int(asked))), shown), key=lambda one: one.version.number))
    return render_template("amendments/version.html", need=need, seen=shown, others=_others(seen, shown),
                           parts=view.parts(shown.version.content, need.party_id, shown.hidden))


def _others(seen: dict[int, Seen], *shown: Seen) -> list[Seen]:
    return [one for one in seen.values() if one not in shown]


def _comparison(need: Need, seen: dict[int, Seen], older: Seen, newer: Seen) -> str:
    before, after = older.version.content, newer.version.content
    hidden = older.hidden | newer.hidden
    return render_template(
        "amendments/compare.html", need=need, older=older, newer=newer, hidden=hidden,
        others=_others(seen, older, newer), changes=view.changes(before, after, need.party_id, hidden),
        unchanged=view.unchanged(before, after, need.party_id, hidden))
