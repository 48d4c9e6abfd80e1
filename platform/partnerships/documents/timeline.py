"""How the timeline names what happens to documents."""

from flask_babel import lazy_pgettext as _p

from partnerships.core import timeline

timeline.LABELS["document"] = _p("field", "Document")
timeline.KINDS["document"] = _p("timeline", "Documents")
