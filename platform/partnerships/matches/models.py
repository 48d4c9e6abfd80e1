"""Matches: one need and one partner, with an owner, a next step and a date while it is open."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from partnerships.accounts.models import Account
from partnerships.core.db import Base, Chosen, Record, one_of
from partnerships.matches.states import MatchStatus
from partnerships.needs.models import Need
from partnerships.offers.models import Offer
from partnerships.parties.models import Party


class Match(Record, Base):
    """A need and a partner. A suggestion of the engine becomes a match once somebody shares it or registers interest."""

    __tablename__ = "match"
    __table_args__ = (
        UniqueConstraint("need_id", "party_id"),
        CheckConstraint(one_of("status", MatchStatus), name="status"),
        CheckConstraint("status NOT IN ('shared', 'interest', 'in-talks') OR "
                        "(owner_id IS NOT NULL AND next_step <> '' AND next_step_on IS NOT NULL)", name="open_has_owner"),
        CheckConstraint("status <> 'declined' OR reason <> ''", name="declined_has_reason"),
        Index("ix_match_owner_id_status", "owner_id", "status"),
    )

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    state_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offer.id", ondelete="SET NULL"), index=True)
    status: Mapped[MatchStatus] = mapped_column(Chosen(MatchStatus))
    status_on: Mapped[datetime | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    next_step: Mapped[str] = mapped_column(String(300), default="")
    next_step_on: Mapped[date | None] = mapped_column(index=True)
    message: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    score: Mapped[float | None] = mapped_column(Float)
    why: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    engine_version: Mapped[str] = mapped_column(String(64), default="")
    version: Mapped[int] = mapped_column(default=1)

    need: Mapped[Need] = relationship(backref=backref("matches", viewonly=True, sync_backref=False))
    offer: Mapped[Offer | None] = relationship()
    party: Mapped[Party] = relationship(foreign_keys=[party_id])
    state: Mapped[Party] = relationship(foreign_keys=[state_id])
    owner: Mapped[Account | None] = relationship()
    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        """How the record names a match, which has no number of its own that people say: need and partner."""
        return f"{self.need.ref}, {self.party.ref}"
