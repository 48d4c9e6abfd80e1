"""How the changes of a case read on a timeline."""

from flask_babel import lazy_pgettext as _p

from partnerships.cases.states import INVITATION_LABELS, ITEM_LABELS, SUPPORT_LABELS, InvitationStatus, Item, Support
from partnerships.core.timeline import KINDS, LABELS, VALUES
from partnerships.parties import choices

KINDS.update(case=_p("timeline", "Cases"))
LABELS.update(ready=_p("field", "Ready"), party=_p("field", "State or organisation"), invitation=_p("field", "Answer"),
              answer=_p("field", "Support since"), pledges=_p("field", "Pledges"))
VALUES.update(ready=lambda value: str(ITEM_LABELS[Item(value)]), party=lambda ref: choices.label(choices.partners(), ref),
              invitation=lambda value: str(INVITATION_LABELS[InvitationStatus(value)]),
              answer=lambda value: str(SUPPORT_LABELS[Support(value)]))
