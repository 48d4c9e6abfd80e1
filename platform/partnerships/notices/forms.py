"""How often letters of each kind come."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from partnerships.core.forms import Form, RadioField
from partnerships.notices.states import CADENCE_LABELS, KIND_LABELS, Cadence, Kind


def _one(kind: Kind) -> Any:
    return RadioField(KIND_LABELS[kind], choices=[(one.value, words) for one, words in CADENCE_LABELS.items()])


class SettingsForm(Form):
    """A choice for each kind."""

    needs = _one(Kind.NEEDS)
    matches = _one(Kind.MATCHES)
    followups = _one(Kind.FOLLOWUPS)
    pledges = _one(Kind.PLEDGES)
    meetings = _one(Kind.MEETINGS)

    def validate(self, extra_validators: Any = None) -> bool:
        """Each is one of the list."""
        right = super().validate(extra_validators)
        for kind in Kind:
            if self[kind.value].data not in {one.value for one in Cadence}:
                self[kind.value].errors = [_("Choose how often.")]
                right = False
        return right

    def wishes(self) -> dict[Kind, Cadence]:
        """What was chosen, once valid."""
        return {kind: Cadence(self[kind.value].data) for kind in Kind}
