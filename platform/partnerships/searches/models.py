"""The searches that people keep."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from flask_babel import lazy_pgettext as _p
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.accounts.models import Account
from partnerships.core.db import Base, Chosen, Record, one_of


class Cadence(StrEnum):
    """How often a kept search writes when something new is found."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"


CADENCE_LABELS = {
    Cadence.NEVER: _p("alert", "Never"), Cadence.DAILY: _p("alert", "Every day on which something is new"),
    Cadence.WEEKLY: _p("alert", "On Mondays, when something is new"),
}


class SavedSearch(Record, Base):
    """A search that a person keeps: the query of its address, and how often it writes about what is new."""

    __tablename__ = "saved_search"
    __table_args__ = (CheckConstraint(one_of("cadence", Cadence), name="cadence"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    query: Mapped[str] = mapped_column(String(600))
    cadence: Mapped[Cadence] = mapped_column(Chosen(Cadence), default=Cadence.NEVER)
    looked_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    account: Mapped[Account] = relationship()
    __mapper_args__ = {"version_id_col": version}
