"""Mail: an outbox in the same transaction as what it tells of; delivered after it was committed, once (core/delivery.py)."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import CheckConstraint, Index, Select, String, Text, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from partnerships.core.actor import Actor
from partnerships.core.db import Base, db, utcnow
from partnerships.core.text import clean, one_line

LONGEST_KEY = 160
LONGEST_SUBJECT = 300
# Letters to people without an account: once such a letter is sent, neither what it said nor whom it went to is kept.
ANONYMOUS = ("subscription-confirm", "subscription")


class Mail(Base):
    """One letter to one person. `key` says what it is about, so that it is written once ("expiry:7:2027-01-31").

    `about` names the records it tells of, as words parted by spaces, for those who ask later whether they were told.
    `claimed_at` is when a process last took it for delivery: another leaves it alone for a while. `leave` is the address at
    which one POST ends letters of this kind (RFC 8058).
    """

    __tablename__ = "mail"
    __table_args__ = (CheckConstraint("attempts >= 0", name="attempts_not_negative"), Index("ix_mail_sent_at_id", "sent_at", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[int | None] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(8), default="en")
    leave: Mapped[str] = mapped_column(String(600), default="", server_default="")
    at: Mapped[datetime] = mapped_column(default=utcnow)
    sent_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(300), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)


class Reader(Protocol):
    """Whom a letter goes to: what `write` needs of an account, which is a room's and not known here."""

    @property
    def id(self) -> int: ...
    @property
    def email(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def active(self) -> bool: ...
    @property
    def is_demo(self) -> bool: ...


def write(account: Reader, *, key: str, kind: str, subject: str, body: str, about: str = "") -> bool:
    """Put one letter into the outbox, in the running transaction.

    Arguments: key, what makes the letter the same letter when a job runs again; kind, a short word for what it is
    ("expiry"); subject, one line (longer than 300 marks is cut); body, plain text with absolute links (`link`); about,
    see `Mail`. Returns: False when a letter with this key was already written, or the account is closed; else True.
    """
    if not account.active:
        return False
    return _post(Mail(key=key, kind=kind, account_id=account.id, address=account.email, about=about, subject=subject, body=body,
                      language=account.language, is_demo=account.is_demo))


def write_to(address: str, language: str, *, key: str, kind: str, subject: str, body: str, leave: str = "",
             is_demo: bool = False) -> bool:
    """Put one letter to an address that has no account here into the outbox. Arguments and answer as those of `write`.

    `leave` is the address at which its reader ends such letters.
    """
    return _post(Mail(key=key, kind=kind, address=address, subject=subject, body=body, language=language, leave=leave,
                      is_demo=is_demo))


def _post(letter: Mail) -> bool:
    letter.key = _key(letter.key)
    if db.session.scalar(select(Mail.id).where(Mail.key == letter.key)) is not None:
        return False
    letter.subject = (one_line(_storable(letter.subject)) or "")[:LONGEST_SUBJECT]
    letter.body = clean(_storable(letter.body)) or ""
    try:
        with db.session.begin_nested():
            db.session.add(letter)
            db.session.flush()
    except IntegrityError:  # another process wrote the same letter meanwhile, and has committed
        return False
    return True


def _key(key: str) -> str:
    """The key as the column holds it: a long one keeps its beginning and gets a fingerprint."""
    if len(key) <= LONGEST_KEY:
        return key
    return f"{key[:LONGEST_KEY - 65]}:{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()}"


def _storable(text: str) -> str:
    """Text without the halves of marks that no encoding can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")


def link(endpoint: str, **values: Any) -> str:
    """The absolute address of a page, as a letter needs it: works outside a request, from the settings alone.

    Never from the request: what a browser says of the host it asked may be forged. Arguments: as `flask.url_for`
    (`_anchor` too). Raises: RuntimeError where the settings do not say the platform's address (production only).
    """
    parts = urlsplit(current_app.config["SETTINGS"].public_url)
    if not parts.netloc:
        raise RuntimeError("PARTNERSHIPS_PUBLIC_URL is not set, so letters cannot hold links to this platform.")
    anchor = values.pop("_anchor", "")
    adapter = current_app.url_map.bind(parts.netloc, script_name=parts.path or "/", url_scheme=parts.scheme)
    built = adapter.build(endpoint, {key: value for key, value in values.items() if value is not None},
                          method="GET", force_external=True)
    return f"{built}#{anchor}" if anchor else built


def render(template: str, language: str, **values: Any) -> str:
    """The text of a letter: a template of templates/mail/ in the reader's language. Works outside a request.

    Plain text, so nothing is escaped. Arguments: template such as "expiry.txt".
    """
    with force_locale(language):
        written = current_app.jinja_env.get_template(f"mail/{template}").render(**values)
    return re.sub(r"\n{3,}", "\n\n", written.strip()) + "\n"


def of(actor: Actor) -> Select[Any]:
    """The letters that the platform wrote to this person, newest first."""
    return select(Mail).where(Mail.account_id == (actor.account_id or 0)).order_by(Mail.at.desc(), Mail.id.desc())
