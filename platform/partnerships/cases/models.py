"""A case of the individualised approach (Oslo Action Plan, Action 43): one a State and round, with one meeting at most."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Float, ForeignKey, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.accounts.models import Account
from partnerships.approach.models import Meeting
from partnerships.cases.states import CaseStatus, InvitationStatus, Item, Origin, Support
from partnerships.core.db import Base, Chosen, Record, one_of
from partnerships.matches.models import Match
from partnerships.needs.models import Need
from partnerships.parties.models import Party
from partnerships.pledges.models import Pledge

support_pledge = Table(
    "support_pledge", Base.metadata,
    Column("support_id", ForeignKey("case_support.id", ondelete="CASCADE"), primary_key=True),
    Column("pledge_id", ForeignKey("pledge.id", ondelete="CASCADE"), primary_key=True),
)


class Case(Record, Base):
    """One round of a State (CASE-KHM-01). `shared` is the summary without names; only its State's consent opens it to others."""

    always_restricted = True  # for its State, the ISU and the Committee
    __tablename__ = "approach_case"
    __table_args__ = (
        CheckConstraint(one_of("status", CaseStatus), name="status"),
        CheckConstraint(one_of("origin", Origin), name="origin"),
        CheckConstraint("shared_on IS NULL OR consent_on IS NOT NULL", name="shared_with_consent"),
        CheckConstraint("consent_on IS NULL OR shared <> ''", name="consent_to_something"),
        CheckConstraint("status NOT IN ('met', 'closed') OR meeting_id IS NOT NULL", name="met_has_meeting"),
        UniqueConstraint("state_id", "round"),  # also keeps two from beginning the same round at once
    )

    ref: Mapped[str] = mapped_column(String(32), unique=True)
    state_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    round: Mapped[int]
    origin: Mapped[Origin] = mapped_column(Chosen(Origin))
    status: Mapped[CaseStatus] = mapped_column(Chosen(CaseStatus), default=CaseStatus.ASKED)
    status_on: Mapped[datetime | None]
    asked_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    shared: Mapped[str] = mapped_column(Text, default="")
    consent_on: Mapped[date | None]
    consent_by: Mapped[str] = mapped_column(String(300), default="")
    shared_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    state: Mapped[Party] = relationship()
    owner: Mapped[Account | None] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    items: Mapped[list[CaseItem]] = relationship(back_populates="case", cascade="all, delete-orphan")
    invitations: Mapped[list[Invitation]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="Invitation.id")
    statements: Mapped[list[Statement]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="Statement.id")
    support: Mapped[list[CaseSupport]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="CaseSupport.months")
    __mapper_args__ = {"version_id_col": version}


class CaseItem(Base):
    """One thing that is ready, since when, and who said so; what is not ready has no row."""

    __tablename__ = "case_item"
    __table_args__ = (CheckConstraint(one_of("item", Item), name="item"), UniqueConstraint("case_id", "item"))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("approach_case.id", ondelete="CASCADE"))
    item: Mapped[Item] = mapped_column(Chosen(Item))
    done_on: Mapped[date]
    done_by: Mapped[str] = mapped_column(String(300), default="")
    case: Mapped[Case] = relationship(back_populates="items")


class Invitation(Base):
    """A State or organisation invited, why matching named it (public reasons, as kept with a match), and its answer."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint(one_of("status", InvitationStatus), name="status"),
        CheckConstraint("(status = 'sent') = (answered_on IS NULL)", name="answer_has_day"),
        UniqueConstraint("case_id", "party_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("approach_case.id", ondelete="CASCADE"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    status: Mapped[InvitationStatus] = mapped_column(Chosen(InvitationStatus), default=InvitationStatus.SENT)
    sent_on: Mapped[date]
    answered_on: Mapped[date | None]
    message: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text, default="")
    score: Mapped[float | None] = mapped_column(Float)
    why: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    case: Mapped[Case] = relationship(back_populates="invitations")
    party: Mapped[Party] = relationship()


class Statement(Base):
    """Interest stated at the meeting, in words; it lives on in a match with an owner and a next step."""

    __tablename__ = "statement"
    __table_args__ = (CheckConstraint("words <> ''", name="has_words"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("approach_case.id", ondelete="CASCADE"), index=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"))
    match_id: Mapped[int | None] = mapped_column(ForeignKey("match.id", ondelete="SET NULL"))
    words: Mapped[str] = mapped_column(Text)
    said_on: Mapped[date]
    case: Mapped[Case] = relationship(back_populates="statements")
    party: Mapped[Party] = relationship()
    need: Mapped[Need] = relationship()
    match: Mapped[Match | None] = relationship()


class CaseSupport(Base):
    """What the State says, 6 and 12 months after its meeting, of the support that came since; with the pledges it means."""

    __tablename__ = "case_support"
    __table_args__ = (
        CheckConstraint("months IN (6, 12)", name="months"),
        CheckConstraint(f"answer IS NULL OR {one_of('answer', Support)}", name="answer"),
        CheckConstraint("(answer IS NULL) = (answered_on IS NULL)", name="answer_has_day"),
        UniqueConstraint("case_id", "months"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("approach_case.id", ondelete="CASCADE"))
    months: Mapped[int]
    due_on: Mapped[date] = mapped_column(index=True)
    answer: Mapped[Support | None] = mapped_column(Chosen(Support))
    answered_on: Mapped[date | None]
    answered_by: Mapped[str] = mapped_column(String(300), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    case: Mapped[Case] = relationship(back_populates="support")
    pledges: Mapped[list[Pledge]] = relationship(secondary=support_pledge, order_by=Pledge.id)
