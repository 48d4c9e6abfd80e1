"""Needs: what an affected State asks for, year by year, tied to an obligation and a deadline."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.core.db import Amount, Base, Chosen, Codes, Record, one_of, utcnow
from partnerships.core.visibility import Visibility
from partnerships.needs.states import Age, CostKind, Disability, NeedStatus, Origin, Reached, Sex
from partnerships.parties.models import Obligation, Party

# What the filters and the rules of sight ask of a need: with these in an index, a list is walked in the index alone.
_LISTED = ("party_id", "theme", "kinds", "visibility", "amounts_visibility", "valid_until", "asked_usd", "deadline",
           "published_at")


def _covering(name: str, *first: str) -> Index:
    """An index that begins with these columns and holds all that a list looks at."""
    return Index(name, *first, *(column for column in _LISTED if column not in first))


class Need(Record, Base):
    """A need. `ref` is a draft's own reference until publication gives the public one (KHM-2026-014)."""

    __tablename__ = "need"
    __table_args__ = (
        CheckConstraint(one_of("status", NeedStatus), name="status"),
        CheckConstraint(one_of("visibility", Visibility), name="visibility"),
        CheckConstraint(one_of("amounts_visibility", Visibility), name="amounts_visibility"),
        CheckConstraint(one_of("details_visibility", Visibility), name="details_visibility"),
        CheckConstraint(one_of("origin", Origin), name="origin"),
        CheckConstraint("received IS NULL OR received >= 0", name="received_not_negative"),
        UniqueConstraint("party_id", "import_key"),
        CheckConstraint("status NOT IN ('published', 'met', 'partly-met') OR published_at IS NOT NULL",
                        name="published_has_date"),
        _covering("ix_need_newest", "status", "published_at", "id"),
        _covering("ix_need_nearest", "status", "deadline", "id"),
        _covering("ix_need_of_party", "party_id", "status", "published_at", "id"),
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
    asked_usd: Mapped[Decimal | None] = mapped_column(Amount)
    beneficiaries: Mapped[str] = mapped_column(String(400), default="")
    language: Mapped[str] = mapped_column(String(8), default="en")
    contact_name: Mapped[str] = mapped_column(String(160), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    # Whether signed-in readers of the need see whom to write to; if not, a partner does once the State shows it (matches).
    contact_shared: Mapped[bool] = mapped_column(default=True, server_default=true())
    valid_until: Mapped[date | None] = mapped_column(index=True)
    visibility: Mapped[Visibility] = mapped_column(Chosen(Visibility), default=Visibility.PUBLIC)
    excluded_partners: Mapped[tuple[str, ...]] = mapped_column(Codes, default=(), server_default="")
    # Parts of a need may be for fewer people than the need itself; never for more (policy.py).
    amounts_visibility: Mapped[Visibility] = mapped_column(Chosen(Visibility), default=Visibility.PUBLIC,
                                                           server_default=Visibility.PUBLIC.value)
    details_visibility: Mapped[Visibility] = mapped_column(Chosen(Visibility), default=Visibility.PUBLIC,
                                                           server_default=Visibility.PUBLIC.value)
    # The second part: what a partner needs to know before it decides.
    channels: Mapped[tuple[str, ...]] = mapped_column(Codes, default=(), server_default="")
    national_note: Mapped[str] = mapped_column(Text, default="", server_default="")
    risks: Mapped[str] = mapped_column(Text, default="", server_default="")
    gender_analysis: Mapped[str] = mapped_column(Text, default="", server_default="")
    sustainability: Mapped[str] = mapped_column(Text, default="", server_default="")
    plan_title: Mapped[str] = mapped_column(String(300), default="", server_default="")
    plan_year: Mapped[int | None]
    plan_url: Mapped[str] = mapped_column(String(500), default="", server_default="")
    # What happened, once it is closed: in words, who helped, and how much came, in the need's currency.
    outcome: Mapped[str] = mapped_column(Text, default="", server_default="")
    supporters: Mapped[tuple[str, ...]] = mapped_column(Codes, default=(), server_default="")
    received: Mapped[Decimal | None] = mapped_column(Amount)
    import_key: Mapped[str | None] = mapped_column(String(160))
    source: Mapped[str] = mapped_column(String(400), default="")
    basis: Mapped[str] = mapped_column(String(400), default="")
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    party: Mapped[Party] = relationship()
    obligation: Mapped[Obligation | None] = relationship()
    amounts: Mapped[list[NeedAmount]] = relationship(
        back_populates="need", cascade="all, delete-orphan", order_by="NeedAmount.first_year")
    work: Mapped[list[WorkLine]] = relationship(cascade="all, delete-orphan", order_by="WorkLine.id")
    people: Mapped[list[PeopleLine]] = relationship(cascade="all, delete-orphan", order_by="PeopleLine.id")
    costs: Mapped[list[CostLine]] = relationship(cascade="all, delete-orphan", order_by="CostLine.id")
    covered: Mapped[list[CoverLine]] = relationship(cascade="all, delete-orphan", order_by="CoverLine.id")
    programme: Mapped[list[ProgrammePart]] = relationship(cascade="all, delete-orphan", order_by="ProgrammePart.part")
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


def _of_need() -> Mapped[int]:
    return mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)


class WorkLine(Base):
    """One area in one year of the work plan. Areas in square metres; how land is to be released, by the terms of IMAS.

    Source: Oslo Action Plan, actions 18 and 22; IMAS 07.11 (cancelled, reduced, cleared).
    """

    __tablename__ = "need_work"
    __table_args__ = (
        CheckConstraint("suspected_m2 >= 0 AND confirmed_m2 >= 0 AND cancelled_m2 >= 0 AND reduced_m2 >= 0 "
                        "AND cleared_m2 >= 0", name="areas_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = _of_need()
    year: Mapped[int]
    area: Mapped[str] = mapped_column(String(200), default="")
    contamination: Mapped[tuple[str, ...]] = mapped_column(Codes, default=())
    suspected_m2: Mapped[int] = mapped_column(BigInteger, default=0)
    confirmed_m2: Mapped[int] = mapped_column(BigInteger, default=0)
    cancelled_m2: Mapped[int] = mapped_column(BigInteger, default=0)
    reduced_m2: Mapped[int] = mapped_column(BigInteger, default=0)
    cleared_m2: Mapped[int] = mapped_column(BigInteger, default=0)


class PeopleLine(Base):
    """How many people a need is to reach, by sex, age group and disability: aggregates only, never a person."""

    __tablename__ = "need_people"
    __table_args__ = (
        CheckConstraint(one_of("reached", Reached), name="reached"), CheckConstraint(one_of("sex", Sex), name="sex"),
        CheckConstraint(one_of("age", Age), name="age"), CheckConstraint(one_of("disability", Disability), name="disability"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = _of_need()
    reached: Mapped[Reached] = mapped_column(Chosen(Reached))
    sex: Mapped[Sex] = mapped_column(Chosen(Sex))
    age: Mapped[Age] = mapped_column(Chosen(Age))
    disability: Mapped[Disability] = mapped_column(Chosen(Disability))
    number: Mapped[int]


class CostLine(Base):
    """What one kind of cost takes in one year, in the need's currency. A breakdown of the year's amount, never added to it."""

    __tablename__ = "need_cost"
    __table_args__ = (
        CheckConstraint(one_of("kind", CostKind), name="kind"), CheckConstraint("amount > 0", name="amount_positive"),
        UniqueConstraint("need_id", "year", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = _of_need()
    year: Mapped[int]
    kind: Mapped[CostKind] = mapped_column(Chosen(CostKind))
    amount: Mapped[Decimal] = mapped_column(Amount)
    note: Mapped[str] = mapped_column(String(300), default="")


class CoverLine(Base):
    """What is already covered outside this register, and by whom, as the State says it; no pledge, and in no figure of pledges."""

    __tablename__ = "need_cover"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = _of_need()
    by_whom: Mapped[str] = mapped_column(String(200))
    year: Mapped[int | None]
    amount: Mapped[Decimal] = mapped_column(Amount)
    note: Mapped[str] = mapped_column(String(300), default="")


class ProgrammePart(Base):
    """One of the six parts (a to f) of a request for help to elaborate a national programme. Source: Article 6.7."""

    __tablename__ = "need_programme"
    __table_args__ = (CheckConstraint("part IN ('a', 'b', 'c', 'd', 'e', 'f')", name="part"),
                      UniqueConstraint("need_id", "part"))

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = _of_need()
    part: Mapped[str] = mapped_column(String(1))
    text: Mapped[str] = mapped_column(Text)


class NeedVersion(Record, Base):
    """A need as it was published: its whole content as `needs.content.snapshot` gives it. Never changed, never removed."""

    __tablename__ = "need_version"
    __table_args__ = (UniqueConstraint("need_id", "number"), CheckConstraint("number >= 1", name="number_from_one"))

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text, default="")
    small: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[str] = mapped_column(String(300), default="")
    published_at: Mapped[datetime] = mapped_column(default=utcnow)
    published_by: Mapped[str] = mapped_column(String(300), default="")
    need: Mapped[Need] = relationship()
