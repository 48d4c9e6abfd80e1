"""The form of an observation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from partnerships.core.forms import Form, ProseField


class ObservationForm(Form):
    """Text that begins as a draft from the figures and becomes a person's own."""

    text = ProseField(_l("Preliminary observations"), _l("Write the observations."), most=20_000)
