"""The database knows the rules of matches too."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from partnerships.core.constraints import words_for
from partnerships.core.db import db
from partnerships.matches.models import Match

TABLE = Match.__table__


@pytest.mark.parametrize(("name", "values"), [
    ("ck_match_open_has_owner", {"owner_id": None}), ("ck_match_open_has_owner", {"next_step": ""}),
    ("ck_match_open_has_owner", {"next_step_on": None}),
    ("ck_match_declined_has_reason", {"status": "declined", "reason": ""})])
def test_a_broken_rule_is_refused_by_name(make, name: str, values: dict[str, Any]):
    match = make.match()
    with pytest.raises(IntegrityError, match=name):
        db.session.execute(update(TABLE).where(TABLE.c.id == match.id).values(**values))
    db.session.rollback()


def test_an_unknown_status_is_refused(make, app):
    match = make.match()
    with pytest.raises(IntegrityError, match="ck_match_status"):
        db.session.connection().exec_driver_sql(f"UPDATE match SET status = 'lost' WHERE id = {match.id}")
    db.session.rollback()


def test_a_pair_has_one_match(make):
    match = make.match()
    copy = {column.name: getattr(match, column.name) for column in TABLE.columns if column.name != "id"}
    with pytest.raises(IntegrityError) as caught:
        db.session.execute(insert(TABLE).values(**copy))
    db.session.rollback()
    assert words_for(caught.value) == "This partner already has a match with this need."
