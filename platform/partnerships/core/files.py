"""Files that people send: what they are by their content, what in them is refused, what is taken out.

Nothing here trusts a name or a type that a browser gave. Pure functions over bytes: no Flask, no database.
"""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from zipfile import BadZipFile, ZipFile, ZipInfo

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from flask_babel import gettext as _

LARGEST = 10 * 1024 * 1024
UNPACKED = 100 * 1024 * 1024  # no document of ours needs more; a bomb does
MEMBERS = 3000
PART = 4 * 1024 * 1024  # a list of types or of relationships is far smaller
MIME = {
    "pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ENDINGS = {"pdf": "pdf", "png": "png", "jpeg": "jpg", "docx": "docx", "xlsx": "xlsx"}
# The content type of a document's main part: those with macros and templates have others. Source: ECMA-376, part 1.
_MAIN = {
    "docx": ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
}
_ACTIVE = ("vbaproject", "vbadata", "activex", "macrosheets", "dialogsheets", "oleobject", "customui")
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"cICP")
_FILL = re.compile(rb"\xff+")
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # within a picture's data, FF before 00 or D0 to D7 is no marker
_ZIP_ERRORS = (BadZipFile, RuntimeError, NotImplementedError, ValueError, KeyError, OSError, EOFError, zlib.error,
               struct.error, ElementTree.ParseError, DefusedXmlException, UnicodeError)


class Unfit(ValueError):
    """The file is not kept; the message says why, in words for the person who sent it."""


@dataclass(frozen=True)
class Checked:
    """A file fit to be kept: its type ("pdf", "docx", "xlsx", "png", "jpeg") and its bytes, images without metadata."""

    media: str
    data: bytes


def checked(data: bytes) -> Checked:
    """Look at a file's content.

    Arguments: data, the whole file. Returns: its type, and the bytes to keep. Raises: Unfit in words when it is empty,
    too large, of another type, broken, or carries macros, embedded programs or links that a reader's machine follows.
    """
    if not data:
        raise Unfit(_("This file is empty."))
    if len(data) > LARGEST:
        raise Unfit(_("A file may have %(most)s megabytes; this has more. Link to it instead, or send it in parts.",
                      most=LARGEST // 1024 // 1024))
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    if data.startswith(_PNG):
        return Checked("png", _png(data))
    if data.startswith(b"\xff\xd8\xff"):
        return Checked("jpeg", _jpeg(data))
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    raise Unfit(_("This is none of the files that are kept here: PDF, DOCX, XLSX, PNG or JPEG. What counts is what the "
                  "file holds, not its name."))


def _broken() -> Unfit:
    return Unfit(_("This file is broken or cut off: it cannot be read to its end. Save it again and send it anew."))


def _pdf(data: bytes) -> Checked:
    """A PDF begins and ends as one. It is kept as it is: it is only ever served as a download."""
    if b"%%EOF" not in data[-2048:] or b"obj" not in data:
        raise _broken()
    return Checked("pdf", data)


def _png(data: bytes) -> bytes:
    """The picture alone: text, times and EXIF (which may hold a place) are left out, and whatever follows the end."""
    kept, at = [_PNG], len(_PNG)
    seen: list[bytes] = []
    while not seen or seen[-1] != b"IEND":
        if at + 12 > len(data):
            raise _broken()
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        end = at + 12 + length
        if end > len(data) or zlib.crc32(data[at + 4:end - 4]) != struct.unpack(">I", data[end - 4:end])[0]:
            raise _broken()
        if kind in _PNG_KEPT:
            kept.append(data[at:end])
        seen.append(kind)
        at = end
    if seen[0] != b"IHDR" or b"IDAT" not in seen:
        raise _broken()
    return b"".join(kept)


def _jpeg(data: bytes) -> bytes:
    """The picture alone: EXIF, XMP, captions and comments are left out, and whatever follows the end."""
    kept, ended, scanned = [b"\xff\xd8"], False, False
    for marker, segment in _segments(data):
        ended = ended or marker == 0xD9
        scanned = scanned or marker == 0xDA
        # Kept of the application segments: JFIF (E0), a colour profile (E2) and Adobe's colour transform (EE).
        plain = not (0xE0 <= marker <= 0xEF or marker == 0xFE)
        profile = marker == 0xE2 and segment[4:].startswith(b"ICC_PROFILE\0")
        if plain or profile or (marker == 0xE0 and segment[4:].startswith(b"JFIF\0")) or marker == 0xEE:
            kept.append(segment)
    if not (ended and scanned):
        raise _broken()
    return b"".join(kept)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments of a JPEG up to its end: (marker, the whole segment, with the picture's data after a scan's head)."""
    at = 2
    while True:
        fill = _FILL.match(data, at)
        at = fill.end() - 1 if fill else len(data)  # any number of FF may stand before a marker
        if at + 2 > len(data) or data[at] != 0xFF:
            raise _broken()
        marker = data[at + 1]
        if marker == 0xD9:
            yield marker, data[at:at + 2]
            return
        if at + 4 > len(data) or marker in (0x00, 0x01, 0xD8) or 0xD0 <= marker <= 0xD7:
            raise _broken()
        end = at + 2 + struct.unpack(">H", data[at + 2:at + 4])[0]
        if marker == 0xDA:
            found = _MARKER.search(data, end)
            end = found.start() if found else len(data)
        if end <= at + 3 or end > len(data):
            raise _broken()
        yield marker, data[at:end]
        at = end


def _office(data: bytes) -> Checked:
    """A document or a workbook of Office Open XML, without anything that runs or reaches out."""
    try:
        with ZipFile(io.BytesIO(data)) as folder:
            members = _members(folder)
            media = _kind(folder, members)
            _nothing_active(members)
            for name, member in members.items():
                if name.endswith(".rels"):
                    _nothing_outside(_read(folder, member))
                elif "/externallinks/" in f"/{name}" and b"ddelink" in _read(folder, member).lower():
                    raise Unfit(_("This file asks other programs for its figures (DDE). Take these links out and send it "
                                  "anew."))
    except Unfit:
        raise
    except _ZIP_ERRORS:
        raise _broken() from None
    return Checked(media, data)


def _members(folder: ZipFile) -> dict[str, ZipInfo]:
    """The parts by their names in small letters; words for a bomb, a lock, or names that lead out of the file."""
    parts = folder.infolist()
    if len(parts) > MEMBERS or sum(part.file_size for part in parts) > UNPACKED:
        raise Unfit(_("Unpacked, this file is far larger than a document: it is not kept."))
    if any(part.flag_bits & 0x1 for part in parts):
        raise Unfit(_("This file is locked with a password. Send it without one: who sees it follows its record."))
    found = {part.filename.replace("\\", "/").lower(): part for part in parts}
    if len(found) != len(parts) or any(name.startswith("/") or ".." in name.split("/") for name in found):
        raise _broken()
    return found


def _kind(folder: ZipFile, members: dict[str, ZipInfo]) -> str:
    """Which of the two it is, by the content type of its main part."""
    if "[content_types].xml" in members:
        types = ElementTree.fromstring(_read(folder, members["[content_types].xml"]))
        said = {(one.get("PartName") or "").lstrip("/").lower(): one.get("ContentType") for one in types}
        every = {str(one.get("ContentType")).lower() for one in types}
        if any("macroenabled" in one or "vbaproject" in one for one in every):
            raise _active()
        for media, (part, kind) in _MAIN.items():
            if part in members and said.get(part) == kind:
                return media
    raise Unfit(_("This is a packed file, but neither a Word document (DOCX) nor an Excel workbook (XLSX)."))


def _active() -> Unfit:
    return Unfit(_("This file holds macros or other programs. Save it without them (as DOCX or XLSX) and send it anew."))


def _nothing_active(members: dict[str, ZipInfo]) -> None:
    if any(sign in name for name in members for sign in _ACTIVE):
        raise _active()


def _nothing_outside(relationships: bytes) -> None:
    """Only links that a person clicks, and names of other workbooks, may lead out; no template, picture or frame."""
    for one in ElementTree.fromstring(relationships):
        kind = (one.get("Type") or "").rsplit("/", 1)[-1].lower()
        outside = (one.get("TargetMode") or "").lower() == "external"
        if outside and kind not in ("hyperlink", "externallinkpath"):
            raise Unfit(_("This file loads parts of itself from elsewhere (%(kind)s). Put them into the file and send it "
                          "anew.", kind=kind[:40]))


def _read(folder: ZipFile, part: ZipInfo) -> bytes:
    """One part, at most as large as such a part may be, whatever it says of its size."""
    with folder.open(part) as opened:
        data = opened.read(PART + 1)
    if len(data) > PART:
        raise Unfit(_("Unpacked, this file is far larger than a document: it is not kept."))
    return data


def plain_name(typed: str, media: str) -> str:
    """A file's name as people see it: without folders, control and direction marks, ending by what the file is.

    Arguments: typed, the name that the browser sent; media, the type by content. Returns: at most 120 characters.
    """
    name = unicodedata.normalize("NFC", typed or "").replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(mark for mark in name if unicodedata.category(mark)[0] != "C" and mark not in '<>:"|?*')
    stem = " ".join(name.split()).strip(". ")
    ending = ENDINGS[media]
    for known in {ending, "jpeg" if media == "jpeg" else ending}:
        if stem.lower().endswith(f".{known}"):
            stem = stem[:-len(known) - 1].rstrip(". ")
            break
    return f"{stem[:115] or 'document'}.{ending}"
