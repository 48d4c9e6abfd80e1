"""Rows about offers: what each says of a standing offer of the importer's own party. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import gettext as _

from partnerships.exchange import values
from partnerships.exchange.columns import Chosen
from partnerships.exchange.entries import (
    Entry,
    Known,
    Row,
    coded,
    currency_of,
    fits,
    is_example,
    keyed,
    mail_of,
    styles_of,
)
from partnerships.exchange.reading import Cell
from partnerships.parties.models import Party

LONGEST = timedelta(days=3 * 366)  # as the form of an offer
TEXTS = ("title", "summary", "quantities", "conditions", "how_to_ask", "contact_name")


def read(lines: Sequence[tuple[int, list[Cell]]], mapping: Chosen, known: Known, own: Party, today: date) -> list[Entry]:
    """Read the rows of a file; see `needed.read`. `content` holds columns of Offer."""
    styles = styles_of(lines, mapping)
    return [_entry(Row(number, cells, mapping, styles), known, own, today) for number, cells in lines]


def _entry(row: Row, known: Known, own: Party, today: date) -> Entry:
    entry = row.entry
    if is_example(row.cells):
        entry.example = True
        return entry
    row.refuse_what_is_no_value()
    if entry.wrong:
        return entry
    entry.party, entry.ref = own, row.text("ref")
    currency_of(row)
    for name in TEXTS:
        text = row.text(name)
        if text:
            entry.content[name] = text
    mail_of(row)
    for name, field, table in (("theme", "themes", known.themes), ("kinds", "kinds", known.kinds),
                               ("regions", "regions", known.regions), ("languages", "languages", known.languages)):
        codes = coded(row, name, table)
        if codes:
            entry.content[field] = codes
    _countries(row, known)
    _range(row)
    until = row.read("valid_until", values.day)
    if until and not today < until <= today + LONGEST:
        row.wrong("valid_until", _("an offer stands from today for three years at most."))
    elif until:
        entry.content["valid_until"] = until
    numbers = [row.cell(place).text for place in row.mapping.of("external_id") if not values.is_blank(row.cell(place))]
    entry.key = "id-" + keyed(*numbers) if numbers else "row-" + keyed(entry.content.get("title", ""))
    return entry


def _countries(row: Row, known: Known) -> None:
    found = row.first("countries")
    if found is None:
        return
    codes = set()
    for part in found[0].text.replace("\n", ";").split(";"):
        party = known.places.find(part)
        if party is not None:
            codes.add(party.ref)
        elif part.strip():
            row.wrong("countries", _("“%(text)s” is no State known here; part several States by semicolons.",
                                     text=part.strip()[:60]))
    row.entry.content["countries"] = tuple(sorted(codes))


def _range(row: Row) -> None:
    least, most = (row.amount(place[0]) if (place := row.mapping.of(name)) else None for name in ("amount_min", "amount_max"))
    fits(row, "amount_min", [least, most])
    if least is not None and most is not None and least > most:
        row.wrong("amount_max", _("the largest amount is smaller than the smallest one."))
    for name, value in (("amount_min", least), ("amount_max", most)):
        if value is not None:
            row.entry.content[name] = value
    if (least is not None or most is not None) and "currency" not in row.entry.content and not row.entry.wrong:
        row.wrong("currency", _("say in which currency the amount is."))
