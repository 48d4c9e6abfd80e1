"""Releases of open data: what everybody could see on a day, as one file that is kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from partnerships.core.db import Base, Record


class Release(Record, Base):
    """A release (REL-2026-11-27; the second of a day ends in -2). `stored_as` is its file's random name; size in bytes.

    `counts` holds the rows of each table, `left_out` the demonstration's records of each. `fingerprint` is of the tables alone: two
    releases with the same one hold the same records. One that is withdrawn has no file any more, and says why.
    """

    __tablename__ = "release"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_from_one"),
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("(withdrawn_at IS NULL) = (stored_as IS NOT NULL)", name="file_until_withdrawn"),
        CheckConstraint("withdrawn_at IS NULL OR reason <> ''", name="withdrawn_has_reason"),
    )

    ref: Mapped[str] = mapped_column(String(24), unique=True)
    day: Mapped[date] = mapped_column(index=True)
    number: Mapped[int] = mapped_column(default=1)
    actor_label: Mapped[str] = mapped_column(String(300), default="")
    licence: Mapped[str] = mapped_column(String(40))
    licence_url: Mapped[str] = mapped_column(String(300))
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    left_out: Mapped[dict[str, Any]] = mapped_column(JSON)
    fingerprint: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    stored_as: Mapped[str | None] = mapped_column(String(64))
    withdrawn_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")

    @property
    def rows(self) -> int:
        """How many rows all its tables hold together."""
        return sum(self.counts.values())

    @property
    def filename(self) -> str:
        """The name under which it is downloaded."""
        return f"partnerships-{self.ref.lower()}.zip"
