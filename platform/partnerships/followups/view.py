"""What the page of rules shows: each rule as it is set, and what answers taught."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from partnerships.followups import queries
from partnerships.followups.rules.learning import weight
from partnerships.followups.rules.table import RULES, Rule, setting
from partnerships.followups.states import DISMISSALS


@dataclass(frozen=True)
class Row:
    """A rule as it is set; `taken` and `dismissed` count answers, `reasons` says why in words, `weight` is of 1."""

    rule: Rule
    enabled: bool
    number: int
    taken: int
    dismissed: int
    reasons: list[tuple[Any, int]]
    weight: float


def rules() -> list[Row]:
    """All rules, in the order of the table."""
    tuned, answers = queries.tuned(), queries.answers()
    rows = []
    for rule in RULES.values():
        enabled, number = setting(rule, tuned.get(rule.reason))
        said = answers.get(rule.reason, {})
        reasons = [(label, said[one.value]) for one, label in DISMISSALS.items() if one.value in said]
        rows.append(Row(rule, enabled, number, said.get("taken", 0), sum(count for _label, count in reasons), reasons,
                        weight(said)))
    return rows


def both_settings(form: Any, rule: Rule, now: tuple[bool, int]) -> list[tuple[str, str, str]]:
    """What somebody typed beside what stands, where they differ: (field, typed, stands)."""
    enabled, number = now
    rows = [(_("This rule"), _("On") if form.enabled.data == "on" else _("Off"), _("On") if enabled else _("Off")),
            (f"{rule.asks} ({rule.unit})", str(form.number.data), str(number))]
    return [row for row in rows if row[1] != row[2]]
