"""What the engine keeps: versions of its weights and of its vocabulary, and what people answered to its suggestions."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_pgettext as _p
from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.accounts.models import Account
from partnerships.core.db import Base, Chosen, Record, one_of, utcnow
from partnerships.needs.models import Need
from partnerships.parties.models import Party


class Origin(StrEnum):
    """Where a version of the weights comes from."""

    TRAINED = "trained"
    ADJUSTED = "adjusted"


class Verdict(StrEnum):
    """What a person said to a suggestion."""

    RELEVANT = "relevant"
    NOT_RELEVANT = "not-relevant"


class Reason(StrEnum):
    """Why a suggestion was not relevant."""

    THEME = "theme"
    PLACE = "place"
    SIZE = "size"
    KIND = "kind"
    TIMING = "timing"
    KNOWN = "known"
    OTHER = "other"


VERDICTS = {
    Verdict.RELEVANT: _p("answer", "Relevant"),
    Verdict.NOT_RELEVANT: _p("answer", "Not relevant"),
}
REASONS = {
    Reason.THEME: _p("reason", "We do not support this thematic area"),
    Reason.PLACE: _p("reason", "We do not support this State or region"),
    Reason.SIZE: _p("reason", "The amount does not fit"),
    Reason.KIND: _p("reason", "We do not give this kind of assistance"),
    Reason.TIMING: _p("reason", "Not at this time"),
    Reason.KNOWN: _p("reason", "We know it already and deal with it elsewhere"),
    Reason.OTHER: _p("reason", "Another reason"),
}
ORIGINS = {
    Origin.TRAINED: _p("weights", "Learned from records"),
    Origin.ADJUSTED: _p("weights", "Adjusted by the ISU"),
}


class EngineWeights(Base):
    """One version of the weights. The active one is that which was activated last; none: the shipped weights."""

    __tablename__ = "engine_weights"
    __table_args__ = (CheckConstraint(one_of("origin", Origin), name="origin"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[Origin] = mapped_column(Chosen(Origin))
    points: Mapped[dict[str, float]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text, default="")
    trained_on: Mapped[date | None]
    training: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    activated_at: Mapped[datetime | None] = mapped_column(index=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    author: Mapped[Account | None] = relationship()

    @property
    def ref(self) -> str:
        """How people name a version."""
        return f"W{self.id}"


class EngineLanguage(Base):
    """A frozen vocabulary, fitted on public texts only. The newest serves; none: the shipped one.

    `words` is a zipped set of plain arrays (no objects); `seen` the digests of the texts that were read.
    """

    __tablename__ = "engine_language"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(16), unique=True)
    texts: Mapped[int]
    words: Mapped[bytes] = mapped_column(LargeBinary)
    seen: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class Answer(Record, Base):
    """What a person of a party said to the suggestion of a need: one answer a person, the last one counts."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("need_id", "party_id", "account_id"),
        CheckConstraint(one_of("verdict", Verdict), name="verdict"),
        CheckConstraint("verdict = 'relevant' OR reason <> ''", name="not_relevant_has_reason"),
    )

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    verdict: Mapped[Verdict] = mapped_column(Chosen(Verdict))
    reason: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    need: Mapped[Need] = relationship()
    party: Mapped[Party] = relationship()
    account: Mapped[Account] = relationship()

    @property
    def ref(self) -> str:
        """How the record names an answer: need and partner."""
        return f"{self.need.ref}, {self.party.ref}"
