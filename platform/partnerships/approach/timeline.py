"""How the changes of a country meeting read on a timeline."""

from flask_babel import lazy_pgettext as _p

from partnerships.core.timeline import LABELS, VALUES
from partnerships.parties import choices

LABELS.update(participants=_p("field", "Taking part"), needs=_p("field", "Needs discussed"))
VALUES.update(participants=lambda ref: choices.label(choices.partners(), ref))
