"""The draft of Form J as a Word document, to be corrected, completed and handed in by the State itself."""

from __future__ import annotations

from datetime import date

from docx.enum.text import WD_COLOR_INDEX
from flask_babel import gettext as _

from partnerships.core import word
from partnerships.core.filters import day
from partnerships.parties.words import name
from partnerships.returns.form_j import Draft


def written(draft: Draft) -> bytes:
    """The document's bytes: a part under each heading, its lines with their sources, then what is left to the State."""
    paper = word.begin(_("Article 7 report, Form J: %(state)s, %(year)s", state=name(draft.party), year=draft.year))
    mark = _("DRAFT, not handed in")
    paper.sections[0].header.paragraphs[0].text = f"{mark} · {name(draft.party)} · {draft.year}"
    paper.add_paragraph().add_run(mark).bold = True
    paper.add_paragraph(_("For the calendar year %(year)s, due on %(due)s (Convention, Article 7.2).", year=draft.year,
                          due=day(date(draft.year + 1, 4, 30))))
    paper.add_paragraph(_("Drawn on %(day)s from the Platform for Partnerships, from what the State and its partners entered and "
                          "public sources record. The State decides what it reports: correct every line, and put words in the "
                          "place of every bracket.", day=day(draft.today)))
    for number, part in enumerate(draft.parts, start=1):
        paper.add_heading(word.clean(f"{number}. {part.heading}"), level=2)
        paper.add_paragraph().add_run(word.clean(part.basis)).italic = True
        if part.lines:
            word.table(paper, (_("What"), _("Value"), _("Source and date")),
                       [((line.words, line.language), line.value, line.source) for line in part.lines])
        for words in part.left:
            paper.add_paragraph().add_run(f"[{words}]").font.highlight_color = WD_COLOR_INDEX.YELLOW
    return word.finish(paper)
