"""Rows about pledges of a conference: who announced what, for whom, under which conditions. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from partnerships.exchange import values
from partnerships.exchange.columns import Chosen, folded
from partnerships.exchange.entries import Entry, Known, Row, currency_of, fits, is_example, keyed, styles_of, theme_of
from partnerships.exchange.given import NO, YES
from partnerships.exchange.reading import Cell
from partnerships.exchange.values import Wrong
from partnerships.needs.states import CHANNELS
from partnerships.parties.models import Party, PartyKind
from partnerships.pledges import states
from partnerships.pledges.states import Earmarking, Oda, PledgeKind, PledgeObject

NEED = re.compile(r"[A-Za-z][A-Za-z-]{1,9}-(REC-)?\d{4}[-\d]*")
ABOUT = re.compile(r"^\s*(about|approx(imately|\.)?|around|nearly|almost|some|circa|ca\.?|c\.|environ|unos|~|≈)\s*", re.I)
# Further words for what the labels of the register already say.
OBJECTS = {
    PledgeObject.ISU_WORK_PLAN: ("isu", "work plan", "isu work plan", "plan de travail", "plan de trabajo"),
    PledgeObject.SPONSORSHIP: ("sponsorship programme", "sponsorship program", "parrainage", "patrocinio"),
    PledgeObject.MEETING_COSTS: ("meetings", "meeting", "costs of meetings", "reunions", "reuniones"),
    PledgeObject.FUND: ("trust fund", "regional fund", "fonds", "fondo"),
    PledgeObject.PROGRAMME: ("program", "mine action", "state", "state programme", "programa"),
    PledgeObject.NEED: ("published need", "besoin", "necesidad"),
}
KINDS = {PledgeKind.FINANCIAL: ("money", "cash", "financiere", "financier", "financiera"),
         PledgeKind.IN_KIND: ("in kind", "en nature", "en especie"), PledgeKind.POLITICAL: ("politique", "politica")}
EARMARKINGS = {Earmarking.NONE: ("no", "unearmarked"), Earmarking.SOFT: ("softly",), Earmarking.EARMARKED: ("yes",),
               Earmarking.TIGHT: ("tightly",)}
ODA = {Oda.YES: ("oui", "si"), Oda.NO: ("non",), Oda.PARTLY: ("partially", "partial")}
FOR_A_STATE = (PledgeObject.NEED, PledgeObject.PROGRAMME)
MOST_YEARS = (1999, 2060)  # as the form of a pledge


def read(lines: Sequence[tuple[int, list[Cell]]], mapping: Chosen, known: Known) -> list[Entry]:
    """Read the rows of a file; see `needed.read`.

    `content` holds arguments of `pledges.service.announce` and of its details; `need` is still a reference.
    """
    styles = styles_of(lines, mapping)
    return [_entry(Row(number, cells, mapping, styles), known) for number, cells in lines]


def _entry(row: Row, known: Known) -> Entry:
    entry = row.entry
    if is_example(row.cells):
        entry.example = True
        return entry
    row.refuse_what_is_no_value()
    if entry.wrong:
        return entry
    entry.party = _donor(row, known)
    _target(row, known)
    _money(row)
    _years(row)
    _rest(row, known)
    content = entry.content
    entry.key = keyed(content.get("object", ""), content.get("kind", ""), content.get("need") or _ref(entry.recipient),
                      content.get("amount", ""), content.get("valuation", ""), content.get("currency", ""), entry.span or "")
    return entry


def _ref(party: Party | None) -> str:
    return party.ref if party else ""


def _donor(row: Row, known: Known) -> Party | None:
    found = row.first("donor")
    party = known.partners.find(found[0].text) if found else None
    if found is None:
        row.wrong("donor", _("nobody is named."))
    elif party is None or party.kind is PartyKind.AREA:
        row.wrong("donor", _("“%(text)s” is no State or organisation of the list: use its name or code, or have it added first.",
                             text=found[0].text[:60]))
    return party


def _target(row: Row, known: Known) -> None:
    """What the pledge is for: a published need, a State's programme, or an object that names no State."""
    content, text = row.entry.content, row.text("target")
    wanted = _coded(row, "object", states.OBJECT_LABELS, OBJECTS)
    if text and wanted not in (None, *FOR_A_STATE):
        row.wrong("target", _("a pledge for “%(object)s” names no State and no need.", object=str(states.OBJECT_LABELS[wanted])))
        return
    if text:
        state = known.places.find(text)
        row.entry.recipient = state if state is not None and state.is_state else None
        if row.entry.recipient is None and NEED.fullmatch(text):
            content["need"], wanted = text.upper(), PledgeObject.NEED
        elif row.entry.recipient is None:
            row.wrong("target", _("“%(text)s” is no State of the list and no reference of a need.", text=text[:60]))
        else:
            wanted = wanted or PledgeObject.PROGRAMME
    if wanted is PledgeObject.NEED and "need" not in content:
        row.wrong("target", _("give the reference of a published need, for example KHM-2026-014."))
    elif wanted is PledgeObject.PROGRAMME and not text:
        row.wrong("target", _("name the State whose programme it is for."))
    elif wanted is None and row.first("object") is None:
        row.wrong("object", _("say what the pledge is for."))
    content["object"] = wanted


def _coded(row: Row, name: str, labels: Mapping[Any, Any], more: Mapping[Any, Sequence[str]]) -> Any:
    """The member of an enum that a cell names, by its value, label or further words; None where it is blank or names none."""
    found = row.first(name)
    if found is None:
        return None
    plain = folded(found[0].text)
    for member, label in labels.items():
        if plain in {folded(member.value), folded(str(label)), *map(folded, more.get(member, ()))}:
            return member
    row.wrong(name, _("“%(text)s” is not known here. Use one of: %(codes)s.", text=found[0].text[:60],
                      codes=", ".join(member.value for member in labels)))
    return None


def _money(row: Row) -> None:
    """The kind, and the amount: of money, or as the valuation of what is given in kind; never of a political pledge."""
    content = row.entry.content
    kind = _coded(row, "kind", states.KIND_LABELS, KINDS)
    if kind is PledgeKind.UNSTATED:
        row.wrong("kind", _("say whether it is financial, in kind or political."))
    currency_of(row)
    portions = _amounts(row)
    total = sum(portions.values(), Decimal(0)) if portions else None
    content["kind"] = kind or (PledgeKind.FINANCIAL if total is not None else None)
    if total is None:
        content.pop("currency", None)
        if content["kind"] is PledgeKind.FINANCIAL:
            row.wrong("amount", _("a financial pledge needs its amount."))
        elif content["kind"] is None and row.first("kind") is None and not row.entry.wrong:
            row.wrong("kind", _("say whether it is financial, in kind or political."))
    elif content["kind"] is PledgeKind.POLITICAL:
        row.wrong("amount", _("a political pledge has no amount: leave it empty, or give another kind."))
    elif "currency" not in content and not row.entry.wrong:
        row.wrong("currency", _("say in which currency the amount is."))
    elif content["kind"] is PledgeKind.IN_KIND:
        content["valuation"] = total
        row.entry.said.append(_("The amount is kept as the valuation of what is given in kind; it is never added to money."))
    else:
        content["amount"] = total
        if None not in portions:
            content["portions"] = tuple(sorted(portions.items()))


def _amounts(row: Row) -> dict[int | None, Decimal]:
    """{year that the heading names, or None: amount}. "About 90,000" is an approximate amount."""
    found: dict[int | None, Decimal] = {}
    for place in row.mapping.of("amount"):
        cell = row.cell(place)
        if cell.kind == "text" and ABOUT.match(cell.text):
            row.entry.content["approximate"] = True
            row.cells = [*row.cells[:place], replace(cell, text=ABOUT.sub("", cell.text)), *row.cells[place + 1:]]
        amount = row.amount(place)
        if amount is not None and amount <= 0:
            row.wrong("amount", _("The amount must be more than zero."))
        elif amount is not None:
            found[row.mapping.columns[place].year] = amount
    if None in found and len(found) > 1:
        row.wrong("amount", _("give one amount, or one for each year: not both."))
    fits(row, "amount", list(found.values()))
    return found


def _years(row: Row) -> None:
    entry = row.entry
    span = row.read("year", values.years)
    if span is None and row.first("year") is None:
        first, last = row.read("first_year", values.years), row.read("last_year", values.years)
        span = ((first or last)[0], (last or first)[1]) if first or last else None
    portions = [year for year, _amount in entry.content.get("portions", ())]
    if portions and span and span != (portions[0], portions[-1]):
        row.wrong("first_year", _("the years differ from those that the headings of the amounts name."))
    span = (portions[0], portions[-1]) if portions else span
    if span and span[0] > span[1]:
        row.wrong("first_year", _("the years are in the wrong order (%(first)s, %(last)s).", first=span[0], last=span[1]))
    elif span and not MOST_YEARS[0] <= span[0] <= span[1] <= MOST_YEARS[1]:
        row.wrong("first_year", _("Use a year between %(first)s and %(last)s.", first=MOST_YEARS[0], last=MOST_YEARS[1]))
    entry.span = span


def _rest(row: Row, known: Known) -> None:
    content = row.entry.content
    for name in ("condition", "statement"):
        content[name] = row.text(name)
    content["approximate"] = bool(row.read("approximate", _yes)) or content.get("approximate", False)
    content["themes"] = _themes(row, known)
    content["earmarking"] = _coded(row, "earmarking", states.EARMARKING_LABELS, EARMARKINGS)
    content["oda"] = _coded(row, "oda", states.ODA_LABELS, ODA) or Oda.UNKNOWN
    content["channel"] = _channel(row)


def _yes(cell: Cell) -> bool:
    text = folded(cell.text)
    if text in YES or text in ("approximate", "about"):
        return True
    if text in NO or text == "exact":
        return False
    raise Wrong(_("write yes or no."))


def _themes(row: Row, known: Known) -> tuple[str, ...]:
    codes = set()
    for part in re.split(r"[;,\n]", row.text("theme")):
        code = theme_of(part, known.themes) if part.strip() else None
        if code:
            codes.add(code)
        elif part.strip():
            row.entry.said.append(_("“%(text)s” names no single thematic area: it is left open.", text=part.strip()[:60]))
    return tuple(sorted(codes))


def _channel(row: Row) -> str:
    found = row.first("channel")
    if found is None:
        return ""
    plain = folded(found[0].text)
    for code, words in CHANNELS.items():
        if plain in (folded(code), folded(str(words))):
            return code
    row.wrong("channel", _("“%(text)s” is not known here. Use one of: %(codes)s.", text=found[0].text[:60],
                           codes=", ".join(CHANNELS)))
    return ""
