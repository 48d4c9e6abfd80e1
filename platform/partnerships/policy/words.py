"""Rules in words: each kind of predicate says itself, so that the page of the policy cannot say anything else than it does."""

from __future__ import annotations

from enum import Enum
from functools import singledispatch
from typing import Any

from flask_babel import lazy_pgettext as _p
from flask_babel import pgettext

from partnerships import labels
from partnerships.core.policy import All, Always, Any_, Empty, Holds, Lasts, Not, Own, Predicate, Through
from partnerships.core.timeline import LABELS as FIELDS

# Whose a record is, by the column that says so.
OWN = {
    "party_id": _p("rule", "it is their own party's"), "state_id": _p("rule", "it is about their own State"),
    "donor_id": _p("rule", "their own party is its donor"), "recipient_id": _p("rule", "their own State is its recipient"),
    "owner_party_id": _p("rule", "their own party owns it"), "side_id": _p("rule", "it is kept to their own side"),
    "account_id": _p("rule", "it is the person's own"), "id": _p("rule", "it is the person's own"),
}
# The records that a rule looks at beside the record itself.
RELATED = {
    "case": _p("rule", "its round"), "conference": _p("rule", "its conference"), "match": _p("rule", "its match"),
    "matches": _p("rule", "one of its matches"), "meeting": _p("rule", "its country meeting"),
    "message": _p("rule", "its message"), "need": _p("rule", "its need"), "offer": _p("rule", "its offer"),
    "participants": _p("rule", "one of those who take part"), "parties": _p("rule", "one of the parties named in it"),
    "partners": _p("rule", "one of the joint donors"), "pledge": _p("rule", "its pledge"),
    "shares": _p("rule", "one of its shares"),
}
COLUMNS = {
    "audience": _p("rule", "who reads it"), "contact_shared": _p("rule", "its contact is for signed-in readers"),
    "nature": _p("rule", "nature"), "origin": _p("rule", "origin"), "contact_shown_at": _p("rule", "day its contact was shown"),
    "ended_at": _p("rule", "end"), "message_id": _p("rule", "message it belongs to"), "party_id": _p("rule", "party"),
    "until": _p("rule", "last day"), "withdrawn_at": _p("rule", "withdrawal"),
}
VALUES = {
    "both": _p("rule", "both sides"), "open": _p("rule", "Open"), "contact-point": _p("rule", "Contact point"),
    "posted": _p("rule", "Posted by the State"), "proposal": _p("rule", "Proposed to the State"),
    "request": _p("rule", "Asked for by the State"), "True": _p("rule", "yes"), "False": _p("rule", "no"),
}


@singledispatch
def _say(rule: Any) -> str:
    raise TypeError(f"{type(rule).__name__} has no words: give it some in policy/words.py, or call it something")


def say(rule: Predicate) -> str:
    """A rule in words. Raises TypeError for a kind of predicate that has none, KeyError for a column without a name."""
    return str(rule.words) if rule.words is not None else _say(rule)


def alternatives(rule: Predicate) -> list[str]:
    """A rule as the ways in which it can hold, each in words."""
    parts = _flat(rule, Any_)
    return list(dict.fromkeys(say(one) for one in parts))


def _flat(rule: Predicate, kind: type[All] | type[Any_]) -> list[Predicate]:
    """The parts of nested rules of one kind; a rule with words of its own is not taken apart."""
    if isinstance(rule, kind) and rule.words is None:
        return [one for part in rule.parts for one in _flat(part, kind)]
    return [rule]


def _part(rule: Predicate) -> str:
    """A rule as part of a longer one: what is joined otherwise stands in brackets."""
    joined = isinstance(rule, All | Any_) and rule.words is None and len(rule.parts) > 1
    return f"({say(rule)})" if joined else say(rule)


@_say.register
def _always(rule: Always) -> str:
    return pgettext("rule", "all of them")


@_say.register
def _all(rule: All) -> str:
    parts = [one for one in _flat(rule, All) if not isinstance(one, Always)]
    return pgettext("rule", " and ").join(dict.fromkeys(_part(one) for one in parts))


@_say.register
def _any(rule: Any_) -> str:
    return pgettext("rule", ", or ").join(dict.fromkeys(_part(one) for one in _flat(rule, Any_)))


@_say.register
def _not(rule: Not) -> str:
    return pgettext("rule", "not: %(rule)s", rule=_part(rule.part))


@_say.register
def _holds(rule: Holds) -> str:
    return pgettext("rule", "%(field)s: %(values)s", field=_field(rule.column), values=_either(rule.values))


@_say.register
def _empty(rule: Empty) -> str:
    return pgettext("rule", "%(field)s: none", field=_field(rule.column))


@_say.register
def _lasts(rule: Lasts) -> str:
    return pgettext("rule", "%(field)s: has not passed", field=_field(rule.column))


@_say.register
def _own(rule: Own) -> str:
    return str(OWN[rule.column])


@_say.register
def _through(rule: Through) -> str:
    return pgettext("rule", "of %(record)s: %(rule)s", record=RELATED[rule.relationship], rule=_part(rule.part))


def _field(column: str) -> str:
    return str(COLUMNS[column] if column in COLUMNS else FIELDS[column])


def _either(values: tuple[Any, ...]) -> str:
    return pgettext("rule", " or ").join(_value(value) for value in values)


def _value(value: Any) -> str:
    if isinstance(value, Enum) and (type(value), value.value) in labels.LABELS:
        return str(labels.label(value))
    return str(VALUES[str(value)])
