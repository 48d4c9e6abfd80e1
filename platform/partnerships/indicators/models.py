"""What the ISU enters for indicators of an action plan that the register cannot compute."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.core.db import Amount, Base, Record
from partnerships.parties.reference import Indicator


class IndicatorValue(Record, Base):
    """An indicator's value of a year: a number of States, or a share in per cent. `source` says where it was counted."""

    __tablename__ = "indicator_value"
    __table_args__ = (
        UniqueConstraint("indicator_id", "year"),
        CheckConstraint("value >= 0", name="value_not_negative"),
    )

    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), index=True)
    year: Mapped[int]
    value: Mapped[Decimal] = mapped_column(Amount)
    note: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(400))
    version: Mapped[int] = mapped_column(default=1)
    indicator: Mapped[Indicator] = relationship()
    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        """How people name it: the plan, the indicator, the year."""
        return f"{self.indicator.plan} {self.indicator.ref}, {self.year}"
