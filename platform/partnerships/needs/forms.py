"""The short form of a need, its filters, and the note of a verifier."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms import FormField, HiddenField, IntegerField
from wtforms.validators import Email, NumberRange, Optional, ValidationError

from partnerships.core.filters import number
from partnerships.core.forms import (
    AmountField,
    ChoiceField,
    ChoicesField,
    DayField,
    Form,
    LineField,
    ProseField,
    RadioField,
    RowsField,
    check_minor_unit,
    currency_choices,
    options,
)
from partnerships.core.visibility import Visibility
from partnerships.needs.service import AmountRow
from partnerships.needs.states import CLOSED, LABELS, asks_for_money
from partnerships.parties import choices
from partnerships.parties.words import LANGUAGE_LABELS, VISIBILITY_LABELS

YEARS_SHOWN = 3
AS_THE_NEED = _l("The same people as the need")
NARROWER = [(level.value, VISIBILITY_LABELS[level]) for level in (Visibility.STATES_PARTIES, Visibility.PARTIES)]


class YearForm(PlainForm):
    """One year's amount, with what the State itself covers of it."""

    year = IntegerField(_l("Year"), [Optional(), NumberRange(2000, 2060, _l("Use a year between 2000 and 2060."))])
    amount = AmountField(_l("Amount needed"), needed=False)
    national_share = AmountField(_l("Of which the State covers"), needed=False)

    @property
    def is_blank(self) -> bool:
        """Nothing but a year, which the form itself may have filled in."""
        return not self.amount.typed and not self.national_share.typed and self.amount.data is None

    def complete(self) -> bool:
        """Words beside what a half-filled year lacks. Returns whether the year is right."""
        if self.year.data is None and not self.year.errors:
            self.year.errors = [_("Say which year this amount is for.")]
        if self.amount.data is None and not self.amount.errors:
            self.amount.errors = [_("Give the amount needed in this year.")]
        share, amount = self.national_share.data, self.amount.data
        if share is not None and amount is not None and share > amount and not self.national_share.errors:
            self.national_share.errors = [_("The State's share cannot be more than the amount of the year.")]
        return not (self.year.errors or self.amount.errors or self.national_share.errors)


class NeedForm(Form):
    """The short form. "Save draft" keeps whatever is well-formed; "Submit" asks for all that publication needs."""

    title = LineField(_l("Title"), _l("Give the need a title that says what, where and how much."), most=160)
    summary = ProseField(_l("Summary"), _l("Say in a few sentences what is needed and what will change."), most=3000)
    theme = ChoiceField(_l("Thematic area"), choices.themes, _l("Choose the thematic area."), blank=_l("Choose an area"))
    kinds = ChoicesField(_l("Kind of assistance"), choices.kinds, _l("Choose at least one kind of assistance."))
    place = LineField(_l("Place"), _l("Name the province, district or area."), most=200)
    serves = ChoiceField(_l("Obligation it serves"), lambda: [], _l("Choose the obligation this need serves."),
                         blank=_l("Choose an obligation"))
    deadline = DayField(_l("Deadline"), needed=False)
    currency = ChoiceField(_l("Currency"), currency_choices)
    years = RowsField(FormField(YearForm), min_entries=YEARS_SHOWN, max_entries=15)
    beneficiaries = LineField(_l("Who will benefit"), needed=False, most=400)
    language = ChoiceField(_l("Language of this need"), lambda: list(LANGUAGE_LABELS.items()))
    contact_name = LineField(_l("Contact"), _l("Name the office or person whom partners can ask."), most=160)
    contact_email = LineField(_l("Contact's e-mail address"), _l("Give an e-mail address that partners can write to."),
                              most=254, validators=[Email(_l("This does not look like an e-mail address."))])
    valid_until = DayField(_l("Valid until"), _l("Say until when this need stands."))
    visibility = RadioField(_l("Who may see it"), choices=[
        (level.value, VISIBILITY_LABELS[level]) for level in (Visibility.PUBLIC, Visibility.STATES_PARTIES,
                                                              Visibility.PARTIES)], default=Visibility.PUBLIC.value)

    amounts_visibility = ChoiceField(_l("Who may see the amounts"), lambda: NARROWER, needed=False, blank=AS_THE_NEED)
    details_visibility = ChoiceField(_l("Who may see the second part"), lambda: NARROWER, needed=False, blank=AS_THE_NEED)
    excluded_partners = ChoicesField(_l("Partners not to be suggested"), choices.partners, needed=False)
    note = LineField(_l("What changes, in a sentence"), needed=False, most=300)
    start = HiddenField()

    def __init__(self, *args: Any, obligations: list[tuple[str, str]], deadlines: dict[str, date],
                 costs: dict[int, Decimal] | None = None, kept_deadline: date | None = None, **kwargs: Any) -> None:
        """Arguments: costs, what the need's cost lines come to in each year, which no year's amount may fall below;
        kept_deadline, the one the need has, which may stand though it has passed.
        """
        self.obligations, self.deadlines, self.costs = obligations, deadlines, costs or {}
        self.kept_deadline = kept_deadline
        super().__init__(*args, **kwargs)
        self.serves.choices = options([("", _("Choose an obligation")), *obligations])

    def check(self, *, draft: bool, suggesting: bool = False, amending: bool = False) -> bool:
        """Validate: everything when submitting; when saving a draft, only what was filled in.

        Arguments: suggesting, partners are to be suggested for the draft, which takes a thematic area; amending, a
        published need is being changed, so that handing the change in takes a sentence on what changes.
        """
        if draft:
            for field in self:
                if not _filled(field):
                    field.validators = [Optional()]
                    if isinstance(field, ChoicesField):
                        field.needed = False
        right = self.validate()
        return all([right, self._years(draft=draft), self._dates(), self._parts(), self._area() if suggesting else True,
                    self._says_what_changes() if amending and not draft else True])

    def _says_what_changes(self) -> bool:
        if not self.note.data and not self.note.errors:
            self.note.errors = [_("Say in a sentence what changes: the ISU and partners read it beside the new version.")]
        return not self.note.errors

    def _parts(self) -> bool:
        """A part of a need is never for more people than the need itself."""
        for part in (self.amounts_visibility, self.details_visibility):
            if part.data and not part.errors and not self.visibility.errors and wider(part.data, self.visibility.data):
                part.errors = [_("A part cannot be seen by more people than the need itself.")]
        return not (self.amounts_visibility.errors or self.details_visibility.errors)

    def _area(self) -> bool:
        if not self.theme.data and not self.theme.errors:
            self.theme.errors = [_("Choose the thematic area: partners are suggested by it.")]
        return not self.theme.errors

    def _years(self, *, draft: bool) -> bool:
        rows = [entry.form for entry in self.years if not entry.form.is_blank]
        complete = [row.complete() for row in rows]  # each row gets its words, not only the first
        right = all(complete)
        seen: set[int] = set()
        for row in rows:
            if row.year.data in seen:
                row.year.errors = [_("This year is already given above.")]
                right = False
            seen.add(row.year.data)
            right = self._covers_its_costs(row) and right
            for field in (row.amount, row.national_share):
                try:
                    check_minor_unit(field, self.currency.data)
                except ValidationError as error:
                    field.errors = [str(error)]
                    right = False
        if not rows and not draft and asks_for_money(self.kinds.data or ()):
            self.years[0].form.amount.errors = [_("Give an amount for at least one year.")]
            right = False
        return right

    def _covers_its_costs(self, row: YearForm) -> bool:
        costs = self.costs.get(row.year.data, Decimal(0))
        if row.amount.data is not None and not row.amount.errors and row.amount.data < costs:
            row.amount.errors = [_("The cost lines of this year come to %(sum)s: change them first, or ask for as much.",
                                   sum=number(costs))]
            return False
        return True

    def _dates(self) -> bool:
        today, right = date.today(), True
        if self.valid_until.data and not self.valid_until.errors:
            if self.valid_until.data <= today:
                self.valid_until.errors = [_("This date has passed: choose one in the future.")]
                right = False
            elif self.valid_until.data > today + timedelta(days=3 * 366):
                self.valid_until.errors = [_("A need stands for three years at most; it can be renewed.")]
                right = False
        known = self.deadlines.get(self.serves.data or "")
        if self.deadline.data and self.deadline.data < today and self.deadline.data not in (known, self.kept_deadline):
            self.deadline.errors = [_("This deadline has passed: choose one in the future.")]
            right = False
        return right

    def amounts(self) -> list[AmountRow]:
        """The filled years as rows of the service."""
        return [(row.year.data, row.year.data, row.amount.data, row.national_share.data or Decimal(0))
                for row in (entry.form for entry in self.years) if not row.is_blank]

    def columns(self) -> dict[str, Any]:
        """The data as columns of Need."""
        kept = self.values("title", "summary", "place", "beneficiaries", "contact_name", "contact_email", "valid_until",
                           "language")
        obligation, article = _split(self.serves.data)
        level = Visibility(self.visibility.data or Visibility.PUBLIC.value)
        return {
            **{key: value if value is not None else ("" if key != "valid_until" else None) for key, value in kept.items()},
            "theme": self.theme.data or None, "kinds": tuple(sorted(self.kinds.data or ())),
            "obligation_id": obligation, "article": article or None,
            "deadline": self.deadline.data or self.deadlines.get(self.serves.data or ""),
            "currency": self.currency.data or "USD", "language": self.language.data or "en",
            "visibility": level,
            "amounts_visibility": Visibility(self.amounts_visibility.data or level),
            "details_visibility": Visibility(self.details_visibility.data or level),
            "excluded_partners": tuple(sorted(set(self.excluded_partners.data or ()))),
        }


def _filled(field: Any) -> bool:
    return any(str(one).strip() for one in (field.raw_data or ())) or isinstance(field, RowsField)


def _split(serves: str | None) -> tuple[int | None, str]:
    """ "o:12:5" names obligation 12 under Article 5; "a:6.3" an article alone."""
    parts = (serves or "").split(":")
    if parts[0] == "o" and len(parts) == 3:
        return int(parts[1]), parts[2]
    return None, parts[1] if parts[0] == "a" and len(parts) == 2 else ""


def wider(part: str, whole: str) -> bool:
    """Whether a visibility is for more people than another."""
    order = [level.value for level in Visibility]
    return order.index(part) < order.index(whole)


def narrower(part: Visibility, whole: Visibility) -> str:
    """A part's visibility as the form chooses it: empty when the part is for the same people as the need."""
    return part.value if wider(whole.value, part.value) else ""


class NoteForm(Form):
    """Words that go with a move."""

    note = ProseField(_l("Comments"), needed=False, most=2000)


class ClosingForm(Form):
    """What became of a need: in words, and, where help came, from whom and how much."""

    outcome = ProseField(_l("What happened"), _l("Say in a few sentences what happened: it is shown with the need and kept."),
                         most=4000)
    supporters = ChoicesField(_l("Who helped"), choices.partners, needed=False)
    received = AmountField(_l("How much came"), needed=False)

    def __init__(self, *args: Any, state: str, currency: str, helped: bool, **kwargs: Any) -> None:
        """Arguments: state, reference of the need's State; currency of the need; helped, whether help came (met, partly met)."""
        super().__init__(*args, **kwargs)
        self.currency, self.helped = currency, helped
        self.supporters.choices = options([(ref, name) for ref, name in choices.partners() if ref != state])
        if not helped:
            del self.supporters, self.received

    def check(self) -> bool:
        """Validate; the amount must be one that the need's currency knows."""
        right = self.validate()
        if self.helped and not self.received.errors:
            try:
                check_minor_unit(self.received, self.currency)
            except ValidationError as error:
                self.received.errors = [str(error)]
                right = False
        return right


class FilterForm(PlainForm):
    """The filters of the list of needs, read from the address."""

    q = LineField(_l("Words"), needed=False, most=100)
    theme = ChoiceField(_l("Thematic area"), choices.themes, needed=False, blank=_l("All areas"))
    region = ChoiceField(_l("Region"), choices.regions, needed=False, blank=_l("All regions"))
    kind = ChoiceField(_l("Kind of assistance"), choices.kinds, needed=False, blank=_l("All kinds"))
    least = AmountField(_l("Asks at least (USD)"), needed=False)
    most = AmountField(_l("Asks at most (USD)"), needed=False)
    until = DayField(_l("Deadline by"), needed=False)
    state = ChoiceField(_l("Status"), lambda: [
        ("open", _l("Open")), ("expired", _l("Past their valid-until date")), ("closed", _l("Closed")),
        *((status.value, LABELS[status]) for status in CLOSED), ("supporters", _l("Met, wholly or partly: supporters named")),
        ("no-supporters", _l("Met, wholly or partly: no supporter named")), ("all", _l("All"))], needed=False, default="open")
    sort = ChoiceField(_l("Order"), lambda: [
        ("newest", _l("Newest first")), ("deadline", _l("Nearest deadline first")),
        ("amount", _l("Largest amount first")), ("state", _l("By State"))], needed=False, default="newest")

    def chosen(self) -> dict[str, Any]:
        """The filters for `queries.published`; a filter that cannot be read is left out (and said so on the page)."""
        self.validate()
        data = {name: (None if field.errors else field.data) for name, field in self._fields.items()}
        reversed_range = data["least"] is not None and data["most"] is not None and data["least"] > data["most"]
        if reversed_range:
            self.most.errors = [_("The most is less than the least: this filter is left out.")]
            data["most"] = None
        state = data["state"] or "open"
        return {"words": data["q"], "theme": data["theme"], "region": data["region"], "kind": data["kind"],
                "least": data["least"], "most": data["most"], "until": data["until"],
                "state": "" if state == "all" else state, "sort": data["sort"] or "newest"}
