"""Keys over HTTP: a person's keys and those of the State or organisation, a new one with its secret shown once, revoking."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from partnerships.accounts.confirming import fresh
from partnerships.core import once
from partnerships.core.policy import current_actor, requires
from partnerships.core.web import found, see_other
from partnerships.tokens import queries, service
from partnerships.tokens.forms import MakeForm
from partnerships.tokens.states import SCOPE_LABELS, Scope, TokenKind

blueprint = Blueprint("tokens", __name__, url_prefix="/tokens")


@blueprint.get("/")
@requires("tokens.view")
def index() -> Any:
    """The keys, and the form of a new one."""
    return _page(MakeForm(formdata=None, actor=current_actor()))


def _page(form: MakeForm, made: tuple[Any, str] | None = None) -> str:
    return render_template("tokens/index.html", form=form, made=made, tokens=queries.listed(current_actor()), today=date.today(),
                           scopes={one.value: words for one, words in SCOPE_LABELS.items()}, kinds=TokenKind)


@blueprint.post("/")
@requires("tokens.make")
@fresh
def make() -> Any:
    """Make a key and show its secret, this once."""
    actor, form = current_actor(), MakeForm(actor=current_actor())
    if not form.validate():
        return _page(form), 422
    receipt, first = once.claim(form.once.data, actor.account_id or 0)
    if not first:
        flash(_("This key was already made. Its secret was shown then and is kept nowhere: revoke it and make another if you "
                "did not copy it."), "info")
        return see_other(url_for("tokens.index"))
    made = service.make(actor, form.name.data, TokenKind(form.kind.data), [Scope(one) for one in form.scopes.data or ()],
                        int(form.days.data))
    receipt.location = url_for("tokens.index")
    answer = make_response(_page(MakeForm(formdata=None, actor=actor), made))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.post("/<int:number>/revoke")
@requires("tokens.revoke")
def revoke(number: int) -> Any:
    """End a key."""
    token = found(queries.by_id(current_actor(), number))
    if service.revoke(token, current_actor()):
        flash(_("The key is revoked. It opens nothing from now on."), "success")
    else:
        flash(_("This was already done."), "info")
    return see_other(url_for("tokens.index"))
