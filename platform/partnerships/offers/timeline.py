"""How the changes of an offer read on a timeline."""

from flask_babel import lazy_pgettext as _p

from partnerships.core.timeline import LABELS, VALUES
from partnerships.offers.models import NATURE_LABELS, Nature

LABELS.update(nature=_p("field", "What is posted"), quantities=_p("field", "What there is, and how much"))
VALUES.update(nature=lambda value: str(NATURE_LABELS[Nature(value)]))
