"""Asking for the person again: before rights, factors and what is published change, a sign-in must be recent.

A form that comes too late is not lost: the page that asks for the password carries all that was sent, and sends it again.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from flask import current_app, g, make_response, render_template, request
from flask_babel import gettext as _

from partnerships.accounts import factors, limits, passwords, session
from partnerships.core.db import utcnow

FIELD = "confirm_with"
# What the page need not carry on: its own field, and the token, which it gets anew.
NOT_CARRIED = (FIELD, "csrf_token")


def recent() -> bool:
    """Whether the person has signed in, or confirmed to be the same, a short time ago."""
    found = g.get("account_session")
    return found is not None and found.confirmed_at > utcnow() - current_app.config["SETTINGS"].confirmed_for


def fresh(view: Callable[..., Any] | None = None, *, when: Callable[..., bool] | None = None) -> Any:
    """Guard a view that takes a form: a person who signed in long ago is asked for the password, or a code, once more.

    Arguments: when, asked with the view's own arguments, says whether this call needs it (always when left out). Put it under
    `requires`, so that only those who may are asked.
    """
    def guard(inner: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(inner)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if recent() or (when is not None and not when(**kwargs)):
                return inner(*args, **kwargs)
            return _ask(lambda: inner(*args, **kwargs))

        return guarded

    return guard if view is None else guard(view)


def _ask(go_on: Callable[[], Any]) -> Any:
    account, typed = g.account, request.form.get(FIELD)
    if typed is None:
        return _page("")
    if limits.too_many("confirm", str(account.id)):
        return limits.refusal()
    if not passwords.verify(account.password_hash or passwords.NOBODY, typed) and not factors.accept(account, typed):
        limits.note("confirm", str(account.id))
        return _page(_("This is neither your password nor a fresh code. Nothing was done yet: try again."))
    session.renew()
    limits.forget("confirm", str(account.id))
    return go_on()


def _page(fault: str) -> Any:
    carried = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_CARRIED]
    answer = make_response(render_template("accounts/confirm.html", carried=carried, fault=fault, field=FIELD), 422)
    answer.headers.update({"HX-Retarget": "body", "HX-Reswap": "innerHTML", "Cache-Control": "private, no-store"})
    return answer
