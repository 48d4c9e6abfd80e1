"""How the changes of an account read in a timeline."""

from __future__ import annotations

from flask_babel import lazy_pgettext as _p
from flask_babel import pgettext

from partnerships.accounts import queries
from partnerships.core import audit
from partnerships.core.timeline import LABELS, VALUES

audit.NAMES.append(queries.names)

LABELS.update(role=_p("field", "Role"), party_id=_p("field", "State or organisation"), is_head=_p("field", "Head of delegation"),
              authenticated_at=_p("field", "Made sure of on"))
VALUES.update(is_head=lambda value: pgettext("answer", "yes") if value else pgettext("answer", "no"))
