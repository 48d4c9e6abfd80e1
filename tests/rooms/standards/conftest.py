"""The register written as IATI, as a document."""

from __future__ import annotations

import io
from typing import Any

import pytest
from lxml import etree

from partnerships.core.db import db
from partnerships.standards import service
from partnerships.standards.queries import Wanted
from tests.support.iati import FOLDER, sound


@pytest.fixture
def written(app):
    """`written(donor="NOR")` gives the activities by identifier, proved valid, and what was left out."""
    def run(**wanted: Any) -> tuple[dict[str, Any], Any]:
        out = io.BytesIO()
        db.session.expire_all()
        number, left = service.write(out, Wanted(**wanted))
        if not number:
            return {}, left
        document = sound(out.getvalue()) if FOLDER.exists() else etree.fromstring(out.getvalue())
        found = {one.findtext("iati-identifier").removeprefix("APMBC-ISU-"): one for one in document.iter("iati-activity")}
        assert len(found) == number
        return found, left
    return run


@pytest.fixture
def money():
    """(type, day, amount, provider) of the transactions of an activity."""
    return lambda one: [(part.find("transaction-type").get("code"), part.find("transaction-date").get("iso-date"),
                         part.findtext("value"), part.findtext("provider-org/narrative") or "") for part in one.iter("transaction")]
