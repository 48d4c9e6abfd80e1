"""The form that changes what a pledge says besides its amount, and what two people made of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from partnerships.core.actor import Actor
from partnerships.core.filters import money_text as in_money
from partnerships.parties import choices
from partnerships.parties.words import name
from partnerships.pledges.forms.rows import NeedsField
from partnerships.pledges.forms.said import SaidForm
from partnerships.pledges.models import Pledge
from partnerships.pledges.service import NOT_MONEY, Details
from partnerships.pledges.states import EARMARKING_LABELS, IN_KIND_LABELS, ODA_LABELS, PledgeKind


class EditForm(SaidForm):
    """What a pledge says. Fields that its kind or its object leaves no room for are not asked."""

    need = NeedsField(_l("Need, or several of one State"))

    def __init__(self, actor: Actor, pledge: Pledge, **kwargs: Any) -> None:
        super().__init__(**{**told(pledge), "version": str(pledge.version), **kwargs})
        self.actor, self.pledge = actor, pledge
        if pledge.need is None:
            del self.need
        if pledge.kind is not PledgeKind.IN_KIND:
            del self.in_kind, self.valuation, self.valuation_currency
        if pledge.kind in NOT_MONEY or pledge.amount is None:
            del self.portions

    def check(self) -> bool:
        """Validate the fields, then what they say together with the pledge; words stand beside the field."""
        pledge = self.pledge
        return all([self.validate(), self._needs_right(),
                    self.said_right(pledge.kind, pledge.amount, pledge.currency, pledge.donor)])

    def _needs_right(self) -> bool:
        if "need" not in self or self.need.errors:
            return "need" not in self
        try:
            self.need.look_up(self.actor, self.pledge)
        except ValidationError as error:
            return self.fault("need", str(error))
        main = self.pledge.need
        if main is not None and main.id not in {need.id for need, _part in self.need.found}:
            return self.fault("need", _("This pledge was announced to %(ref)s: keep it in the list.", ref=main.ref))
        words = self.need.parts_fault(self.pledge.amount, self.pledge.currency)
        return self.fault("need", words) if words else True

    def wanted(self) -> tuple[Details, str]:
        """What the pledge is to say, and its condition."""
        said = self.details(self.need.parts() if "need" in self else ())
        return replace(said, as_typed=self.pledge.as_typed), self.condition.data or ""

    def both(self) -> list[tuple[str, str, str]]:
        """(label, mine, theirs) of what differs between the form and the record."""
        pledge = self.pledge
        mine, theirs = _spoken(*self.wanted(), pledge), _spoken(details_of(pledge), pledge.condition, pledge)
        return [(str(self[key].label.text), mine[key], theirs[key]) for key in mine if key in self and mine[key] != theirs[key]]


def details_of(pledge: Pledge) -> Details:
    """What a pledge says now, as the service takes it."""
    return Details(
        in_kind=pledge.in_kind, valuation=pledge.valuation, valuation_currency=pledge.valuation_currency,
        earmarking=pledge.earmarking, themes=pledge.themes, place=pledge.place, channel=pledge.channel, oda=pledge.oda,
        portions=tuple((one.year, one.amount) for one in pledge.portions), as_typed=pledge.as_typed,
        partners=tuple((one.party, one.amount) for one in pledge.partners),
        parts=tuple((one.need, one.amount) for one in pledge.parts))


def told(pledge: Pledge) -> dict[str, Any]:
    """What a pledge says now, as its form shows it."""
    parts = [(one.need.ref, one.amount) for one in pledge.parts] or ([(pledge.need.ref, None)] if pledge.need else [])
    return {
        "in_kind": pledge.in_kind and pledge.in_kind.value, "valuation": _plain(pledge.valuation),
        "valuation_currency": pledge.valuation_currency or "USD", "earmarking": pledge.earmarking and pledge.earmarking.value,
        "themes": list(pledge.themes), "place": pledge.place, "channel": pledge.channel, "oda": pledge.oda.value,
        "condition": pledge.condition, "need": "\n".join(
            ref if amount is None else f"{ref}: {_plain(amount):f}" for ref, amount in parts),
        "portions": [{"year": one.year, "amount": _plain(one.amount)} for one in pledge.portions],
        "partners": [{"party": name(one.party), "share": _plain(one.amount)} for one in pledge.partners]}


def _plain(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.normalize()


def _spoken(details: Details, condition: str, pledge: Pledge) -> dict[str, str]:
    """What is said, in words, by the name of its field."""
    def share(words: Any, amount: Decimal | None) -> str:
        return str(words) if amount is None else f"{words}: {in_money(amount, pledge.currency)}"

    def listed(pairs: Iterable[tuple[Any, Decimal | None]]) -> str:
        return ", ".join(share(words, amount) for words, amount in pairs)

    return {
        "in_kind": str(IN_KIND_LABELS[details.in_kind]) if details.in_kind else "",
        "valuation": in_money(details.valuation, details.valuation_currency) if details.valuation else "",
        "need": listed((need.ref, amount) for need, amount in details.parts), "portions": listed(details.portions),
        "partners": listed((name(party), amount) for party, amount in details.partners),
        "earmarking": str(EARMARKING_LABELS[details.earmarking]) if details.earmarking else "",
        "themes": ", ".join(choices.label(choices.themes(), code) for code in sorted(details.themes)),
        "place": details.place, "channel": choices.label(choices.channels(), details.channel),
        "oda": str(ODA_LABELS[details.oda]), "condition": condition}
