"""How the changes of a conference read on a timeline."""

from flask_babel import lazy_pgettext as _p

from partnerships.conferences.states import MODE_LABELS, Mode
from partnerships.core.timeline import LABELS, VALUES
from partnerships.parties import choices

LABELS.update(delegation=_p("field", "Delegation"), note=_p("field", "Note"), source=_p("field", "Source"))
VALUES.update(delegation=lambda ref: choices.label(choices.partners(), ref),
              mode=lambda value: str(MODE_LABELS[Mode(value)]))
