"""The database knows the rules of pledges and payments too."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from partnerships.core.constraints import words_for
from partnerships.core.db import db
from partnerships.pledges.models import Pledge, PledgeStep

TABLE = Pledge.__table__
SIGNED = {"agreed_on": date(2026, 1, 2), "status": "agreed"}


@pytest.mark.parametrize(("name", "values"), [
    ("amount_positive_with_currency", {"amount": Decimal(0)}),
    ("amount_positive_with_currency", {"currency": ""}),
    ("paid_not_negative", {**SIGNED, "paid_amount": Decimal(-1)}),
    ("paid_within_amount", {**SIGNED, "paid_amount": Decimal(300_001)}),
    ("paid_within_amount", {**SIGNED, "paid_amount": Decimal(1), "amount": None}),
    ("paid_after_agreement", {"paid_amount": Decimal(1)}),
    ("paid_means_all", {**SIGNED, "status": "paid", "paid_amount": Decimal(1)}),
    ("confirmed_has_date", {"status": "confirmed"}),
    ("agreed_has_date", {"status": "agreed"}),
    ("years_in_order", {"first_year": 2030, "last_year": 2029}),
    ("object_need_has_need", {"object": "need"}),
    ("object_programme_has_recipient", {"object": "programme"}),
])
def test_a_broken_rule_is_refused_by_name(make, name: str, values: dict[str, Any]):
    pledge = make.pledge()
    with pytest.raises(IntegrityError, match=f"ck_pledge_{name}"):
        db.session.execute(update(TABLE).where(TABLE.c.id == pledge.id).values(**values))
    db.session.rollback()


@pytest.mark.parametrize("column", ["status", "kind", "object", "visibility"])
def test_an_unknown_word_is_refused(make, column: str):
    pledge = make.pledge()
    with pytest.raises(IntegrityError, match=f"ck_pledge_{column}"):
        db.session.connection().exec_driver_sql(f"UPDATE pledge SET {column} = 'nonsense' WHERE id = {pledge.id}")
    db.session.rollback()


def test_a_payment_is_more_than_zero(make):
    pledge = make.pledge()
    with pytest.raises(IntegrityError, match="ck_pledge_step_amount_positive") as caught:
        db.session.execute(insert(PledgeStep.__table__).values(
            pledge_id=pledge.id, kind="payment", day=date(2026, 1, 2), amount=Decimal(0), note=""))
    db.session.rollback()
    assert words_for(caught.value) == "A payment must be more than zero."


def test_a_reference_is_given_once(make):
    one, other = make.pledge(), make.pledge()
    with pytest.raises(IntegrityError):
        db.session.execute(update(TABLE).where(TABLE.c.id == other.id).values(ref=one.ref))
    db.session.rollback()
