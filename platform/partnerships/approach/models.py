"""The individualised approach: a meeting of one affected State with partners able to help (Oslo Action Plan, Action 43)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.approach.states import MeetingStatus
from partnerships.conferences.states import Mode
from partnerships.core.db import Base, Chosen, Record, one_of
from partnerships.core.visibility import Visibility
from partnerships.needs.models import Need
from partnerships.parties.models import Party

meeting_need = Table(
    "meeting_need", Base.metadata,
    Column("meeting_id", ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True),
    Column("need_id", ForeignKey("need.id", ondelete="CASCADE"), primary_key=True),
)


class Meeting(Record, Base):
    """A country meeting (IA-BIH-2020-01). Its actions are follow-ups, so that one queue holds them all.

    It begins at `starts_at` ("14:30") in `time_zone` (IANA); `link` is for those concerned only, whoever sees the meeting.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint(one_of("status", MeetingStatus), name="status"),
        CheckConstraint(one_of("mode", Mode), name="mode"),
        CheckConstraint(one_of("visibility", Visibility), name="visibility"),
        CheckConstraint("status <> 'closed' OR outcome <> '' OR source <> ''", name="closed_has_outcome"),
    )

    ref: Mapped[str] = mapped_column(String(32), unique=True)
    state_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    held_on: Mapped[date] = mapped_column(index=True)
    mode: Mapped[Mode] = mapped_column(Chosen(Mode))
    place: Mapped[str] = mapped_column(String(200), default="")
    starts_at: Mapped[str] = mapped_column(String(5), default="")
    time_zone: Mapped[str] = mapped_column(String(64), default="")
    link: Mapped[str] = mapped_column(String(400), default="")
    agenda: Mapped[str] = mapped_column(Text, default="")
    chair: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[MeetingStatus] = mapped_column(Chosen(MeetingStatus), default=MeetingStatus.PLANNED)
    status_on: Mapped[datetime | None]
    summary: Mapped[str] = mapped_column(Text, default="")
    interest: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(Text, default="")
    visibility: Mapped[Visibility] = mapped_column(Chosen(Visibility), default=Visibility.PARTIES)
    source: Mapped[str] = mapped_column(String(400), default="")
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[Party] = relationship()
    needs: Mapped[list[Need]] = relationship(secondary=meeting_need, order_by=Need.ref)
    participants: Mapped[list[Participant]] = relationship(
        back_populates="meeting", cascade="all, delete-orphan", order_by="Participant.id")
    __mapper_args__ = {"version_id_col": version}


class Participant(Base):
    """A State or organisation at a meeting, and in what capacity; no persons' names."""

    __tablename__ = "participant"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    capacity: Mapped[str] = mapped_column(String(200), default="")
    meeting: Mapped[Meeting] = relationship(back_populates="participants")
    party: Mapped[Party] = relationship()
