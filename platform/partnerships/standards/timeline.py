"""How the classification of a pledge reads on a timeline."""

from flask_babel import lazy_gettext as _l

from partnerships.core.timeline import LABELS, VALUES
from partnerships.standards import states

LABELS.update(aid_type=_l("Aid type"), finance_type=_l("Finance type"), tied_status=_l("Tied status"),
              gender=_l("Policy marker: gender equality"), disability=_l("Policy marker: disability"))
VALUES.update(
    aid_type=lambda value: str(states.AID_TYPE_LABELS[states.AidType(value)]),
    finance_type=lambda value: str(states.FINANCE_TYPE_LABELS[states.FinanceType(value)]),
    tied_status=lambda value: str(states.TIED_LABELS[states.TiedStatus(value)]),
    gender=lambda value: str(states.SIGNIFICANCE_LABELS[states.Significance(value)]),
    disability=lambda value: str(states.SIGNIFICANCE_LABELS[states.Significance(value)]))
