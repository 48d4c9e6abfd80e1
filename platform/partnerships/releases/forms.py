"""The form in which the ISU says why a release is withdrawn."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from partnerships.core.forms import Form, ProseField


class MakeForm(Form):
    """Nothing to fill in: a key against a second click."""


class WithdrawForm(Form):
    """Why."""

    reason = ProseField(_l("Why it is withdrawn"), _l("Say why: everybody reads it in place of the file."), most=1000)
