"""Rows about needs: what each says of a State's need, and the key by which another import knows it again. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import gettext as _

from partnerships.exchange import values
from partnerships.exchange.columns import Chosen
from partnerships.exchange.entries import (
    MOST,
    Entry,
    Known,
    Row,
    coded,
    currency_of,
    fits,
    is_example,
    iso,
    keyed,
    mail_of,
    styles_of,
    theme_of,
)
from partnerships.exchange.reading import Cell
from partnerships.parties.models import Party

SMALL, USUAL = Decimal(1000), Decimal(100_000)
TEXTS = ("place", "beneficiaries", "contact_name")


def read(lines: Sequence[tuple[int, list[Cell]]], mapping: Chosen, known: Known, *, own: Party | None = None,
         source: str = "") -> list[Entry]:
    """Read the rows of a file.

    Arguments: lines, without the heading; own, the State whose people import (None for the ISU); source, one source for
    every row that names none. Returns: an entry a row, in the file's order.
    """
    styles = styles_of(lines, mapping)
    entries = [_entry(Row(number, cells, mapping, styles), known, own, source) for number, cells in lines]
    _in_thousands(entries)
    return entries


def _entry(row: Row, known: Known, own: Party | None, source: str) -> Entry:
    entry = row.entry
    if is_example(row.cells):
        entry.example = True
        return entry
    row.refuse_what_is_no_value()
    if entry.wrong:
        return entry
    entry.party = _state(row, known, own)
    entry.ref = row.text("ref")
    entry.source = row.text("source") or source
    currency_of(row)
    _words(row, known)
    _years(row)
    _amounts(row)
    entry.key = _key(row)
    return entry


def _state(row: Row, known: Known, own: Party | None) -> Party | None:
    named = [(row.cell(place).text, known.places.find(row.cell(place).text)) for place in row.mapping.of("country")
             if not values.is_blank(row.cell(place))]
    unknown = [text for text, party in named if party is None]
    found = {party.ref: party for _text, party in named if party is not None}
    if unknown:
        row.wrong("country", _("“%(text)s” is no State known here: use its name or its code of three letters.",
                               text=unknown[0][:60]))
    elif len(found) > 1:
        row.wrong("country", _("the row names two States: %(names)s.", names=", ".join(sorted(found))))
    elif not found and own is None:
        row.wrong("country", _("no State is named."))
    party = next(iter(found.values()), own)
    if own is not None and party is not None and party.ref != own.ref:
        row.wrong("country", _("you can import needs of your own State only."))
    return party


def _words(row: Row, known: Known) -> None:
    content = row.entry.content
    summary, title = row.text("summary"), row.text("title")
    if not title and 0 < len(summary) <= MOST["title"]:
        title = " ".join(summary.split())
    for name, text in (("title", title), ("summary", summary), *((name, row.text(name)) for name in TEXTS)):
        if text:
            content[name] = text
    basis, kinds = row.text("basis"), coded(row, "kinds", known.kinds)
    if basis:
        content["basis"] = basis
    if kinds:
        content["kinds"] = list(kinds)
    mail_of(row)
    for name in ("deadline", "valid_until"):
        day = row.read(name, values.day)
        if day:
            content[name] = iso(day)
    _serves(row, known)


def _serves(row: Row, known: Known) -> None:
    """The article and the thematic area. A text that names no single area leaves it open, and the words say so."""
    entry, content = row.entry, row.entry.content
    article = row.text("article").removeprefix("Article ").strip()
    if article and article not in known.articles:
        row.wrong("article", _("“%(text)s” is no article of the Convention that a need can serve.", text=article[:20]))
    elif article:
        content["article"] = article
    theme = row.text("theme")
    if theme:
        code = theme_of(theme, known.themes)
        if code:
            content["theme"] = code
        else:
            entry.said.append(_("“%(text)s” names no single thematic area: it is left open.", text=theme[:60]))


def _years(row: Row) -> None:
    """The years of the row's amount. A column of years comes before columns of first and last year, which may be a plan's."""
    entry = row.entry
    span = row.read("year", values.years)
    if span is None and row.first("year") is None:
        first, last = row.read("first_year", values.years), row.read("last_year", values.years)
        if first or last:
            span = ((first or last)[0], (last or first)[1])
    if span and span[0] > span[1]:
        row.wrong("first_year", _("the years are in the wrong order (%(first)s, %(last)s).", first=span[0], last=span[1]))
    entry.span = span


def _amounts(row: Row) -> None:
    """The amounts: one for the row's years, or one for each year that a heading names."""
    entry = row.entry
    by_year: dict[tuple[int, int] | None, list[Decimal | None]] = {}
    for position, name in enumerate(("amount", "national_share")):
        for place in row.mapping.of(name):
            value, year = row.amount(place), row.mapping.columns[place].year
            pair = by_year.setdefault((year, year) if year else entry.span, [None, None])
            pair[position] = value if value is not None else pair[position]
    for span, (amount, share) in by_year.items():
        fits(row, "amount", [amount, share])
        _one_amount(row, span, amount, share)
    entry.amounts.sort()
    if entry.amounts and "currency" not in entry.content and not entry.wrong:
        row.wrong("currency", _("say in which currency the amount is."))
    if entry.amounts:
        entry.span = (entry.amounts[0][0], max(last for _first, last, _amount, _share in entry.amounts))


def _one_amount(row: Row, span: tuple[int, int] | None, amount: Decimal | None, share: Decimal | None) -> None:
    if amount is None:
        if share:
            row.wrong("national_share", _("a national share is given without an amount."))
    elif span is None:
        if not row.entry.wrong:
            row.wrong("year", _("the amount is of no year: give the year, or the first and the last."))
    elif share is not None and share > amount:
        row.wrong("national_share", _("the national share is more than the amount."))
    else:
        row.entry.amounts.append((*span, amount, share or Decimal(0)))


def _key(row: Row) -> str:
    """By the file's own numbers with the years and the cluster, else by source, years and title; always within the State."""
    entry = row.entry
    theme = row.first("theme")
    cluster = theme[0].text if theme else ""
    years = entry.span or ""
    numbers = [row.cell(place).text for place in row.mapping.of("external_id") if not values.is_blank(row.cell(place))]
    if numbers:
        return "id-" + keyed(*numbers, years, cluster)
    return "row-" + keyed(entry.source, years, entry.content.get("title", ""), cluster)


def _in_thousands(entries: Sequence[Entry]) -> None:
    """Say where an amount looks as if it were in thousands, beside the same State's others."""
    usual = {entry.party.ref for entry in entries if entry.party
             and any(amount > USUAL for _first, _last, amount, _share in entry.amounts)}
    for entry in entries:
        if entry.party and entry.party.ref in usual and any(0 < amount < SMALL for _f, _l, amount, _s in entry.amounts):
            entry.said.append(_("The amount is very small beside this State's others: is it in thousands?"))
