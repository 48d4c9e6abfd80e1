"""Follow-ups: one object for the whole platform, so that every meeting, match and pledge leads somewhere."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.accounts.models import Account
from partnerships.approach.models import Meeting
from partnerships.core.db import Base, Chosen, Record, one_of
from partnerships.followups.states import Dismissal, FollowupStatus, Reason
from partnerships.matches.models import Match
from partnerships.needs.models import Need
from partnerships.parties.models import Party
from partnerships.pledges.models import Pledge


class Followup(Record, Base):
    """What is to be done, by whom and by when; about one party, and where there is one about a meeting, need, match or pledge.

    The owner is a party, and a person of it where one is named. `suggestion` is the key of the platform's suggestion
    that it answers, so that an answered suggestion is not made again; `dismissal` says why one was not needed. Until
    `snoozed_until` it is in no queue and on no desk; on that day it is back by itself.
    """

    __tablename__ = "followup"
    __table_args__ = (
        CheckConstraint(one_of("status", FollowupStatus), name="status"),
        CheckConstraint(one_of("reason", Reason), name="reason"),
        CheckConstraint(f"dismissal IS NULL OR {one_of('dismissal', Dismissal)}", name="dismissal"),
        CheckConstraint("status <> 'done' OR result <> ''", name="done_has_result"),
        CheckConstraint("snoozed_until IS NULL OR status = 'open'", name="only_open_snoozed"),
        CheckConstraint("dismissal IS NULL OR (status = 'dropped' AND suggestion IS NOT NULL)", name="dismissed_is_dropped"),
        Index("ix_followup_status_due_on_id", "status", "due_on", "id"),
    )

    what: Mapped[str] = mapped_column(String(300))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    owner_party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    due_on: Mapped[date]
    status: Mapped[FollowupStatus] = mapped_column(Chosen(FollowupStatus), default=FollowupStatus.OPEN)
    status_on: Mapped[datetime | None]
    reason: Mapped[Reason] = mapped_column(Chosen(Reason), default=Reason.OWN)
    result: Mapped[str] = mapped_column(Text, default="")
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    need_id: Mapped[int | None] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"))
    pledge_id: Mapped[int | None] = mapped_column(ForeignKey("pledge.id", ondelete="CASCADE"))
    match_id: Mapped[int | None] = mapped_column(ForeignKey("match.id", ondelete="CASCADE"), index=True)
    snoozed_until: Mapped[date | None]
    suggestion: Mapped[str | None] = mapped_column(String(80), unique=True)
    dismissal: Mapped[Dismissal | None] = mapped_column(Chosen(Dismissal))
    version: Mapped[int] = mapped_column(default=1)

    party: Mapped[Party] = relationship(foreign_keys=[party_id])
    owner_party: Mapped[Party] = relationship(foreign_keys=[owner_party_id])
    owner: Mapped[Account | None] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    need: Mapped[Need | None] = relationship()
    pledge: Mapped[Pledge | None] = relationship()
    match: Mapped[Match | None] = relationship()
    __mapper_args__ = {"version_id_col": version}


class FollowupRule(Record, Base):
    """What the ISU set of a rule of suggestions: whether it is on, and its number. A rule without a row follows its defaults."""

    __tablename__ = "followup_rule"
    __table_args__ = (
        CheckConstraint(one_of("rule", Reason), name="rule"),
        CheckConstraint("number IS NULL OR number >= 1", name="number_from_one"),
    )

    rule: Mapped[Reason] = mapped_column(Chosen(Reason), unique=True)
    enabled: Mapped[bool] = mapped_column(default=True)
    number: Mapped[int | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        return self.rule.value
