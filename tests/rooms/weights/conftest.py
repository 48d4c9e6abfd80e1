"""What the tests of the weights share."""

from __future__ import annotations

from typing import Any

import pytest

from partnerships.core.db import db
from partnerships.suggestions.models import EngineWeights

REASON = "The donors' group asked for more weight on urgency."


@pytest.fixture
def propose() -> Any:
    """Save a version through the form: `propose(client, {"few-donors": "8"})` gives it."""

    def proposed(client: Any, points: dict[str, str], note: str = REASON) -> EngineWeights:
        data = {**client.fields("/weights/new"), **{f"points-{key}": value for key, value in points.items()}, "note": note}
        answer = client.post("/weights/new", data=data)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return db.session.get_one(EngineWeights, int(answer.location.rpartition("/")[2]))

    return proposed
