"""A file beside the texts of a form, for every room whose records take documents."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import CombinedMultiDict, FileStorage, MultiDict
from wtforms import FileField as _FileField
from wtforms.validators import ValidationError

from partnerships.core import files
from partnerships.core.files import Checked, Unfit
from partnerships.core.forms import Form
from partnerships.core.text import clean

ACCEPTED = ".pdf,.docx,.xlsx,.png,.jpg,.jpeg"
AROUND = 64 * 1024  # what a form needs beside its file


def room_for_a_file() -> None:
    """Let this request be as large as a file; to be said before anybody reads its body."""
    request.max_content_length = files.LARGEST + AROUND


class FileField(_FileField):
    """A file, checked by its content; `checked` holds it then, and `sent_as` the name that it came with."""

    checked: Checked | None = None
    sent_as: str = ""

    def __init__(self, label: Any, needed: bool = True, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.needed = needed

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the file; a text under the field's name is none."""
        self.data = next((one for one in valuelist if isinstance(one, FileStorage) and one.filename), None)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Look at the content. Raises ValidationError with the words of what is wrong."""
        if self.data is None:
            if self.needed:
                raise ValidationError(_("Choose a file."))
            return
        self.sent_as = clean(self.data.filename) or ""
        try:
            self.checked = files.checked(self.data.stream.read(files.LARGEST + 1))
        except Unfit as unfit:
            raise ValidationError(str(unfit)) from None


class FileForm(Form):
    """A form that holds a file beside its texts."""

    class Meta(Form.Meta):
        """What it takes of a request."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What the form sent: texts, and files for the fields that take one; a file under a text's name is none."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            takes = {name for name, field in form._fields.items() if isinstance(field, FileField)}
            given = MultiDict([(name, file) for name, file in request.files.items(multi=True) if name in takes])
            sent: CombinedMultiDict[str, Any] = CombinedMultiDict([given, request.form])
            return sent or None
