"""What templates may use: money, dates and numbers as people read them, and the frame's context."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal, get_currency_precision
from flask import Flask, current_app, request, url_for
from flask_babel import format_date, format_time, get_locale, gettext, ngettext, npgettext, pgettext
from markupsafe import Markup, escape
from werkzeug.local import LocalProxy

from partnerships.core import languages, policy

THIN = "\u202f"
MINUS = "\u2212"


def number(value: Any, decimals: int | None = None) -> str:
    """A number with thin spaces between thousands and a true minus sign, in Latin digits: "2 100 000"."""
    if value is None:
        return ""
    amount = Decimal(str(value))
    if decimals is not None:
        amount = round(amount, decimals)
    text = f"{abs(amount):,f}".replace(",", THIN)
    if "." in text and decimals is None:
        text = text.rstrip("0").rstrip(".")
    return (MINUS if amount < 0 else "") + text


def money(amount: Decimal | None, currency: str = "") -> Any:
    """An amount with its currency, unbroken across lines: "2 100 000 USD". Minor units only where there are any."""
    if amount is None:
        return gettext("not stated")
    return Markup('<span class="amount" dir="ltr">{}</span>').format(money_text(amount, currency))


def money_text(amount: Decimal | None, currency: str = "") -> str:
    """The same as plain text. Its thin spaces hold a number together, also among words that run from right to left."""
    if amount is None:
        return gettext("not stated")
    amount = Decimal(amount)
    whole = amount == amount.to_integral_value()
    text = number(amount, 0 if whole else get_currency_precision(currency) if currency else 2)
    return f"{text}\u00a0{currency}" if currency else text


def money_compact(amount: Decimal | None, currency: str = "") -> Any:
    """An amount to read at a glance: "2.1 million USD"."""
    if amount is None:
        return gettext("not stated")
    return Markup('<span class="amount" dir="auto">{}</span>').format(compact_text(amount, currency))


def compact_text(amount: Decimal, currency: str = "") -> str:
    """The same as plain text, for the same reason as `money_text`."""
    size, form = Decimal(amount), None
    for limit, words in ((10**9, pgettext("amount", "%(n)s billion")), (10**6, pgettext("amount", "%(n)s million"))):
        if abs(size) >= limit:
            size, form = size / limit, words
            break
    shown = format_decimal(round(size, 1 if form and abs(size) < 100 else 0).normalize() + 0, locale="en")
    text = form % {"n": shown} if form else number(round(size, 0))
    return f"{text}\u00a0{currency}" if currency else text


def day(value: date | datetime | None) -> str:
    """A day in full: "30 April 2026", in other languages as CLDR writes a long date (English would put the month first)."""
    return "" if value is None else format_date(value, "d MMMM y" if _english() else "long")


def _moment(value: datetime | None) -> str:
    """A day in full with the time of day."""
    return f"{day(value)}, {format_time(value, 'HH:mm')}" if value else ""


def _english() -> bool:
    locale = get_locale()
    return locale is None or locale.language == "en"


def in_words(value: date | None, today: date | None = None) -> str:
    """How far away a day is, in words: "9 months left", "12 days ago"."""
    if value is None:
        return ""
    days = (value - (today or date.today())).days
    if days == 0:
        return gettext("today")
    span = span_words(abs(days))
    return gettext("%(span)s left", span=span) if days > 0 else gettext("%(span)s ago", span=span)


def span_words(days: int) -> str:
    """How long a number of days is, in words: "9 months"."""
    if days < 60:
        return ngettext("%(num)s day", "%(num)s days", days)
    if days < 730:
        return ngettext("%(num)s month", "%(num)s months", round(days / 30.44))
    return ngettext("%(num)s year", "%(num)s years", round(days / 365.25))


def paragraphs(text: str | None) -> Any:
    """Plain text as paragraphs: escaped, blank lines part them."""
    blocks = [block.strip() for block in (text or "").split("\n\n") if block.strip()]
    return Markup("").join(Markup("<p dir=\"auto\">{}</p>").format(
        Markup("<br>").join(escape(line) for line in block.split("\n"))) for block in blocks)


def source(address: str | None, words: str) -> Any:
    """A source as a link with these words when it is an address of the Web; as the text that it is otherwise."""
    if re.match(r"https?://\S", address or "", re.IGNORECASE):
        return Markup('<a href="{}" rel="noreferrer">{}</a>').format(str(address).split()[0], words)
    return address or ""


def init_app(app: Flask) -> None:
    """Register filters, translation functions and the frame's context."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        money=money, money_compact=money_compact, number=number, day=day, in_words=in_words, span_words=span_words,
        paragraphs=paragraphs, source=source,
        dateformat=lambda value, form=None: day(value) if form in (None, "long") else format_date(value, form),
        timeformat=lambda value, form="short": format_time(value, "HH:mm"), numberformat=number,
        decimalformat=lambda value, form: format_decimal(value, form, locale="en"),
        moment=_moment,
    )
    # Globals, not context: macros that a page imports see them too. The proxies are looked up at each use.
    app.jinja_env.globals.update(
        pgettext=pgettext, npgettext=npgettext, today=LocalProxy(date.today), actor=LocalProxy(policy.current_actor),
        can=lambda permission, obj: policy.can(policy.current_actor(), permission, obj),
        may=lambda permission: policy.may_ever(policy.current_actor(), permission),
    )
    app.jinja_env.globals.update(language_field=languages.hidden, own_languages=languages.OWN_NAMES)
    app.context_processor(frame)


def frame() -> dict[str, Any]:
    """What base.html needs: language and direction, the places of the header, the actor."""
    locale = get_locale()
    room = (request.endpoint or "").partition(".")[0]
    return {
        "locale_code": locale.language if locale else "en",
        "text_direction": locale.text_direction if locale else "ltr",
        "navigation": [{"endpoint": endpoint, "label": label, "url": url_for(endpoint),
                        "current": endpoint.partition(".")[0] == room}
                       for endpoint, label in current_app.config["NAVIGATION"]],
        "languages": languages.menu(),
        "demo_mode": current_app.config["SETTINGS"].demo,
    }
