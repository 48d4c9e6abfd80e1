"""What was seeded, by checksum."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from partnerships.core.db import Base


class SeedStamp(Base):
    """The checksum of the files last loaded."""

    __tablename__ = "seed_stamp"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
