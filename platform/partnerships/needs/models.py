"""Needs: what an affected State asks for, year by year, tied to an obligation and a deadline."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.core.db import Amount, Base, Chosen, Codes, Record, one_of
from partnerships.core.visibility import Visibility
from partnerships.needs.states import NeedStatus, Origin
from partnerships.parties.models import Obligation, Party


class Need(Record, Base):
    """A need. `ref` is a draft's own reference until publication gives the public one (KHM-2026-014)."""

    __tablename__ = "need"
    __table_args__ = (
        CheckConstraint(one_of("status", NeedStatus), name="status"),
        CheckConstraint(one_of("visibility", Visibility), name="visibility"),
        CheckConstraint(one_of("origin", Origin), name="origin"),
        CheckConstraint("status NOT IN ('published', 'met', 'partly-met') OR published_at IS NOT NULL",
                        name="published_has_date"),
        Index("ix_need_status_deadline_id", "status", "deadline", "id"),
        Index("ix_need_status_theme_id", "status", "theme", "id"),
        Index("ix_need_party_id_status", "party_id", "status"),
    )

    ref: Mapped[str] = mapped_column(String(32), unique=True)
    draft_ref: Mapped[str | None] = mapped_column(String(32), unique=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    origin: Mapped[Origin] = mapped_column(Chosen(Origin), default=Origin.POSTED)
    status: Mapped[NeedStatus] = mapped_column(Chosen(NeedStatus), default=NeedStatus.DRAFT)
    status_on: Mapped[datetime | None]
    title: Mapped[str] = mapped_column(String(160), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    theme: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    kinds: Mapped[tuple[str, ...]] = mapped_column(Codes, default=())
    place: Mapped[str] = mapped_column(String(200), default="")
    article: Mapped[str | None] = mapped_column(ForeignKey("article.ref"))
    obligation_id: Mapped[int | None] = mapped_column(ForeignKey("obligation.id", ondelete="SET NULL"))
    deadline: Mapped[date | None]
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    asked: Mapped[Decimal | None] = mapped_column(Amount)
    national_share: Mapped[Decimal] = mapped_column(Amount, default=Decimal(0))
    asked_usd: Mapped[Decimal | None] = mapped_column(Amount, index=True)
    beneficiaries: Mapped[str] = mapped_column(String(400), default="")
    language: Mapped[str] = mapped_column(String(8), default="en")
    contact_name: Mapped[str] = mapped_column(String(160), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    valid_until: Mapped[date | None] = mapped_column(index=True)
    visibility: Mapped[Visibility] = mapped_column(Chosen(Visibility), default=Visibility.PUBLIC)
    excluded_partners: Mapped[tuple[str, ...]] = mapped_column(Codes, default=(), server_default="")
    source: Mapped[str] = mapped_column(String(400), default="")
    basis: Mapped[str] = mapped_column(String(400), default="")
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)

    party: Mapped[Party] = relationship()
    obligation: Mapped[Obligation | None] = relationship()
    amounts: Mapped[list[NeedAmount]] = relationship(
        back_populates="need", cascade="all, delete-orphan", order_by="NeedAmount.first_year")
    __mapper_args__ = {"version_id_col": version}

    def is_current(self, today: date) -> bool:
        """Published and not past its valid-until date."""
        return self.status is NeedStatus.PUBLISHED and (self.valid_until is None or self.valid_until >= today)


class NeedAmount(Base):
    """The amount of one year (or of a span, where a public document states only the span), with the national share in it."""

    __tablename__ = "need_amount"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("national_share >= 0", name="share_not_negative"),
        CheckConstraint("national_share <= amount", name="share_within_amount"),
        CheckConstraint("first_year <= last_year", name="years_in_order"),
        UniqueConstraint("need_id", "first_year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    first_year: Mapped[int]
    last_year: Mapped[int]
    amount: Mapped[Decimal] = mapped_column(Amount)
    national_share: Mapped[Decimal] = mapped_column(Amount, default=Decimal(0))
    need: Mapped[Need] = relationship(back_populates="amounts")
