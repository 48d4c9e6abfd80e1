"""The engine's reasons in plain words, each leading to the records behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.lists import format_list
from flask import has_request_context, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from partnerships.core.actor import Actor
from partnerships.core.filters import compact_text, day, in_words
from partnerships.matching import Suggestion
from partnerships.parties import choices
from partnerships.parties.calendar import next_words
from partnerships.parties.models import Party
from partnerships.parties.words import name
from partnerships.suggestions.engine import Stated, World, world

STRONG = 30.0  # points; 100 would be the best conceivable fit, a good match is about 40


@dataclass(frozen=True)
class Reason:
    """One contribution to a score: its sentence, its points, and where the records behind it are."""

    key: str
    sentence: str
    points: float
    href: str | None = None


@dataclass(frozen=True)
class Shown:
    """A suggestion as a page shows it. `score` is the exact sum of the points of `terms`."""

    party: Party
    need: Any
    score: float
    terms: list[Reason]
    version: str
    offer: Any = None
    hints: tuple[str, ...] = ()

    def kept(self) -> list[dict[str, Any]]:
        """The reasons as a match keeps them."""
        return [{"key": term.key, "sentence": term.sentence, "points": term.points} for term in self.terms]


def show(suggestion: Any, here: World, need: Any) -> Shown:
    """Put a suggestion into words."""
    party = here.parties[suggestion.partner]
    terms = [Reason(term.key, SENTENCES[term.key](term.facts, here), term.points, _href(term, need, party))
             for term in suggestion.terms]
    return Shown(party, need, suggestion.score, terms, here.matcher.version, here.offers.get(suggestion.offer),
                 tuple(_hints(here.stated.get(party.ref), need)))


def _hints(stated: Stated | None, need: Any) -> Iterator[str]:
    """What is worth knowing of a partner and gives no points: when it decides next, and channels that do not meet."""
    if stated is None:
        return
    if stated.decision_months:
        yield _("Next decisions: %(month)s.", month=next_words(stated.decision_months, date.today()))
    asked = tuple(need.channels or ())
    if asked and stated.channels and not set(asked) & set(stated.channels):
        yield _("Channels differ: it gives through %(given)s; this need asks for %(asked)s.",
                given=_channels(stated.channels), asked=_channels(asked))


def _channels(codes: Iterable[str]) -> str:
    return "; ".join(choices.label(choices.channels(), code) for code in codes)


def _href(term: Any, need: Any, party: Party) -> str | None:
    if not has_request_context():  # a command (the demonstration) keeps the sentences; it has no page to link from
        return None
    if term.key in ("gave-to-state", "gave-regularly"):
        return url_for("parties.detail", ref=need.party.ref, _anchor="support")
    if term.key in ("gave-to-neighbours", "active-in-region", "gave-for-theme", "donor-breadth", "donor-budget"):
        return url_for("parties.detail", ref=party.ref, _anchor="given")
    if term.key in ("offer-fits", "similar-words", "similar-meaning"):
        return url_for("offers.detail", ref=term.facts["offer"])
    if term.key.startswith(("priority-", "outside-")) or term.key in ("size-differs", "multi-year"):
        return url_for("parties.detail", ref=party.ref, _anchor="priorities")
    return None


def listed(items: list[str]) -> str:
    """Several words as one, by the rules of the reader's language."""
    return format_list(items, locale=get_locale() or "en") if items else ""


def _states(refs: Any, here: World, most: int = 3) -> str:
    names = [name(here.parties[ref]) for ref in refs if ref in here.parties]
    more = len(names) - most
    if more > 0:
        return ngettext("%(names)s and one more State", "%(names)s and %(num)s more States", more,
                        names=", ".join(names[:most]))
    return listed(names)


def _years(facts: Mapping[str, Any]) -> str:
    first, last = facts["first_year"], facts["last_year"]
    return str(first) if first == last else f"{first}–{last}"


def _theme(code: str | None) -> str:
    return choices.label(choices.themes(), code).lower()


def _gave_to_state(facts: Mapping[str, Any], here: World) -> str:
    state = _states([facts["state"]], here)
    if facts["stage"] != "paid":
        return _unpaid({
            "agreed": _("Signed an agreement to support %(state)s (%(years)s); nothing is on record as paid yet.", state=state,
                        years=_years(facts)),
            "confirmed": _("Confirmed in writing a pledge for %(state)s (%(years)s); no agreement is signed yet.", state=state,
                           years=_years(facts)),
            "announced": _("Announced a pledge for %(state)s (%(years)s); nothing is confirmed yet.", state=state,
                           years=_years(facts))}, facts)
    words = ngettext("Support to %(state)s on record: one yearly contribution (%(years)s)",
                     "Support to %(state)s on record: %(num)s yearly contributions (%(years)s)", facts["count"],
                     state=state, years=_years(facts))
    if facts.get("amount_usd"):
        words += _(", %(amount)s in all", amount=_about(facts["amount_usd"]))
    if facts.get("top_theme"):
        words += _(", most for %(theme)s", theme=_theme(facts["top_theme"]))
    return words + "."


def _unpaid(words: Mapping[str, str], facts: Mapping[str, Any]) -> str:
    """The sentence for what is not paid yet: it says the stage, so that words never read like money."""
    return words[facts["stage"]]


def _about(amount: float) -> str:
    """Dollars to three figures: more would claim a precision that these sums do not have."""
    return compact_text(Decimal(f"{amount:.3g}"), "USD")


def _offer(facts: Mapping[str, Any], here: World) -> str:
    parts = []
    if facts.get("theme"):
        parts.append(_theme(facts["theme"]))
    if facts.get("kinds"):
        parts.append(listed([choices.label(choices.kinds(), code).lower() for code in facts["kinds"]]))
    if facts.get("place"):
        parts.append(_place(facts["place"], here))
    return _("Its standing offer %(ref)s names %(what)s.", ref=facts["offer"],
             what="; ".join(parts) or _("this kind of need"))


def _place(code: str, here: World) -> str:
    return name(here.parties[code]) if code in here.parties else choices.label(choices.regions(), code)


def _size(facts: Mapping[str, Any], _here: World) -> str:
    typical = facts.get("typical_usd")
    if typical is None or not facts.get("yearly_usd"):
        return _("The size of the gap fits what it gives.")
    return _("Size fits: the gap is about %(gap)s a year, and it %(how)s %(typical)s.",
             gap=_about(facts["yearly_usd"]),
             how=_("states amounts around") if facts.get("declared") else _("typically gave"),
             typical=_about(typical))


def _urgent(facts: Mapping[str, Any], _here: World) -> str:
    return _("The deadline is near: %(date)s (%(left)s).", date=day(facts["date"]), left=in_words(facts["date"]))


def _few(facts: Mapping[str, Any], _here: World) -> str:
    if facts["donors"] == 0:
        return _("Nobody supports this need yet.")
    return ngettext("Only one donor supports this need.", "Only %(num)s donors support this need.", facts["donors"])


def _words(facts: Mapping[str, Any], _here: World) -> str:
    shared = ", ".join(f"“{word}”" for word, _share in facts["words"][:4])
    if not shared:
        return _("Its offer %(ref)s uses some of the same common words.", ref=facts["offer"])
    return _("Its offer %(ref)s uses the same words: %(words)s.", ref=facts["offer"], words=shared)


def _regularly(facts: Mapping[str, Any], here: World) -> str:
    state, given, known = _states([facts["state"]], here), facts["given"], facts["years"]
    if facts["stage"] != "paid":
        return _unpaid({"agreed": _("Has a signed agreement to support %(state)s.", state=state),
                        "confirmed": _("Has confirmed in writing that it will support %(state)s.", state=state),
                        "announced": _("Has announced support to %(state)s, not confirmed yet.", state=state)}, facts)
    if given == known:
        words = ngettext("Gave to %(state)s in the one year known (%(span)s)",
                         "Gave to %(state)s in each of the %(num)s years known (%(span)s)", known, state=state,
                         span=_years(facts))
    else:
        words = _("Gave to %(state)s in %(given)s of the %(known)s years known (%(span)s)", state=state, given=given,
                  known=known, span=_years(facts))
    return words + (_(", %(amount)s in all", amount=_about(facts["amount_usd"])) if facts["amount_usd"] else "") + "."


def _budget(facts: Mapping[str, Any], _here: World) -> str:
    if facts["stage"] != "paid":
        return _unpaid({
            "agreed": _("Has signed agreements to support affected States; nothing is on record as paid yet."),
            "confirmed": _("Has confirmed in writing pledges for affected States; no agreement is signed yet."),
            "announced": _("Has announced pledges for affected States; none is confirmed yet.")}, facts)
    states = ngettext("one affected State", "%(num)s affected States", facts["states"])
    if not facts["amount_usd"]:
        return _("Supported %(states)s in its newest years on record (%(span)s).", states=states, span=_years(facts))
    return _("Gave %(amount)s to %(states)s in its newest years on record (%(span)s).", states=states, span=_years(facts),
             amount=_about(facts["amount_usd"]))


def _neighbours(facts: Mapping[str, Any], here: World) -> str:
    states = _states(facts["states"], here)
    if facts["stage"] != "paid":
        return _unpaid({
            "agreed": _("Signed an agreement to support neighbouring States: %(states)s.", states=states),
            "confirmed": _("Confirmed in writing a pledge for neighbouring States: %(states)s.", states=states),
            "announced": _("Announced a pledge for neighbouring States: %(states)s.", states=states)}, facts)
    return _("Gave to neighbouring States: %(states)s (last in %(year)s).", states=states, year=facts["last_year"])


def _in_region(facts: Mapping[str, Any], here: World) -> str:
    if facts["stage"] != "paid":
        states = _states(facts["states"], here)
        return _unpaid({
            "agreed": _("Signed an agreement to support States of the region: %(states)s.", states=states),
            "confirmed": _("Confirmed in writing a pledge for States of the region: %(states)s.", states=states),
            "announced": _("Announced a pledge for States of the region: %(states)s.", states=states)}, facts)
    return ngettext("Active in the region: one State supported there (last in %(year)s).",
                    "Active in the region: %(num)s States supported there (last in %(year)s).", len(facts["states"]),
                    year=facts["last_year"])


def _for_theme(facts: Mapping[str, Any], _here: World) -> str:
    theme = _theme(facts["theme"])
    if facts["stage"] != "paid":
        return _unpaid({"agreed": _("Signed an agreement for %(theme)s.", theme=theme),
                        "confirmed": _("Confirmed in writing a pledge for %(theme)s.", theme=theme),
                        "announced": _("Announced a pledge for %(theme)s.", theme=theme)}, facts)
    return ngettext("Gave for %(theme)s once (%(year)s).", "Gave for %(theme)s %(num)s times (last in %(year)s).",
                    facts["count"], theme=theme, year=facts["last_year"])


def _language(facts: Mapping[str, Any], _here: World) -> str:
    shared = listed([spoken(code) for code in facts["languages"]])
    return _("Works in a language of the State: %(languages)s.", languages=shared) if facts["of_state"] else _(
        "Works in the language of this need: %(languages)s.", languages=shared)


def spoken(code: str) -> str:
    """A language's name in the reader's language."""
    return str((get_locale() or Locale("en")).languages.get(code, code))


SENTENCES: dict[str, Callable[[Mapping[str, Any], World], str]] = {
    "gave-to-state": _gave_to_state,
    "gave-regularly": _regularly,
    "donor-budget": _budget,
    "gave-to-neighbours": _neighbours,
    "active-in-region": _in_region,
    "gave-for-theme": _for_theme,
    "donor-breadth": lambda facts, here: ngettext(
        "Supported one affected State on record.", "Supported %(num)s affected States on record.", facts["states"]),
    "priority-theme": lambda facts, here: _("Names %(theme)s among its priorities.", theme=_theme(facts["theme"])),
    "priority-place": lambda facts, here: _("Names %(place)s among its priorities.", place=_place(facts["place"], here)),
    "priority-kind": lambda facts, here: _("Offers this kind of assistance: %(kinds)s.", kinds=listed(
        [choices.label(choices.kinds(), code).lower() for code in facts["kinds"]])),
    "offer-fits": _offer,
    "similar-words": _words,
    "similar-meaning": lambda facts, here: _(
        "Its offer %(ref)s reads much the same, whatever the language (similar meaning).", ref=facts["offer"]),
    "language": _language,
    "size-fits": _size,
    "multi-year": lambda facts, here: _("Plans over several years, as this need asks (%(years)s years).",
                                        years=facts["years"]),
    "deadline-urgent": _urgent,
    "few-donors": _few,
    "outside-places": lambda facts, here: _("Its stated priorities name other places."),
    "outside-themes": lambda facts, here: _("Its stated priorities name other thematic areas."),
    "size-differs": lambda facts, here: _("The gap is smaller than the amounts it states."),
}


def show_answer(found: Any, actor: Actor, need: Any) -> Shown | list[str]:
    """The answer to "why this partner?": the suggestion in words, or the rules that stand in its way as sentences."""
    if isinstance(found, Suggestion):
        return show(found, world(actor), need)
    return [str(RULES[reason]) for reason in found.reasons]


RULES: dict[str, Any] = {
    "self": _l("It is the affected State itself."),
    "excluded-country": _l("Its stated priorities exclude this State."),
    "excluded-partner": _l("The affected State does not wish it to be suggested for this need."),
    "declined": _l("It declined this need or set it aside, and neither the need nor its priorities have changed since."),
    "need-expired": _l("The need is past its valid-until date: the State can renew it."),
    "kind-impossible": _l("It states that it gives other kinds of assistance than this need asks for."),
    "already-supports": _l("It already supports this need."),
    "nothing-known": _l("The register holds nothing about what it gives: no contribution, no standing offer, no stated "
                        "priorities."),
    "nothing-in-common": _l("Nothing in its history, offers or priorities points to this need."),
}

TERMS: dict[str, Any] = {
    "gave-to-state": _l("Past support to this State"),
    "gave-regularly": _l("Regular support to this State"),
    "gave-to-neighbours": _l("Past support to neighbouring States"),
    "active-in-region": _l("Past support in the region"),
    "gave-for-theme": _l("Past support in this thematic area"),
    "donor-breadth": _l("Supports many States"),
    "donor-budget": _l("Size of its support in recent years on record"),
    "priority-theme": _l("Stated priority: the thematic area"),
    "priority-place": _l("Stated priority: the State or region"),
    "priority-kind": _l("Stated priority: the kind of assistance"),
    "offer-fits": _l("A standing offer that fits"),
    "similar-words": _l("Same words as a standing offer"),
    "similar-meaning": _l("Similar meaning to a standing offer, across languages"),
    "language": _l("A language in common"),
    "size-fits": _l("Size of the gap against its usual size"),
    "multi-year": _l("Plans over several years"),
    "deadline-urgent": _l("A near deadline"),
    "few-donors": _l("Few or no donors"),
    "outside-places": _l("Its priorities name other places"),
    "outside-themes": _l("Its priorities name other thematic areas"),
    "size-differs": _l("The gap is smaller than the amounts it states"),
}
