"""Keys of programs."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.accounts.models import Account
from partnerships.core.actor import Role
from partnerships.core.db import Base, Chosen, Codes, Record, one_of, utcnow
from partnerships.parties.models import Party
from partnerships.tokens.states import TokenKind


class Token(Record, Base):
    """A key. Of its secret only the SHA-256 is kept: it is shown once, when the key is made.

    A key of a party acts under the role that its maker had; `account_id` is then who made it. The last day counts.
    """

    __tablename__ = "token"
    __table_args__ = (CheckConstraint(one_of("kind", TokenKind), name="kind"), CheckConstraint(one_of("role", Role), name="role"))

    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[TokenKind] = mapped_column(Chosen(TokenKind))
    role: Mapped[Role] = mapped_column(Chosen(Role))
    scopes: Mapped[tuple[str, ...]] = mapped_column(Codes, default=())
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    expires_on: Mapped[date]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship()
    party: Mapped[Party] = relationship()

    def alive(self, today: date) -> bool:
        """Whether it still opens anything: it dies with its day, with its maker's account and role, and when it is revoked."""
        return (self.revoked_at is None and self.expires_on >= today and self.account.active
                and (self.kind is TokenKind.PERSONAL or self.account.role is self.role) and self.account.party_id == self.party_id)


class TokenReceipt(Base):
    """What a program was answered when it created something under a key of its own, so that asking again creates nothing."""

    __tablename__ = "token_receipt"
    __table_args__ = (UniqueConstraint("token_id", "key"), Index("ix_token_receipt_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("token.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(200))
    asked: Mapped[str] = mapped_column(String(64))  # SHA-256 of what was asked
    ref: Mapped[str] = mapped_column(String(32), default="")
    at: Mapped[datetime] = mapped_column(default=utcnow)
