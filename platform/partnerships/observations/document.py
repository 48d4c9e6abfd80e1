"""A State's observations as a Word document: the text, then every figure with its source."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from flask_babel import gettext as _

from partnerships.core.filters import day
from partnerships.core.languages import is_rtl
from partnerships.observations.drafting import Figure, paragraphs
from partnerships.parties.models import Party
from partnerships.parties.words import name


def written(party: Party, text: str, language: str, figures: Sequence[Figure], today: date) -> bytes:
    """The document's bytes. Text from right to left where the language is written so."""
    paper = Document()
    paper.core_properties.title = _("Preliminary observations: %(state)s", state=name(party))
    paper.core_properties.author = _("Platform for Partnerships")
    paper.styles["Normal"].font.size = Pt(11)
    paper.add_heading(_("Preliminary observations: %(state)s", state=name(party)), level=1)
    paper.add_paragraph(_("Committee on the Enhancement of Cooperation and Assistance. Figures of %(day)s.", day=day(today)))
    for part in paragraphs(text):
        _turn(paper.add_paragraph(part), language == "ar")
    paper.add_heading(_("Figures and their sources"), level=2)
    table = paper.add_table(rows=1, cols=3)
    table.style = "Light Grid Accent 1"
    for cell, words in zip(table.rows[0].cells, (_("Figure"), _("Value"), _("Source")), strict=True):
        cell.text = words
    for figure in figures:
        for cell, words in zip(table.add_row().cells, (figure.words, figure.value, figure.source), strict=True):
            cell.text = words
    if is_rtl():
        for paragraph in (*paper.paragraphs, *(one for row in table.rows for cell in row.cells for one in cell.paragraphs)):
            _turn(paragraph, True)
        table._tbl.tblPr.append(OxmlElement("w:bidiVisual"))
    kept = io.BytesIO()
    paper.save(kept)
    return kept.getvalue()


def _turn(paragraph: object, rtl: bool) -> None:
    """Set a paragraph from right to left: python-docx has no property for it."""
    if rtl:
        properties = paragraph._p.get_or_add_pPr()  # type: ignore[attr-defined]
        if properties.find(qn("w:bidi")) is None:
            properties.append(OxmlElement("w:bidi"))
