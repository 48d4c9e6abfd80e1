"""Calendars that a person's calendar program fetches by a secret address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.accounts.models import Account
from partnerships.core.db import Base, Chosen, Record, one_of
from partnerships.feeds.states import What


class Feed(Record, Base):
    """A calendar of one account. Of its secret only the SHA-256 is kept: the address is shown once, when it is made."""

    __tablename__ = "feed"
    __table_args__ = (CheckConstraint(one_of("what", What), name="what"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    what: Mapped[What] = mapped_column(Chosen(What))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    last_fetched_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship()
