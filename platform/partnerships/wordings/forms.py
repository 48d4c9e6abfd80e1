"""The form of a need's wording in another language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from partnerships.core.forms import Form, LineField, ProseField


class WordingForm(Form):
    """Title and summary, in the language that the address names."""

    title = LineField(_l("Title"), _l("Write the title in this language."), most=160)
    summary = ProseField(_l("Summary"), _l("Write the summary in this language."), most=3000)
