"""How the values of declared priorities read in the changes of a timeline."""

from flask_babel import lazy_pgettext as _p
from flask_babel import pgettext

from partnerships.core.timeline import LABELS, VALUES
from partnerships.parties import choices
from partnerships.parties.words import month

LABELS.update(
    excluded_countries=_p("field", "States that cannot be supported"), channels=_p("field", "Channels"),
    amount_typical=_p("field", "Typical amount"), budget_month=_p("field", "Budget year begins in"),
    decision_months=_p("field", "Months of decision"), budget_note=_p("field", "About the budget"),
)
VALUES.update(
    multi_year=lambda value: pgettext("answer", "yes") if value else pgettext("answer", "no"),
    excluded_countries=lambda code: choices.label(choices.states(), code),
    channels=lambda code: choices.label(choices.channels(), code),
    budget_month=lambda number: month(f"{number:02}"), decision_months=month,
)
