"""The one click of a reminder over HTTP: a donor's officer says where one pledge stands, without signing in."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from partnerships.core import once
from partnerships.core.actor import Actor
from partnerships.core.policy import current_actor, demand, public
from partnerships.core.web import found, of_a_letter, see_other
from partnerships.pledges import payments, queries, reminders, rules, service, tokens
from partnerships.pledges.forms import UPDATE_FORMS
from partnerships.pledges.models import Pledge
from partnerships.pledges.routes import blueprint
from partnerships.pledges.states import LIVE, PledgeStatus


@blueprint.get("/<ref>/update")
@public
def update(ref: str) -> Any:
    """The question. It changes nothing: mail scanners follow links. The word of a letter stands in for a sign-in."""
    word = request.args.get("token", "")
    asked = _asked(ref, word)
    return asked if isinstance(asked, Response) else _page(*asked, word)


@blueprint.post("/<ref>/update")
@public
def updated(ref: str) -> Any:
    """What was said. Then to the pledge, or to the first page for whom the pledge's page is closed."""
    word = request.form.get("token", "")
    asked = _asked(ref, word, lock=True)
    if isinstance(asked, Response):
        return asked
    actor, pledge = asked
    kind = UPDATE_FORMS.get(request.form.get("act", ""))
    if kind is None or kind.act not in _offered(pledge):
        flash(_("This can no longer be said of the pledge, or no answer was chosen."), "info")
        return _page(actor, pledge, word), 422
    form = kind()
    if not form.check(pledge):
        return _page(actor, pledge, word, form), 422
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if fresh:
        flash(*_say(pledge, actor, form))
        visible = queries.by_ref(current_actor(), pledge.ref) is not None
        receipt.location = url_for("pledges.detail", ref=pledge.ref) if visible else url_for("pages.home")
    return see_other(receipt.location)


def _say(pledge: Pledge, actor: Actor, form: Any) -> tuple[str, str]:
    """Do what the button says. Returns: words and their tone, for the next page."""
    if form.act == "on-course":
        if not reminders.still_on_course(pledge, actor, form.expected_on.data):
            return _("This was already done."), "info"
        return _("Thank you: %(ref)s is still on course.", ref=pledge.ref), "success"
    if form.act == "confirmed":
        ahead = pledge.expected_on if pledge.expected_on is not None and pledge.expected_on >= date.today() else None
        service.move(pledge, "confirmed", actor, on=date.today(), expected_on=ahead)
        return _("Thank you: %(ref)s is confirmed in writing.", ref=pledge.ref), "success"
    payments.pay(pledge, actor, amount=rules.left(pledge), paid_on=form.paid_on.data)
    return _("Thank you: %(ref)s is paid in full.", ref=pledge.ref), "success"


def _offered(pledge: Pledge) -> list[str]:
    """The answers that fit where the pledge stands."""
    if pledge.status not in LIVE:
        return []
    confirmed = ["confirmed"] if pledge.status is PledgeStatus.ANNOUNCED else []
    paid = ["paid"] if pledge.status is PledgeStatus.AGREED and pledge.amount is not None and rules.left(pledge) > 0 else []
    return ["on-course", *confirmed, *paid]


def _asked(ref: str, word: str, *, lock: bool = False) -> tuple[Actor, Pledge] | Response:
    """Who asks, and about which pledge; or the way to the sign-in for somebody whose word opens nothing."""
    actor = current_actor()
    if actor.is_signed_in:
        pledge = found(queries.by_ref(actor, ref))
        demand(actor, service.ADVANCE, pledge)
        return actor, service.locked(pledge) if lock else pledge
    known = tokens.bearer(word, ref, lock=lock)
    if known is not None:
        return known
    if word:
        flash(_("This link was already used, or the pledge has changed since it was written. Sign in to see where it stands."),
              "info")
    else:
        found(queries.by_ref(actor, ref))
    return see_other(url_for("accounts.sign_in", next=url_for("pledges.update", ref=ref)))


def _page(actor: Actor, pledge: Pledge, word: str, sent: Any = None) -> Response:
    ahead = pledge.expected_on if pledge.expected_on is not None and pledge.expected_on > date.today() else None
    fresh = {"expected_on": ahead, "paid_on": date.today()}
    forms = {act: sent if sent is not None and sent.act == act else UPDATE_FORMS[act](None, token=word, **fresh)
             for act in _offered(pledge)}
    return of_a_letter(render_template("pledges/update.html", pledge=pledge, forms=forms, sent=sent, person=actor,
                                       left=rules.left(pledge)))
