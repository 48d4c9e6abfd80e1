"""What a file of partners holds: a row a State or organisation."""

from __future__ import annotations

from flask_babel import gettext as _

from partnerships.core.export import Column
from partnerships.parties import choices, view
from partnerships.parties.words import name


def columns() -> list[Column]:
    """(heading, function of a `view.Row`) for each column."""
    regions = dict(choices.regions())
    return [
        (_("Code"), lambda row: row.party.ref), (_("Name"), lambda row: name(row.party)),
        (_("Kind"), lambda row: view.kind_words(row.party)),
        (_("Region"), lambda row: regions.get(row.party.region, row.party.region)),
        (_("Part of the region"), lambda row: regions.get(row.party.subregion, row.party.subregion)),
        (_("Treaty status today"), lambda row: row.standing and row.standing.short),
        (_("Open needs"), lambda row: row.needs),
        (_("Donors on record, 2009 to 2019"), lambda row: row.donors or None),
        (_("Recipients on record, 2009 to 2019"), lambda row: row.supported or None),
    ]
