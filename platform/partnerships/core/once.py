"""A form sent twice creates one record: each creating form carries a random key, kept with what it created."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from partnerships.core.db import Base, db, utcnow


class FormReceipt(Base):
    """What a form's key has led to."""

    __tablename__ = "form_receipt"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int]
    location: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = mapped_column(default=utcnow)


_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


def new_key() -> str:
    """A key for a fresh form."""
    return secrets.token_urlsafe(18)


def claim(key: str | None, account_id: int) -> tuple[FormReceipt, bool]:
    """Claim a form's key in the running transaction.

    Returns: (receipt, fresh). When not fresh, receipt.location is where the first sending led. A missing or foreign
    key gets a fresh receipt of its own: the form then simply has no protection against a second click.
    """
    key = key if key and _KEY.fullmatch(key) else new_key()
    receipt = FormReceipt(key=key, account_id=account_id)
    try:
        with db.session.begin_nested():
            db.session.add(receipt)
            db.session.flush()
    except IntegrityError:
        found = db.session.scalars(select(FormReceipt).where(FormReceipt.key == key)).one()
        if found.account_id == account_id:
            return found, False
        return claim(None, account_id)
    return receipt, True
