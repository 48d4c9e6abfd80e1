"""Parties: States, other areas that sources name, and organisations; what the Convention asks of each, and what a donor prefers."""

from __future__ import annotations

from datetime import date as Day
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.core.db import Amount, Base, Chosen, Codes, Record, one_of
from partnerships.core.visibility import Visibility


class PartyKind(StrEnum):
    STATE = "state"
    ORGANISATION = "organisation"
    AREA = "area"


class Act(StrEnum):
    """Acts towards the Convention, as the depositary records them."""

    SIGNATURE = "signature"
    RATIFICATION = "ratification"
    ACCEPTANCE = "acceptance"
    APPROVAL = "approval"
    ACCESSION = "accession"
    SUCCESSION = "succession"
    WITHDRAWAL = "withdrawal"


CONSENT = (Act.RATIFICATION, Act.ACCEPTANCE, Act.APPROVAL, Act.ACCESSION, Act.SUCCESSION)


class Region(Base):
    """A region, sub-region or intermediate region of the United Nations standard M49."""

    __tablename__ = "region"

    m49: Mapped[str] = mapped_column(String(3), primary_key=True)
    parent: Mapped[str] = mapped_column(String(3), default="")
    name_en: Mapped[str] = mapped_column(String(120))
    name_fr: Mapped[str] = mapped_column(String(120), default="")
    name_es: Mapped[str] = mapped_column(String(120), default="")
    name_ar: Mapped[str] = mapped_column(String(120), default="")
    name_ru: Mapped[str] = mapped_column(String(120), default="")
    name_zh: Mapped[str] = mapped_column(String(120), default="")
    source: Mapped[str] = mapped_column(String(400))


class Party(Base):
    """A State, an organisation, or an area that a source names. `ref` is ISO 3166-1 alpha-3 for States."""

    __tablename__ = "party"
    __table_args__ = (CheckConstraint(one_of("kind", PartyKind), name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True)
    kind: Mapped[PartyKind] = mapped_column(Chosen(PartyKind), index=True)
    organisation_type: Mapped[str] = mapped_column(String(40), default="")
    iso2: Mapped[str] = mapped_column(String(2), default="")
    m49: Mapped[str] = mapped_column(String(3), default="")
    region: Mapped[str] = mapped_column(String(3), default="", index=True)
    subregion: Mapped[str] = mapped_column(String(3), default="", index=True)
    membership: Mapped[str] = mapped_column(String(20), default="")
    languages: Mapped[str] = mapped_column(String(80), default="")
    name_en: Mapped[str] = mapped_column(String(160))
    name_fr: Mapped[str] = mapped_column(String(160), default="")
    name_es: Mapped[str] = mapped_column(String(160), default="")
    name_ar: Mapped[str] = mapped_column(String(160), default="")
    name_ru: Mapped[str] = mapped_column(String(160), default="")
    name_zh: Mapped[str] = mapped_column(String(160), default="")
    neighbours: Mapped[str] = mapped_column(String(120), default="")
    source: Mapped[str] = mapped_column(String(400))
    is_demo: Mapped[bool] = mapped_column(default=False)

    treaty_acts: Mapped[list[TreatyAct]] = relationship(back_populates="party", order_by="TreatyAct.id")

    @property
    def is_state(self) -> bool:
        return self.kind is PartyKind.STATE


class TreatyAct(Base):
    """A State's act towards the Convention: dates, never a flag, because membership changes."""

    __tablename__ = "treaty_act"
    __table_args__ = (CheckConstraint(one_of("act", Act), name="act"), UniqueConstraint("party_id", "act"))

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    act: Mapped[Act] = mapped_column(Chosen(Act))
    date: Mapped[Day | None]
    effective: Mapped[Day | None]
    effective_basis: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(400))
    party: Mapped[Party] = relationship(back_populates="treaty_acts")


class Obligation(Base):
    """What the Convention asks of a State, with its deadline where a source gives one, and the source's date."""

    __tablename__ = "obligation"
    __table_args__ = (UniqueConstraint("party_id", "article", "line"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    article: Mapped[str] = mapped_column(String(8))
    line: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    deadline: Mapped[Day | None] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(String(20))
    as_of: Mapped[Day | None]
    source: Mapped[str] = mapped_column(String(400))
    party: Mapped[Party] = relationship()


class Fact(Base):
    """A dated figure about a State that a public source gives: shown with its year, never as current."""

    __tablename__ = "fact"
    __table_args__ = (UniqueConstraint("party_id", "year", "indicator", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    year: Mapped[int]
    indicator: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(String(400))


class Priorities(Record, Base):
    """What a donor or partner says it looks for. Amounts in `currency`; empty sets mean "not stated"."""

    __tablename__ = "priorities"
    __table_args__ = (
        CheckConstraint(one_of("visibility", Visibility), name="visibility"),
        CheckConstraint("budget_month IS NULL OR budget_month BETWEEN 1 AND 12", name="budget_month"),
        CheckConstraint("amount_typical IS NULL OR amount_typical >= 0", name="amount_typical_not_negative"),
        CheckConstraint("amount_min IS NULL OR amount_min >= 0", name="amount_min_not_negative"),
        CheckConstraint("amount_min IS NULL OR amount_max IS NULL OR amount_min <= amount_max", name="amounts_in_order"),
    )

    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), unique=True)
    statement: Mapped[str] = mapped_column(Text, default="")
    themes: Mapped[tuple[str, ...]] = mapped_column(Codes, default=())
    kinds: Mapped[tuple[str, ...]] = mapped_column(Codes, default=())
    regions: Mapped[tuple[str, ...]] = mapped_column(Codes, default=())
    countries: Mapped[tuple[str, ...]] = mapped_column(Codes, default=())
    excluded_countries: Mapped[tuple[str, ...]] = mapped_column(Codes, default=(), server_default="")
    multi_year: Mapped[bool] = mapped_column(default=False)
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    amount_min: Mapped[Decimal | None] = mapped_column(Amount)
    amount_max: Mapped[Decimal | None] = mapped_column(Amount)
    amount_typical: Mapped[Decimal | None] = mapped_column(Amount)
    channels: Mapped[tuple[str, ...]] = mapped_column(Codes, default=(), server_default="")
    # The budget's calendar: the month in which the financial year begins, and those in which grants are decided ("03 09").
    budget_month: Mapped[int | None]
    decision_months: Mapped[tuple[str, ...]] = mapped_column(Codes, default=(), server_default="")
    budget_note: Mapped[str] = mapped_column(Text, default="", server_default="")
    visibility: Mapped[Visibility] = mapped_column(Chosen(Visibility), default=Visibility.PUBLIC)
    version: Mapped[int] = mapped_column(default=1)
    party: Mapped[Party] = relationship()
    __mapper_args__ = {"version_id_col": version}
