"""Accounts: people who sign in, each for a State or organisation; their sessions, second factors and invitations."""

from __future__ import annotations

from datetime import date, datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.core.actor import Role
from partnerships.core.db import Base, Chosen, Record, one_of, utcnow
from partnerships.parties.models import Party


class Account(Record, UserMixin, Base):
    """A person's sign-in.

    `authenticated_*` say how the ISU made sure that a focal point is one. `totp_secret` is kept encrypted (factors.py),
    `totp_step` is the last time step whose code was used: no code serves twice. `password_hash` is empty for people who
    sign in through their ministry only.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role"),
        CheckConstraint("authenticated_at IS NULL OR authenticated_how <> ''", name="authenticated_has_how"),
        UniqueConstraint("issuer", "issuer_subject"),
    )

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(Chosen(Role))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    password_at: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(default=True)
    closed_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    is_head: Mapped[bool] = mapped_column(default=False)
    authenticated_at: Mapped[date | None]
    authenticated_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    authenticated_how: Mapped[str] = mapped_column(String(500), default="")
    totp_secret: Mapped[str] = mapped_column(String(300), default="")
    totp_at: Mapped[datetime | None]
    totp_step: Mapped[int] = mapped_column(default=0)
    issuer: Mapped[str | None] = mapped_column(String(300))
    issuer_subject: Mapped[str | None] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(8), default="en")
    last_sign_in: Mapped[datetime | None]
    visit_before: Mapped[datetime | None]
    toured_at: Mapped[datetime | None]
    party: Mapped[Party] = relationship(lazy="joined")
    authenticated_by: Mapped[Account | None] = relationship(remote_side="Account.id")
    ticket = ""  # of the session that this request is part of; the cookie keeps it

    def get_id(self) -> str:
        """What the session keeps: the number and the secret of the person's session."""
        return self.ticket

    @property
    def is_active(self) -> bool:
        return self.active


class AccountSession(Base):
    """One sign-in on one device. Of its secret only the SHA-256 is kept; `device_hash` recognises a browser seen before."""

    __tablename__ = "account_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(120), default="")
    device_hash: Mapped[str] = mapped_column(String(64), default="")
    name: Mapped[str] = mapped_column(String(80), default="")
    method: Mapped[str] = mapped_column(String(40))
    begun_at: Mapped[datetime] = mapped_column(default=utcnow)
    seen_at: Mapped[datetime] = mapped_column(default=utcnow)
    confirmed_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    account: Mapped[Account] = relationship()


class Passkey(Base):
    """A passkey (WebAuthn credential) of a person."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    credential: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    count: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code that stands in for a lost second factor, once. Kept as passwords are: it is too short for a plain digest."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(200))
    used_at: Mapped[datetime | None]


class AccountInvitation(Record, Base):
    """An invitation to open an account: whom, for which party and role, until when. Of its link only the SHA-256 is kept.

    A focal point's waits (`digest` empty) until the ISU has said how it made sure of the person. `replaces` is the account
    whose work the new person takes over.
    """

    __tablename__ = "account_invitation"
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role"),
        CheckConstraint("authenticated_at IS NULL OR authenticated_how <> ''", name="authenticated_has_how"),
        Index("ix_account_invitation_digest", "digest"),
    )

    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(Chosen(Role))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    is_head: Mapped[bool] = mapped_column(default=False)
    digest: Mapped[str] = mapped_column(String(64), default="")
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    authenticated_at: Mapped[date | None]
    authenticated_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    authenticated_how: Mapped[str] = mapped_column(String(500), default="")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    party: Mapped[Party] = relationship(lazy="joined")
    invited_by: Mapped[Account | None] = relationship(foreign_keys=[invited_by_id])
    replaces: Mapped[Account | None] = relationship(foreign_keys=[replaces_id])


class SignInAttempt(Base):
    """One failed sign-in, kept for the length of the window, shared by all processes."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_bucket_at", "bucket", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bucket: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=utcnow)
