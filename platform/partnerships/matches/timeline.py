"""How the changes of a match read on a timeline."""

from flask_babel import lazy_pgettext as _p

from partnerships.core.timeline import LABELS

LABELS.update(offer=_p("field", "Offer asked for"))
