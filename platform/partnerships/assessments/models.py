"""Assessed contributions (Article 14): never a pledge, never in a figure of pledges."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.core.db import Amount, Base, Record
from partnerships.parties.models import Party


class Assessment(Record, Base):
    """What one State is assessed for one meeting or year, and how much of it has come in. Amounts in `currency`."""

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("party_id", "year", "purpose"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("paid_amount >= 0 AND paid_amount <= amount", name="paid_within_amount"),
        CheckConstraint("paid_amount = 0 OR paid_on IS NOT NULL", name="paid_has_date"),
    )

    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    year: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(160))
    amount: Mapped[Decimal] = mapped_column(Amount)
    currency: Mapped[str] = mapped_column(String(3))
    due_on: Mapped[date | None]
    paid_amount: Mapped[Decimal] = mapped_column(Amount, default=Decimal(0))
    paid_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(400), default="")
    version: Mapped[int] = mapped_column(default=1)
    party: Mapped[Party] = relationship()
    __mapper_args__ = {"version_id_col": version}
