"""Rows about contributions: who gave to whom in a year, as a public source records it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from partnerships.core import money
from partnerships.exchange import values
from partnerships.exchange.columns import Chosen, folded
from partnerships.exchange.entries import Entry, Known, Row, is_example, keyed, styles_of
from partnerships.exchange.places import Places
from partnerships.exchange.reading import Cell
from partnerships.exchange.values import Wrong
from partnerships.parties.models import Party, PartyKind
from partnerships.parties.words import name as name_of

YES = frozenset(("yes", "y", "true", "1", "oui", "si", "نعم", "да", "是"))
NO = frozenset(("no", "n", "false", "0", "non", "لا", "нет", "否"))
# Parts of a sector as printed, folded, by how they begin; a part that none begins is left open, in words unless it is listed.
SECTORS = {
    "survey-clearance": ("clearance", "demining", "survey", "land release", "battle area clearance", "deminage", "desminado",
                         "разминирование", "扫雷"),
    "risk-education": ("risk education", "re", "mre", "eore", "mine risk education", "explosive ordnance risk education",
                       "education aux risques", "educacion sobre el riesgo"),
    "victim-assistance": ("victim assistance", "va", "victim and survivor assistance", "assistance aux victimes",
                          "asistencia a las victimas"),
    "stockpile-destruction": ("stockpile destruction", "destruction des stocks"),
    "national-capacity": ("capacity building", "capacity development", "coordination", "renforcement des capacites"),
    "information-management": ("information management",),
}
PAID = ("paid", "disbursement", "disbursed")
OPEN = frozenset(("mine action", "protection mine action", "various", "advocacy", "small arms", "light weapons", "divers"))


def read(lines: Sequence[tuple[int, list[Cell]]], mapping: Chosen, known: Known, *, source: str = "",
         today: date) -> list[Entry]:
    """Read the rows of a file; see `needed.read`. `content` holds columns of Contribution beside its parties."""
    styles = styles_of(lines, mapping)
    return [_entry(Row(number, cells, mapping, styles), known, source, today) for number, cells in lines]


def _entry(row: Row, known: Known, source: str, today: date) -> Entry:
    entry = row.entry
    if is_example(row.cells):
        entry.example = True
        return entry
    row.refuse_what_is_no_value()
    if entry.wrong:
        return entry
    _year(row, today)
    entry.party = party_of(row, "donor", "donor_code", known.partners)
    entry.recipient = party_of(row, "recipient", "recipient_code", known.places)
    _parties(row)
    _sector(row)
    _flow(row)
    _amounts(row)
    _complete(row)
    entry.source = row.text("source") or source
    if not entry.source and not entry.wrong:
        row.wrong("source", _("name the public document that records this contribution."))
    conflict = row.text("cross_check")
    if "conflict" in conflict.casefold():
        entry.said.append(_("The file says of this figure: “%(text)s”.", text=conflict[:60]))
    if entry.party and entry.recipient:
        entry.key = _key(row)
    return entry


def _key(row: Row) -> str:
    """A flow by its number; without one, by what it says; a figure of a year by its sector. Always within donor and State."""
    entry, said = row.entry, row.entry.content
    assert entry.recipient is not None and entry.party is not None
    number = row.text("flow_id")
    if number:
        return "flow-" + keyed(number)
    if "description" in said or "implementer" in said:
        return "line-" + keyed(said.get("year", ""), entry.party.ref, entry.recipient.ref, said.get("description", ""),
                               said.get("implementer", ""), said.get("amount_usd", ""), said.get("amount_national", ""))
    return keyed(said.get("year", ""), entry.recipient.ref, said["sector"])


def _flow(row: Row) -> None:
    """What a flow says beside its amount. Only what is paid is a contribution: a commitment or a pledge is none yet."""
    entry, status = row.entry, folded(row.text("flow_status"))
    if row.mapping.of("flow_status") and status not in PAID:
        row.wrong("flow_status", _("not taken: a commitment is not a payment.") if status.startswith("commit") else
                  _("not taken: a pledge is not a payment.") if status.startswith("pledge") else
                  _("not taken: only what is “paid” is a contribution."))
    for name in ("description", "implementer"):
        text = row.text(name)
        if text:
            entry.content[name] = text


def _year(row: Row, today: date) -> None:
    span = row.read("year", values.years)
    if span is None:
        if row.first("year") is None:
            row.wrong("year", _("no year is given."))
    elif span[0] != span[1]:
        row.wrong("year", _("give one year: a contribution is of a year."))
    elif span[0] > today.year:
        row.wrong("year", _("%(year)s is still to come: a contribution is what was given.", year=span[0]))
    else:
        row.entry.content["year"] = span[0]
        row.entry.span = span


def party_of(row: Row, field: str, code_field: str, places: Places) -> Party | None:
    """The party that a row names: by its code first, then by name. A code and a name that contradict each other are refused."""
    code, named = row.text(code_field), row.text(field)
    by_code, by_name = places.code(code) if code else None, places.find(named) if named else None
    if not code and not named:
        row.wrong(field, _("nobody is named."))
    elif code and by_code is None:
        row.wrong(code_field, _("“%(code)s” is no code known here: use ISO 3166-1 alpha-3, or leave it empty beside a name.",
                                code=code[:20]))
    elif by_code is not None and by_name is not None and by_code is not by_name:
        row.wrong(field, _("the code %(code)s is %(party)s, but the name is “%(name)s”: which is meant?", code=code[:20],
                           party=name_of(by_code), name=named[:60]))
    elif by_code is None and by_name is None:
        row.wrong(field, _("“%(text)s” is not known here: use the name or code of the list of partners, or ask the ISU to add "
                           "it to the list first.", text=named[:60]))
    elif by_name is None and named:
        row.entry.said.append(_("“%(name)s” was taken for %(party)s, by its code.", name=named[:60], party=name_of(by_code)))
    return by_code or by_name


def _parties(row: Row) -> None:
    entry = row.entry
    if entry.party is None or entry.recipient is None:
        return
    if entry.party is entry.recipient:
        row.wrong("recipient", _("donor and recipient are the same: what a State gives itself is its national contribution."))
    if entry.party.kind is PartyKind.AREA:
        row.wrong("donor", _("only States and organisations are donors."))
    entry.content |= {"donor": entry.party.ref, "recipient": entry.recipient.ref}


def _sector(row: Row) -> None:
    """The sector as printed, and the thematic areas that it names."""
    text = row.text("sector")
    row.entry.content["sector"] = text
    if text[:1] in ("=", "+", "@"):
        row.wrong("sector", _("holds a formula; paste its value instead."))
        return
    codes = set()
    for part in re.split(r"[,;/&]|\band\b|\bet\b|\by\b", text):
        plain = folded(part)
        code = next((code for code, words in SECTORS.items() if any(f"{plain} ".startswith(f"{word} ") for word in words)), None)
        if code:
            codes.add(code)
        elif plain and plain not in OPEN:
            row.entry.said.append(_("“%(text)s” names no single thematic area: it is left open.", text=part.strip()[:60]))
    row.entry.content["themes"] = tuple(sorted(codes))


def _amounts(row: Row) -> None:
    content = row.entry.content
    currency = row.read("currency", lambda cell: values.currency(cell.text))
    usd, own = _amount(row, "amount_usd", "USD"), _amount(row, "amount_national", currency)
    if own is not None and not own[1]:
        row.wrong("currency", _("say in which currency the amount is."))
    elif own is not None:
        content |= {"amount_national": own[0], "currency": own[1]}
        if own[1] == "USD" and usd is not None and usd[0] != own[0]:
            row.wrong("amount_national", _("both amounts are in US dollars, but differ."))
        elif own[1] == "USD" and usd is None:
            usd = own
    if usd is not None:
        content["amount_usd"] = usd[0]
    if usd is None and own is None and not row.entry.wrong:
        row.entry.said.append(_("No amount is stated."))


def _amount(row: Row, field: str, currency: str | None) -> tuple[Decimal, str] | None:
    """(amount, its currency: of the column, the cell or the heading) of a field; None where nothing is said or it is wrong."""
    found = row.first(field)
    if found is None:
        return None
    cell, place = found
    try:
        value, named, said = values.amount(cell, row.styles.get(place))
        code = _currency(currency, named, row.mapping.columns[place].currency)
        value *= row.mapping.columns[place].factor
        if value == 0:
            raise Wrong(_("an amount of nothing is no contribution: leave the row out, or the amount empty."))
        if code and not money.fits(value, code):
            raise Wrong(_("%(currency)s has fewer decimals than this.", currency=code))
    except Wrong as error:
        row.wrong(field, str(error))
        return None
    if said:
        row.entry.said.append(said)
    return value, code


def _currency(*told: str | None) -> str:
    """The one currency that column, cell and heading name. Raises: Wrong when they differ."""
    codes = {values.currency(one) for one in told if one}
    if len(codes) > 1:
        raise Wrong(_("the amount is said to be in different currencies: %(codes)s.", codes=", ".join(sorted(codes))))
    return codes.pop() if codes else ""


def _complete(row: Row) -> None:
    text = folded(row.text("list_complete"))
    if text in YES or text in NO:
        row.entry.content["list_complete"] = text in YES
    elif text:
        row.wrong("list_complete", _("write yes or no."))
