"""Names and labels of reference records, in the reader's language where we have it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from babel import Locale
from flask_babel import get_locale, pgettext
from flask_babel import lazy_pgettext as _p

from partnerships.core.filters import day, number
from partnerships.core.visibility import Visibility
from partnerships.parties.models import Act, PartyKind

VISIBILITY_LABELS = {
    Visibility.PUBLIC: _p("visibility", "Public"),
    Visibility.STATES_PARTIES: _p("visibility", "States Parties"),
    Visibility.PARTIES: _p("visibility", "Parties to the match"),
    Visibility.ISU: _p("visibility", "ISU only"),
}
LANGUAGE_LABELS = {
    "en": _p("language", "English"), "fr": _p("language", "French"), "es": _p("language", "Spanish"),
    "ar": _p("language", "Arabic"), "ru": _p("language", "Russian"), "zh": _p("language", "Chinese"),
    "pt": _p("language", "Portuguese"),
}
KIND_LABELS = {
    PartyKind.STATE: _p("party kind", "State"), PartyKind.ORGANISATION: _p("party kind", "Organisation"),
    PartyKind.AREA: _p("party kind", "Other area named by a source"),
}
ORGANISATION_LABELS = {
    "un-agency": _p("organisation", "United Nations entity"),
    "ngo": _p("organisation", "Non-governmental organisation"),
    "international-organisation": _p("organisation", "International organisation"),
    "regional-organisation": _p("organisation", "Regional organisation"),
    "fund": _p("organisation", "Fund or foundation"),
    "secretariat": _p("organisation", "Secretariat of the Convention"),
}
MONTHS = tuple(f"{number:02}" for number in range(1, 13))
STANDING_FILTERS = {"party": _p("treaty status", "State Party"), "not": _p("treaty status", "State not party")}
ACT_LABELS = {
    Act.SIGNATURE: _p("treaty act", "Signature"), Act.RATIFICATION: _p("treaty act", "Ratification"),
    Act.ACCEPTANCE: _p("treaty act", "Acceptance"), Act.APPROVAL: _p("treaty act", "Approval"),
    Act.ACCESSION: _p("treaty act", "Accession"), Act.SUCCESSION: _p("treaty act", "Succession"),
    Act.WITHDRAWAL: _p("treaty act", "Withdrawal"),
}
OBLIGATION_LABELS = {
    "open": _p("obligation status", "Open"), "superseded": _p("obligation status", "Superseded by a later decision"),
    "missed": _p("obligation status", "Deadline missed"), "met": _p("obligation status", "Met"),
}
FACT_LABELS = {
    "ap-mined-area": _p("fact", "Area with anti-personnel mines"),
    "article5-deadline": _p("fact", "Article 5 deadline as then recorded"),
    "casualties": _p("fact", "Casualties"),
    "clearance-completion-announced": _p("fact", "Completion of clearance announced"),
    "cluster-munition-remnants-area": _p("fact", "Area with cluster munition remnants"),
    "confirmed-mined-area": _p("fact", "Confirmed mined area"),
    "estimated-contamination": _p("fact", "Estimated contamination"),
    "estimated-survivors": _p("fact", "Estimated survivors"),
    "explosive-hazard-area": _p("fact", "Area with explosive hazards"),
    "explosive-ordnance-contamination": _p("fact", "Contamination by explosive ordnance"),
    "land-released": _p("fact", "Land released"),
    "mine-erw-contamination": _p("fact", "Contamination by mines and explosive remnants of war"),
    "suspected-hazardous-area": _p("fact", "Suspected hazardous area"),
    "suspected-mined-area": _p("fact", "Suspected mined area"),
    "total-mine-erw-contamination": _p("fact", "Total contamination by mines and explosive remnants of war"),
}
UNIT_LABELS = {
    "persons": _p("unit", "persons"), "km2": _p("unit", "square kilometres"),
    "km2 (more than)": _p("unit", "square kilometres, more than this"), "date": "",
}


def name(record: Any) -> str:
    """The name of a party or region in the reader's language, else in English."""
    if record is None:
        return ""
    locale = get_locale()
    code = locale.language if locale else "en"
    return getattr(record, f"name_{code}", "") or record.name_en


def title(record: Any) -> str:
    """The title of a thematic area, kind of assistance or article, through the catalogue."""
    return pgettext("reference", record.title)


def summary(record: Any) -> str:
    """The summary of a thematic area, an article or an action, through the catalogue."""
    return pgettext("reference", record.summary) if record.summary else ""


def month(code: str) -> str:
    """The name of a month in the reader's language, as it stands alone: "01" is January."""
    names = (get_locale() or Locale("en")).months["stand-alone"]["wide"]
    return str(names[int(code)])


def said(table: dict[str, Any], code: str) -> str:
    """The words of a code of the reference data; the code itself where a file holds one that is new to us."""
    return str(table.get(code, code))


def value(fact: Any) -> str:
    """A dated fact's value: a number, or a date in full."""
    if fact.unit == "date":
        try:
            return day(date.fromisoformat(fact.value))
        except ValueError:
            return str(fact.value)
    try:
        return number(Decimal(fact.value))
    except InvalidOperation:
        return str(fact.value)


def plain(key: str, value: Any) -> str:
    """A column's value as the page for two editors shows it."""
    from partnerships.parties import choices

    tables = {"themes": choices.themes, "kinds": choices.kinds, "regions": choices.regions,
              "countries": choices.states, "excluded_countries": choices.states, "channels": choices.channels,
              "decision_months": choices.months}
    if key == "budget_month":
        return month(f"{value:02}") if value else ""
    if isinstance(value, tuple):
        known = tables.get(key, list)()
        return ", ".join(choices.label(known, code) for code in value)
    if isinstance(value, bool):
        return str(pgettext("answer", "yes") if value else pgettext("answer", "no"))
    if isinstance(value, Visibility):
        return str(VISIBILITY_LABELS[value])
    if isinstance(value, Decimal):
        return number(value)
    return day(value) if hasattr(value, "year") else str(value or "")
