"""What the pages of a what-if plan show: the form filled, the answer for one reader, two plans side by side, a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from partnerships.allocations import queries
from partnerships.allocations.forms import SPARE, AllocationForm
from partnerships.allocations.models import Allocation
from partnerships.allocations.states import NEED_REASONS, STAGES, STATE_REASONS
from partnerships.core import export
from partnerships.core.actor import Actor, Role
from partnerships.core.db import utcnow
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.parties import choices

PULLING = 3
LEFT = 20  # needs that are left over and listed; the file holds all


def bound_form(actor: Actor, allocation: Allocation | None = None, **values: Any) -> AllocationForm:
    """The form, bound to what was sent or to the values given, with spare rows for budgets."""
    kept = tuple(allocation.scope.get("states", ())) if allocation else ()
    form = AllocationForm(conferences=[(one.ref, f"{one.ref} {one.title}") for one in queries.conferences(actor)],
                          kept=kept, **values)
    if not form.is_submitted():
        add_rows(form, max(0, SPARE - sum(entry.form.is_blank for entry in form.budgets)))
    return form


def add_rows(form: AllocationForm, count: int = SPARE) -> None:
    """More rows for budgets, as far as there is room."""
    for _number in range(count):
        if len(form.budgets) < (form.budgets.max_entries or 0):
            form.budgets.append_entry()


def fresh_form(actor: Actor, conference: str) -> AllocationForm:
    """A fresh form: a floor of 20 %, and a donor officer's own State or organisation as the first donor."""
    rows = [{"donor": actor.party_name}] if actor.role is Role.DONOR_OFFICER else []
    return bound_form(actor, floor=20, conference=conference, budgets=rows)


def filled_form(actor: Actor, allocation: Allocation) -> AllocationForm:
    """The form of a kept plan."""
    wanted = allocation.scope
    rows = [{"donor": partner(row["donor"]), "amount": Decimal(row["amount"]), "themes": row["themes"],
             "countries": ", ".join(partner(ref) for ref in row["countries"])} for row in allocation.budgets]
    return bound_form(
        actor, allocation, title=allocation.title, note=allocation.note, floor=allocation.floor, budgets=rows,
        conference=allocation.conference.ref if allocation.conference else "", themes=wanted.get("themes"),
        region=wanted.get("region"), states=wanted.get("states"), needs=", ".join(wanted.get("needs", ())),
        minimum=allocation.minimum or None, version=str(allocation.version))


def both(form: AllocationForm, allocation: Allocation) -> list[tuple[str, str, str]]:
    """(label, mine, theirs) of the fields in which the form and the record differ."""
    mine, rows = form.columns(), []
    for key, label in (("title", form.title), ("floor", form.floor), ("minimum", form.minimum), ("note", form.note)):
        if mine[key] != getattr(allocation, key):
            rows.append((str(label.label.text), str(mine[key]), str(getattr(allocation, key))))
    whole = ((_("Budgets"), mine["budgets"], allocation.budgets), (_("Needs"), [mine["scope"]], [allocation.scope]))
    for words, one, other in whole:
        if one != other:
            rows.append((words, _in_short(one), _in_short(other)))
    return rows


def _in_short(rows: Iterable[dict[str, Any]]) -> str:
    return "; ".join(", ".join(str(value) for value in row.values() if value) for row in rows) or _("all")


def partner(ref: str) -> str:
    """The name of a State or organisation."""
    return choices.label(choices.partners(), ref)


def scope_words(allocation: Allocation) -> str:
    """Which needs a plan looks at, in words."""
    wanted = allocation.scope
    parts = [", ".join(choices.label(choices.themes(), code) for code in wanted.get("themes", ())),
             choices.label(choices.regions(), wanted.get("region")),
             ", ".join(partner(ref) for ref in wanted.get("states", ())), ", ".join(wanted.get("needs", ()))]
    return "; ".join(part for part in parts if part) or _("all open public needs")


def earmark(budget: dict[str, Any]) -> str:
    """What a budget is tied to, in words; empty when it is free."""
    return "; ".join(part for part in (
        ", ".join(choices.label(choices.themes(), code) for code in budget["themes"]),
        ", ".join(partner(ref) for ref in budget["countries"])) if part)


@dataclass(frozen=True)
class Line:
    """One what-if grant. `need` is None when the reader may no longer see it."""

    need: Need | None
    state: str
    donor: str
    usd: int
    score: float


@dataclass
class Group:
    """A donor with its budget, or a State with what it asks, and the grants of it."""

    ref: str
    whole: int
    placed: int
    words: str = ""
    lines: list[Line] = field(default_factory=list)

    @property
    def name(self) -> str:
        return partner(self.ref)

    @property
    def left(self) -> int:
        return self.whole - self.placed

    @property
    def share(self) -> float:
        return self.placed / self.whole if self.whole else 0.0


@dataclass(frozen=True)
class Other:
    """One way of placing the same budgets, as a row of the comparison."""

    words: str
    value: float
    placed: int
    nothing: int
    below: int


class Answer:
    """A computed plan for one reader: names in their language, needs as far as they may see them."""

    def __init__(self, actor: Actor, allocation: Allocation) -> None:
        assert allocation.result is not None
        self.kept: dict[str, Any] = allocation.result
        self.on = date.fromisoformat(self.kept["on"])
        self._rows = {row[1]: row for row in self.kept["needs"]}
        self._needs = needs.by_ids(actor, {row[0] for row in self.kept["needs"]})
        self.lines = [Line(self._need(need), self._rows[need][2], donor, usd, score)
                      for need, donor, usd, score in self.kept["grants"]]
        self.donors = self._donors(allocation)
        self.states = self._states()

    def _need(self, ref: str) -> Need | None:
        return self._needs.get(self._rows[ref][0])

    def _donors(self, allocation: Allocation) -> list[Group]:
        groups = {row["donor"]: Group(row["donor"], int(row["amount"]), 0) for row in allocation.budgets}
        for line in self.lines:
            groups[line.donor].placed += line.usd
            groups[line.donor].lines.append(line)
        for group in groups.values():
            if group.left:
                group.words = (_("No need of this plan fits it.") if not self.kept["fits"].get(group.ref)
                               else _("Every need that it may fund is covered, or falls below the smallest grant.")
                               if self.kept["minimum"] else _("Every need that its earmarks let it fund is covered."))
        return sorted(groups.values(), key=lambda group: group.name)

    def _states(self) -> list[Group]:
        groups = {ref: Group(ref, asked, placed, str(STATE_REASONS.get(reason, "")))
                  for ref, asked, placed, _target, reason in self.kept["states"]}
        for line in self.lines:
            groups[line.state].lines.append(line)
        return sorted(groups.values(), key=lambda group: (-group.share, group.name))

    @property
    def short(self) -> list[Group]:
        """The States that get nothing, or less than the floor."""
        return [group for group in self.states if group.words]

    @property
    def left(self) -> list[tuple[Need | None, str, int, str]]:
        """(need, State, dollars left, why) of the needs with most left over."""
        rows = sorted(self.kept["uncovered"], key=lambda row: (-row[1], row[0]))[:LEFT]
        return [(self._need(ref), self._rows[ref][2], usd, str(NEED_REASONS[reason])) for ref, usd, reason in rows]

    @property
    def pulls(self) -> list[tuple[str, float]]:
        """(State, value that one more dollar for it would cost), those that pull most."""
        return [(partner(ref), cost) for ref, cost in self.kept["pulls"][:PULLING]]

    @property
    def others(self) -> list[Other]:
        """This plan, the one without a floor, and the best pair first, their value against the one without a floor."""
        best = self.kept["without_floor"]["value"] or 1.0
        mine = {"value": self.kept["value"], "placed": self.kept["placed"], "states": {one.ref: one.placed for one in self.states}}
        return [self._other(words, found, best) for words, found in (
            (_("This plan"), mine), (_("Without a floor or a smallest grant"), self.kept["without_floor"]),
            (_("Best pair first, without a plan"), self.kept["greedy"]))]

    def _other(self, words: str, found: dict[str, Any], best: float) -> Other:
        placed, level = found["states"], max(self.kept["floor"], 20) / 100
        return Other(words, found["value"] / best, found["placed"], sum(not placed.get(one.ref) for one in self.states),
                     sum(placed.get(one.ref, 0) < level * one.whole for one in self.states))


@dataclass(frozen=True)
class Beside:
    """One State or donor in two plans: what it asks or has, and what is placed, in each; None where it is not in one."""

    name: str
    ref: str
    a: Group | None
    b: Group | None

    @property
    def change(self) -> int:
        """Dollars placed in the second less those in the first."""
        return (self.b.placed if self.b else 0) - (self.a.placed if self.a else 0)


def beside(a: list[Group], b: list[Group]) -> list[Beside]:
    """Two lists of groups side by side, by name."""
    left, right = {one.ref: one for one in a}, {one.ref: one for one in b}
    rows = [Beside(partner(ref), ref, left.get(ref), right.get(ref)) for ref in left.keys() | right.keys()]
    return sorted(rows, key=lambda row: (row.name, row.ref))


def stages(allocation: Allocation) -> list[tuple[str, str]]:
    """(words, "done", "now" or "ahead") of each stage of a running computation."""
    keys = list(STAGES)
    at = keys.index(allocation.stage) if allocation.stage in keys else 0
    shown = list(enumerate(keys)) if at == 0 else list(enumerate(keys))[1:]
    return [(str(STAGES[key]), "done" if number < at else "now" if number == at else "ahead") for number, key in shown]


def elapsed(allocation: Allocation) -> int:
    """Seconds since the computation began."""
    return max(0, int((utcnow() - (allocation.status_on or utcnow())).total_seconds()))


def spreadsheet(actor: Actor, allocation: Allocation) -> str:
    """A computed plan as CSV: a row for each what-if grant, and one for what is left of each need."""
    answer, text = Answer(actor, allocation), io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_("What-if plan, not a commitment"), _("Computed on"), _("Donor code"), _("Donor"), _("State code"),
                     _("State"), _("Need"), _("Title of the need"), _("What-if grant, USD"), _("What-if left uncovered, USD"),
                     _("Fit (of 100)"), _("Why it is left")])
    for line in answer.lines:
        _write(writer, allocation, answer, line.need, line.state, line.donor, [line.usd, "", line.score, ""])
    for ref, usd, reason in answer.kept["uncovered"]:
        need = answer._need(ref)
        _write(writer, allocation, answer, need, answer._rows[ref][2], "", ["", usd, "", str(NEED_REASONS[reason])])
    return "\ufeff" + text.getvalue()  # the mark tells spreadsheets that this is UTF-8


def _write(writer: Any, allocation: Allocation, answer: Answer, need: Need | None, state: str, donor: str,
           rest: list[Any]) -> None:
    named = [need.ref, need.title] if need else ["", _("no longer within your sight")]
    writer.writerow([export.safe(value) for value in [
        f"{allocation.ref} {allocation.title}", answer.on.isoformat(), donor, partner(donor) if donor else "", state,
        partner(state), *named, *rest]])
