"""Short references that people can say aloud in a meeting: one counter per prefix, without gaps."""

from __future__ import annotations

from sqlalchemy import String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from partnerships.core.db import Base, db


class ReferenceCounter(Base):
    """The last number given under a prefix."""

    __tablename__ = "reference_counter"

    prefix: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


def next_reference(prefix: str, width: int = 3) -> str:
    """The next reference under a prefix ("KHM-2026" gives "KHM-2026-014"), safe against two at once.

    The counter's row is locked until the transaction ends, so an abandoned one leaves no gap.
    """
    query = select(ReferenceCounter).where(ReferenceCounter.prefix == prefix).with_for_update().execution_options(
        populate_existing=True)
    row = db.session.scalars(query).first()
    if row is None:
        try:
            with db.session.begin_nested():
                db.session.add(ReferenceCounter(prefix=prefix, last=0))
                db.session.flush()
        except IntegrityError:  # somebody else began this prefix meanwhile, and has committed: take theirs
            pass
        row = db.session.scalars(query).one()
    row.last += 1
    db.session.flush()
    return f"{prefix}-{row.last:0{width}d}"
