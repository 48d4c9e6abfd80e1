"""The words of every record, and the searches that people keep."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.accounts.models import Account
from partnerships.core.db import Base, Chosen, Record, one_of


class Cadence(StrEnum):
    """How often a kept search writes when something new is found."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"


class SearchWord(Base):
    """One word of one record, folded (no case, no accents). Looked up by its beginning; `weight` 3 title, 1 text."""

    __tablename__ = "search_word"
    __table_args__ = (Index("ix_search_word_record", "kind", "record_id"),)

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    # "C": byte order on PostgreSQL too, so that a range of words is a range of the index.
    word: Mapped[str] = mapped_column(String(40).with_variant(String(40, collation="C"), "postgresql"), primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    weight: Mapped[int] = mapped_column(default=1)


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
