"""A need in another language, in its State's own words."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnerships.core.db import Base, Record
from partnerships.core.languages import KNOWN
from partnerships.needs.models import Need


class NeedWording(Record, Base):
    """Title and text of a need in one more language. `of` is the digest of the original that it renders."""

    __tablename__ = "need_wording"
    __table_args__ = (
        UniqueConstraint("need_id", "language"),
        CheckConstraint(f"language IN ({', '.join(repr(code) for code in KNOWN)})", name="language"),
    )

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    of: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    need: Mapped[Need] = relationship()
    __mapper_args__ = {"version_id_col": version}
