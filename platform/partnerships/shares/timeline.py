"""How shares read on a timeline."""

from flask_babel import lazy_pgettext as _p

from partnerships.core.timeline import KINDS, LABELS

LABELS["until"] = _p("field", "Shared until")
KINDS["need_share"] = _p("timeline", "Shared with partners")
