"""Pledging conferences, their targets, who attended them, and their outcomes as they were published."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.conferences.states import Category, ConferenceStatus, Mode, PledgeObject, Presence
from partnerships.core.db import Amount, Base, Chosen, Record, one_of, utcnow
from partnerships.parties.models import Party


class Conference(Record, Base):
    """A pledging conference (PC-09). Counts that a source states are kept beside the names that are known."""

    __tablename__ = "conference"
    __table_args__ = (
        CheckConstraint(one_of("status", ConferenceStatus), name="status"),
        CheckConstraint(one_of("mode", Mode), name="mode"),
        CheckConstraint("first_day IS NULL OR last_day IS NULL OR first_day <= last_day", name="days_in_order"),
    )

    ref: Mapped[str] = mapped_column(String(32), unique=True)
    number: Mapped[int | None] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(String(160))
    chair: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    mode: Mapped[Mode | None] = mapped_column(Chosen(Mode))
    first_day: Mapped[date | None] = mapped_column(index=True)
    last_day: Mapped[date | None]
    status: Mapped[ConferenceStatus] = mapped_column(Chosen(ConferenceStatus), default=ConferenceStatus.PLANNED)
    status_on: Mapped[datetime | None]
    stated_delegations: Mapped[int | None]
    stated_states_parties: Mapped[int | None]
    stated_states_not_party: Mapped[int | None]
    stated_international_organisations: Mapped[int | None]
    stated_ngos: Mapped[int | None]
    stated_pledging: Mapped[int | None]
    reference_currency: Mapped[str] = mapped_column(String(3), default="USD")
    note: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(400), default="")
    version: Mapped[int] = mapped_column(default=1)
    attendance: Mapped[list[Attendance]] = relationship(
        back_populates="conference", cascade="all, delete-orphan", order_by="Attendance.id")
    targets: Mapped[list[ConferenceTarget]] = relationship(
        cascade="all, delete-orphan", order_by="ConferenceTarget.object, ConferenceTarget.year, ConferenceTarget.id")
    __mapper_args__ = {"version_id_col": version}


class Attendance(Base):
    """A delegation at a conference, or expected there. `speaking` is its place on the list of speakers."""

    __tablename__ = "attendance"
    __table_args__ = (
        CheckConstraint(one_of("category", Category), name="category"),
        CheckConstraint(one_of("presence", Presence), name="presence"),
        CheckConstraint("speaking IS NULL OR speaking > 0", name="speaking_from_one"),
        UniqueConstraint("conference_id", "party_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    category: Mapped[Category] = mapped_column(Chosen(Category))
    presence: Mapped[Presence] = mapped_column(Chosen(Presence), default=Presence.PRESENT)
    speaking: Mapped[int | None]
    spoke_at: Mapped[datetime | None]
    head: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(400), default="")
    conference: Mapped[Conference] = relationship(back_populates="attendance")
    party: Mapped[Party] = relationship()


class ConferenceTarget(Base):
    """What a conference is asked to bring together for one object: the ISU's work plan by year, say. Amount in `currency`."""

    __tablename__ = "conference_target"
    __table_args__ = (
        UniqueConstraint("conference_id", "object", "year", "currency"),
        CheckConstraint(one_of("object", PledgeObject), name="object"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"))
    object: Mapped[PledgeObject] = mapped_column(Chosen(PledgeObject))
    year: Mapped[int] = mapped_column(default=0)  # 0: for no one year; a rule of uniqueness does not see an empty one
    amount: Mapped[Decimal] = mapped_column(Amount)
    currency: Mapped[str] = mapped_column(String(3))
    note: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(400), default="")


class Outcome(Base):
    """The outcome of a conference as it was published on a day: what everybody could see then, kept word for word.

    `content` is plain data, made by conferences.outcome; `sha256` is of its canonical JSON. Never changed, never deleted.
    """

    __tablename__ = "conference_outcome"
    __table_args__ = (UniqueConstraint("conference_id", "number"), CheckConstraint("number > 0", name="number_from_one"))

    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=utcnow)
    account_id: Mapped[int | None]
    actor_label: Mapped[str] = mapped_column(String(300), default="")
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    is_demo: Mapped[bool] = mapped_column(default=False)
    conference: Mapped[Conference] = relationship()
