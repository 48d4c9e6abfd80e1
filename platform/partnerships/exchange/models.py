"""An import of a spreadsheet: what was read, what became of each row, and what undoing it takes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.conferences.models import Conference
from partnerships.core.db import Base, Chosen, Record, one_of
from partnerships.parties.models import Party


class ImportStatus(StrEnum):
    """The life of an import."""

    PREVIEWED = "previewed"
    CONFIRMED = "confirmed"
    UNDONE = "undone"
    DROPPED = "dropped"


class ImportOf(StrEnum):
    """What its rows become."""

    NEEDS = "needs"
    OFFERS = "offers"
    PLEDGES = "pledges"
    CONTRIBUTIONS = "contributions"
    ACTIVITIES = "activities"  # of IATI: what they say was paid becomes contributions


class Fate(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    WAITING = "waiting"  # it is like a record, and nobody has said whether it is that record


class Choice(StrEnum):
    """What somebody says of a row that is like a record."""

    LINK = "link"  # it is that record: nothing is made
    MERGE = "merge"  # it is that record, and some of what the row says goes into it
    KEEP = "keep"  # it is a record of its own


class Import(Record, Base):
    """One file, read and shown before anything is kept. `sha256` is of the file's bytes; the file itself is not kept."""

    __tablename__ = "import"
    __table_args__ = (CheckConstraint(one_of("status", ImportStatus), name="status"),
                      CheckConstraint(one_of("what", ImportOf), name="what"))

    ref: Mapped[str] = mapped_column(String(32), unique=True)
    what: Mapped[ImportOf] = mapped_column(Chosen(ImportOf))
    status: Mapped[ImportStatus] = mapped_column(Chosen(ImportStatus), default=ImportStatus.PREVIEWED)
    status_on: Mapped[datetime | None]
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    notes: Mapped[list[str]] = mapped_column(JSON, default=list)
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    conference_id: Mapped[int | None] = mapped_column(ForeignKey("conference.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)
    party: Mapped[Party | None] = relationship()
    conference: Mapped[Conference | None] = relationship()
    rows: Mapped[list[ImportRow]] = relationship(back_populates="of", cascade="all, delete-orphan",
                                                 order_by="ImportRow.number")
    __mapper_args__ = {"version_id_col": version}


class ImportRow(Base):
    """One row: its number in the file (the heading is row 1), its fate with the words for it, and what was read.

    key: knows the row again in another import; likeness: {"id": the record that it is like, or "row": an earlier row of the file,
    "fields": what of the row is merged}; choice: what somebody said of that likeness.
    """

    __tablename__ = "import_row"
    __table_args__ = (CheckConstraint(one_of("fate", Fate), name="fate"), CheckConstraint(one_of("choice", Choice), name="choice"),
                      Index("ix_import_row_import", "import_id", "number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"))
    number: Mapped[int]
    fate: Mapped[Fate] = mapped_column(Chosen(Fate))
    words: Mapped[str] = mapped_column(Text, default="")
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    record_id: Mapped[int | None]
    record_version: Mapped[int | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    key: Mapped[str] = mapped_column(String(60), default="", server_default="", index=True)
    choice: Mapped[Choice | None] = mapped_column(Chosen(Choice))
    likeness: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    of: Mapped[Import] = relationship(back_populates="rows")
