"""A notice is an event for a person: its words, and whether it may be seen, are the event's own, each time it is read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.core.audit import Event
from partnerships.core.db import Base, Chosen, one_of
from partnerships.notices.states import Cadence, Kind


class Notice(Base):
    """One event that concerns a person. `told` once a letter told of it, or none is to."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(one_of("kind", Kind), name="kind"),
        UniqueConstraint("account_id", "event_id"),
        Index("ix_notice_account_id_read_at", "account_id", "read_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    kind: Mapped[Kind] = mapped_column(Chosen(Kind))
    read_at: Mapped[datetime | None]
    told: Mapped[bool] = mapped_column(default=False, index=True)
    event: Mapped[Event] = relationship()


class NoticeSetting(Base):
    """How often a person wants letters of one kind, where it is not the usual."""

    __tablename__ = "notice_setting"
    __table_args__ = (
        CheckConstraint(one_of("kind", Kind), name="kind"),
        CheckConstraint(one_of("cadence", Cadence), name="cadence"),
        UniqueConstraint("account_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[Kind] = mapped_column(Chosen(Kind))
    cadence: Mapped[Cadence] = mapped_column(Chosen(Cadence))
