"""How webhooks read on a timeline."""

from flask_babel import lazy_pgettext as _p

from partnerships.core.timeline import KINDS, LABELS

LABELS["events"] = _p("field", "What it is told of")
KINDS["webhook"] = _p("timeline", "Webhooks")
