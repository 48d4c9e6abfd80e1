"""The forms of an import: the file, and which column holds what."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import CombinedMultiDict, FileStorage, MultiDict
from wtforms import FileField as _FileField
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError

from partnerships.core.forms import ChoiceField, ChoicesField, Form, LineField, RadioField, enum_choices
from partnerships.core.lists import member
from partnerships.core.policy import current_actor
from partnerships.core.text import one_line
from partnerships.exchange import queries
from partnerships.exchange.choosing import Compared, field_label
from partnerships.exchange.columns import label
from partnerships.exchange.headings import FIELDS
from partnerships.exchange.models import Choice, Fate, Import, ImportOf
from partnerships.exchange.policy import TAKES
from partnerships.exchange.reading import LARGEST_FILE
from partnerships.exchange.states import CHOICE_LABELS, FATE_LABELS, OF_LABELS


class FileField(_FileField):
    """A file, held as its bytes; what is in it is looked at when it is read."""

    content: bytes = b""
    sent_as: str = ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the file; a text under the field's name is none."""
        self.data = next((one for one in valuelist if isinstance(one, FileStorage) and one.filename), None)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Take its bytes, one more than the largest file at most. Raises: ValidationError when there is no file."""
        if self.data is None:
            raise ValidationError(_("Choose a file."))
        self.sent_as = one_line(self.data.filename) or ""
        with self.data.stream as stream:  # a large one waits in a file of its own
            self.content = stream.read(LARGEST_FILE + 1)


def conferences() -> list[tuple[str, str]]:
    """The conferences that still take pledges: (reference, title)."""
    return [(one.ref, f"{one.ref}: {one.title}") for one in queries.conferences(current_actor())]


class UploadForm(Form):
    """A spreadsheet, and what its rows are."""

    class Meta(Form.Meta):
        """This form holds a file beside its texts."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What the form sent: texts and the file."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            sent: CombinedMultiDict[str, Any] = CombinedMultiDict([request.files, request.form])
            return sent or None

    what = ChoiceField(_l("What the rows are"),
                       lambda: [(one.value, OF_LABELS[one]) for one in TAKES.get(current_actor().role, ())])
    conference = ChoiceField(_l("Conference"), conferences, needed=False, blank=_l("None: these are no pledges of a conference"))
    file = FileField(_l("Spreadsheet"))
    source = LineField(_l("Source of all rows"), needed=False, most=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not current_actor().is_isu:
            del self.conference
            del self.source

    def validate_conference(self, field: Any) -> None:
        """Pledges are of a conference."""
        if self.what.data == ImportOf.PLEDGES.value and not field.data:
            raise ValidationError(_("Choose the conference at which these pledges are announced."))


def map_form(one: Import) -> type[Form]:
    """The form that says what each column of a file holds: a choice a column, named by its place."""
    locale = get_locale()
    language = locale.language if locale else "en"
    fields = [(name, label(name, language)) for name in FIELDS[one.what.value]]
    columns = {f"column_{place}": ChoiceField(heading, lambda: fields, needed=False, blank=_l("Not read"))
               for place, heading in enumerate(one.mapping["headings"])}
    return type("MapForm", (Form,), {**columns, "source": LineField(_l("Source of all rows"), needed=False, most=400)})


def choose_form(of: Compared) -> type[Form]:
    """The form that says whether a row is the record that it is like, and which of its fields go into that record."""
    may_merge = of.record is not None and not of.merging.why_not and of.merging.new
    choices = [(one.value, words) for one, words in CHOICE_LABELS.items() if may_merge or one is not Choice.MERGE]
    fields = [(key, field_label(key)) for key in of.merging.new if key != "currency"] if may_merge else []
    members: dict[str, Any] = {"choice": RadioField(_l("Is it the same?"), choices=choices)}
    if fields:
        members["fields"] = ChoicesField(_l("Add to the record"), lambda: fields, needed=False)
    return type("ChooseForm", (Form,), members)


class FateForm(PlainForm):
    """Which rows are shown, read from the address."""

    fate = ChoiceField(_l("Rows"), enum_choices(FATE_LABELS), needed=False, blank=_l("All rows"))

    @property
    def chosen(self) -> Fate | None:
        """The fate asked for; None for all rows."""
        found: Fate | None = member(Fate, self.fate.data or "")
        return found
