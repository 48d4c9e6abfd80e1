"""Names and labels of reference records, in the reader's language where we have it."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale, pgettext
from flask_babel import lazy_pgettext as _p

from partnerships.core.visibility import Visibility

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
