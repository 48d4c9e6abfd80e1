"""An outcome as a workbook: facts, attendance, pledges, totals and the notes needed to read them, a sheet each."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from partnerships.conferences.states import CATEGORY_LABELS, OBJECT_LABELS, Category, PledgeObject
from partnerships.core.export import Sheet
from partnerships.pledges.states import KIND_LABELS, LABELS, PledgeKind, PledgeStatus

STAGES = (PledgeStatus.ANNOUNCED, PledgeStatus.CONFIRMED, PledgeStatus.AGREED, PledgeStatus.PAID)


def sheets(content: dict[str, Any], sha256: str = "") -> list[Sheet]:
    """The sheets of an outcome: (name, headings, rows)."""
    return [(_("Facts"), [_("What"), _("Said")], list(_facts(content, sha256))),
            (_("Attendance"), [_("Category"), _("Counted by the source"), _("Code"), _("Name"), _("Head of delegation")],
             list(_attendance(content))),
            (_("Pledges"), _pledge_heads(), [_pledge(one) for one in content["pledges"]]),
            (_("Totals"), [_("For"), _("Currency"), *(str(LABELS[stage]) for stage in STAGES)], list(_totals(content))),
            (_("Targets"), [_("For"), _("Year"), _("Target"), _("Currency"), _("Note")],
             [[_object(one["object"]), one["year"], Decimal(one["amount"]), one["currency"], one["note"]]
              for one in content["targets"]])]


def _object(value: str) -> str:
    return str(OBJECT_LABELS[PledgeObject(value)])


def _facts(content: dict[str, Any], sha256: str) -> Iterator[list[Any]]:
    facts = content["facts"]
    for label, key in ((_("Conference"), "ref"), (_("Title"), "title"), (_("First day"), "first_day"), (_("Last day"), "last_day"),
                       (_("Chair"), "chair"), (_("Place"), "place"), (_("Outcome"), "outcome"), (_("Source"), "source")):
        yield [label, facts[key] or ""]
    yield [_("As of"), content["on"]]
    yield [_("Delegations that pledged"), content["donors"]]
    yield [_("Pledges left out because they are not public"), content["hidden"]]
    yield [_("Note"), _("Stages exclude each other and are never added together, and neither are currencies. Announced means said, "
                        "not given.")]
    for one in content["reference"]["rates"]:
        yield [_("Reference rate"), f"1 {one['currency']} = {one['rate']} {content['reference']['currency']} ({one['on']})"]
    for code in content["reference"]["left_out"]:
        yield [_("Left out of converted totals: no rate"), code]
    if sha256:
        yield [_("SHA-256 of this outcome"), sha256]


def _attendance(content: dict[str, Any]) -> Iterator[list[Any]]:
    for group in content["attendance"]:
        label = str(CATEGORY_LABELS[Category(group["category"])])
        if not group["names"]:
            yield [label, group["stated"], "", "", ""]
        for row in group["names"]:
            yield [label, group["stated"], row["ref"], row["name"], row["head"]]


def _pledge_heads() -> list[str]:
    return [_("Pledge"), _("Donor"), _("Jointly with"), _("For"), _("State"), _("Need"), _("Kind"), _("Stage on that day"),
            _("Currency"), *(str(LABELS[stage]) for stage in STAGES), _("Approximate"), _("Valuation"),
            _("Currency of the valuation"),
            _("First year"), _("Last year"), _("Condition"), _("Statement"), _("Not yet confirmed by the donor")]


def _pledge(one: dict[str, Any]) -> list[Any]:
    return [one["ref"], one["donor"]["name"], "; ".join(part["name"] for part in one["partners"]), _object(one["object"]),
            (one["recipient"] or {}).get("name", ""), one["need"] or "", str(KIND_LABELS[PledgeKind(one["kind"])]),
            str(LABELS[PledgeStatus(one["stage"])]), one["currency"],
            *(Decimal(one["stages"][stage.value]) if stage.value in one["stages"] else None for stage in STAGES),
            one["approximate"] or None, Decimal(one["valuation"]) if one["valuation"] else None, one["valuation_currency"],
            one["first_year"], one["last_year"], one["condition"], one["statement"], one["unconfirmed"] or None]


def _totals(content: dict[str, Any]) -> Iterator[list[Any]]:
    def amounts(stages: dict[str, str]) -> list[Any]:
        return [Decimal(stages.get(stage.value, "0")) for stage in STAGES]

    for row in content["objects"]:
        for currency, stages in row["by_currency"].items():
            yield [_object(row["object"]), currency, *amounts(stages)]
    for currency, stages in content["stages"].items():
        yield [_("All objects"), currency, *amounts(stages)]
    reference = content["reference"]
    yield [_("All objects, converted at the reference rates"), reference["currency"], *amounts(reference["stages"])]
