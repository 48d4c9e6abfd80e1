"""How codes in the changes of a timeline read."""

from partnerships.core.timeline import VALUES
from partnerships.core.visibility import Visibility
from partnerships.needs.states import CHANNELS
from partnerships.parties import choices
from partnerships.parties.words import LANGUAGE_LABELS, VISIBILITY_LABELS, said


def _visible(code: str) -> str:
    return str(VISIBILITY_LABELS[Visibility(code)])


VALUES.update(
    theme=lambda code: choices.label(choices.themes(), code), themes=lambda code: choices.label(choices.themes(), code),
    kinds=lambda code: choices.label(choices.kinds(), code), regions=lambda code: choices.label(choices.regions(), code),
    countries=lambda code: choices.label(choices.states(), code),
    language=lambda code: str(LANGUAGE_LABELS.get(code, code)),
    languages=lambda code: str(LANGUAGE_LABELS.get(code, code)),
    visibility=_visible, amounts_visibility=_visible, details_visibility=_visible,
    channels=lambda code: said(CHANNELS, code), excluded_partners=lambda code: choices.label(choices.states(), code),
    supporters=lambda code: choices.label(choices.partners(), code),
)
