"""The form of a document: the file, what it is, in which language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from partnerships.core.forms import ChoiceField, LineField
from partnerships.documents.fields import FileField, FileForm
from partnerships.parties.words import LANGUAGE_LABELS


class DocumentForm(FileForm):
    """A file for a record."""

    file = FileField(_l("File"))
    title = LineField(_l("What it is"), _l("Say in a few words what this document is."), most=200)
    language = ChoiceField(_l("Language of the document"), lambda: list(LANGUAGE_LABELS.items()))
