"""A release as one file: a ZIP with a data package (Frictionless), a codebook, a licence, a reading and checksums.

The same tables on the same day give the same bytes: nothing in it depends on the moment, the place or the language.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from partnerships.releases.frame import Column, Table, fingerprint
from partnerships.releases.reading import cautions
from partnerships.settings import Licence

TITLE = "Platform for Partnerships: public records"
ABOUT = ("What States affected by anti-personnel mines need and what partners give, under Article 6 of the Anti-Personnel Mine Ban "
         "Convention: the records that everybody could see on the day of this release.")
SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"


@dataclass(frozen=True)
class Heading:
    """What a release says of itself: its reference, its day, its licence, and the address of its own page and of the platform."""

    ref: str
    day: date
    licence: Licence
    page: str
    home: str


@dataclass(frozen=True)
class Built:
    """A release's file with its sum."""

    data: bytes
    sha256: str


def digest(tables: Sequence[Table], licence: Licence) -> str:
    """The fingerprint of what a release would hold: its tables, what they mean, and the licence; no day and no reference."""
    return fingerprint([*(table.csv() for table in tables), codebook(tables), codes(tables),
                        *(line.encode() for line in cautions(tables)), f"{licence.name} {licence.url}".encode()])


def build(heading: Heading, tables: Sequence[Table]) -> Built:
    """Make the file. Returns: its bytes and their SHA-256."""
    data = {f"data/{table.name}.csv": table.csv() for table in tables}
    files = {
        "README.md": readme(heading, tables).encode(), "LICENCE.txt": licence_words(heading).encode(),
        "CODEBOOK.csv": codebook(tables), "CODES.csv": codes(tables), **data,
        "datapackage.json": (json.dumps(descriptor(heading, tables, data), ensure_ascii=False, indent=1) + "\n").encode()}
    files["SHA256SUMS"] = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())).encode()
    zipped = _zip(files, heading.day)
    return Built(zipped, hashlib.sha256(zipped).hexdigest())


def _zip(files: Mapping[str, bytes], day: date) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as folder:
        for name, content in sorted(files.items()):
            info = ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, 3, 0o100644 << 16
            folder.writestr(info, content, compresslevel=9)
    return out.getvalue()


def descriptor(heading: Heading, tables: Sequence[Table], data: Mapping[str, bytes]) -> dict[str, Any]:
    """The data package's description: version 1 (tabular data package), readable as version 2."""
    return {
        "$schema": SCHEMA, "profile": "tabular-data-package", "name": "platform-for-partnerships", "id": heading.page,
        "title": TITLE, "description": ABOUT, "version": heading.ref, "created": f"{heading.day.isoformat()}T00:00:00Z",
        "homepage": heading.page, "licenses": [{"name": heading.licence.name, "path": heading.licence.url}],
        "keywords": ["mine action", "Anti-Personnel Mine Ban Convention", "international cooperation and assistance"],
        "contributors": [{"title": "Platform for Partnerships", "path": heading.home, "role": "publisher"}],
        "resources": [_resource(table, data[f"data/{table.name}.csv"]) for table in tables],
    }


def _resource(table: Table, content: bytes) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns], "missingValues": [""],
                              "primaryKey": list(table.key)}
    keys = [{"fields": list(own), "reference": {"resource": "" if other == table.name else other, "fields": list(theirs)}}
            for own, other, theirs in table.references()]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "profile": "tabular-data-resource", "type": "table", "name": table.name, "path": f"data/{table.name}.csv",
        "title": table.title,
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "dialect": {"delimiter": ",", "header": True},
        "bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "sources": [{"title": table.source}], "schema": schema}


def _field(column: Column) -> dict[str, Any]:
    meaning = f"{column.meaning} Unit: {column.unit}." if column.unit else column.meaning
    found: dict[str, Any] = {"name": column.name, "type": column.type, "description": meaning}
    rules: dict[str, Any] = {"required": True} if column.needed else {}
    if column.codes and not column.open and not column.many:
        rules["enum"] = list(column.codes)
    if column.many:
        rules["pattern"] = r"[^ ]+( [^ ]+)*"
    if rules:
        found["constraints"] = rules
    if column.type == "boolean":
        found |= {"trueValues": ["true"], "falseValues": ["false"]}
    return found


def codebook(tables: Sequence[Table]) -> bytes:
    """What each column means: one row a column."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["table", "column", "type", "always given", "unit", "meaning", "codes", "repeats", "source"])
    for table in tables:
        for column in table.columns:
            kind = f"{column.type}, several with a space between" if column.many else column.type
            writer.writerow([table.name, column.name, kind, "yes" if column.needed else "no", column.unit, column.meaning,
                             " ".join(column.codes), ".".join(column.refers) if column.refers else "", table.source])
    return out.getvalue().encode()


def codes(tables: Sequence[Table]) -> bytes:
    """What each code means, in the words of the platform's pages: one row a code of a column."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["table", "column", "code", "meaning"])
    writer.writerows((table.name, column.name, code, words) for table in tables for column in table.columns
                     for code, words in column.codes.items())
    return out.getvalue().encode()


def licence_words(heading: Heading) -> str:
    """Under what the release may be used, in plain words; the licence's text stands at its address."""
    return (f"This release ({heading.ref}) is under the licence {heading.licence.name}:\n{heading.licence.url}\n\n"
            "The text at that address is what counts. Name as the source:\n"
            f"Platform for Partnerships, Anti-Personnel Mine Ban Convention, Article 6; {heading.ref}; {heading.page}\n\n"
            "Facts that a public document states are its own: the column source of each table names it.\n")


def readme(heading: Heading, tables: Sequence[Table]) -> str:
    """What this is, what it leaves out, how to read it and how to cite it."""
    risky = [f"{table.name} ({number})" for table in tables if (number := table.formulas())]
    invented = [f"{table.name}: {table.invented}" for table in tables if table.invented]
    demo = f" ({'; '.join(invented)})" if invented else ": there were none"
    parts = [
        f"# {TITLE}, {heading.ref}", ABOUT,
        f"Made from the records as they stood on {heading.day.isoformat()}. Its page, with all releases: {heading.page}",
        "## What it holds",
        "\n".join(f"- `data/{table.name}.csv`: {table.title} ({len(table.cells)})" for table in tables),
        "`datapackage.json` describes every table (Frictionless Data Package), `CODEBOOK.csv` every column, "
        "`CODES.csv` says what the codes in them mean, `SHA256SUMS` holds the sum of every file (`sha256sum -c SHA256SUMS`), "
        "`LICENCE.txt` names the licence.",
        "## What it leaves out",
        "Records, and parts of records, that are not for everybody are not here and are not counted. An amount that a State keeps "
        "for fewer people is empty, and the column `amounts` says `withheld`. No contact and no person's address is in any table.",
        f"Invented records for demonstration are left out{demo}.",
        "## How to read it",
        "CSV after RFC 4180: UTF-8, comma, a heading, no byte order mark. Days are ISO 8601, numbers have a point and no "
        "separators, `true` and `false`, several codes in one cell have a space between. An empty cell means that nothing is "
        "stated; it never means zero.",
        "States, organisations and areas stand by their code in `parties.csv` (column `ref`), whatever the column is called: "
        "`party`, `donor`, `recipient`, `state`. The column `repeats` of the codebook says for every such column what it joins to.",
        "Money stands in its own currency. Currencies are never added together, and neither are the stages of a pledge: they "
        "exclude each other.",
        "## Before you add up or conclude",
        "\n".join(f"- {line}" for line in cautions(tables)),
        "## In a spreadsheet",
        "Values are exact, for machines: no mark is put before a text that a spreadsheet could take for a formula. "
        + (f"Such cells are in: {', '.join(risky)}. " if risky else "No cell of this release is of that kind. ")
        + "Import every column as text; or take the lists of the platform as XLSX, in which "
        "no text is a formula.",
        "## How to cite it",
        f"Platform for Partnerships, Anti-Personnel Mine Ban Convention, Article 6: public records, {heading.ref}. {heading.page}"]
    return "\n\n".join(parts) + "\n"
