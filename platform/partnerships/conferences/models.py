"""Pledging conferences and who attended them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.conferences.states import Category, ConferenceStatus, Mode
from partnerships.core.db import Base, Chosen, Record, one_of
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
    note: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(400), default="")
    version: Mapped[int] = mapped_column(default=1)
    attendance: Mapped[list[Attendance]] = relationship(
        back_populates="conference", cascade="all, delete-orphan", order_by="Attendance.id")
    __mapper_args__ = {"version_id_col": version}


class Attendance(Base):
    """A delegation at a conference."""

    __tablename__ = "attendance"
    __table_args__ = (
        CheckConstraint(one_of("category", Category), name="category"),
        UniqueConstraint("conference_id", "party_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    category: Mapped[Category] = mapped_column(Chosen(Category))
    head: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(400), default="")
    conference: Mapped[Conference] = relationship(back_populates="attendance")
    party: Mapped[Party] = relationship()
