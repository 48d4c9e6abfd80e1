"""Saved what-if plans: which needs, whose budgets, what came out. A plan is never a pledge and writes none."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.accounts.models import Account
from partnerships.allocations.states import AllocationStatus, Part
from partnerships.conferences.models import Conference
from partnerships.core.constraints import explain
from partnerships.core.db import Amount, Base, Chosen, Record, one_of
from partnerships.parties.models import Party

FLOOR_MOST = 50


class Allocation(Record, Base):
    """A what-if plan (PLAN-2026-003).

    `scope` says which needs: {"themes": [code], "region": M49, "states": [ref], "needs": [ref]}, empty = all open ones.
    `budgets` are rows {"donor": ref, "amount": whole US dollars as text, "themes": [code], "countries": [ref]}.
    `result` is what `service.kept` writes. `run_key` names the running computation: another one's answer is not taken.
    """

    __tablename__ = "allocation"
    __table_args__ = (
        CheckConstraint(one_of("status", AllocationStatus), name="status"),
        CheckConstraint(f"floor BETWEEN 0 AND {FLOOR_MOST}", name="floor_in_range"),
        CheckConstraint("minimum >= 0", name="minimum_not_negative"),
        CheckConstraint("status <> 'done' OR result IS NOT NULL", name="done_has_result"),
    )

    ref: Mapped[str] = mapped_column(String(32), unique=True)
    title: Mapped[str] = mapped_column(String(160))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    conference_id: Mapped[int | None] = mapped_column(ForeignKey("conference.id", ondelete="SET NULL"), index=True)
    status: Mapped[AllocationStatus] = mapped_column(Chosen(AllocationStatus), default=AllocationStatus.DRAFT)
    status_on: Mapped[datetime | None]
    floor: Mapped[int] = mapped_column(default=0)
    minimum: Mapped[Decimal] = mapped_column(Amount, default=Decimal(0))
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    scope: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    budgets: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    engine: Mapped[str] = mapped_column(String(64), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    run_key: Mapped[str] = mapped_column(String(32), default="")
    stage: Mapped[str] = mapped_column(String(16), default="")
    heartbeat_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    party: Mapped[Party] = relationship()
    author: Mapped[Account | None] = relationship()
    conference: Mapped[Conference | None] = relationship()
    parties: Mapped[list[AllocationParty]] = relationship(
        back_populates="allocation", cascade="all, delete-orphan", order_by="AllocationParty.party_id")
    __mapper_args__ = {"version_id_col": version}


class AllocationParty(Base):
    """A party whose data a plan uses, as a donor with a budget or a State with a need: it may see the plan."""

    __tablename__ = "allocation_party"
    __table_args__ = (CheckConstraint(one_of("part", Part), name="part"),)

    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id", ondelete="CASCADE"), primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), primary_key=True, index=True)
    part: Mapped[Part] = mapped_column(Chosen(Part), primary_key=True)
    allocation: Mapped[Allocation] = relationship(back_populates="parties")
    party: Mapped[Party] = relationship()


explain(
    ck_allocation_floor_in_range=_l("The floor is a share from 0 to 50 %."),
    ck_allocation_minimum_not_negative=_l("An amount cannot be negative."),
    ck_allocation_done_has_result=_l("A computed plan has a result."),
)
