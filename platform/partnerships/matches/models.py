"""Matches: one need and one partner, with an owner, a next step and a date while it is open."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from partnerships.accounts.models import Account
from partnerships.core.db import Base, Chosen, Record, one_of, utcnow
from partnerships.matches.states import Audience, Decline, MatchStatus
from partnerships.needs.models import Need
from partnerships.offers.models import Offer
from partnerships.parties.models import Party


class Match(Record, Base):
    """A need and a partner. A suggestion of the engine becomes a match once somebody shares it or registers interest."""

    always_restricted = True  # only the parties and the ISU know that it exists
    __tablename__ = "match"
    __table_args__ = (
        UniqueConstraint("need_id", "party_id"),
        CheckConstraint(one_of("status", MatchStatus), name="status"),
        CheckConstraint("status NOT IN ('shared', 'interest', 'in-talks') OR "
                        "(owner_id IS NOT NULL AND next_step <> '' AND next_step_on IS NOT NULL)", name="open_has_owner"),
        CheckConstraint(one_of("declined_for", Decline), name="declined_for"),
        CheckConstraint("status <> 'declined' OR (declined_for IS NOT NULL AND (declined_for <> 'other' OR reason <> ''))",
                        name="declined_has_reason"),
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
    declined_for: Mapped[Decline | None] = mapped_column(Chosen(Decline))
    reason: Mapped[str] = mapped_column(Text, default="")
    # The first contact: when a side asked the ISU to make it, when the ISU did, and since when the need's contact is shown.
    contact_asked_at: Mapped[datetime | None]
    contact_asked_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    contact_made_at: Mapped[datetime | None]
    contact_shown_at: Mapped[datetime | None]
    score: Mapped[float | None] = mapped_column(Float)
    why: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    engine_version: Mapped[str] = mapped_column(String(64), default="")
    version: Mapped[int] = mapped_column(default=1)

    need: Mapped[Need] = relationship(backref=backref("matches", viewonly=True, sync_backref=False))
    offer: Mapped[Offer | None] = relationship()
    party: Mapped[Party] = relationship(foreign_keys=[party_id])
    state: Mapped[Party] = relationship(foreign_keys=[state_id])
    owner: Mapped[Account | None] = relationship()
    contact_asked_by: Mapped[Party | None] = relationship(foreign_keys=[contact_asked_id])
    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        """How the record names a match, which has no number of its own that people say: need and partner."""
        return f"{self.need.ref}, {self.party.ref}"

    @property
    def awaits_contact(self) -> bool:
        """Whether a side asked the ISU to make the contact and neither the ISU nor the State has answered."""
        return self.contact_asked_at is not None and self.contact_made_at is None and self.contact_shown_at is None


class MatchMessage(Record, Base):
    """What somebody wrote within a match, for both sides or for one; the ISU reads all. Never changed, only taken back.

    `party_id` is the author's State or organisation when it was written; `side_id` the side that a message is kept to.
    """

    __tablename__ = "match_message"
    __table_args__ = (
        CheckConstraint(one_of("audience", Audience), name="audience"),
        CheckConstraint("(audience = 'both') = (side_id IS NULL)", name="one_side"),
        CheckConstraint("(taken_back_at IS NULL) = (body <> '')", name="words_until_taken_back"),
        Index("ix_match_message_match_id_id", "match_id", "id"),
    )

    match_id: Mapped[int] = mapped_column(ForeignKey("match.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    side_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    audience: Mapped[Audience] = mapped_column(Chosen(Audience))
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(default=utcnow)
    taken_back_at: Mapped[datetime | None]

    match: Mapped[Match] = relationship()
    account: Mapped[Account] = relationship()
    party: Mapped[Party] = relationship(foreign_keys=[party_id])
    side: Mapped[Party | None] = relationship(foreign_keys=[side_id])

    @property
    def ref(self) -> str:
        """How the record names it: by its match."""
        return self.match.ref

    @property
    def readers(self) -> list[Party]:
        """The sides that read it."""
        return [self.match.party, self.match.state] if self.side is None else [self.side]
