"""Follow-ups over HTTP: the queue with what the platform suggests, one follow-up, and what may be done with it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Select

from partnerships.core import audit, export, once, timeline
from partnerships.core.actor import Actor
from partnerships.core.errors import Conflict
from partnerships.core.filters import day
from partnerships.core.lists import paginate
from partnerships.core.policy import can, current_actor, demand, may_ever, public, requires
from partnerships.core.text import one_line
from partnerships.core.web import found, of_a_letter, see_other
from partnerships.followups import columns, queries, service, suggestions, tokens, view
from partnerships.followups.forms import (
    DelegateForm,
    DismissForm,
    DueForm,
    FilterForm,
    FollowupForm,
    ReasonForm,
    ResultForm,
    RuleForm,
    SnoozeForm,
)
from partnerships.followups.models import Followup
from partnerships.followups.rules.table import RULES, Rule, setting
from partnerships.followups.states import DISMISSALS, Dismissal, FollowupStatus, Reason
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.parties.words import name

blueprint = Blueprint("followups", __name__, url_prefix="/followups")
USUAL = timedelta(days=14)
SHOWN = 25  # suggestions on the page: those answered make room for the next


def _followup(number: int, actor: Actor) -> Followup:
    return found(queries.by_id(actor, number))


def _party(ref: str | None) -> Party:
    party = parties.by_ref(ref or "")
    if party is None:
        abort(404)
    return party


@blueprint.get("/")
@requires("followups.view")
def index() -> Any:
    """The queue within the reader's sight, the longest overdue first; for the ISU also what the platform suggests."""
    actor, kind = current_actor(), export.wanted()
    if not kind:
        return _queue(actor)
    every = export.whole(_chosen(actor, FilterForm(request.args)).options(*queries.WHOLE))
    return export.send("follow-ups", columns.columns(actor, every.items), every, kind, title=_("Follow-ups"))


def _chosen(actor: Actor, filters: FilterForm) -> Select[Any]:
    status, mine = filters.chosen()
    return queries.listed(actor, status=status, owner=actor.party_id if mine else None)


def _queue(actor: Actor, form: DismissForm | None = None, key: str = "") -> str:
    filters = FilterForm(request.args)
    _status, mine = filters.chosen()
    page = paginate(_chosen(actor, filters))
    return render_template(
        "followups/index.html", filters=filters, page=page, filtered=bool(request.args.get("status") or mine),
        suggested=(found := suggestions.suggest(actor, date.today()))[:SHOWN], suggested_total=len(found), refused=form,
        refused_key=key, dismissals=DISMISSALS)


@blueprint.get("/new")
@requires("followups.create")
def new() -> Any:
    """An empty form, with the ISU as its owner and two weeks to go."""
    actor = current_actor()
    form = FollowupForm(actor=actor, owner_party=actor.party_ref, due_on=date.today() + USUAL,
                        party=request.args.get("party", ""), need=request.args.get("need", ""))
    return render_template("followups/new.html", form=form)


@blueprint.post("/new")
@requires("followups.create")
def create() -> Any:
    """Put a follow-up into the queue."""
    actor = current_actor()
    form = FollowupForm(actor=actor)
    if not form.validate():
        return render_template("followups/new.html", form=form), 422
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    followup = service.create(
        actor, what=form.what.data or "", party=_party(form.party.data), owner_party=_party(form.owner_party.data),
        owner=queries.person(form.owner.data), due_on=form.due_on.data, reason=Reason.OWN, need=form.found_need)
    receipt.location = url_for("followups.detail", number=followup.id)
    flash(_("In the queue, due %(day)s.", day=day(followup.due_on)), "success")
    return see_other(receipt.location)


@blueprint.get("/<int:number>")
@requires("followups.view")
def detail(number: int) -> Any:
    """One follow-up: what, about whom, by whom and when, what it belongs to, what happened."""
    actor = current_actor()
    return _page(_followup(number, actor), actor)


def _page(followup: Followup, actor: Actor, **forms: Any) -> str:
    opened: dict[str, Any] = {"formdata": None, "version": str(followup.version)}
    due = DueForm(**opened, owner_party=followup.owner_party.ref, owner=str(followup.owner_id or ""), due_on=followup.due_on)
    shown: dict[str, Any] = {
        "result_form": ResultForm(formdata=None), "reason_form": ReasonForm(formdata=None), "due_form": due,
        "snooze_form": SnoozeForm(**opened), "delegate_form": DelegateForm(**opened, actor=actor), **forms}
    is_open = followup.status is FollowupStatus.OPEN
    return render_template(
        "followups/detail.html", followup=followup, days=timeline.days(audit.timeline(actor, followup)),
        resolvable=is_open and can(actor, "followups.resolve", followup),
        carried=can(actor, "followups.carry", followup), changeable=is_open and may_ever(actor, "followups.create"),
        invalid=next(iter(forms), ""), **shown)


@blueprint.post("/<int:number>/snooze")
@requires("followups.carry")
def snooze(number: int) -> Any:
    """Put it off until a day, with a reason."""
    actor = current_actor()
    followup, form = _followup(number, actor), SnoozeForm()
    if not form.validate():
        return _page(followup, actor, snooze_form=form), 422
    if service.snooze(followup, actor, until=form.until.data, note=form.note.data or "", today=date.today()):
        flash(_("Put off: it comes back by itself on %(day)s.", day=day(followup.snoozed_until)), "success")
    else:
        flash(_("This was already done."), "info")
    return see_other(url_for("followups.detail", number=number))


@blueprint.post("/<int:number>/wake")
@requires("followups.carry")
def wake(number: int) -> Any:
    """Bring it back before its day."""
    actor = current_actor()
    followup = _followup(number, actor)
    if service.wake(followup, actor):
        flash(_("Back in the queue."), "success")
    else:
        flash(_("This was already done."), "info")
    return see_other(url_for("followups.detail", number=number))


@blueprint.post("/<int:number>/delegate")
@requires("followups.carry")
def delegate(number: int) -> Any:
    """Give it to another person or party, with a word why."""
    actor = current_actor()
    followup, form = _followup(number, actor), DelegateForm(actor=actor)
    if not form.validate():
        return _page(followup, actor, delegate_form=form), 422
    if followup.status is FollowupStatus.OPEN:
        demand(actor, "followups.carry", followup)
        if form.opened_on != followup.version:
            mine = (_("Give it to"), name(parties.by_ref(form.party.data or "")), name(followup.owner_party))
            raise Conflict(url_for("followups.detail", number=number), [mine])
    done = service.delegate(followup, actor, party=_party(form.party.data), person=queries.person(form.person.data),
                            note=form.note.data or "")
    if done:
        flash(_("Given to %(owner)s, with your words.", owner=name(followup.owner_party)), "success")
    else:
        flash(_("Nothing was different, so nothing was changed."), "info")
    return see_other(url_for("followups.detail", number=number) if can(actor, "followups.view", followup)
                     else url_for("followups.index"))


@blueprint.post("/<int:number>/resolve/<name>")
@requires("followups.resolve")
def resolve(number: int, name: str) -> Any:
    """Done with its result, or dropped with the reason."""
    actor = current_actor()
    followup = _followup(number, actor)
    if name not in service.FLOW.by_name:
        abort(404)
    if followup.status is FollowupStatus.OPEN:
        demand(actor, "followups.resolve", followup)
    elif followup.status.value == name:
        flash(_("This was already done."), "info")
        return see_other(url_for("followups.detail", number=number))
    form: ResultForm | ReasonForm = ResultForm() if name == "done" else ReasonForm()
    if not form.validate():
        return _page(followup, actor, **{"result_form" if name == "done" else "reason_form": form}), 422
    service.resolve(followup, name, actor, form.note.data or "")
    flash(_("Done. Its result is on the record.") if name == "done" else _("Dropped. The reason is on the record."),
          "success")
    return see_other(url_for("followups.detail", number=number))


@blueprint.post("/<int:number>/change")
@requires("followups.create")
def change(number: int) -> Any:
    """Another day or another owner."""
    actor = current_actor()
    followup = _followup(number, actor)
    form = DueForm(kept=followup.due_on)
    if not form.validate():
        return _page(followup, actor, due_form=form), 422
    if form.opened_on != followup.version:
        raise Conflict(url_for("followups.detail", number=number), _both(form, followup))
    changed = service.change(followup, actor, due_on=form.due_on.data, owner_party=_party(form.owner_party.data),
                             owner=queries.person(form.owner.data))
    if changed:
        flash(_("Changed: due %(day)s, with %(owner)s.", day=day(followup.due_on), owner=name(followup.owner_party)),
              "success")
    else:
        flash(_("Nothing was different, so nothing was changed."), "info")
    return see_other(url_for("followups.detail", number=number))


def _both(form: DueForm, followup: Followup) -> list[tuple[str, str, str]]:
    mine, theirs = parties.by_ref(form.owner_party.data or ""), followup.owner_party
    person = queries.person(form.owner.data)
    rows = [(_("Due"), day(form.due_on.data), day(followup.due_on)),
            (_("Who is to do it"), name(mine), name(theirs)),
            (_("Person"), person.name if person else "", followup.owner.name if followup.owner else "")]
    return [row for row in rows if row[1] != row[2]]


@blueprint.post("/suggestions/take")
@requires("followups.create")
def take() -> Any:
    """Take a suggestion into the queue."""
    actor = current_actor()
    key = one_line(request.form.get("key")) or ""
    if service.answered(key):
        flash(_("This was already done."), "info")
        return see_other(url_for("followups.index"))
    found = _suggested(actor, key)
    followup = service.create(
        actor, what=found.what, party=found.party, owner_party=found.owner_party, due_on=date.today() + USUAL,
        reason=found.reason, need=found.need, pledge=found.pledge, match=found.match, suggestion=found.key)
    flash(_("In the queue, due %(day)s.", day=day(followup.due_on)), "success")
    return see_other(url_for("followups.detail", number=followup.id))


@blueprint.post("/suggestions/dismiss")
@requires("followups.create")
def dismiss() -> Any:
    """Answer a suggestion with "not needed" and the reason: it is not made again."""
    actor = current_actor()
    key = one_line(request.form.get("key")) or ""
    if service.answered(key):
        flash(_("This was already done."), "info")
        return see_other(url_for("followups.index"))
    found = _suggested(actor, key)
    form = DismissForm()
    if not form.validate():
        return _queue(actor, form, key), 422
    service.dismiss(actor, found, found.owner_party, Dismissal(form.why.data), form.note.data or "")
    flash(_("Kept as not needed, with your reason. It will not be suggested again."), "success")
    return see_other(url_for("followups.index"))


def _suggested(actor: Actor, key: str) -> suggestions.Suggested:
    return found(suggestions.by_key(actor, date.today(), key))


@blueprint.get("/rules")
@requires("followups.tune")
def rules() -> Any:
    """Every rule of suggestions: what it does, its source and number, and how its suggestions were answered."""
    return render_template("followups/rules.html", rows=view.rules())


@blueprint.get("/rules/<rule>")
@requires("followups.tune")
def rule(rule: str) -> Any:
    """One rule, to be switched or tuned."""
    one = _rule(rule)
    kept = queries.tuned().get(one.reason)
    enabled, number = setting(one, kept)
    form = RuleForm(formdata=None, rule=one, enabled="on" if enabled else "off", number=number,
                    version=str(kept.version if kept else 0))
    return _rule_page(one, form)


@blueprint.post("/rules/<rule>")
@requires("followups.tune")
def tune(rule: str) -> Any:
    """Save a rule."""
    one = _rule(rule)
    kept, form = queries.tuned().get(one.reason), RuleForm(rule=one)
    if not form.validate():
        return _rule_page(one, form), 422
    now = setting(one, kept)
    if form.opened_on != (kept.version if kept else 0):
        raise Conflict(url_for("followups.rule", rule=rule), view.both_settings(form, one, now))
    if service.tune(current_actor(), kept, one.reason, enabled=form.enabled.data == "on", number=form.number.data, before=now):
        flash(_("Saved. Suggestions follow it from now on."), "success")
    else:
        flash(_("Nothing was different, so nothing was changed."), "info")
    return see_other(url_for("followups.rules"))


def _rule(word: str) -> Rule:
    return found(next((one for reason, one in RULES.items() if reason.value == word), None))


def _rule_page(one: Rule, form: RuleForm) -> str:
    kept = queries.tuned().get(one.reason)
    days = timeline.days(audit.timeline(current_actor(), kept)) if kept else []
    return render_template("followups/rule.html", rule=one, form=form, days=days)


@blueprint.get("/<int:number>/finish")
@public
def finish(number: int) -> Any:
    """From a letter, without signing in: say what came of a follow-up. A page with one button, since mail scanners follow links."""
    word = request.args.get("token", "")
    known = tokens.bearer(word, number)
    return _finish(word, known, ResultForm(formdata=None))


def _finish(word: str, known: tuple[Actor, Followup] | None, form: ResultForm) -> Any:
    if known is None:
        if not word:
            abort(404)
        flash(_("This link was already used, is too old, or the follow-up is with somebody else now."), "info")
        return see_other(url_for("followups.index"))
    return of_a_letter(render_template("followups/finish.html", person=known[0], followup=known[1], form=form, word=word))


@blueprint.post("/<int:number>/finish")
@public
def finished(number: int) -> Any:
    """Mark it as done, in the name of the person the letter was written to: once."""
    word = request.form.get("token", "")
    known, form = tokens.bearer(word, number), ResultForm()
    if known is None or not form.validate():
        answer = _finish(word, known, form)
        return answer if known is None else (answer, 422)
    actor, followup = known
    service.resolve(followup, "done", actor, form.note.data or "")
    flash(_("Done. Its result is on the record."), "success")
    return see_other(url_for("pages.home"))
