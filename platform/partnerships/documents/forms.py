"""The form of a document: the file, what it is, in which language."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import CombinedMultiDict, FileStorage, MultiDict
from wtforms import FileField as _FileField
from wtforms.validators import ValidationError

from partnerships.core import files
from partnerships.core.files import Checked, Unfit
from partnerships.core.forms import ChoiceField, Form, LineField
from partnerships.core.text import clean
from partnerships.parties.words import LANGUAGE_LABELS

ACCEPTED = ".pdf,.docx,.xlsx,.png,.jpg,.jpeg"


class FileField(_FileField):
    """A file, checked by its content; `checked` holds it then, and `sent_as` the name that it came with."""

    checked: Checked | None = None
    sent_as: str = ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the file; a text under the field's name is none."""
        self.data = next((one for one in valuelist if isinstance(one, FileStorage) and one.filename), None)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Look at the content. Raises ValidationError with the words of what is wrong."""
        if self.data is None:
            raise ValidationError(_("Choose a file."))
        self.sent_as = clean(self.data.filename) or ""
        try:
            self.checked = files.checked(self.data.stream.read(files.LARGEST + 1))
        except Unfit as unfit:
            raise ValidationError(str(unfit)) from None


class DocumentForm(Form):
    """A file for a record."""

    class Meta(Form.Meta):
        """This form holds a file beside its texts."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What the form sent: texts and the file."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            sent: CombinedMultiDict[str, Any] = CombinedMultiDict([request.files, request.form])
            return sent or None

    file = FileField(_l("File"))
    title = LineField(_l("What it is"), _l("Say in a few words what this document is."), most=200)
    language = ChoiceField(_l("Language of the document"), lambda: list(LANGUAGE_LABELS.items()))
