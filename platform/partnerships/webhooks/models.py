"""Webhooks: addresses of an organisation's machines, and the outbox of what they are told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.accounts.models import Account
from partnerships.core.actor import Role
from partnerships.core.db import Base, Chosen, Codes, Record, one_of, utcnow
from partnerships.parties.models import Party
from partnerships.webhooks.states import DeliveryStatus, Reason, WebhookStatus, What


class Webhook(Record, Base):
    """An address that a party wants told of what happens, within the sight that `role` has through the party.

    The address never changes: an administrator has allowed this one. `secret` signs and is kept encrypted; the one before it
    signs beside it until `old_until`. `failures` counts the deliveries given up in a row.
    """

    __tablename__ = "webhook"
    __table_args__ = (
        CheckConstraint(one_of("status", WebhookStatus), name="status"),
        CheckConstraint(one_of("role", Role), name="role"),
        CheckConstraint("failures >= 0", name="failures_not_negative"),
        UniqueConstraint("party_id", "role", "address"),
    )

    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    role: Mapped[Role] = mapped_column(Chosen(Role))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    address: Mapped[str] = mapped_column(String(500))
    description: Mapped[str] = mapped_column(String(200), default="")
    events: Mapped[tuple[str, ...]] = mapped_column(Codes(120))
    status: Mapped[WebhookStatus] = mapped_column(Chosen(WebhookStatus), default=WebhookStatus.WAITING, index=True)
    status_on: Mapped[datetime | None]
    secret: Mapped[str] = mapped_column(Text)
    old_secret: Mapped[str] = mapped_column(Text, default="")
    old_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    party: Mapped[Party] = relationship()
    account: Mapped[Account | None] = relationship()

    @property
    def told(self) -> list[What]:
        """What it is told of, in a fixed order."""
        return [one for one in What if one.value in self.events]

    __mapper_args__ = {"version_id_col": version}


class WebhookDelivery(Base):
    """One thing to tell one webhook. `key` says what it is, so that it is told once; `message` is the same at each attempt.

    `due_at` is when it is tried next. Whoever takes it for an attempt moves that on first, so that no other process takes it too,
    and so that it is tried again when the process dies over it.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        CheckConstraint(one_of("what", What), name="what"),
        CheckConstraint(one_of("status", DeliveryStatus), name="status"),
        CheckConstraint(f"reason IS NULL OR {one_of('reason', Reason)}", name="reason"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        UniqueConstraint("webhook_id", "key"),
        Index("ix_webhook_delivery_status_due_at_id", "status", "due_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80))
    message: Mapped[str] = mapped_column(String(40), unique=True)
    what: Mapped[What] = mapped_column(Chosen(What))
    record_id: Mapped[int] = mapped_column(default=0)
    label: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    status: Mapped[DeliveryStatus] = mapped_column(Chosen(DeliveryStatus), default=DeliveryStatus.WAITING)
    due_at: Mapped[datetime] = mapped_column(default=utcnow)
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    answer: Mapped[int | None]
    reason: Mapped[Reason | None] = mapped_column(Chosen(Reason))
    is_demo: Mapped[bool] = mapped_column(default=False)

    webhook: Mapped[Webhook] = relationship()
