"""Reading XML that anybody may send: one activity at a time, with the lines its parts stand on. Pure.

Document types are refused as a whole, and with them entities, bombs and whatever is fetched from elsewhere (defusedxml on
expat). The text is read in the encoding that the file declares, and what does not fit it is said in words.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax import SAXParseException
from xml.sax.expatreader import ExpatLocator
from xml.sax.handler import ContentHandler, feature_external_ges, feature_external_pes, feature_namespaces

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser
from flask_babel import gettext as _

PORTION = 64 * 1024
DEEPEST = 20
MOST_PARTS = 20_000  # elements in one activity
LONGEST_TEXT = 100_000
XML = "http://www.w3.org/XML/1998/namespace"
_DECLARED = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")


class NoActivities(ValueError):
    """The file as a whole cannot be read; the message says why, and what to do."""


@dataclass
class Node:
    """An element: its name (of another namespace: "{…}name"), its attributes, its text, its parts, the line it begins on."""

    name: str
    line: int
    attributes: dict[str, str]
    text: str = ""
    parts: list[Node] = field(default_factory=list)

    def all(self, name: str) -> list[Node]:
        """Its parts of a name."""
        return [one for one in self.parts if one.name == name]

    def first(self, name: str) -> Node | None:
        """Its first part of a name."""
        return next((one for one in self.parts if one.name == name), None)

    def get(self, name: str) -> str:
        """An attribute without space around it; "" where there is none."""
        return self.attributes.get(name, "").strip()

    def of(self, name: str, attribute: str) -> str:
        """An attribute of its first part of a name."""
        found = self.first(name)
        return found.get(attribute) if found is not None else ""

    def narrative(self) -> str:
        """Its first narrative, on one line; English before others."""
        found = self.all("narrative")
        english = [one for one in found if one.attributes.get("lang", "en")[:2] == "en"]
        return " ".join((english or found)[0].text.split()) if found else ""


class _Handler(ContentHandler):
    """Builds one activity after the other, and lets go of each once it is taken."""

    def __init__(self, locator: ExpatLocator) -> None:
        super().__init__()
        self.locator = locator
        self.head: Node | None = None
        self.stack: list[Node] = []
        self.done: list[Node] = []
        self.parts = 0
        self.size = 0

    def startElementNS(self, name: tuple[str | None, str], _qname: str | None, attrs: object) -> None:
        line = self.locator.getLineNumber() or 0
        plain = {(key[1] if key[0] in (None, XML) else f"{{{key[0]}}}{key[1]}"): value
                 for key, value in attrs.items()}  # type: ignore[attr-defined]
        node = Node(name[1] if not name[0] else f"{{{name[0]}}}{name[1]}", line, plain)
        if self.head is None:
            self.head = node
            if node.name != "iati-activities":
                raise NoActivities(_("This XML begins with “%(name)s”: a file of IATI activities begins with “iati-activities”.",
                                     name=node.name[:60]))
            return
        self.parts = self.parts + 1 if self.stack else 1
        self.size = self.size if self.stack else 0
        if len(self.stack) >= DEEPEST or self.parts > MOST_PARTS:
            raise NoActivities(_("Line %(line)s: this activity has more parts than any activity needs. The file was not read.",
                                 line=line))
        if self.stack:
            self.stack[-1].parts.append(node)
        self.stack.append(node)

    def endElementNS(self, _name: tuple[str | None, str], _qname: str | None) -> None:
        if not self.stack:
            return
        node = self.stack.pop()
        if not self.stack:
            self.done.append(node)

    def characters(self, content: str) -> None:
        """Text of the innermost element."""
        if self.stack and self.size < LONGEST_TEXT:
            self.stack[-1].text += content
            self.size += len(content)


def read(data: bytes) -> tuple[Node, Iterator[Node]]:
    """A file as its first element and its activities, one by one. Raises: NoActivities, also while they are taken."""
    parts = _activities(data)
    head = next(parts, None)
    if head is None:
        raise NoActivities(_("The file is empty."))
    return head, parts


def _activities(data: bytes) -> Iterator[Node]:
    parser = DefusedExpatParser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    parser.setFeature(feature_namespaces, True)
    parser.setFeature(feature_external_ges, False)
    parser.setFeature(feature_external_pes, False)
    handler = _Handler(ExpatLocator(parser))
    parser.setContentHandler(handler)
    stream, told = io.BytesIO(data), False
    while True:
        portion = stream.read(PORTION)
        _feed(parser, portion, data)
        if handler.head is not None and not told:
            told = True
            yield handler.head
        found, handler.done = handler.done, []
        yield from found
        if not portion:
            return


def _feed(parser: DefusedExpatParser, portion: bytes, data: bytes) -> None:
    try:
        parser.feed(portion) if portion else parser.close()
    except DefusedXmlException:
        raise NoActivities(_("The file declares a document type or entities. IATI has neither, and such a file can do harm: it was "
                             "not read. Take the declaration out and send it again.")) from None
    except SAXParseException as error:
        raise NoActivities(_wrong(error, data)) from None
    except (LookupError, ValueError) as error:
        if isinstance(error, NoActivities):
            raise
        raise NoActivities(_unknown(data)) from None


def encoding(data: bytes) -> str:
    """The encoding that a file declares, or that its mark tells."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf").lstrip())
    return declared[1].decode("ascii") if declared else "utf-8"


def _unknown(data: bytes) -> str:
    return _("The file says that it is in “%(code)s”, which is not known here. Save it in UTF-8 and send it again.",
             code=encoding(data)[:40])


def _wrong(error: SAXParseException, data: bytes) -> str:
    """What is wrong with a file that is no XML: its encoding, or a mark on a line."""
    code, line = encoding(data), 0
    try:
        data.decode(code)
    except LookupError:
        return _unknown(data)
    except UnicodeDecodeError as undecodable:
        line = data[:undecodable.start].count(b"\n") + 1
    if line or "incorrect" in error.getMessage():  # decoded by chance, into what is no XML
        return _("The file says that it is in %(code)s, but line %(line)s is not. Save it in UTF-8 and send it again.",
                 code=code.upper(), line=line or 1)
    if "encoding" in error.getMessage():
        return _unknown(data)
    return _("Line %(line)s, column %(column)s: this is no well-formed XML (%(why)s).", line=error.getLineNumber() or 1,
             column=(error.getColumnNumber() or 0) + 1, why=error.getMessage()[:100])
