"""The Committee's preliminary observations about a State: text that people write, with the day of the figures it speaks of."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.accounts.models import Account
from partnerships.core.db import Base, Record
from partnerships.parties.models import Party


class Observation(Record, Base):
    """One text a State; its earlier wordings stay in the record of events."""

    __tablename__ = "observation"

    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8), default="en")
    figures_on: Mapped[date]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)
    party: Mapped[Party] = relationship()
    author: Mapped[Account | None] = relationship()
    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        """How people name it: by its State."""
        return self.party.ref
