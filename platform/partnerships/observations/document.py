"""A State's observations as a Word document: the text, then every figure with its source."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from partnerships.core import word
from partnerships.core.filters import day
from partnerships.observations.drafting import Figure, paragraphs
from partnerships.parties.models import Party
from partnerships.parties.words import name


def written(party: Party, text: str, language: str, figures: Sequence[Figure], today: date) -> bytes:
    """The document's bytes. Text from right to left where the language is written so."""
    paper = word.begin(_("Preliminary observations: %(state)s", state=name(party)))
    paper.add_paragraph(_("Committee on the Enhancement of Cooperation and Assistance. Figures of %(day)s.", day=day(today)))
    for part in paragraphs(text):
        word.turn(paper.add_paragraph(word.clean(part)), language in word.RTL)
    paper.add_heading(_("Figures and their sources"), level=2)
    word.table(paper, (_("Figure"), _("Value"), _("Source")), [(one.words, one.value, one.source) for one in figures])
    return word.finish(paper)
