"""What a pledge may say besides its amount: the fields that announcing one and changing one share, and their checks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FormField

from partnerships.core import money
from partnerships.core.filters import money_text as in_money
from partnerships.core.forms import (
    AmountField,
    ChoiceField,
    ChoicesField,
    Form,
    LineField,
    RadioField,
    RowsField,
    currency_choices,
    enum_choices,
)
from partnerships.core.lists import member
from partnerships.parties import choices
from partnerships.parties.models import Party
from partnerships.pledges.forms.rows import MORE, MOST, PartnerRow, PortionRow
from partnerships.pledges.service import Details
from partnerships.pledges.states import (
    EARMARKING_LABELS,
    IN_KIND_LABELS,
    ODA_LABELS,
    Earmarking,
    InKind,
    Oda,
    PledgeKind,
)

REPEATED = {"portions": MORE, "partners": 2}  # rows that repeat, and how many are there at first
ZERO = Decimal(0)


class SaidForm(Form):
    """Nature and valuation of help in kind, yearly portions, partners, earmarking, channel, ODA, the condition."""

    in_kind = ChoiceField(_l("What it brings"), enum_choices(IN_KIND_LABELS), needed=False, blank=_l("Not said"))
    valuation = AmountField(_l("Valuation"), needed=False)
    valuation_currency = ChoiceField(_l("Currency of the valuation"), currency_choices, needed=False, blank=_l("Choose"),
                                     default="USD")
    portions = RowsField(FormField(PortionRow), max_entries=MOST)
    partners = RowsField(FormField(PartnerRow), max_entries=MOST)
    earmarking = ChoiceField(_l("Earmarking"), enum_choices(EARMARKING_LABELS), needed=False, blank=_l("Not known"))
    themes = ChoicesField(_l("Thematic areas"), choices.themes, needed=False)
    place = LineField(_l("Place"), needed=False)
    channel = ChoiceField(_l("Channel"), choices.channels, needed=False, blank=_l("Not known"))
    oda = RadioField(_l("Eligible as official development assistance"), choices=enum_choices(ODA_LABELS)(),
                     default=Oda.UNKNOWN.value)
    condition = LineField(_l("Condition"), needed=False, most=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, least in REPEATED.items():
            # Not `min_entries`: those would be read from what was sent, and a row sent with a gap before it would come twice.
            while len(self[name].entries) < least:
                self[name].append_entry()

    def add_rows(self, name: str) -> None:
        """More empty rows of `portions` or `partners`, as far as there may be."""
        rows = self[name if name in REPEATED and name in self else "partners"]
        for _row in range(min(MORE, MOST - len(rows.entries))):
            rows.append_entry()

    def filled(self, name: str) -> list[Any]:
        """The rows of a list that hold something."""
        return [entry.form for entry in self[name] if not entry.form.is_blank] if name in self else []

    def data_of(self, name: str) -> Any:
        """What a field holds; None for one that is not asked."""
        return self[name].data if name in self else None

    def holds(self, *names: str) -> bool:
        """Whether one of these fields says something or has a fault, so that its part of the form is to be open."""
        return any(_says(self[name]) for name in names if name in self)

    def fault(self, name: str, words: str) -> bool:
        """Put words beside a field that has none yet. Returns False, for `return self.fault(...)`."""
        if not self[name].errors:
            self[name].errors = [words]
        return False

    def said_right(self, kind: PledgeKind | None, amount: Decimal | None, currency: str, donor: Party | None) -> bool:
        """Check what the fields say together; words stand beside the field. `kind` is None when it could not be read."""
        return all([self._valuation_right(kind), self._portions_right(amount, currency),
                    self._partners_right(amount, currency, donor)])

    def _valuation_right(self, kind: PledgeKind | None) -> bool:
        if self.data_of("valuation") is None or self.valuation.errors or kind is None:
            return True
        value, currency = self.valuation, self.valuation_currency.data or ""
        if kind is not PledgeKind.IN_KIND:
            return self.fault("valuation", _("Only a pledge in kind has a valuation: leave it empty, or choose another kind."))
        if value.data == 0:
            return self.fault("valuation", _("A valuation is more than zero. Leave it empty when it is not known."))
        if not currency:
            return self.fault("valuation_currency", _("Choose the currency of the valuation."))
        if not self.valuation_currency.errors and not money.fits(value.data, currency):
            return self.fault("valuation", _("%(currency)s has fewer decimals than this.", currency=currency))
        return True

    def _portions_right(self, amount: Decimal | None, currency: str) -> bool:
        rows = self.filled("portions")
        if not rows:
            return True
        if not _complete(rows):
            return False
        for number, row in enumerate(rows):
            if row.year.data in [one.year.data for one in rows[:number]]:
                return bool(row.fault("year", _("This year stands above already.")))
            if not money.fits(row.amount.data, currency):
                return bool(row.fault("amount", _("%(currency)s has fewer decimals than this.", currency=currency)))
        total = sum((row.amount.data for row in rows), ZERO)
        if amount is None:
            return bool(rows[0].fault("amount", _("A pledge without an amount has no yearly portions.")))
        if total != amount:
            return bool(rows[-1].fault("amount", _(
                "The yearly portions come to %(total)s, the pledge to %(amount)s: they must be the same.",
                total=in_money(total, currency), amount=in_money(amount, currency))))
        return True

    def _partners_right(self, amount: Decimal | None, currency: str, donor: Party | None) -> bool:
        rows = self.filled("partners")
        if not _complete(rows):
            return False
        seen = set() if donor is None else {donor.id}
        for row in rows:
            if row.party.party.id in seen:
                return bool(row.fault("party", _("Each party of a joint pledge is named once; the lead is the donor.")))
            seen.add(row.party.party.id)
            if row.share.data is not None and amount is None:
                return bool(row.fault("share", _("A pledge without an amount has no shares of it.")))
            if row.share.data is not None and not money.fits(row.share.data, currency):
                return bool(row.fault("share", _("%(currency)s has fewer decimals than this.", currency=currency)))
        known = sum((row.share.data for row in rows if row.share.data is not None), ZERO)
        if amount is not None and known and known >= amount:
            return bool(rows[-1].fault("share", _("The shares of the partners must leave something of the amount for the lead.")))
        return True

    def details(self, parts: tuple[Any, ...] = ()) -> Details:
        """What was said, as the service takes it; the form is valid."""
        get = self.data_of
        return Details(
            in_kind=member(InKind, get("in_kind") or ""), valuation=get("valuation"),
            valuation_currency=get("valuation_currency") if get("valuation") is not None else "",
            earmarking=member(Earmarking, get("earmarking") or ""), themes=tuple(sorted(set(get("themes") or ()))),
            place=get("place") or "", channel=get("channel") or "", oda=Oda(get("oda")), parts=parts,
            portions=tuple(sorted((row.year.data, row.amount.data) for row in self.filled("portions"))),
            partners=tuple((row.party.party, row.share.data) for row in self.filled("partners")))


def _complete(rows: list[Any]) -> bool:
    """Whether every row is complete; each gets its words, not only the first."""
    found = [row.complete() for row in rows]
    return all(found)


def _says(field: Any) -> bool:
    """Whether a field, or a field of its rows, holds something that was not there at first, or a fault."""
    if isinstance(field, RowsField):
        return any(_says(part) for entry in field for part in entry.form)
    if field.errors:
        return True
    return bool(field.data) and field.data != field.default
