"""How the changes of a what-if plan read on a timeline."""

from flask_babel import lazy_pgettext as _p

from partnerships.core.timeline import KINDS, LABELS

KINDS.update(allocation=_p("timeline", "What-if plans"))
LABELS.update(floor=_p("field", "Floor (percent)"), minimum=_p("field", "Smallest grant, USD"))
