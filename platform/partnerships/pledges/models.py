"""Pledges with their steps and parts, and contributions that public sources record."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.conferences.models import Conference
from partnerships.core.db import Amount, Base, Chosen, Codes, Record, one_of, utcnow
from partnerships.core.visibility import Visibility
from partnerships.matches.models import Match
from partnerships.needs.models import Need
from partnerships.parties.models import Party
from partnerships.pledges.states import (
    Earmarking,
    InKind,
    Oda,
    PledgeKind,
    PledgeObject,
    PledgeStatus,
    Settlement,
    Side,
    StepKind,
)


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
        CheckConstraint("kind NOT IN ('in-kind', 'political') OR amount IS NULL", name="only_money_has_amount"),
        CheckConstraint("valuation IS NULL OR (kind = 'in-kind' AND valuation > 0 AND valuation_currency <> '')",
                        name="valuation_of_in_kind"),
        CheckConstraint("status <> 'delivered' OR kind IN ('in-kind', 'political')", name="delivered_is_not_money"),
        CheckConstraint(f"in_kind IS NULL OR {one_of('in_kind', InKind)}", name="in_kind"),
        CheckConstraint(f"earmarking IS NULL OR {one_of('earmarking', Earmarking)}", name="earmarking"),
        CheckConstraint(one_of("oda", Oda), name="oda"),
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
    in_kind: Mapped[InKind | None] = mapped_column(Chosen(InKind))
    valuation: Mapped[Decimal | None] = mapped_column(Amount)
    valuation_currency: Mapped[str] = mapped_column(String(3), default="")
    first_year: Mapped[int | None]
    last_year: Mapped[int | None]
    earmarking: Mapped[Earmarking | None] = mapped_column(Chosen(Earmarking))
    themes: Mapped[tuple[str, ...]] = mapped_column(Codes, default=())
    place: Mapped[str] = mapped_column(String(200), default="")
    channel: Mapped[str] = mapped_column(String(32), default="")  # a code of needs.states.CHANNELS
    oda: Mapped[Oda] = mapped_column(Chosen(Oda), default=Oda.UNKNOWN)
    condition: Mapped[str] = mapped_column(String(400), default="")
    statement: Mapped[str] = mapped_column(Text, default="")
    from_floor: Mapped[bool] = mapped_column(default=False)
    announced_on: Mapped[date | None]
    confirmed_on: Mapped[date | None]
    agreed_on: Mapped[date | None]
    expected_on: Mapped[date | None] = mapped_column(index=True)
    heard_on: Mapped[date | None]
    as_typed: Mapped[str] = mapped_column(String(400), default="")
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
    steps: Mapped[list[PledgeStep]] = relationship(back_populates="pledge", order_by="PledgeStep.id",
                                                   cascade="all, delete-orphan")
    payments: Mapped[list[PledgeStep]] = relationship(
        primaryjoin=lambda: and_(PledgeStep.pledge_id == Pledge.id, PledgeStep.kind == StepKind.PAYMENT,
                                 PledgeStep.voided_at.is_(None)),
        order_by="PledgeStep.day, PledgeStep.id", viewonly=True)
    portions: Mapped[list[PledgePortion]] = relationship(order_by="PledgePortion.year", cascade="all, delete-orphan")
    partners: Mapped[list[PledgePartner]] = relationship(order_by="PledgePartner.id", cascade="all, delete-orphan")
    parts: Mapped[list[PledgeNeed]] = relationship(order_by="PledgeNeed.id", cascade="all, delete-orphan")
    reports: Mapped[list[PledgeReport]] = relationship(back_populates="pledge", order_by="PledgeReport.id",
                                                       cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}


class PledgeStep(Base):
    """What happened to a pledge on a day, with who recorded it and the evidence for it.

    `amount`, in the pledge's currency: what was paid (an instalment), or what the pledge is worth from then on (announced,
    reduced, increased). A payment that turns out wrong is voided and stays; `document_id` names a file of the pledge.
    """

    __tablename__ = "pledge_step"
    __table_args__ = (
        CheckConstraint(one_of("kind", StepKind), name="kind"),
        CheckConstraint("amount IS NULL OR amount > 0", name="amount_positive"),
        CheckConstraint("kind <> 'payment' OR amount IS NOT NULL", name="payment_has_amount"),
        CheckConstraint("voided_at IS NULL OR kind = 'payment'", name="only_payments_voided"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id", ondelete="CASCADE"), index=True)
    kind: Mapped[StepKind] = mapped_column(Chosen(StepKind))
    day: Mapped[date] = mapped_column(index=True)
    amount: Mapped[Decimal | None] = mapped_column(Amount)
    note: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(String(400), default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id", ondelete="SET NULL"))
    account_id: Mapped[int | None]  # no foreign key: the record outlives an erased account
    actor_label: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = mapped_column(default=utcnow)
    voided_at: Mapped[datetime | None]
    pledge: Mapped[Pledge] = relationship(back_populates="steps")


class PledgePortion(Base):
    """What a pledge of several years plans for one of them, in its currency. All portions together are its amount."""

    __tablename__ = "pledge_portion"
    __table_args__ = (UniqueConstraint("pledge_id", "year"), CheckConstraint("amount > 0", name="amount_positive"))

    id: Mapped[int] = mapped_column(primary_key=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id", ondelete="CASCADE"))
    year: Mapped[int]
    amount: Mapped[Decimal] = mapped_column(Amount)


class PledgePartner(Base):
    """A party that pledges jointly with the lead (the pledge's donor); its share, if it is known, is part of the amount."""

    __tablename__ = "pledge_partner"
    __table_args__ = (UniqueConstraint("pledge_id", "party_id"),
                      CheckConstraint("amount IS NULL OR amount > 0", name="amount_positive"))

    id: Mapped[int] = mapped_column(primary_key=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id", ondelete="CASCADE"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    amount: Mapped[Decimal | None] = mapped_column(Amount)
    party: Mapped[Party] = relationship()


class PledgeNeed(Base):
    """One of several needs of a State that a pledge is for; its part of the amount, if the donor said it."""

    __tablename__ = "pledge_need"
    __table_args__ = (UniqueConstraint("pledge_id", "need_id"),
                      CheckConstraint("amount IS NULL OR amount > 0", name="amount_positive"))

    id: Mapped[int] = mapped_column(primary_key=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id", ondelete="CASCADE"))
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    amount: Mapped[Decimal | None] = mapped_column(Amount)
    need: Mapped[Need] = relationship()


class PledgeReport(Base):
    """What one side says of a pledge, beside what the record says, until the ISU settles a difference.

    `paid_amount` is the total paid or received by `as_of`, in the pledge's currency.
    """

    __tablename__ = "pledge_report"
    __table_args__ = (
        CheckConstraint(one_of("side", Side), name="side"),
        CheckConstraint("paid_amount >= 0", name="paid_not_negative"),
        CheckConstraint(f"outcome IS NULL OR {one_of('outcome', Settlement)}", name="outcome"),
        CheckConstraint("(settled_on IS NULL) = (outcome IS NULL)", name="settled_has_outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id", ondelete="CASCADE"), index=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    side: Mapped[Side] = mapped_column(Chosen(Side))
    paid_amount: Mapped[Decimal] = mapped_column(Amount)
    as_of: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(String(400), default="")
    account_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(default=utcnow)
    settled_on: Mapped[date | None]
    outcome: Mapped[Settlement | None] = mapped_column(Chosen(Settlement))
    settlement: Mapped[str] = mapped_column(Text, default="")
    pledge: Mapped[Pledge] = relationship(back_populates="reports")
    party: Mapped[Party] = relationship()


class Contribution(Base):
    """Who gave to whom in a year, as a public source records it: a fact with its address, not a pledge of this register.

    `import_key` knows the flow of a financial tracking service again; what tells years only is known by its sector.
    """

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
    import_key: Mapped[str | None] = mapped_column(String(60), unique=True)
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    implementer: Mapped[str] = mapped_column(String(200), default="", server_default="")
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
