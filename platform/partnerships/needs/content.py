"""A need's content: everything that its State says in it, as plain data that can be kept, compared and put back.

A draft, an amendment and every published version hold the same content, so that one form writes them, one page compares
them, and nothing that a partner once read is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from partnerships.core import audit, money
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.needs.models import CostLine, CoverLine, Need, NeedAmount, PeopleLine, ProgrammePart, WorkLine
from partnerships.needs.states import Age, CostKind, Disability, Reached, Sex

Content = dict[str, Any]


def _same(value: Any) -> Any:
    return value


def _or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


# Columns of Need, with how each is read back from plain data.
COLUMNS: dict[str, Callable[[Any], Any]] = {
    "title": _same, "summary": _same, "theme": _same, "kinds": tuple, "place": _same, "article": _same,
    "obligation_id": _same, "deadline": _or_none(date.fromisoformat), "currency": _same, "beneficiaries": _same,
    "language": _same, "contact_name": _same, "contact_email": _same, "valid_until": _or_none(date.fromisoformat),
    "visibility": Visibility, "amounts_visibility": Visibility, "details_visibility": Visibility,
    "excluded_partners": tuple, "channels": tuple, "national_note": _same, "risks": _same, "gender_analysis": _same,
    "sustainability": _same, "plan_title": _same, "plan_year": _same, "plan_url": _same,
}
# Lines that hang on a need: the table, and its columns with how each is read back.
LINES: dict[str, tuple[type, dict[str, Callable[[Any], Any]]]] = {
    "amounts": (NeedAmount, {"first_year": int, "last_year": int, "amount": Decimal, "national_share": Decimal}),
    "work": (WorkLine, {"year": int, "area": _same, "contamination": tuple, "suspected_m2": int, "confirmed_m2": int,
                        "cancelled_m2": int, "reduced_m2": int, "cleared_m2": int}),
    "people": (PeopleLine, {"reached": Reached, "sex": Sex, "age": Age, "disability": Disability, "number": int}),
    "costs": (CostLine, {"year": int, "kind": CostKind, "amount": Decimal, "note": _same}),
    "covered": (CoverLine, {"by_whom": _same, "year": _same, "amount": Decimal, "note": _same}),
    "programme": (ProgrammePart, {"part": _same, "text": _same}),
}
# The parts that may be seen by fewer people than the need: see needs/policy.py.
AMOUNT_KEYS = ("amounts", "costs", "covered", "national_note", "received")
DETAIL_KEYS = ("work", "people", "risks", "gender_analysis", "sustainability", "programme")
CONTACT_KEYS = ("contact_name", "contact_email")


def snapshot(need: Need) -> Content:
    """The content of a need, as JSON can keep it: texts, ISO dates, decimal strings, lists of codes, lists of lines."""
    found: Content = {name: audit.plain(getattr(need, name)) for name in COLUMNS}
    for name, (_table, columns) in LINES.items():
        found[name] = [{column: audit.plain(getattr(line, column)) for column in columns} for line in getattr(need, name)]
    return found


def packed(values: Mapping[str, Any]) -> Content:
    """Values as forms give them (dates, Decimal, enums, tuples; lines as mappings) as `snapshot` has them."""
    return {key: [{name: audit.plain(one) for name, one in line.items()} for line in value] if key in LINES
            else audit.plain(value) for key, value in values.items()}


def unpacked(content: Content) -> dict[str, Any]:
    """The columns of Need in a content, as Python values. Keys that a content lacks are left out."""
    return {name: read(content[name]) for name, read in COLUMNS.items() if name in content}


def lines(content: Content, name: str) -> list[dict[str, Any]]:
    """The lines of one kind in a content, as Python values."""
    _table, columns = LINES[name]
    return [{column: read(line[column]) for column, read in columns.items() if column in line}
            for line in content.get(name, [])]


def apply(need: Need, content: Content) -> None:
    """Put a content into a need, and bring what is computed from it up to date. What it lacks stays as it is."""
    before = snapshot(need)
    for name, value in unpacked(content).items():
        setattr(need, name, value)
    changed = [name for name in LINES if name in content and content[name] != before[name]]
    for name in changed:
        setattr(need, name, [])
    if changed:
        db.session.flush()  # the old lines go before the new ones come: they may be of the same years
    for name in changed:
        table, _columns = LINES[name]
        setattr(need, name, [table(**line) for line in lines(content, name)])
    total(need)


def total(need: Need) -> None:
    """The sums over a need's years, kept with it. `asked_usd` is for filters and matching only."""
    need.asked = sum((row.amount for row in need.amounts), Decimal(0)) if need.amounts else None
    need.national_share = sum((row.national_share for row in need.amounts), Decimal(0))
    need.asked_usd = in_usd(need.asked, need.currency)


def in_usd(amount: Decimal | None, currency: str) -> Decimal | None:
    """The amount in US dollars at the last reference rate, for filters and matching only; None without a rate."""
    if amount is None:
        return None
    found = money.convert(amount, currency, "USD", min(date.today(), money.latest_day()))
    return found.amount if found else None


def differing(before: Content, after: Content) -> list[str]:
    """The keys in which two contents differ, in the order of the form. A key that `after` lacks does not differ."""
    return [key for key in (*COLUMNS, *LINES)
            if key in after and _blank(before.get(key)) != _blank(after[key])]


def _blank(value: Any) -> Any:
    return None if value in ("", [], None) else value


def written(key: str, value: Any) -> Any:
    """A value as the event table keeps it: lines as one text a kind, everything else as it is."""
    if key not in LINES:
        return value
    if key == "amounts":
        return "; ".join(f"{row['first_year']}: {row['amount']} ({row['national_share']})" for row in value or ())
    return "; ".join(" ".join(_cell(cell) for cell in line.values() if cell not in ("", None, 0, [])) for line in value or ())


def _cell(value: Any) -> str:
    return "+".join(value) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)
