"""How the changes of a match read on a timeline."""

from flask_babel import lazy_pgettext as _p

from partnerships.core.timeline import KINDS, LABELS, VALUES
from partnerships.matches.states import DECLINE_LABELS, Decline

LABELS.update(offer=_p("field", "Offer asked for"), declined_for=_p("field", "Reason"))
VALUES["declined_for"] = lambda code: str(DECLINE_LABELS[Decline(code)])
KINDS["message"] = _p("timeline", "Messages")
