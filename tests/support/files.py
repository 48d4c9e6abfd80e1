"""Small files of every type that is kept, and of many that are not, made here byte by byte."""

from __future__ import annotations

import io
import struct
import zlib
from zipfile import ZIP_DEFLATED, ZipFile

from partnerships.core.files import MIME
from partnerships.seeding.scenario_files import pdf

PDF = pdf(["A plan."])
_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
_RELS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
PLACE = b"GPS 13.1027 N 103.1982 E"
MAIN = {"docx": ("word/document.xml", "wordprocessingml.document"), "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet")}


def office(media: str = "docx", *, main: str = "", more: dict[str, str] | None = None, rels: str = "") -> bytes:
    """A document or workbook; `main` another content type of its main part, `more` other parts, `rels` relationships."""
    part, kind = MAIN[media]
    content = main or f"application/vnd.openxmlformats-officedocument.{kind}.main+xml"
    kept = io.BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as folder:
        folder.writestr("[Content_Types].xml", _TYPES.format(f'<Override PartName="/{part}" ContentType="{content}"/>'))
        folder.writestr("_rels/.rels", _RELS.format(rels))
        folder.writestr(part, "<x/>")
        for name, text in (more or {}).items():
            folder.writestr(name, text)
    return kept.getvalue()


def outside(kind: str, target: str = "https://elsewhere.example/x") -> str:
    """A relationship that leads out of a file."""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return f'<Relationship Id="r1" Type="{base}/{kind}" Target="{target}" TargetMode="External"/>'


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*more: bytes) -> bytes:
    """A PNG of one pixel, with other chunks before its picture."""
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) + b"".join(more)
            + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b""))


def segment(marker: int, data: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(*more: bytes) -> bytes:
    """The frame of a JPEG, with other segments before its picture; the picture's data hold an escaped FF and a restart."""
    return (b"\xff\xd8" + segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0") + b"".join(more)
            + segment(0xDB, bytes(65)) + segment(0xC0, b"\x08\0\x01\0\x01\x01\x01\x11\0") + segment(0xC4, bytes(18))
            + segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\xff\x00\x34\xff\xd0\x56" + b"\xff\xd9")


GOOD = {"plan.pdf": PDF, "plan.docx": office(), "costs.xlsx": office("xlsx"), "map.png": png(), "photo.jpg": jpeg()}
TYPES = dict(zip(GOOD, (MIME[one] for one in ("pdf", "docx", "xlsx", "png", "jpeg")), strict=True))
