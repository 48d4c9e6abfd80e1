"""Accounts: people who sign in, each for a State or organisation; and the count of failed sign-ins."""

from __future__ import annotations

import secrets
from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.core.actor import Role
from partnerships.core.db import Base, Chosen, Record, one_of, utcnow
from partnerships.parties.models import Party


class Account(Record, UserMixin, Base):
    """A person's sign-in. `session_key` changes to end every open session at once."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint(one_of("role", Role), name="role"),)

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(Chosen(Role))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    password_hash: Mapped[str] = mapped_column(String(200))
    session_key: Mapped[str] = mapped_column(String(64), default=lambda: secrets.token_urlsafe(24))
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(8), default="en")
    last_sign_in: Mapped[datetime | None]
    visit_before: Mapped[datetime | None]
    party: Mapped[Party] = relationship(lazy="joined")

    def get_id(self) -> str:
        """What the session keeps: the account and its session key."""
        return f"{self.id}.{self.session_key}"

    @property
    def is_active(self) -> bool:
        return self.active


class SignInAttempt(Base):
    """One failed sign-in, kept for the length of the window, shared by all processes."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_bucket_at", "bucket", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bucket: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=utcnow)
