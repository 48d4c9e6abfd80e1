"""The language of a request: asked for in its address, else the person's own, else English. Never guessed."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, has_request_context, request
from flask_babel import get_locale
from markupsafe import Markup

from partnerships.core import catalogues
from partnerships.core.web import with_query

# The six official languages of the United Nations, by their own names.
OWN_NAMES = {"en": "English", "fr": "Français", "es": "Español", "ar": "العربية", "ru": "Русский", "zh": "中文"}
KNOWN = tuple(OWN_NAMES)


def init_app(app: Flask) -> None:
    """Make the catalogues ready, and let every address of a page keep the language that its own address asks for."""
    catalogues.ensure()
    app.url_defaults(_carried)


def asked() -> str:
    """The language that the address asks for; empty when it asks for none that we have."""
    code = request.args.get("lang", "") if has_request_context() else ""
    return code if code in OWN_NAMES else ""


def select() -> str:
    """The language of this request, for Flask-Babel."""
    account = g.get("account")
    own = account.language if account is not None and account.language in OWN_NAMES else "en"
    return asked() or own


def is_rtl() -> bool:
    """Whether this answer is written from right to left."""
    locale = get_locale()
    return locale is not None and locale.text_direction == "rtl"


def _carried(endpoint: str, values: dict[str, Any]) -> None:
    """A visitor who reads in French goes on in French: the language stays in every address, and is never a cookie."""
    code = asked()
    if code and endpoint != "static" and "lang" not in values:
        values["lang"] = code


def menu() -> list[tuple[str, str, str]]:
    """(code, its own name, this page in it) of each language."""
    query = {key: values for key, values in request.args.to_dict(flat=False).items() if key != "lang"}
    return [(code, words, with_query({**query, "lang": [code]})) for code, words in OWN_NAMES.items()]


def hidden() -> Markup:
    """What a form that asks (a filter, a search) holds so that its answer comes in the same language."""
    return Markup('<input type="hidden" name="lang" value="{}">').format(asked()) if asked() else Markup("")
