"""Subscriptions of people without an account."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from partnerships.core.db import Base, Chosen, Record, one_of
from partnerships.subscriptions.states import Rhythm


class Subscription(Record, Base):
    """What an address is written to about: the query of a list or search. Nothing else is kept of whose address it is.

    `key` is random and part of every signed word, so that no word of a subscription that is gone opens one that later gets
    its number. `confirmed_at` is empty until the address itself said yes; `failures` counts letters in a row that were given up.
    """

    __tablename__ = "subscription"
    __table_args__ = (CheckConstraint(one_of("rhythm", Rhythm), name="rhythm"),
                      CheckConstraint("failures >= 0", name="failures_not_negative"),
                      Index("ix_subscription_address", "address"))

    key: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_urlsafe(16))
    address: Mapped[str] = mapped_column(String(254))
    query: Mapped[str] = mapped_column(String(600))
    rhythm: Mapped[Rhythm] = mapped_column(Chosen(Rhythm))
    language: Mapped[str] = mapped_column(String(8))
    confirmed_at: Mapped[datetime | None] = mapped_column(index=True)
    looked_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)
