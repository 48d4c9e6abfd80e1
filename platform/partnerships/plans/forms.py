"""The guided second part, a form a step. All of it is optional; what is given has to add up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms import FormField, HiddenField
from wtforms.validators import ValidationError

from partnerships.core.filters import number
from partnerships.core.forms import (
    AmountField,
    ChoiceField,
    ChoicesField,
    Form,
    LineField,
    ProseField,
    RowsField,
    check_minor_unit,
    enum_choices,
)
from partnerships.core.lists import member
from partnerships.needs.content import Content, lines
from partnerships.needs.states import (
    AGE_LABELS,
    CHANNELS,
    CONTAMINATION,
    COST_LABELS,
    DISABILITY_LABELS,
    REACHED_LABELS,
    SEX_LABELS,
    Age,
    CostKind,
    Disability,
    Reached,
    Sex,
)
from partnerships.plans.fields import SMALLEST_GROUP, AreaField, WholeField, YearField
from partnerships.plans.states import PROGRAMME_PARTS, Step

ROWS = 60
FOUND, RELEASED = ("suspected_m2", "confirmed_m2"), ("cancelled_m2", "reduced_m2", "cleared_m2")


class StepForm(Form):
    """One step. `rows` names its repeating rows; `part` gives what it says as a part of a need's content."""

    rows = ""

    def check(self, content: Content) -> bool:
        """Validate by itself and against the need it belongs to; words stand beside what is wrong."""
        return bool(self.validate())

    def part(self) -> dict[str, Any]:
        """What the step says, as values of a need's content. A step without fields says nothing."""
        return {}

    def add_row(self) -> None:
        """One more row, for people without JavaScript."""
        if self.rows and len(self[self.rows]) < ROWS:
            self[self.rows].append_entry({})

    def _filled(self, name: str) -> Iterator[Any]:
        return (entry.form for entry in self[name] if not entry.form.is_blank)


class WorkRow(PlainForm):
    """One area in one year. Areas in square metres."""

    year = YearField(_l("Year"))
    area = LineField(_l("Area or district"), needed=False, most=200)
    contamination = ChoicesField(_l("What lies there"), CONTAMINATION.items, needed=False)
    suspected_m2 = AreaField(_l("Suspected hazardous area"))
    confirmed_m2 = AreaField(_l("Confirmed hazardous area"))
    cancelled_m2 = AreaField(_l("To be cancelled"))
    reduced_m2 = AreaField(_l("To be reduced"))
    cleared_m2 = AreaField(_l("To be cleared"))

    @property
    def is_blank(self) -> bool:
        """Nothing but a year, which the form itself may have filled in."""
        typed = [self.area.data, *(self.contamination.data or ()), *(self[name].typed for name in (*FOUND, *RELEASED))]
        return not any(typed) and all(self[name].data is None for name in (*FOUND, *RELEASED))

    def complete(self) -> bool:
        """Words beside what is missing, and where more is to be released than is there."""
        if self.year.data is None and not self.year.errors:
            self.year.errors = [_("Say in which year this work is planned.")]
        there, released = (sum(self[name].data or 0 for name in names) for names in (FOUND, RELEASED))
        if not there + released and not self.confirmed_m2.errors:
            self.confirmed_m2.errors = [_("Give at least one area in figures.")]
        if released > there and there and not self.cleared_m2.errors:
            self.cleared_m2.errors = [_(
                "Cancelled, reduced and cleared come to %(released)s m², more than the %(there)s m² suspected and confirmed.",
                released=number(released), there=number(there))]
        if released and not there and not self.confirmed_m2.errors:
            self.confirmed_m2.errors = [_("Say how much is suspected or confirmed: no more can be released than is there.")]
        return not any(field.errors for field in self)


class WorkForm(StepForm):
    """The work plan, by year and area."""

    rows = "work"
    work = RowsField(FormField(WorkRow), min_entries=3, max_entries=ROWS)

    def check(self, content: Content) -> bool:
        right = self.validate()
        return all([right, *[row.complete() for row in self._filled("work")]])

    def part(self) -> dict[str, Any]:
        return {"work": sorted(({
            "year": row.year.data, "area": row.area.data or "", "contamination": tuple(sorted(set(row.contamination.data or ()))),
            **{name: row[name].data or 0 for name in (*FOUND, *RELEASED)}} for row in self._filled("work")),
            key=lambda line: (line["year"], line["area"]))}


class PeopleRow(PlainForm):
    """One group of people, as a number."""

    reached = ChoiceField(_l("Who"), enum_choices(REACHED_LABELS))
    sex = ChoiceField(_l("Sex"), enum_choices(SEX_LABELS), default=Sex.ALL.value)
    age = ChoiceField(_l("Age"), enum_choices(AGE_LABELS), default=Age.ALL.value)
    disability = ChoiceField(_l("Disability"), enum_choices(DISABILITY_LABELS), default=Disability.ALL.value)
    number = WholeField(_l("How many"))

    @property
    def is_blank(self) -> bool:
        """Without a number a row says nothing."""
        return self.number.data is None and not self.number.typed

    @property
    def group(self) -> tuple[str, ...]:
        """Whom the row counts."""
        return self.reached.data, self.sex.data, self.age.data, self.disability.data

    def complete(self, seen: set[tuple[str, ...]]) -> bool:
        """Words for a group that is too small to be named, or is there already."""
        if self.number.data is not None and not self.number.errors and self.number.data < SMALLEST_GROUP:
            self.number.errors = [_("Groups smaller than %(least)s can point to a person: merge groups.", least=SMALLEST_GROUP)]
        if self.group in seen and not self.reached.errors:
            self.reached.errors = [_("This group is already given above.")]
        seen.add(self.group)
        return not any(field.errors for field in self)


class PeopleForm(StepForm):
    """How many people are reached, by sex, age and disability. Aggregates only."""

    rows = "people"
    people = RowsField(FormField(PeopleRow), min_entries=4, max_entries=ROWS)

    def validate(self, extra_validators: Any = None) -> bool:
        """A row without a number says nothing, so its choices are not asked for."""
        for entry in self.people:
            if entry.form.is_blank:
                for field in entry.form:
                    field.validators = []
        return bool(super().validate(extra_validators))

    def check(self, content: Content) -> bool:
        seen: set[tuple[str, ...]] = set()
        right = self.validate()
        return all([right, *[row.complete(seen) for row in self._filled("people")]])

    def part(self) -> dict[str, Any]:
        return {"people": [{"reached": Reached(row.reached.data), "sex": Sex(row.sex.data), "age": Age(row.age.data),
                            "disability": Disability(row.disability.data), "number": row.number.data}
                           for row in self._filled("people")]}


class CostRow(PlainForm):
    """What one kind of cost takes in one year: both are set by the page, the amount is typed."""

    year = HiddenField()
    kind = HiddenField()
    amount = AmountField(_l("Amount"), needed=False)
    note = LineField(_l("What for"), needed=False, most=300)

    @property
    def is_blank(self) -> bool:
        """Neither an amount nor what it is for; an amount of zero takes a line away."""
        return not self.amount.data and not self.amount.errors and not self.note.data

    @property
    def when(self) -> int:
        """The year, 0 when it is none."""
        typed = str(self.year.data or "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else 0

    def complete(self, currency: str) -> bool:
        """Words beside an amount that is missing or finer than its currency."""
        if self.note.data and not self.amount.data and not self.amount.errors:
            self.amount.errors = [_("Give the amount for this.")]
        try:
            check_minor_unit(self.amount, currency)
        except ValidationError as error:
            self.amount.errors = [str(error)]
        if not self.when or not member(CostKind, self.kind.data):
            self.amount.errors = [_("Choose from the list.")]
        return not (self.amount.errors or self.note.errors)


class CoverRow(PlainForm):
    """What somebody already covers, outside this register."""

    by_whom = LineField(_l("By whom"), needed=False, most=200)
    year = YearField(_l("Year"))
    amount = AmountField(_l("Amount"), needed=False)
    note = LineField(_l("What for"), needed=False, most=300)

    @property
    def is_blank(self) -> bool:
        """Nothing typed at all."""
        return not (self.by_whom.data or self.amount.typed or self.amount.data or self.note.data)

    def complete(self, currency: str) -> bool:
        """Words beside what a half-filled row lacks."""
        if not self.by_whom.data and not self.by_whom.errors:
            self.by_whom.errors = [_("Say who covers this: a donor, an organisation, the State's own budget.")]
        if not self.amount.data and not self.amount.errors:
            self.amount.errors = [_("Give the amount that is covered.")]
        try:
            check_minor_unit(self.amount, currency)
        except ValidationError as error:
            self.amount.errors = [str(error)]
        return not any(field.errors for field in self)


class CostsForm(StepForm):
    """Cost lines by year and kind, and what is already covered and by whom; in the need's currency."""

    rows = "covered"
    costs = RowsField(FormField(CostRow), max_entries=120)
    covered = RowsField(FormField(CoverRow), min_entries=2, max_entries=ROWS)
    national_note = ProseField(_l("What the State itself brings"), needed=False, most=3000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in (entry.form for entry in self.costs):  # the kind of cost is the name of its amount
            kind = member(CostKind, row.kind.data or "")
            row.amount.label.text = COST_LABELS[kind] if kind else row.amount.label.text
            row.year.data, row.kind.data = str(row.when or ""), kind.value if kind else ""

    def check(self, content: Content) -> bool:
        right, currency = self.validate(), str(content["currency"])
        rows = [*(row.complete(currency) for row in self._filled("costs")),
                *(row.complete(currency) for row in self._filled("covered"))]
        return all([right, *rows, self._within(content)])

    def _within(self, content: Content) -> bool:
        """The cost lines are a breakdown of the year's amount: they never come to more."""
        asked = {line["first_year"]: line["amount"] for line in lines(content, "amounts")}
        sums: dict[int, Decimal] = {}
        seen: set[tuple[int, str]] = set()
        for row in self._filled("costs"):
            sums[row.when] = sums.get(row.when, Decimal(0)) + (row.amount.data or 0)
            if row.amount.errors:
                continue
            if (row.when, row.kind.data) in seen:
                row.amount.errors = [_("This kind of cost is already given for the year.")]
            elif row.when not in asked:
                row.amount.errors = [_("The need asks for no amount in this year: add the year to the need first.")]
            elif sums[row.when] > asked[row.when]:
                row.amount.errors = [_("With this the cost lines of %(year)s come to %(sum)s, more than the %(asked)s asked for.",
                                       year=row.when, sum=number(sums[row.when]), asked=number(asked[row.when]))]
            seen.add((row.when, row.kind.data))
        return not any(row.amount.errors for row in self._filled("costs"))

    def part(self) -> dict[str, Any]:
        order = list(COST_LABELS)
        costs = [{"year": row.when, "kind": CostKind(row.kind.data), "amount": row.amount.data, "note": row.note.data or ""}
                 for row in self._filled("costs")]
        return {
            "costs": sorted(costs, key=lambda line: (line["year"], order.index(line["kind"]))),
            "covered": [{"by_whom": row.by_whom.data, "year": row.year.data, "amount": row.amount.data,
                         "note": row.note.data or ""} for row in self._filled("covered")],
            "national_note": self.national_note.data or "",
        }


def _web_address(form: Any, field: Any) -> None:
    """A link that a browser opens as a page, and nothing else."""
    if not field.data:
        return
    try:
        parts = urlsplit(field.data)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and not set(field.data) & set(" \\<>\"")
    except ValueError:
        right = False
    if not right:
        raise ValidationError(_("Give a web address that begins with https:// or http://."))


class ContextForm(StepForm):
    """The plan a need comes from, the channels, and what a partner weighs before it decides."""

    plan_title = LineField(_l("Plan it comes from"), needed=False, most=300)
    plan_year = YearField(_l("Year of the plan"), 1990)
    plan_url = LineField(_l("Link to the plan"), needed=False, most=500, validators=[_web_address])
    channels = ChoicesField(_l("Through whom help may come"), CHANNELS.items, needed=False)
    risks = ProseField(_l("Risks and assumptions"), needed=False, most=3000)
    gender_analysis = ProseField(_l("Gender and diversity"), needed=False, most=3000)
    sustainability = ProseField(_l("After completion"), needed=False, most=3000)

    def part(self) -> dict[str, Any]:
        texts = self.values("plan_title", "plan_url", "risks", "gender_analysis", "sustainability")
        return {**{name: text or "" for name, text in texts.items()}, "plan_year": self.plan_year.data,
                "channels": tuple(sorted(set(self.channels.data or ())))}


class ProgrammeForm(StepForm):
    """The six parts of a request for help to elaborate a national programme (Article 6.7, a to f)."""

    a, b, c, d, e, f = (ProseField(name, needed=False, most=3000) for name, _hint in PROGRAMME_PARTS.values())

    def part(self) -> dict[str, Any]:
        return {"programme": [{"part": part, "text": self[part].data} for part in PROGRAMME_PARTS if self[part].data]}


FORMS: dict[Step, type[StepForm]] = {
    Step.WORK: WorkForm, Step.PEOPLE: PeopleForm, Step.COSTS: CostsForm, Step.CONTEXT: ContextForm,
    Step.PROGRAMME: ProgrammeForm,
}
