"""Mail: an outbox in the same transaction as what it tells of; delivered after it was committed, once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from partnerships.core.db import Base, utcnow


class Mail(Base):
    """One letter to one person. `key` says what it is about, so that it is written once ("expiry:need:12:2027-01-31:60:7")."""

    __tablename__ = "mail"
    __table_args__ = (CheckConstraint("attempts >= 0", name="attempts_not_negative"), Index("ix_mail_sent_at_id", "sent_at", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[int | None] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8), default="en")
    at: Mapped[datetime] = mapped_column(default=utcnow)
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(300), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
