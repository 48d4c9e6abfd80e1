"""What the pages of the second part are made of: the form of a step, its progress, and the parts a need page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import render_template, url_for

from partnerships.amendments import service as amendments
from partnerships.amendments.service import Working
from partnerships.core.policy import current_actor
from partnerships.core.timeline import LABELS as FIELD_LABELS
from partnerships.needs import content
from partnerships.needs.content import Content
from partnerships.needs.models import Need
from partnerships.needs.states import CHANNELS, CONTAMINATION, COST_LABELS
from partnerships.plans.forms import FORMS, FOUND, RELEASED, StepForm
from partnerships.plans.states import HEADINGS, LABELS, PROGRAMME_PARTS, Step, done, steps


@dataclass(frozen=True)
class CostYear:
    """A year of the cost grid: what the need asks for in it, what the lines come to, and the lines' rows in the form."""

    year: int
    asked: Decimal | None
    lines: Decimal
    rows: list[Any]


def fresh_form(step: Step, working: Working) -> StepForm:
    """The form of a step, filled with what is kept."""
    kept = content.unpacked(working.content)
    data: dict[str, Any] = {name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()}
    data.update({name: content.lines(working.content, name) for name in ("work", "people", "covered")})
    data["costs"] = _grid(working.content)
    data.update({line["part"]: line["text"] for line in content.lines(working.content, "programme")})
    for line in data["work"]:  # no area is an empty field, not a nought to be typed over
        line.update({name: line[name] or None for name in (*FOUND, *RELEASED)})
    if not data["work"]:
        data["work"] = [{"year": line["first_year"]} for line in content.lines(working.content, "amounts")]
    return FORMS[step](data=data, version=str(working.version))


def sent_form(step: Step) -> StepForm:
    """The form of a step as it was sent."""
    return FORMS[step]()


def _grid(kept: Content) -> list[dict[str, Any]]:
    """Every year asked for (and every other that has a cost line) by every kind of cost."""
    lines = {(line["year"], line["kind"]): line for line in content.lines(kept, "costs")}
    years = sorted({line["first_year"] for line in content.lines(kept, "amounts")} | {year for year, _kind in lines})
    return [{"year": year, "kind": kind.value, "amount": line.get("amount"), "note": line.get("note", "")}
            for year in years for kind in COST_LABELS for line in (lines.get((year, kind), {}),)]


def cost_years(form: StepForm, kept: Content) -> list[CostYear]:
    """The rows of the cost grid by year."""
    asked = {line["first_year"]: line["amount"] for line in content.lines(kept, "amounts")}
    rows: dict[int, list[Any]] = {}
    for entry in form["costs"]:
        rows.setdefault(entry.form.when, []).append(entry.form)
    return [CostYear(year, asked.get(year), sum((row.amount.data or Decimal(0) for row in found), Decimal(0)), found)
            for year, found in sorted(rows.items())]


def page(form: StepForm, step: Step, working: Working) -> str:
    """A step's page, with how far the others are."""
    return render_template(
        "plans/edit.html", form=form, step=step, need=working.need, kept=working.content, heading=HEADINGS[step],
        amending=working.is_amendment, labels=LABELS, programme=PROGRAMME_PARTS,
        progress=[(one, done(working.content, one)) for one in steps(working.content)],
        cost_years=cost_years(form, working.content) if step is Step.COSTS else [])


def both(form: StepForm, working: Working) -> list[tuple[str, str, str]]:
    """(label, mine, theirs) of what differs between the form and the record."""
    mine = content.packed(form.part())
    return [(str(FIELD_LABELS.get(key, key)), _plain(key, mine[key]), _plain(key, working.content.get(key)))
            for key in content.differing(working.content, mine)]


def _plain(key: str, value: Any) -> str:
    shown = content.written(key, value)
    return ", ".join(str(one) for one in shown) if isinstance(shown, list) else str(shown if shown is not None else "")


def next_page(step: Step, working: Working, sent: Mapping[str, str]) -> str:
    """Where a kept step leads: to the next one, or, after the last or when the person stops, to where it is handed in."""
    order, ref = steps(working.content), working.need.ref
    after = order[order.index(step) + 1:]
    if "go_on" in sent and after:
        return url_for("plans.edit", ref=ref, step=after[0].value)
    return url_for("needs.edit", ref=ref, _anchor="hand-in") if working.is_amendment else url_for("needs.detail", ref=ref)


def steps_of(need: Need) -> list[tuple[str, str, bool]]:
    """The steps of a need as its State works on it: (name, words, whether it says anything yet)."""
    kept = amendments.working(current_actor(), need).content
    return [(step.value, str(LABELS[step]), done(kept, step)) for step in steps(kept)]


def code_words(kind: str, codes: tuple[str, ...]) -> list[str]:
    """The words of codes: kind is "channel" or "contamination"."""
    table = CHANNELS if kind == "channel" else CONTAMINATION
    return [str(table[code]) for code in codes if code in table]


@dataclass(frozen=True)
class Totals:
    """The sums under the tables of the second part: areas by column, people by whom they are, costs by year and kind."""

    work: dict[str, int]
    people: dict[Any, int]
    years: list[int]
    kinds: list[Any]
    costs: dict[tuple[Any, Any], Decimal]
    covered: Decimal


def totals(need: Need) -> Totals:
    """The sums of a need's lines; costs under (year, kind), (year, "") and ("", kind) and, for all, ("", "")."""
    work = {name: sum(getattr(line, name) for line in need.work) for name in (*FOUND, *RELEASED)}
    people: dict[Any, int] = {}
    for line in need.people:
        people[line.reached] = people.get(line.reached, 0) + line.number
    costs: dict[tuple[Any, Any], Decimal] = {}
    for cost in need.costs:
        for key in ((cost.year, cost.kind), (cost.year, ""), ("", cost.kind), ("", "")):
            costs[key] = costs.get(key, Decimal(0)) + cost.amount
    return Totals(work, people, sorted({line.year for line in need.costs}),
                  [kind for kind in COST_LABELS if ("", kind) in costs], costs,
                  sum((line.amount for line in need.covered), Decimal(0)))
