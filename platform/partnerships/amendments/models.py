"""The change to a published need that waits to become its next version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.accounts.models import Account
from partnerships.amendments.states import OPEN, AmendmentStatus
from partnerships.core.db import Base, Chosen, Record, one_of
from partnerships.needs.models import Need

OPEN_ONLY = text("status IN ({})".format(", ".join(f"'{one.value}'" for one in OPEN)))


class Amendment(Record, Base):
    """A change to a published need. The need stands as it is until the ISU publishes the change; one at a time."""

    __tablename__ = "amendment"
    __table_args__ = (
        CheckConstraint(one_of("status", AmendmentStatus), name="status"),
        Index("uq_amendment_open", "need_id", unique=True, sqlite_where=OPEN_ONLY, postgresql_where=OPEN_ONLY),
        Index("ix_amendment_status_submitted_at", "status", "submitted_at"),
    )

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[AmendmentStatus] = mapped_column(Chosen(AmendmentStatus), default=AmendmentStatus.DRAFT)
    status_on: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)
    need: Mapped[Need] = relationship()
    submitted_by: Mapped[Account | None] = relationship(foreign_keys=[submitted_by_id])
    __mapper_args__ = {"version_id_col": version}

    @property
    def ref(self) -> str:
        """How the record names an amendment: by its need."""
        return self.need.ref
