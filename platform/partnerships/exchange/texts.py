"""The text of a file: in which encoding its bytes are, by proof where there is any, else by which reads like words. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from flask_babel import gettext as _

from partnerships.exchange.reading import Unreadable

MARKS = ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
         (b"\xef\xbb\xbf", "utf-8-sig"))
# Code pages of one byte a letter, the likelier first; Latin-1 is the first of them where no control character stands.
PAGES = {"cp1252": "Windows-1252", "cp1251": "Windows-1251", "mac_roman": "Mac Roman"}
PRINT = "–—“”„‘’«»…•·°€£§©®™¿¡\u00a0"
LOOKED_AT = 4000  # bytes at the beginning by which zeros are counted
MOST, FEW = 0.9, 0.05  # shares of zeros
WORDS = 3000  # words by which code pages are compared
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_WORD = re.compile(r"[^\s,;:\"'()\[\]/\\|.!?@#=+\-–—_0-9]*[^\x00-\x7f][^\s,;:\"'()\[\]/\\|.!?@#=+\-–—_0-9]*")


@dataclass(frozen=True)
class Decoded:
    """A text, the encoding that it was in as people name it, and whether that was a guess."""

    text: str
    code: str
    guessed: bool = False


def decoded(data: bytes) -> Decoded:
    """The text of these bytes. Raises: Unreadable for what is no text, or for UTF-8 with broken characters."""
    code = wide(data)
    if code:
        return _by(data, code)
    if b"\0" in data or data.startswith(b"%PDF"):
        raise Unreadable(no_text())
    try:
        return Decoded(data.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError as error:
        _refuse_broken(data, error)
    found = min(PAGES, key=lambda page: _oddness(data, page))  # the first of those that read equally well
    try:
        return Decoded(data.decode(found), PAGES[found], guessed=True)
    except UnicodeDecodeError:
        raise Unreadable(no_text()) from None


def no_text() -> str:
    """The words for bytes that are neither a workbook nor a text."""
    return _("This is neither a workbook (.xlsx) nor CSV text. Save the table as one of these and send it again.")


def wide(data: bytes) -> str:
    """The encoding that a mark at the start proves, or, in wide ones, where the zeros stand (RFC 4627, section 3); else ""."""
    for mark, code in MARKS:
        if data.startswith(mark):
            return code
    some = data[:LOOKED_AT - LOOKED_AT % 4]
    if len(some) < 4:
        return ""
    zeros = [some[place::4].count(0) * 4 / len(some) for place in range(4)]
    if min(zeros[2:]) > MOST and zeros[0] < FEW:
        return "utf-32-le"
    if min(zeros[:2]) > MOST and zeros[3] < FEW:
        return "utf-32-be"
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    if max(even, odd) > FEW and not min(even, odd):  # of every letter of ASCII one byte is zero, always on the same side
        return "utf-16-le" if odd else "utf-16-be"
    return ""


def _by(data: bytes, code: str) -> Decoded:
    try:
        text = data.decode(code)
    except UnicodeDecodeError as error:
        raise Unreadable(broken(code, data[:error.start].count(b"\n") + 1)) from None
    if _CONTROL.search(text):
        raise Unreadable(no_text())
    return Decoded(text, name(code))


def name(code: str) -> str:
    """An encoding as people name it."""
    return code.upper().removesuffix("-SIG").removesuffix("-LE").removesuffix("-BE")


def broken(code: str, line: int) -> str:
    """The words for a text that breaks off its encoding."""
    return _("The text is %(code)s, but line %(line)s holds bytes that are none. Save the file in UTF-8 and send it again.",
             code=name(code), line=line)


def _refuse_broken(data: bytes, error: UnicodeDecodeError) -> None:
    """A text with more whole characters of UTF-8 than broken ones is damaged UTF-8: no code page would read it rightly."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    whole = sum(mark > "\x7f" for mark in text) - bad
    if whole > bad:
        raise Unreadable(broken("UTF-8", data[:error.start].count(b"\n") + 1))


def _oddness(data: bytes, page: str) -> float:
    """How unlike words the text is under a code page: the share of its words with marks inside, mixed scripts or odd capitals."""
    text = data.decode(page, "replace")
    words = [found[0] for found in _WORD.finditer(text)][:WORDS]
    return sum(map(_odd, words)) / max(len(words), 1) + text.count("\ufffd")


def _odd(word: str) -> float:
    word = word.strip(PRINT)
    letters = [mark for mark in word if mark.isalpha()]
    if any(not mark.isalpha() and mark not in "’\u00ad" and not unicodedata.combining(mark) for mark in word):
        return 1.0  # marks of print stand before or after letters, not among them
    cyrillic = sum("CYRILLIC" in unicodedata.name(mark, "") for mark in letters)
    if not letters:
        return 0.0
    if 0 < cyrillic < len(letters):
        return 1.0
    odd_case = not (word.islower() or word.isupper() or word[:1] + word[1:].lower() == word)
    accented = 0 if cyrillic else sum(mark > "\x7f" for mark in letters)
    crowded = len(letters) > 2 and accented * 2 > len(letters)
    lonely = 0.1 if cyrillic == 1 else 0.0  # a letter by itself proves no script
    return 0.6 * odd_case + 0.8 * crowded + lonely
