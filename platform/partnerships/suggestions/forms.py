"""The answer to a suggestion, and the filters of the two lists of suggestions."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms import Form as PlainForm

from partnerships.core.forms import ChoiceField, Form, Needed, ProseField, RadioField, enum_choices
from partnerships.parties import choices
from partnerships.suggestions.models import REASONS, VERDICTS, Verdict


class AnswerForm(Form):
    """Whether the suggestion of a need was relevant, and why not. `back` is the page to return to."""

    verdict = RadioField(_l("Does this need fit you?"), [Needed(_l("Say whether this need fits you."))], choices=[
        (verdict.value, words) for verdict, words in VERDICTS.items()])
    reason = ChoiceField(_l("Why it is not relevant"), enum_choices(REASONS), needed=False, blank=_l("Choose a reason"))
    note = ProseField(_l("Note"), needed=False, most=500)
    back = HiddenField()

    def check(self) -> bool:
        """Validate; "not relevant" asks for a reason."""
        right = self.validate()
        if self.verdict.data == Verdict.NOT_RELEVANT and not self.reason.data and not self.reason.errors:
            self.reason.errors = [_("Choose why it is not relevant.")]
            right = False
        return right


class _Filters(PlainForm):
    """Filters of an address; one that cannot be read is left out, and said so beside it."""

    theme = ChoiceField(_l("Thematic area"), choices.themes, needed=False, blank=_l("All areas"))
    region = ChoiceField(_l("Region"), choices.regions, needed=False, blank=_l("All regions"))

    def chosen(self) -> dict[str, Any]:
        """The filters as `view` takes them, "" for what is not asked."""
        self.validate()
        return {name: "" if field.errors else field.data or "" for name, field in self._fields.items()}


class FilterForm(_Filters):
    """The filters of "Needs that fit you", and the switch of what counts."""

    kind = ChoiceField(_l("Kind of assistance"), choices.kinds, needed=False, blank=_l("All kinds"))
    off = ChoiceField(_l("Count urgency and few donors"), lambda: [("1", _l("No"))], needed=False, blank=_l("Yes"))
    new = BooleanField(_l("Only those new since my last visit"))


class DeskFilterForm(_Filters):
    """The filters of the match desk."""

    age = ChoiceField(_l("Published"), lambda: [
        ("7", _l("More than a week ago")), ("30", _l("More than a month ago")), ("90", _l("More than three months ago")),
        ("180", _l("More than half a year ago"))], needed=False, blank=_l("At any time"))
