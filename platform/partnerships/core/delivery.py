"""Delivery of the outbox: each letter is claimed by one process, sent, and marked; what fails is tried again, six times.

A claim is one short UPDATE that only one process can win, on either engine; no transaction stays open while a mail server
thinks. A process that dies between sending and marking sends the letter again, under the same Message-ID.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

import structlog
from flask import current_app
from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.engine import CursorResult

from partnerships.core import html
from partnerships.core.db import db, utcnow
from partnerships.core.mail import ANONYMOUS, Mail

log = structlog.get_logger()
MOST_ATTEMPTS = 6
# After the first attempt, and twice as long after each further one, so that six of them outlast a server that is down for an
# afternoon; also how long a process may take over one letter before another believes that it died.
PAUSE = timedelta(minutes=10)
TIMEOUT = 30  # seconds, for each answer of the mail server
BATCH = 200
# Letters whose link opens an account: what was sent is not kept.
SECRET_KINDS = ("account-invitation", "recovery")
LOOPBACK = ("127.0.0.1", "::1", "localhost")
Send = Callable[[EmailMessage], object]


@dataclass(frozen=True)
class Delivered:
    """What became of the outbox: letters sent, and letters that failed this time."""

    sent: int
    failed: int


def deliver() -> Delivered:
    """Send every letter that is due. Needs an application context; uses transactions of its own.

    Returns: how many were sent and how many failed; a failed one keeps its error and is tried again later, see `PAUSE`. When
    the mail server cannot be reached, the letters behind the first wait for the next time, and no attempt is counted.
    """
    sent = failed = 0
    with ExitStack() as stack:
        posts: list[Send] = []
        for number in _due():
            letter = _claim(number)
            if letter is None:
                continue
            try:
                _send(letter, posts, stack)
            except (OSError, ValueError) as error:  # smtplib's own errors are OSErrors
                failed += 1
                _failed(letter, error)
                if not posts or isinstance(error, smtplib.SMTPServerDisconnected):
                    break
            else:
                sent += 1
                _mark(letter.id, sent_at=utcnow(), error="", **_forgotten(letter.kind))
    return Delivered(sent, failed)


def _forgotten(kind: str) -> dict[str, str]:
    """What is not kept of a letter once it is sent."""
    if kind in ANONYMOUS:
        return {"body": "", "address": "", "leave": ""}
    return {"body": ""} if kind in SECRET_KINDS else {}


def _send(letter: Mail, posts: list[Send], stack: ExitStack) -> None:
    """Hand one letter over; the session with the mail server is opened with the first that needs it, and kept."""
    mail = message(letter)
    if letter.is_demo or not current_app.config["SETTINGS"].smtp_url:
        _to_file(mail, letter)
        return
    if not posts:
        posts.append(stack.enter_context(server()))
    posts[0](mail)


def _waiting() -> ColumnElement[bool]:
    """SQL: not sent, not given up, and in nobody's hands."""
    now = utcnow()
    rested = (and_(Mail.attempts == number, Mail.claimed_at < now - PAUSE * 2 ** (number - 1))
              for number in range(1, MOST_ATTEMPTS))
    return and_(Mail.sent_at.is_(None), Mail.attempts < MOST_ATTEMPTS, or_(Mail.claimed_at.is_(None), *rested))


def _due() -> list[int]:
    with db.apart() as own:
        return list(own.scalars(select(Mail.id).where(_waiting()).order_by(Mail.id).limit(BATCH)))


def _claim(number: int) -> Mail | None:
    """The letter, when this process won it. The condition is asked again inside the UPDATE: only one can win."""
    with db.apart(write=True) as own:
        done = own.execute(update(Mail).where(Mail.id == number, _waiting()).values(
            claimed_at=utcnow(), attempts=Mail.attempts + 1).execution_options(synchronize_session=False))
        won = isinstance(done, CursorResult) and done.rowcount == 1
        return own.get(Mail, number) if won else None


def _mark(number: int, **values: object) -> None:
    with db.apart(write=True) as own:
        own.execute(update(Mail).where(Mail.id == number).values(**values).execution_options(synchronize_session=False))


def _failed(letter: Mail, error: Exception) -> None:
    words = f"{type(error).__name__}: {error}".replace("\0", "")[:300]
    log.warning("letter not delivered", letter=letter.id, attempt=letter.attempts, error=words)
    _mark(letter.id, error=words)


def message(letter: Mail) -> EmailMessage:
    """The letter as mail servers take it: as text and as HTML made of it, and marked as written by a machine (RFC 3834).

    Raises: ValueError when its address or subject could add a header of its own.
    """
    settings = current_app.config["SETTINGS"]
    if "@" not in letter.address or parseaddr(letter.address)[1] != letter.address or len(letter.address.split()) != 1:
        raise ValueError("this is not one e-mail address")
    found = EmailMessage(policy=SMTP)
    found["From"] = settings.mail_from
    found["To"] = letter.address
    found["Subject"] = letter.subject
    found["Date"] = format_datetime(letter.at)
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2] or "localhost"
    found["Message-ID"] = f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:40]}@{domain}>"
    found["Auto-Submitted"] = "auto-generated"
    if letter.leave:
        found["List-Unsubscribe"] = f"<{letter.leave}>"
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    found.set_content(letter.body)
    found.add_alternative(html.page(letter.subject, letter.body, letter.language), subtype="html")
    found["Content-Language"] = letter.language
    return found


def _to_file(mail: EmailMessage, letter: Mail) -> None:
    """Keep the letter in the data folder: no mail server is set, or its reader is a demonstration account."""
    folder = Path(current_app.config["SETTINGS"].data_dir) / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{letter.id:06d}.eml"
    path.write_bytes(mail.as_bytes())
    path.chmod(0o600)


@contextmanager
def server() -> Iterator[Send]:
    """A session with the mail server of the settings (smtp://, smtps:// or smtp+starttls://user:password@host:port).

    Raises: OSError or SMTPException when it cannot be reached; ValueError when a password would travel in the clear.
    """
    parts = urlsplit(current_app.config["SETTINGS"].smtp_url)
    host, secure = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "smtps":
        session: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=secure)
    else:
        session = smtplib.SMTP(host, parts.port or (587 if parts.scheme == "smtp+starttls" else 25), timeout=TIMEOUT)
    with session:
        if parts.scheme == "smtp+starttls":
            session.starttls(context=secure)
        if parts.username:
            if parts.scheme == "smtp" and host not in LOOPBACK:
                raise ValueError("the password would travel in the clear: use smtps:// or smtp+starttls://")
            session.login(unquote(parts.username), unquote(parts.password or ""))
        yield session.send_message
