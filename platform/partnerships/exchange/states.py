"""The words of an import's states and of the fates of its rows."""

from __future__ import annotations

from flask_babel import lazy_pgettext as _p

from partnerships.exchange.models import Choice, Fate, ImportOf, ImportStatus

LABELS = {
    ImportStatus.PREVIEWED: _p("import status", "Preview"),
    ImportStatus.CONFIRMED: _p("import status", "Imported"),
    ImportStatus.UNDONE: _p("import status", "Undone"),
    ImportStatus.DROPPED: _p("import status", "Dropped"),
}
FATE_LABELS = {
    Fate.CREATED: _p("fate of a row", "New"),
    Fate.UPDATED: _p("fate of a row", "Changes a record"),
    Fate.UNCHANGED: _p("fate of a row", "Changes nothing"),
    Fate.REJECTED: _p("fate of a row", "Not taken"),
    Fate.WAITING: _p("fate of a row", "Like a record: choose"),
}
CHOICE_LABELS = {
    Choice.LINK: _p("choice for a row", "It is this record: make nothing"),
    Choice.MERGE: _p("choice for a row", "It is this record: add what I tick"),
    Choice.KEEP: _p("choice for a row", "It is another: make a record of its own"),
}
OF_LABELS = {
    ImportOf.NEEDS: _p("import", "Needs"),
    ImportOf.OFFERS: _p("import", "Offers"),
    ImportOf.PLEDGES: _p("import", "Pledges of a conference"),
    ImportOf.CONTRIBUTIONS: _p("import", "Contributions on record"),
    ImportOf.ACTIVITIES: _p("import", "IATI activities (XML)"),
}
