"""Catalogues of the interface: what is to be translated, whether a translation may stand, and the files that hold them.

A catalogue is `translations/<language>/LC_MESSAGES/messages.po`, kept in the repository without line numbers so that a
change of code changes no catalogue. What Python reads beside it (`messages.mo`) is made from it when it is missing or old.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(__file__).resolve().parents[1] / "translations"
LANGUAGES = ("fr", "es", "ar", "ru", "zh")
"""The official languages of the United Nations beside English, in which the interface is written."""

_KEYWORDS: dict[str, Any] = {
    "_": (1,), "_l": (1,), "gettext": (1,), "lazy_gettext": (1,), "ngettext": (1, 2), "_p": ((1, "c"), 2),
    "pgettext": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
# Columns of the seed's tables that pages show through the catalogue (`parties.words.title` and its like).
_REFERENCE = {"themes": ("title", "summary"), "assistance_kinds": ("title", "summary"), "articles": ("title", "summary"),
              "actions": ("title", "summary"), "indicators": ("title",), "action_plans": ("title",), "obligations": ("title",)}
_PLACE = re.compile(r"%\(\w+\)[sd]|%%")

log = structlog.get_logger()


def _of_table(file: Any, _keywords: Any, _comments: Any, options: Mapping[str, Any]) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Babel's extraction method for a table of the seed."""
    columns = _REFERENCE[options["table"]]
    for line, row in enumerate(csv.DictReader(io.StringIO(file.read().decode("utf-8"), newline="")), start=2):
        for column in columns:
            if row[column]:
                yield line, "pgettext", ("reference", row[column]), []


def template() -> Catalog:
    """Every message of the code, the templates and the seed, each with the places where it stands."""
    found = Catalog(charset="utf-8")
    methods: list[tuple[str, Any]] = [("platform/partnerships/**.py", "python"), ("templates/**", "jinja2"),
                                      *((f"seed/{table}.csv", _of_table) for table in _REFERENCE)]
    # The application's extensions, and never silently past a template that cannot be read: none of its words would be known.
    options: dict[str, dict[str, Any]] = {"templates/**": {"extensions": "jinja2.ext.do", "silent": "false"},
                                          **{f"seed/{table}.csv": {"table": table} for table in _REFERENCE}}
    for top in ("platform/partnerships", "templates", "seed"):
        rows = extract_from_dir(ROOT / top, [(pattern.removeprefix(f"{top}/"), method) for pattern, method in methods
                                             if pattern.startswith(top)],
                                {pattern.removeprefix(f"{top}/"): own for pattern, own in options.items()
                                 if pattern.startswith(top)}, _KEYWORDS)
        for name, line, message, _comments, context in rows:
            found.add(message, locations=[(f"{top}/{name}", line)], context=context)
    return found


def path_of(language: str) -> Path:
    """Where a language's catalogue is."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """A language's catalogue; an empty one when it has none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def current(language: str, messages: Catalog) -> Catalog:
    """The catalogue brought up to `messages`: new ones empty, those gone taken out, nothing guessed."""
    catalogue = read(language)
    catalogue.update(messages, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def write(language: str, catalogue: Catalog) -> None:
    """Keep a catalogue, by message, without places, so that the file changes only where its words do."""
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, no_location=True, omit_header=False, sort_output=True, ignore_obsolete=True)


def key_of(message: Message) -> str:
    """A short name of a message, the same on every machine."""
    words = message.id if isinstance(message.id, str) else message.id[0]
    return hashlib.sha256(f"{message.context or ''}\x04{words}".encode()).hexdigest()[:10]


def forms(message: Message) -> tuple[str, ...]:
    """The translations of a message: one, or one for each plural form."""
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string or "",)


def faults(catalogue: Catalog, message: Message, strings: Sequence[str]) -> list[str]:
    """Why these words cannot stand for a message, in words; nothing when they can.

    A place to be filled in must be in every form; a plural's own number may be left to the word ("one need").
    """
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    wanted = 1 if len(ids) == 1 else catalogue.num_plurals
    if len(strings) != wanted:
        return [f"{len(strings)} forms where the language has {wanted}"]
    found = []
    places = set(_PLACE.findall(ids[-1]))
    for words in strings:
        if not words.strip():
            found.append("empty")
            continue
        own = set(_PLACE.findall(words))
        missing = places - own - ({"%(num)s", "%(num)d"} if len(ids) > 1 else set())
        if missing or own - places:
            found.append(f"places differ: {sorted(missing)} missing, {sorted(own - places)} unknown")
        if "%" in _PLACE.sub("", words) and "%" not in _PLACE.sub("", ids[-1]):
            found.append("a stray %")
        if [len(words) - len(words.lstrip()), len(words) - len(words.rstrip())] != [
                len(ids[0]) - len(ids[0].lstrip()), len(ids[0]) - len(ids[0].rstrip())]:
            found.append("white space at an end differs")
    return found


def missing(language: str, messages: Catalog) -> list[Message]:
    """The messages that a language has no words for, or none that can stand."""
    catalogue = current(language, messages)
    return [message for message in catalogue if message.id and (
        message.fuzzy or faults(catalogue, message, [words or "" for words in forms(message)]))]


def ensure() -> None:
    """Make what Python reads from each catalogue that changed since; a place that cannot be written is said, not fatal."""
    for language in LANGUAGES:
        source = path_of(language)
        made = source.with_suffix(".mo")
        if not source.exists() or (made.exists() and made.stat().st_mtime >= source.stat().st_mtime):
            continue
        try:
            number, name = tempfile.mkstemp(dir=made.parent, prefix=".mo-")
            os.fchmod(number, 0o644)
            with os.fdopen(number, "wb") as file:
                write_mo(file, read(language))
            Path(name).replace(made)
        except OSError as error:
            log.error("catalogue", language=language, error=str(error))
