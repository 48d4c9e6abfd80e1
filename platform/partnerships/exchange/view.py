"""What the pages of an import show: its rows with what they became, and the mapping as its form holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import Form

from partnerships.core.actor import Actor
from partnerships.core.filters import number
from partnerships.exchange import activities, columns, queries, remembering
from partnerships.exchange.beside import empty
from partnerships.exchange.choosing import Compared, field_label
from partnerships.exchange.fates import spanned
from partnerships.exchange.forms import choose_form, map_form
from partnerships.exchange.models import Fate, Import, ImportOf, ImportRow, ImportStatus
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.offers.models import Offer

SHOWN = ("donor", "recipient", "country", "title", "summary", "object", "target", "year", "first_year", "last_year", "sector",
         "kind", "amount_usd", "amount_national", "amount", "amount_max", "currency")
FEW = 8


@dataclass(frozen=True)
class Shown:
    """One row: its number, fate and words, what stands in its telling cells, and the record it became."""

    number: int
    fate: Fate
    words: str
    cells: list[str]
    href: str
    ref: str
    asks: bool  # whether there is a choice to make, or to make again


def shown(actor: Actor, one: Import, rows: list[ImportRow]) -> list[Shown]:
    """The rows of a page, in a constant number of queries."""
    records = _records(actor, one, {row.record_id for row in rows if row.record_id})
    places = _places(one)
    found = []
    for row in rows:
        cells = row.values["cells"]
        texts = [cells[place][1] for place in places if place < len(cells) and cells[place][1]]
        ref, href = records.get(row.record_id or 0, ("", ""))
        found.append(Shown(row.number, row.fate, row.words, [text[:80] for text in texts[:FEW]], href, ref,
                           row.likeness is not None and one.status is ImportStatus.PREVIEWED))
    return found


def _records(actor: Actor, one: Import, ids: set[int]) -> dict[int, tuple[str, str]]:
    if not ids:
        return {}
    if one.what in (ImportOf.CONTRIBUTIONS, ImportOf.ACTIVITIES):
        return {}  # they have no page of their own: the page of the State and of the donor show them
    if one.what is ImportOf.PLEDGES:
        return {one.id: (one.ref, url_for("pledges.detail", ref=one.ref)) for one in queries.pledges(actor, ids)}
    if one.what is ImportOf.NEEDS:
        return {number: (need.ref, url_for("needs.detail", ref=need.ref)) for number, need in needs.by_ids(actor, ids).items()}
    return {offer.id: (offer.ref, url_for("offers.detail", ref=offer.ref)) for offer in queries.offers(actor, ids)}


def record_href(one: Import, record: Any) -> str:
    """The page of a record that a row is like; "" for one that has none."""
    if isinstance(record, Need):
        return url_for("needs.detail", ref=record.ref)
    return url_for("offers.detail", ref=record.ref) if isinstance(record, Offer) else ""


def _places(one: Import) -> list[int]:
    if one.what is ImportOf.ACTIVITIES:
        return list(activities.TELLING)
    found = columns.chosen(one.mapping["headings"], one.mapping["given"], one.what.value)
    order = {name: rank for rank, name in enumerate(SHOWN)}
    return sorted((place for place, column in found.columns.items() if column.field in order),
                  key=lambda place: (order[found.columns[place].field], place))


@dataclass(frozen=True)
class Field:
    """One field of a row beside the record that it is like, in words."""

    label: str
    here: str
    there: str
    differs: bool


def sides(of: Compared) -> list[Field]:
    """What a row says and what the record, or the earlier row, says of the same, field by field."""
    keys = [key for key in of.said if key != "currency" or "amounts" not in of.said]
    return [Field(field_label(key), here, there, here != there)
            for key in keys for here, there in [(_told(key, of.said), _told(key, of.stands))] if here or there]


def _told(key: str, content: Mapping[str, Any]) -> str:
    value = content.get(key)
    if key == "amounts":
        return "; ".join(f"{spanned(line['first_year'], line['last_year'])}: {number(Decimal(line['amount']))} "
                         f"{content.get('currency') or ''}" for line in value or ())
    if isinstance(value, Decimal):
        return f"{number(value)} {'USD' if key == 'amount_usd' else content.get('currency') or ''}".strip()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")


def choosing_form(of: Compared) -> Form:
    """The form of a choice, with what was chosen, or with the fields ticked that the record leaves empty."""
    said = of.row.likeness or {}
    ticked = said.get("fields", empty(of.merging)) if of.row.choice else empty(of.merging)
    return choose_form(of)(formdata=None, choice=of.row.choice.value if of.row.choice else None, fields=ticked)


def mapping_form(one: Import) -> Form:
    """The form of the mapping, filled with the one that is in force."""
    found = columns.chosen(one.mapping["headings"], one.mapping["given"], one.what.value)
    held = {f"column_{place}": column.field for place, column in found.columns.items()}
    return map_form(one)(formdata=None, version=str(one.version), source=one.mapping["source"], **held)


def given(one: Import, form: Any) -> dict[str, str]:
    """The mapping that a form says: {heading: our field, or "" for a column that is not read}."""
    return {heading: form[f"column_{place}"].data or "" for place, heading in enumerate(one.mapping["headings"])}


def undone(done: int, stay: int) -> str:
    """What undoing an import has led to, in a sentence."""
    words = [ngettext("%(num)s record is as it was before.", "%(num)s records are as they were before.", done)]
    if stay:
        words.append(ngettext("%(num)s stays: its row says why.", "%(num)s stay: their rows say why.", stay))
    return " ".join(words)


def took(one: Import) -> str:
    """The words for columns taken over from an earlier import; "" when none were."""
    kept = one.mapping.get("took")
    return remembering.words(kept) if kept else ""


def lede(one: Import, counts: dict[Fate, int]) -> str:
    """What the page is about, in a sentence."""
    if one.status is ImportStatus.PREVIEWED:
        if counts[Fate.CREATED] + counts[Fate.UPDATED] == 0:
            return _("Nothing in this file would change the register.")
        return _("Nothing is saved yet. Look at the rows, then import them or drop the preview.")
    if one.status is ImportStatus.CONFIRMED:
        return _("These rows are in the register. The whole import can be undone.")
    return _("This import was undone. What somebody had changed meanwhile stays, and its row says so.")
