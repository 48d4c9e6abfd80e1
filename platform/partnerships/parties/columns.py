"""What a file of partners holds: a row a State or organisation."""

from __future__ import annotations

from flask_babel import gettext as _

from partnerships.core.export import Column
from partnerships.parties import choices, view
from partnerships.parties.words import name


def columns() -> list[Column]:
    """(key, heading, function of a `view.Row`) for each column."""
    regions = dict(choices.regions())
    return [
        ("code", _("Code"), lambda row: row.party.ref), ("name", _("Name"), lambda row: name(row.party)),
        ("kind", _("Kind"), lambda row: view.kind_words(row.party)),
        ("region", _("Region"), lambda row: regions.get(row.party.region, row.party.region)),
        ("subregion", _("Part of the region"), lambda row: regions.get(row.party.subregion, row.party.subregion)),
        ("treaty_status", _("Treaty status today"), lambda row: row.standing and row.standing.short),
        ("open_needs", _("Open needs"), lambda row: row.needs),
        ("donors_on_record", _("Donors on record, 2009 to 2019"), lambda row: row.donors or None),
        ("recipients_on_record", _("Recipients on record, 2009 to 2019"), lambda row: row.supported or None),
    ]
