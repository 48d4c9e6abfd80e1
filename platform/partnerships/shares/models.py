"""Shares: one need that its State lets one partner see until a day, whatever its status and visibility."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from partnerships.accounts.models import Account
from partnerships.core.db import Base, Record
from partnerships.needs.models import Need
from partnerships.parties.models import Party


class NeedShare(Record, Base):
    """A need and a partner, until a day. One row a pair: shared again after its end, the same row lasts again.

    Who sees what because of it is in `needs/policy.py`; it ends by itself when its day has passed.
    """

    __tablename__ = "need_share"
    __table_args__ = (
        UniqueConstraint("need_id", "party_id"),
        # What the rule of sight looks up for each need of a list.
        Index("ix_need_share_party_id", "party_id", "need_id", "until", "ended_at"),
    )

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    until: Mapped[date]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]

    need: Mapped[Need] = relationship(backref=backref("shares", cascade="all, delete-orphan"))
    party: Mapped[Party] = relationship()
    account: Mapped[Account | None] = relationship()

    @property
    def ref(self) -> str:
        """How the record names a share: by its need."""
        return self.need.ref

    def lasts(self, today: date) -> bool:
        """Whether the partner sees the need on this day because of it."""
        return self.ended_at is None and self.until >= today
