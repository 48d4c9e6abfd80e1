"""How answers to suggestions, and exclusions on either side, read in the changes of a timeline."""

from flask_babel import lazy_pgettext as _p

from partnerships.core.timeline import KINDS, LABELS, VALUES
from partnerships.parties import choices
from partnerships.suggestions.models import REASONS, VERDICTS, Reason, Verdict

KINDS["answer"] = _p("timeline", "Answers to suggestions")
LABELS.update(
    verdict=_p("field", "Answer"), reason=_p("field", "Reason"),
    excluded_partners=_p("field", "Partners not to be suggested"),
    excluded_countries=_p("field", "States that cannot be supported"))
VALUES.update(
    verdict=lambda code: str(VERDICTS[Verdict(code)]), reason=lambda code: str(REASONS[Reason(code)]),
    excluded_partners=lambda code: choices.label(choices.partners(), code),
    excluded_countries=lambda code: choices.label(choices.states(), code))
