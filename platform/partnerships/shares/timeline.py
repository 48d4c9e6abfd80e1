"""How shares read on a timeline."""

from datetime import date

from flask_babel import lazy_pgettext as _p

from partnerships.core.filters import day
from partnerships.core.timeline import KINDS, LABELS, VALUES

LABELS["until"] = _p("field", "Shared until")
KINDS["need_share"] = _p("timeline", "Shared with partners")
VALUES["until"] = lambda code: day(date.fromisoformat(code))
