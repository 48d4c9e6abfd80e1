"""Rows and lists within the forms of a pledge: yearly portions, partners with their shares, needs with their parts."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional, ValidationError

from partnerships.conferences.fields import PartyField
from partnerships.core import money
from partnerships.core.actor import Actor
from partnerships.core.forms import AmountField, ProseField, parse_amount
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.pledges.models import Pledge
from partnerships.pledges.rules import needs_of

YEARS = (1999, 2060)  # the Convention entered into force in 1999
YEAR = [Optional(), NumberRange(*YEARS, _l("Use a year from 1999 to 2060."))]
MOST = 30
MORE = 3
Part = tuple[Need, Decimal | None]


class Row(PlainForm):
    """A row of a list that repeats."""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into it."""
        return not any(str(one).strip() for field in self for one in field.raw_data or ())

    def fault(self, name: str, words: str) -> bool:
        """Put words beside a field that has none yet. Returns False."""
        if not self[name].errors:
            self[name].errors = [words]
        return False


class PortionRow(Row):
    """What is planned for one year."""

    year = IntegerField(_l("Year"), YEAR)
    amount = AmountField(_l("Amount"), needed=False)

    def complete(self) -> bool:
        """Words beside what a half-filled row lacks. Returns: whether it is right."""
        if self.year.data is None:
            self.fault("year", _("Say which year this amount is for."))
        if self.amount.data is None:
            self.fault("amount", _("Give the amount of this year."))
        elif self.amount.data <= 0:
            self.fault("amount", _("A yearly portion must be more than zero."))
        return not (self.year.errors or self.amount.errors)


class PartnerRow(Row):
    """One party that pledges jointly, with its share where it is known."""

    party = PartyField(_l("State or organisation"), needed=False)
    share = AmountField(_l("Share"), needed=False)

    def complete(self) -> bool:
        """Words beside what a half-filled row lacks. Returns: whether it is right."""
        if self.party.party is None:
            self.fault("party", _("Name the party whose share this is."))
        if self.share.data is not None and self.share.data <= 0:
            self.fault("share", _("A share must be more than zero. Leave it empty when it is not known."))
        return not (self.party.errors or self.share.errors)


class NeedsField(ProseField):
    """One need, or several of one State, by reference: parted by commas or one a line, each with its part where it is known.

    `found`, once looked up: the needs with their parts, in the order typed.
    """

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, needed=False, most=1000, **kwargs)
        self.found: list[Part] = []

    def look_up(self, actor: Actor, pledge: Pledge | None = None) -> None:
        """Find what was typed. Needs that `pledge` is for already may have closed. Raises: ValidationError in words."""
        self.found = []
        for typed in re.split(r"[\n;]|,(?=\s*[^\W\d])", self.data or ""):
            if typed.strip():
                ref, _colon, amount = typed.partition(":")
                self.found.append((self._need(actor, ref.strip().upper(), pledge), _part(ref.strip(), amount.strip())))
        if not self.found:
            raise ValidationError(_("Give the need's reference, for example KHM-2026-014."))
        if len({need.id for need, _part in self.found}) < len(self.found):
            raise ValidationError(_("Each need that a pledge is for is named once."))
        if len({need.party_id for need, _part in self.found}) > 1:
            raise ValidationError(_("A pledge is for needs of one State: log one pledge a State."))
        if len(self.found) == 1 and self.found[0][1] is not None:
            raise ValidationError(_("With one need the whole pledge is for it: leave the part away."))

    @staticmethod
    def _need(actor: Actor, ref: str, pledge: Pledge | None) -> Need:
        kept = {} if pledge is None else {one.ref: one for one in (pledge.need, *(part.need for part in pledge.parts)) if one}
        found = kept.get(ref) or needs.by_ref(actor, ref)
        if found is None:
            raise ValidationError(_("No need within your sight has this reference.") + f" ({ref[:40]})")
        if found.status is not NeedStatus.PUBLISHED and (pledge is None or found.id not in needs_of(pledge)):
            raise ValidationError(_("This need is closed, or not published yet.") + f" ({ref})")
        return found

    def parts_fault(self, amount: Decimal | None, currency: str) -> str:
        """What is wrong with the parts of several needs, in words; empty when they are right."""
        known = [part for _need, part in self.parts() if part is not None]
        if known and amount is None:
            return str(_("A pledge without an amount has no parts for single needs."))
        if amount is not None and sum(known, Decimal(0)) > amount:
            return str(_("The parts for the single needs are more than the amount together."))
        if any(not money.fits(part, currency) for part in known):
            return str(_("%(currency)s has fewer decimals than this.", currency=currency))
        return ""

    def parts(self) -> tuple[Part, ...]:
        """The needs with their parts, of a pledge for several."""
        return tuple(self.found) if len(self.found) > 1 else ()


def _part(ref: str, typed: str) -> Decimal | None:
    if not typed:
        return None
    try:
        amount = parse_amount(typed)
    except ValueError as unread:
        raise ValidationError(f"{ref}: {unread}") from None
    if amount <= 0:
        raise ValidationError(_("The part of %(ref)s must be more than zero.", ref=ref))
    return amount
