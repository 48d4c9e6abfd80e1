"""Word documents: headings, paragraphs and tables that any text may go into, written from right to left where it is to be."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from flask import Response
from flask_babel import get_locale
from flask_babel import gettext as _

from partnerships.core.languages import is_rtl

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
RTL = frozenset({"ar", "fa", "he", "ps", "ur"})
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold
Cell = str | tuple[str, str]  # text, or text with the code of its language


def begin(title: str) -> Any:
    """A new document with its properties; its title stands as the first heading."""
    paper = Document()
    paper.core_properties.title, paper.core_properties.author = clean(title)[:255], _("Platform for Partnerships")
    paper.styles["Normal"].font.size = Pt(11)
    spoken = OxmlElement("w:lang")  # so that a word processor checks the spelling of the right language
    spoken.set(qn("w:bidi" if is_rtl() else "w:val"), str(get_locale() or "en"))
    paper.styles["Normal"].element.get_or_add_rPr().append(spoken)
    paper.add_heading(clean(title), level=1)
    return paper


def clean(text: Any) -> str:
    """Text as a document can hold it."""
    return _UNWRITABLE.sub("\ufffd", str(text))


def table(paper: Any, heads: Sequence[Any], rows: Iterable[Sequence[Cell]]) -> Any:
    """A table whose first row is repeated on every page."""
    made = paper.add_table(rows=1, cols=len(heads))
    made.style = "Light Grid Accent 1"
    repeated = OxmlElement("w:tblHeader")
    made.rows[0]._tr.get_or_add_trPr().append(repeated)
    for place, words in zip(made.rows[0].cells, heads, strict=True):
        place.text = clean(words)
    for row in rows:
        for place, cell in zip(made.add_row().cells, row, strict=True):
            words, language = cell if isinstance(cell, tuple) else (cell, "")
            place.text = clean(words)
            turn(place.paragraphs[0], language in RTL)
    return made


def turn(paragraph: Any, rtl: bool) -> None:
    """Set a paragraph from right to left: python-docx has no property for it."""
    if rtl:
        properties = paragraph._p.get_or_add_pPr()
        if properties.find(qn("w:bidi")) is None:
            properties.append(OxmlElement("w:bidi"))
        for run in paragraph.runs:
            run.font.rtl = True


def finish(paper: Any) -> bytes:
    """The document's bytes, all of it turned where this answer's language is written from right to left."""
    if is_rtl():
        for paragraph in paper.paragraphs:
            turn(paragraph, True)
        for one in paper.tables:
            one._tbl.tblPr.append(OxmlElement("w:bidiVisual"))
            for row in one.rows:
                for cell in row.cells:
                    for paragraph in cell.paragraphs:
                        turn(paragraph, True)
    kept = io.BytesIO()
    paper.save(kept)
    return kept.getvalue()


def send(body: bytes, name: str) -> Response:
    """A document as a download, never kept by a cache between. Arguments: name, ASCII, of the file without its ending."""
    answer = Response(body, mimetype=MIME)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.docx"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
