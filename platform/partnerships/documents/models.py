"""Files attached to records: kept outside the web root under random names, seen by whoever sees the record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.approach.models import Meeting
from partnerships.conferences.models import Conference
from partnerships.core.db import Base, Record
from partnerships.matches.models import MatchMessage
from partnerships.needs.models import Need
from partnerships.offers.models import Offer
from partnerships.parties.models import Party
from partnerships.pledges.models import Pledge

TYPES = ("pdf", "docx", "xlsx", "png", "jpeg")
OWNERS = ("need", "offer", "meeting", "conference", "pledge", "message")


class Document(Record, Base):
    """One file. `stored_as` is its random name on the disk; `media` its type, read from its content. Size in bytes.

    What was published is withdrawn, not deleted: its own people and the ISU go on seeing it, with the time."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint(" + ".join(f"CASE WHEN {one}_id IS NULL THEN 0 ELSE 1 END" for one in OWNERS) + " = 1",
                        name="one_record"),
        CheckConstraint(f"media IN ({', '.join(repr(one) for one in TYPES)})", name="media"),
        CheckConstraint("size > 0", name="size_positive"),
    )

    ref: Mapped[str] = mapped_column(String(32), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    filename: Mapped[str] = mapped_column(String(200))
    media: Mapped[str] = mapped_column(String(8))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    stored_as: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(8), default="en")
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    need_id: Mapped[int | None] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    conference_id: Mapped[int | None] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"), index=True)
    pledge_id: Mapped[int | None] = mapped_column(ForeignKey("pledge.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("match_message.id", ondelete="CASCADE"), index=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column()
    party: Mapped[Party] = relationship()
    need: Mapped[Need | None] = relationship()
    offer: Mapped[Offer | None] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    conference: Mapped[Conference | None] = relationship()
    pledge: Mapped[Pledge | None] = relationship()
    message: Mapped[MatchMessage | None] = relationship()

    @property
    def hangs_on(self) -> Any:
        """The record that the document belongs to; of a message, its match."""
        found = next(record for name in OWNERS if (record := getattr(self, name)) is not None)
        return found.match if isinstance(found, MatchMessage) else found
