"""What the pages of needs are made of: forms bound to a State, suggestions in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import format_time, get_locale, pgettext
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from partnerships.amendments.service import Working
from partnerships.core import audit
from partnerships.core.actor import Actor, Role
from partnerships.core.db import db, utcnow
from partnerships.core.filters import day
from partnerships.core.languages import OWN_NAMES
from partnerships.core.policy import can, current_actor
from partnerships.core.text import clean
from partnerships.matches import queries as matches
from partnerships.matches.states import OPEN
from partnerships.needs import advice, content, prefill, service
from partnerships.needs.forms import ClosingForm, FilterForm, NeedForm, narrower
from partnerships.needs.models import Need
from partnerships.needs.states import CLOSED, HELPED, LABELS, WITH_THE_STATE, NeedStatus
from partnerships.parties import choices
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.parties.words import LANGUAGE_LABELS, name
from partnerships.pledges import queries as pledges
from partnerships.suggestions import engine, words
from partnerships.wordings import queries as wordings
from partnerships.wordings import service as rendering

SUGGESTED = 5
OFFERED = 3
FIRST, PROGRAMME = "work", "programme"  # steps of the second part (room plans)
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
    # What a deadline has passed for comes last: a need seldom serves it any more.
    for row in sorted(parties.obligations(party.id), key=lambda one: bool(one.deadline and one.deadline < date.today())):
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


def fresh_form(actor: Actor, party: Party, source: Need | None = None, *, programme: bool = False) -> NeedForm:
    """A fresh form with what the register knows: the State's languages, the contact of its last need, the years ahead.

    Arguments: source, an earlier need to start from; programme, the need asks for help with a national programme (Article 6.7).
    """
    if source is not None:
        return bound_form(party, **_fitting_choices(party, prefill.values(source, date.today())))
    account, year = g.account, date.today().year + 1
    last = next((need for need in prefill.sources(actor, party) if need.contact_name and need.contact_email), None)
    asked = {"title": _("Help to elaborate a national mine action programme"), "serves": "a:6.7",
             "theme": "national-capacity", "kinds": ["expertise"]} if programme else {}
    return bound_form(
        party, contact_name=last.contact_name if last else f"{account.name}, {actor.party_name}",
        contact_email=last.contact_email if last else account.email, language=_spoken(party),
        currency="USD", valid_until=date(year, 12, 31), years=[{"year": year + offset} for offset in range(3)], **asked)


def _spoken(party: Party) -> str:
    return next((code for code in party.languages.split() if code in LANGUAGE_LABELS), "en")


def _fitting_choices(party: Party, values: dict[str, Any]) -> dict[str, Any]:
    """An obligation may have gone from the State's file since: its article still stands."""
    known = {key for key, _words in served(party)[0]}
    article = values["serves"].rpartition(":")[2]
    return {**values, "serves": values["serves"] if values["serves"] in known else f"a:{article}"}


def carried(actor: Actor, party: Party, form: NeedForm) -> content.Content:
    """The second part that comes along from the need the form was started from; empty without one."""
    start = clean(form.start.data)
    need = prefill.source(actor, party, start) if start else None
    return prefill.second_part(need, form.columns()["currency"], form.amounts(), date.today()) if need else {}


def next_page(need: Need, sent: Mapping[str, str], submitting: bool) -> str:
    """Where a kept need leads: to its page, to its partners, to the second part, or back to the form."""
    if submitting:
        return url_for("needs.detail", ref=need.ref)
    if "deeper" in sent:
        return url_for("plans.edit", ref=need.ref, step=PROGRAMME if need.article == "6.7" else FIRST)
    if "suggest" in sent:
        return url_for("needs.detail", ref=need.ref, _anchor="partners")
    return url_for("needs.edit", ref=need.ref)


def filled_form(working: Working) -> NeedForm:
    """The form of a kept draft, or of the change to a published need."""
    need, kept = working.need, content.unpacked(working.content)
    serves = ""
    if kept["obligation_id"]:
        serves = f"o:{kept['obligation_id']}:{kept['article']}"
    elif kept["article"]:
        serves = f"a:{kept['article']}"
    years = [{"year": row["first_year"], "amount": row["amount"], "national_share": row["national_share"] or None}
             for row in content.lines(working.content, "amounts")] or [{}]
    parts = {name: narrower(kept[name], kept["visibility"]) for name in ("amounts_visibility", "details_visibility")}
    return bound_form(need.party, **{
        **kept, **parts, "serves": serves, "years": years, "visibility": kept["visibility"].value,
        "kinds": list(kept["kinds"]), "excluded_partners": list(kept["excluded_partners"]), "version": str(working.version),
        "note": working.amendment.note if working.amendment else ""})


def sent_form(working: Working, **values: Any) -> NeedForm:
    """The form as it was sent, read against what is kept: the cost lines that its years have to cover, the deadline."""
    return bound_form(working.need.party, **values, costs=prefill.costs_by_year(content.lines(working.content, "costs")),
                      kept_deadline=content.unpacked(working.content)["deadline"])


def said(form: NeedForm, working: Working | None = None) -> content.Content:
    """What the form says, as a part of a content. The last year of a span stays with its first."""
    kept = content.lines(working.content, "amounts") if working else []
    spans = {row["first_year"]: row["last_year"] for row in kept}
    return content.packed({**form.columns(), "amounts": [
        {"first_year": first, "last_year": spans.get(first, last), "amount": amount, "national_share": share}
        for first, last, amount, share in sorted(form.amounts())]})


def add_year(form: NeedForm) -> None:
    """One more year, for people without JavaScript."""
    if len(form.years) < 15:
        last = max((entry.form.year.data or 0 for entry in form.years), default=0)
        form.years.append_entry({"year": last + 1 if 0 < last < 9999 else None})


def form_page(form: NeedForm, party: Party, working: Working | None) -> str:
    """The form's page, with what the State's file holds beside it."""
    need = working.need if working else None
    review, similar = advice.coach_for(current_actor(), party, advice.typed(form, working.content if working else None),
                                       need.ref if need else "")
    return render_template("needs/form.html", form=form, party=party, need=need, comments=_comments(working),
                           review=review, similar=similar,
                           amending=working is not None and working.is_amendment, source=form.start.data,
                           sources=[] if need else prefill.sources(current_actor(), party))


def _comments(working: Working | None) -> str:
    """What the ISU said when it returned the draft or the change; empty when it did not."""
    record = None if working is None else working.amendment or working.need
    if record is None or record.status.value != "returned":
        return ""
    tag = f"{audit.kind_of(record)}.returned"
    return next((event.note for event in audit.timeline(current_actor(), record) if event.tag == tag), "")


def both(form: NeedForm, working: Working) -> list[tuple[str, str, str]]:
    """(label, mine, theirs) of what differs between the form and the record."""
    mine = said(form, working)
    labels = {**{field.name: str(field.label.text) for field in form}, "amounts": _("Amounts by year"),
              "article": form.serves.label.text}
    return [(str(labels[key]), _plain(key, mine[key]), _plain(key, working.content.get(key)))
            for key in content.differing(working.content, mine) if key in labels]


def _plain(key: str, value: Any) -> str:
    shown = content.written(key, value)
    return ", ".join(str(one) for one in shown) if isinstance(shown, list) else str(shown if shown is not None else "")


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


def worded(actor: Actor, need: Need) -> dict[str, Any]:
    """The need's wordings, the one of the reader's language (unless the address asks for the original), and what is missing."""
    own, locale = wordings.of_need(actor, need), get_locale()
    code = locale.language if locale else "en"
    wording = own.get(code) if "original" not in request.args else None
    return {"wordings": own, "wording": wording, "behind": wording is not None and rendering.is_behind(wording),
            "unworded": [(one, words) for one, words in OWN_NAMES.items() if one not in own and one != need.language],
            "own_names": OWN_NAMES}


def labels(need: Need) -> dict[str, Any]:
    """The words of a need's codes."""
    return {"theme": choices.label(choices.themes(), need.theme),
            "kinds": [choices.label(choices.kinds(), code) for code in need.kinds]}


def advice_for(actor: Actor, need: Need) -> Any:
    """How complete a need is and what similar ones teach, for its own State and the ISU; None for others, and once closed."""
    own = can(actor, "needs.submit", need) or can(actor, "needs.verify", need)
    return advice.of_need(actor, need) if own and need.status not in CLOSED else None


def closing_form(actor: Actor, need: Need, name: str) -> ClosingForm:
    """The form that closes a need; it proposes those whose pledges to it are signed or paid."""
    made = pledges.of_needs(actor, [need.id])[need.id]
    signed = sorted({pledge.donor.ref for pledge in made if pledge.status in advice.SIGNED})
    return ClosingForm(state=need.party.ref, currency=need.currency, helped=name in HELPED, supporters=signed)


def closing_page(actor: Actor, need: Need, name: str, form: ClosingForm) -> str:
    """The page of that form, with the conversations that are still open."""
    return render_template("needs/close.html", need=need, name=name, form=form, label=service.FLOW.by_name[name].label,
                           open_matches=still_open(actor, need))


def still_open(actor: Actor, need: Need) -> list[Any]:
    """The matches of a need that came to no end yet, within the actor's sight."""
    return [match for match in matches.of_need(actor, need) if match.status in OPEN]


def filters_of(address: MultiDict[str, str]) -> dict[str, Any]:
    """The list's filters as an address states them, for `queries.published`; those that cannot be read are left out."""
    return FilterForm(address).chosen()
