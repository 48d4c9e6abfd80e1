"""Encryption of a stream with the operator's key, in constant memory: age (age-encryption.org/v1), by its Rust library.

A passphrase seals a key pair made for this one copy, because age's own passphrase form is not offered as a stream: the file
then begins with a line of ours and the sealed key (armoured age), and goes on as an ordinary age file.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyrage

from partnerships.keeping.words import SEAL, Unwell

KEY_VARIABLE = "PARTNERSHIPS_BACKUP_KEY"
LEAST = 12  # characters of a passphrase
END = b"-----END AGE ENCRYPTED FILE-----\n"
_IDENTITY = re.compile(r"^AGE-SECRET-KEY-1[0-9A-Z]+$", re.MULTILINE)
MAGIC = b"age-encryption.org/v1\n"


@contextmanager
def sealing(out: IO[bytes], key: str) -> Iterator[IO[bytes]]:
    """A stream into which plain bytes are written; `out` gets them encrypted for `key`, a recipient (age1...) or a passphrase.

    Raises: Unwell when the key cannot be one.
    """
    recipient, head = _recipient(key)
    out.write(head)
    reading, writing = os.pipe()

    def work() -> None:
        with os.fdopen(reading, "rb") as source:
            pyrage.encrypt_io(source, out, [recipient])

    with _beside(work), os.fdopen(writing, "wb") as stream:
        yield stream


@contextmanager
def opened(source: IO[bytes], key: str) -> Iterator[IO[bytes]]:
    """The plain bytes of a sealed stream, as a stream. A fault found on the way is raised at the end as Unwell."""
    identities = _identities(source, key)
    reading, writing = os.pipe()

    def work() -> None:
        with os.fdopen(writing, "wb") as sink:
            pyrage.decrypt_io(source, sink, identities)

    with _beside(work), os.fdopen(reading, "rb") as stream:
        yield stream


def is_sealed(path: Path) -> bool:
    """Whether a file is encrypted, by its beginning."""
    with path.open("rb") as file:
        return file.read(len(SEAL)).startswith((MAGIC, SEAL))


def opens(key: str) -> bool:
    """Whether the key that seals also opens: a passphrase does, a recipient does not."""
    return not key.startswith("age1")


def identity(text: str) -> str:
    """The secret key (AGE-SECRET-KEY-1...) in a key file. Raises: Unwell when it holds none."""
    found = _IDENTITY.search(text)
    if found is None:
        raise Unwell("The key file holds no line AGE-SECRET-KEY-1...")
    return found.group()


def _recipient(key: str) -> tuple[pyrage.x25519.Recipient, bytes]:
    if key.startswith("AGE-SECRET-KEY-"):
        raise Unwell("This is the secret key, which opens copies. Give its public part (age1...) to make them.")
    if key.startswith("age1"):
        try:
            return pyrage.x25519.Recipient.from_str(key), b""
        except pyrage.RecipientError as error:
            raise Unwell(f"The recipient {key[:12]}... is not one ({error}).") from error
    if len(key) < LEAST:
        raise Unwell(f"A passphrase has {LEAST} characters or more.")
    own = pyrage.x25519.Identity.generate()
    return own.to_public(), SEAL + pyrage.passphrase.encrypt(str(own).encode(), key, armored=True)


def _identities(source: IO[bytes], key: str) -> list[pyrage.x25519.Identity]:
    start = source.read(len(SEAL))
    by_passphrase = start == SEAL
    if not by_passphrase:
        source.seek(0)
        if not key.startswith("AGE-SECRET-KEY-"):
            raise Unwell("This copy was sealed for a key pair: name the file of its secret key with --identity.")
        return [_parsed(key)]
    sealed = b""
    while not sealed.endswith(END):
        line = source.readline(200)
        if not line or len(sealed) > 4000:
            raise Unwell("The beginning of the copy is damaged: its sealed key is not whole.")
        sealed += line
    try:
        return [_parsed(pyrage.passphrase.decrypt(sealed, key).decode())]
    except (pyrage.DecryptError, UnicodeDecodeError) as error:
        raise Unwell("The passphrase does not open this copy, or its beginning is damaged.") from error


def _parsed(text: str) -> pyrage.x25519.Identity:
    try:
        return pyrage.x25519.Identity.from_str(text)
    except pyrage.IdentityError as error:
        raise Unwell(f"The secret key is not one ({error}).") from error


@contextmanager
def _beside(work: Callable[[], None]) -> Iterator[None]:
    """Run `work` in a thread beside the block; its own failure explains the block's, which only sees a stream end early."""
    failed: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BrokenPipeError:
            pass  # the reader had seen enough, and says why
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=guarded, daemon=True)
    thread.start()
    try:
        yield
    except BaseException as error:
        thread.join()
        if failed and isinstance(error, (OSError, EOFError, Unwell)):
            raise _told(failed[0]) from failed[0]
        raise
    thread.join()
    if failed:
        raise _told(failed[0]) from failed[0]


def _told(error: BaseException) -> Unwell:
    if isinstance(error, pyrage.DecryptError) and "matching" in str(error):
        return Unwell("This key does not open the copy: it was sealed for another.")
    if isinstance(error, OSError) and error.errno is not None:
        return Unwell(f"The copy cannot be written or read ({error.strerror}).")
    return Unwell("The copy is damaged or cut short: its encryption does not hold.")
