"""Pledges with their payments, and contributions that public sources record."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.conferences.models import Conference
from partnerships.core.db import Amount, Base, Chosen, Codes, Record, one_of
from partnerships.core.visibility import Visibility
from partnerships.matches.models import Match
from partnerships.needs.models import Need
from partnerships.parties.models import Party
from partnerships.pledges.states import PledgeKind, PledgeObject, PledgeStatus


class Pledge(Record, Base):
    """A pledge (PL-2026-0007), in its own currency. `amount` is the current one; what was first announced is kept beside it."""

    __tablename__ = "pledge"
    __table_args__ = (
        CheckConstraint(one_of("status", PledgeStatus), name="status"),
        CheckConstraint(one_of("kind", PledgeKind), name="kind"),
        CheckConstraint(one_of("object", PledgeObject), name="object"),
        CheckConstraint(one_of("visibility", Visibility), name="visibility"),
        CheckConstraint("amount IS NULL OR (amount > 0 AND currency <> '')", name="amount_positive_with_currency"),
        CheckConstraint("paid_amount >= 0", name="paid_not_negative"),
        CheckConstraint("paid_amount = 0 OR (amount IS NOT NULL AND paid_amount <= amount)", name="paid_within_amount"),
        # A fact recorded from a public source (source <> '') may lack the dates that a pledge of this register has.
        CheckConstraint("paid_amount = 0 OR agreed_on IS NOT NULL OR source <> ''", name="paid_after_agreement"),
        CheckConstraint("status <> 'paid' OR (amount IS NOT NULL AND paid_amount = amount)", name="paid_means_all"),
        CheckConstraint("status <> 'confirmed' OR confirmed_on IS NOT NULL OR source <> ''", name="confirmed_has_date"),
        CheckConstraint("status <> 'agreed' OR agreed_on IS NOT NULL OR source <> ''", name="agreed_has_date"),
        CheckConstraint("first_year IS NULL OR last_year IS NULL OR first_year <= last_year", name="years_in_order"),
        CheckConstraint("object <> 'need' OR need_id IS NOT NULL", name="object_need_has_need"),
        CheckConstraint("object <> 'programme' OR recipient_id IS NOT NULL", name="object_programme_has_recipient"),
        Index("ix_pledge_need_id_status", "need_id", "status"),
    )

    ref: Mapped[str] = mapped_column(String(32), unique=True)
    donor_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    recipient_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    need_id: Mapped[int | None] = mapped_column(ForeignKey("need.id"))
    match_id: Mapped[int | None] = mapped_column(ForeignKey("match.id"), index=True)
    conference_id: Mapped[int | None] = mapped_column(ForeignKey("conference.id"), index=True)
    status: Mapped[PledgeStatus] = mapped_column(Chosen(PledgeStatus), default=PledgeStatus.ANNOUNCED)
    status_on: Mapped[datetime | None]
    kind: Mapped[PledgeKind] = mapped_column(Chosen(PledgeKind), default=PledgeKind.FINANCIAL)
    object: Mapped[PledgeObject] = mapped_column(Chosen(PledgeObject))
    currency: Mapped[str] = mapped_column(String(3), default="")
    amount: Mapped[Decimal | None] = mapped_column(Amount)
    announced_amount: Mapped[Decimal | None] = mapped_column(Amount)
    approximate: Mapped[bool] = mapped_column(default=False)
    paid_amount: Mapped[Decimal] = mapped_column(Amount, default=Decimal(0))
    first_year: Mapped[int | None]
    last_year: Mapped[int | None]
    condition: Mapped[str] = mapped_column(String(400), default="")
    statement: Mapped[str] = mapped_column(Text, default="")
    from_floor: Mapped[bool] = mapped_column(default=False)
    announced_on: Mapped[date | None]
    confirmed_on: Mapped[date | None]
    agreed_on: Mapped[date | None]
    expected_on: Mapped[date | None] = mapped_column(index=True)
    visibility: Mapped[Visibility] = mapped_column(Chosen(Visibility), default=Visibility.PUBLIC)
    source: Mapped[str] = mapped_column(String(400), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    seed_line: Mapped[int | None] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column(default=1)

    donor: Mapped[Party] = relationship(foreign_keys=[donor_id])
    recipient: Mapped[Party | None] = relationship(foreign_keys=[recipient_id])
    need: Mapped[Need | None] = relationship()
    match: Mapped[Match | None] = relationship()
    conference: Mapped[Conference | None] = relationship()
    payments: Mapped[list[Payment]] = relationship(back_populates="pledge", order_by="Payment.paid_on")
    __mapper_args__ = {"version_id_col": version}


class Payment(Base):
    """One instalment that was paid, in the pledge's currency."""

    __tablename__ = "payment"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id"), index=True)
    paid_on: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(Amount)
    note: Mapped[str] = mapped_column(String(400), default="")
    recorded_by: Mapped[int | None]
    pledge: Mapped[Pledge] = relationship(back_populates="payments")


class Contribution(Base):
    """Who gave to whom in a year, as a public source records it: a fact with its address, not a pledge of this register."""

    __tablename__ = "contribution"
    __table_args__ = (UniqueConstraint("year", "donor_id", "recipient_id", "line"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    donor_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    line: Mapped[int] = mapped_column(default=1)
    sector: Mapped[str] = mapped_column(String(120))
    themes: Mapped[tuple[str, ...]] = mapped_column(Codes, default=())
    amount_usd: Mapped[Decimal | None] = mapped_column(Amount)
    amount_national: Mapped[Decimal | None] = mapped_column(Amount)
    currency: Mapped[str] = mapped_column(String(3), default="")
    list_complete: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(400))
    donor: Mapped[Party] = relationship(foreign_keys=[donor_id])
    recipient: Mapped[Party] = relationship(foreign_keys=[recipient_id])


class RecipientTotal(Base):
    """What a State received in a year in all, as a public source states it."""

    __tablename__ = "recipient_total"
    __table_args__ = (UniqueConstraint("party_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    year: Mapped[int]
    international_usd: Mapped[Decimal | None] = mapped_column(Amount)
    national_usd: Mapped[Decimal | None] = mapped_column(Amount)
    note: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(400))


class DonorTotal(Base):
    """What a donor gave in a year in all, as a public source states it."""

    __tablename__ = "donor_total"
    __table_args__ = (UniqueConstraint("party_id", "year", "line"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    year: Mapped[int]
    line: Mapped[int] = mapped_column(default=1)
    amount_usd: Mapped[Decimal | None] = mapped_column(Amount)
    amount_national: Mapped[Decimal | None] = mapped_column(Amount)
    currency: Mapped[str] = mapped_column(String(3), default="")
    source: Mapped[str] = mapped_column(String(400))
