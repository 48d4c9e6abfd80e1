"""The forms of verification: words with a decision, and the version to compare with."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from partnerships.core.forms import Form, ProseField


class DecideForm(Form):
    """The words that go with a decision of the ISU, or with a move of the State."""

    note = ProseField(_l("Comments"), needed=False, most=2000)
