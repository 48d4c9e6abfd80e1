"""What the coach's page parts are made of: a review of what is kept or typed, and what similar needs gave that found support."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from partnerships.core.actor import Actor
from partnerships.core.policy import can
from partnerships.core.text import clean
from partnerships.needs import coach, content, twins
from partnerships.needs.coach import Remark, Review
from partnerships.needs.content import Content
from partnerships.needs.forms import NeedForm
from partnerships.needs.models import Need
from partnerships.needs.states import HELPED, NeedStatus
from partnerships.parties.models import Party
from partnerships.pledges import queries as pledges
from partnerships.pledges.states import PledgeStatus
from partnerships.suggestions import engine

NAMED = 3  # what similar needs gave: the few things that are worth most
SIGNED = (PledgeStatus.AGREED, PledgeStatus.PAID)


@dataclass(frozen=True)
class Similar:
    """Similar needs on record, each with whether it found support, and what that teaches, in words."""

    found: list[tuple[Need, bool]]
    words: str
    twin: Need | None = None  # an open need of the same State that this could be, posted twice


def typed(form: NeedForm, kept: Content | None = None) -> Content:
    """What a form holds just now, over what is kept beside it. A field that cannot be read counts as empty."""
    said: dict[str, Any] = {}
    for name in content.COLUMNS:
        if name in form._fields:
            field = form[name]
            said[name] = _readable(field.data) if field.data and not field.errors else ""
    serves = _readable(form.serves.data or "")
    said["article"] = serves.rpartition(":")[2] if not form.serves.errors else ""
    said["deadline"] = said["deadline"] or form.deadlines.get(serves)
    rows = [entry.form for entry in form.years]
    said["amounts"] = [
        {"first_year": row.year.data, "last_year": row.year.data, "amount": row.amount.data,
         "national_share": row.national_share.data or 0}
        for row in rows if row.year.data is not None and row.amount.data is not None]
    return {**(kept or {}), **content.packed(said)}


def _readable(value: Any) -> Any:
    """A text without marks that no record holds: while a row is added, what was typed is not validated yet."""
    return clean(value) or "" if isinstance(value, str) else value


def coach_for(actor: Actor, party: Party, of: Content, ref: str = "") -> tuple[Review, Similar | None]:
    """The coach's two parts for a content, kept or only typed.

    Arguments: party, the State whose need it is; of, what it says; ref, of the need when it is kept. Returns: the
    review, and similar needs when there is enough to compare: a title and a thematic area; a twin needs the title only.
    """
    found, twin = coach.review(of), twins.of(actor, party, of, ref)
    if not (of.get("title") and of.get("theme")):
        return found, Similar([], "", twin) if twin else None
    # A need that is nowhere kept: the engine reads it as it reads others.
    asked = Need(ref=ref, party=party, party_id=party.id, status=NeedStatus.DRAFT, title=of["title"], theme=of["theme"],
                 summary=of.get("summary") or "", kinds=tuple(of.get("kinds") or ()), language=of.get("language") or "en",
                 excluded_partners=())
    similar = _similar(actor, found, engine.precedents(actor, asked))
    return found, replace(similar or Similar([], ""), twin=twin) if twin else similar


def of_need(actor: Actor, need: Need) -> tuple[Review, Similar | None]:
    """The coach's two parts for a need as it stands."""
    return coach_for(actor, need.party, content.snapshot(need), need.ref)


def _similar(actor: Actor, own: Review, needs: Sequence[Need]) -> Similar | None:
    if not needs:
        return None
    made = pledges.of_needs(actor, [need.id for need in needs])
    found = [(need, need.status in HELPED or any(pledge.status in SIGNED for pledge in made[need.id])) for need in needs]
    return Similar(found, _lesson(actor, own, len(found), [need for need, helped in found if helped]))


def _lesson(actor: Actor, own: Review, count: int, helped: Sequence[Need]) -> str:
    first = ngettext("One similar need is on record.", "%(num)s similar needs are on record.", count)
    if not helped:
        return f"{first} {_('None has found support on record yet.')}"
    gave = [_given(actor, need) for need in helped]
    lacking = [one for one in own.missing if all(one.key in keys for keys in gave)][:NAMED]
    if not lacking:
        return f"{first} " + ngettext("The one that found support gave nothing that is missing here.",
                                      "The %(num)s that found support have nothing in common that is missing here.", len(helped))
    return f"{first} " + ngettext("The one that found support gave %(what)s; this need does not yet.",
                                  "The %(num)s that found support gave %(what)s; this need does not yet.",
                                  len(helped), what=_listed(lacking))


def _given(actor: Actor, need: Need) -> set[str]:
    """What another need gives, as far as the reader may see its parts."""
    return {one.key for one in coach.review(content.snapshot(need)).done if can(actor, one.part, need)}


def _listed(remarks: Sequence[Remark]) -> str:
    return format_list([str(one.name) for one in remarks], locale=get_locale() or "en")
