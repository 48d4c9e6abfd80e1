"""What the pages of needs are made of: forms bound to a State, suggestions in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import g, render_template
from flask_babel import format_time, pgettext
from flask_babel import gettext as _

from partnerships.core import audit
from partnerships.core.actor import Actor, Role
from partnerships.core.db import db, utcnow
from partnerships.core.filters import day
from partnerships.core.policy import current_actor
from partnerships.needs.forms import NeedForm
from partnerships.needs.models import Need
from partnerships.needs.states import LABELS, WITH_THE_STATE, NeedStatus
from partnerships.parties import choices
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.parties.words import LANGUAGE_LABELS, name
from partnerships.suggestions import engine, words

SUGGESTED = 5
OFFERED = 3
SERVED = ("3", "4", "5", "6.3", "6.7", "7", "9")


def status_label(need: Need) -> str:
    """A need's status in words."""
    return str(LABELS[need.status])


def now() -> str:
    """The time of day in UTC, for "saved at"."""
    return format_time(utcnow(), "HH:mm")


def served(party: Party) -> tuple[list[tuple[str, str]], dict[str, date]]:
    """What a need of this State may serve: (choices, deadlines by choice)."""
    rows, deadlines = [], {}
    for row in parties.obligations(party.id):
        key = f"o:{row.id}:{row.article}"
        until = _(", deadline %(day)s", day=day(row.deadline)) if row.deadline else ""
        rows.append((key, _("Article %(article)s: %(title)s%(until)s", article=row.article, title=row.title, until=until)))
        if row.deadline and row.deadline >= date.today():
            deadlines[key] = row.deadline
    for article in parties.articles(SERVED):
        rows.append((f"a:{article.ref}", _("Article %(article)s: %(title)s", article=article.ref, title=article.title)))
    return rows, deadlines


def bound_form(party: Party, **values: Any) -> NeedForm:
    """The form for this State, bound to what was sent or to the values given."""
    obligations, deadlines = served(party)
    return NeedForm(obligations=obligations, deadlines=deadlines, **values)


def fresh_form(actor: Actor, party: Party) -> NeedForm:
    """A fresh form with what the register knows: contact, language, currency, the years ahead."""
    account = g.account
    year = date.today().year + 1
    spoken = next((code for code in party.languages.split() if code in LANGUAGE_LABELS), "en")
    return bound_form(
        party, contact_name=f"{account.name}, {actor.party_name}", contact_email=account.email, language=spoken,
        currency="USD", valid_until=date(year, 12, 31), years=[{"year": year + offset} for offset in range(3)])


def filled_form(need: Need) -> NeedForm:
    """The form of a kept need."""
    serves = ""
    if need.obligation_id:
        serves = f"o:{need.obligation_id}:{need.article}"
    elif need.article:
        serves = f"a:{need.article}"
    years = [{"year": row.first_year, "amount": row.amount, "national_share": row.national_share or None}
             for row in need.amounts] or [{}]
    return bound_form(need.party, obj=need, serves=serves, years=years, visibility=need.visibility.value,
                      kinds=list(need.kinds), version=str(need.version))


def add_year(form: NeedForm) -> None:
    """One more year, for people without JavaScript."""
    if len(form.years) < 15:
        last = max((entry.form.year.data or 0 for entry in form.years), default=0)
        form.years.append_entry({"year": last + 1 if 0 < last < 9999 else None})


def form_page(form: NeedForm, party: Party, need: Need | None) -> str:
    """The form's page, with what the State's file holds beside it."""
    return render_template("needs/form.html", form=form, party=party, need=need,
                           returned=need is not None and need.status is NeedStatus.RETURNED,
                           comments=_comments(need))


def _comments(need: Need | None) -> str:
    if need is None or need.status is not NeedStatus.RETURNED:
        return ""
    for event in audit.timeline(current_actor(), need, tags=["need"]):
        if event.tag == "need.returned":
            return event.note
    return ""


def both(form: NeedForm, need: Need) -> list[tuple[str, str, str]]:
    """(label, mine, theirs) of the fields in which the form and the record differ."""
    theirs = db.session.get_one(Need, need.id)
    rows = []
    for key, value in form.columns().items():
        other = getattr(theirs, key)
        if key in form._fields and value != other and not (not value and not other):
            rows.append((str(form[key].label.text), _plain(value), _plain(other)))
    mine = [(first, amount, share) for first, _last, amount, share in sorted(form.amounts())]
    stored = [(row.first_year, row.amount, row.national_share) for row in theirs.amounts]
    if mine != stored:
        rows.append((_("Amounts by year"), _years(mine), _years(stored)))
    return rows


def _years(rows: list[Any]) -> str:
    return "; ".join(f"{year}: {amount:,f}" for year, amount, _share in rows)


def _plain(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, tuple) else str(value if value is not None else "")


def suggestions(actor: Actor, need: Need) -> list[Any]:
    """The partners most likely to help with a need, in words. Empty once the need is closed or past its date."""
    if not _is_matched(need):
        return []
    here = engine.world(actor)
    return [words.show(found, here, need) for found in engine.partners_for(actor, need, limit=SUGGESTED)]


def others(actor: Actor, need: Need, shown: list[Any]) -> list[Any]:
    """Partners that are not among the first, but would be if nobody's size counted, in words."""
    if not shown:
        return []
    here = engine.world(actor)
    found = engine.others_for(actor, need, {one.party.ref for one in shown}, limit=OFFERED)
    return [words.show(one, here, need) for one in found]


def offers(actor: Actor, need: Need) -> list[Any]:
    """The standing offers that fit a need, in words. Empty once the need is closed or past its date."""
    if not _is_matched(need):
        return []
    here = engine.world(actor)
    return [words.show(found, here, need) for found in engine.offers_for(actor, need, limit=OFFERED)]


def _is_matched(need: Need) -> bool:
    return _is_open(need) and (need.valid_until is None or need.valid_until >= date.today())


def _is_open(need: Need) -> bool:
    return bool(need.theme) and need.status in (*WITH_THE_STATE, NeedStatus.SUBMITTED, NeedStatus.PUBLISHED)


def askable(actor: Actor, need: Need) -> list[tuple[str, str]]:
    """The partners about which one may ask why they are not suggested: (reference, name). None once a need is closed."""
    if not _is_open(need):
        return []
    found = [(ref, name(party)) for ref, party in engine.world(actor).parties.items() if party.id != need.party_id]
    return sorted(found, key=lambda pair: pair[1])


def ordinal(number: int) -> str:
    """A rank as people say it: "3rd"."""
    if number % 100 not in (11, 12, 13):
        if number % 10 == 1:
            return str(pgettext("rank", "%(number)sst", number=number))
        if number % 10 == 2:
            return str(pgettext("rank", "%(number)snd", number=number))
        if number % 10 == 3:
            return str(pgettext("rank", "%(number)srd", number=number))
    return str(pgettext("rank", "%(number)sth", number=number))


def fitting(actor: Actor, limit: int = 3) -> list[Any]:
    """The open needs that fit the reader's own party first, in words; empty for those who do not give."""
    if actor.role not in (Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER) or actor.party_id is None:
        return []
    return fitting_party(actor, db.session.get_one(Party, actor.party_id), limit)


def fitting_party(actor: Actor, party: Party, limit: int = 5) -> list[Any]:
    """The open needs that fit a party, in words."""
    here = engine.world(actor)
    return [words.show(found, here, need) for found, need in engine.needs_for(actor, party, limit=limit).found]


def labels(need: Need) -> dict[str, Any]:
    """The words of a need's codes."""
    return {"theme": choices.label(choices.themes(), need.theme),
            "kinds": [choices.label(choices.kinds(), code) for code in need.kinds]}
