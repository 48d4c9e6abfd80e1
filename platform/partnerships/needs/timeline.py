"""How codes in the changes of a timeline read."""

from partnerships.core.timeline import VALUES
from partnerships.core.visibility import Visibility
from partnerships.parties import choices
from partnerships.parties.words import LANGUAGE_LABELS, VISIBILITY_LABELS

VALUES.update(
    theme=lambda code: choices.label(choices.themes(), code), themes=lambda code: choices.label(choices.themes(), code),
    kinds=lambda code: choices.label(choices.kinds(), code), regions=lambda code: choices.label(choices.regions(), code),
    countries=lambda code: choices.label(choices.states(), code),
    language=lambda code: str(LANGUAGE_LABELS.get(code, code)),
    languages=lambda code: str(LANGUAGE_LABELS.get(code, code)),
    visibility=lambda code: str(VISIBILITY_LABELS[Visibility(code)]),
)
