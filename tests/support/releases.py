"""A release's file read by hand, as a program would that knows nothing of us: sums, schema, types, keys."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from datetime import date
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

READ = {"string": str, "integer": int, "number": Decimal, "date": date.fromisoformat, "year": int,
        "boolean": lambda text: {"true": True, "false": False}[text]}


def opened(data: bytes) -> dict[str, bytes]:
    """The files of a release by name, once its sums are right."""
    with ZipFile(io.BytesIO(data)) as folder:
        assert folder.testzip() is None
        files = {name: folder.read(name) for name in folder.namelist()}
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert set(sums) == set(files) - {"SHA256SUMS"}
    for name, said in sums.items():
        assert hashlib.sha256(files[name]).hexdigest() == said, name
    return files


def rows(files: dict[str, bytes], table: str) -> list[dict[str, str]]:
    """A table's rows by column."""
    return _read(files[f"data/{table}.csv"])


def _read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def valid(files: dict[str, bytes]) -> int:
    """Check every table against the package's description. Returns: how many links between tables were followed."""
    package = json.loads(files["datapackage.json"])
    assert package["profile"] == "tabular-data-package" and package["licenses"][0]["path"].startswith("https://")
    resources = {one["name"]: one for one in package["resources"]}
    assert {one["path"] for one in resources.values()} == {name for name in files if name.startswith("data/")}
    tables = {name: _table(files, one) for name, one in resources.items()}
    lines = _read(files["CODEBOOK.csv"])
    _explained(lines, _read(files["CODES.csv"]), tables)
    book = {(row["table"], row["column"]) for row in lines}
    assert book == {(name, field["name"]) for name, one in resources.items() for field in one["schema"]["fields"]}
    followed = 0
    for name, one in resources.items():
        for link in one["schema"].get("foreignKeys", ()):
            other = link["reference"]
            target = other["resource"] or name
            there = {tuple(row[column] for column in other["fields"]) for row in tables[target]}
            assert other["fields"] == resources[target]["schema"]["primaryKey"], (name, link)
            for row in tables[name]:
                value = tuple(row[column] for column in link["fields"])
                if all(value):
                    assert value in there, (name, link, value)
                    followed += 1
    return followed


def _explained(book: list[dict[str, str]], codes: list[dict[str, str]], tables: dict[str, list[dict[str, str]]]) -> None:
    """Every value of a column that has codes is explained, every one that repeats a key is there, several in a cell too."""
    words = {(row["table"], row["column"], row["code"]): row["meaning"] for row in codes}
    assert all(words.values()) and len(words) == len(codes)
    for line in book:
        cells = {row[line["column"]] for row in tables[line["table"]]} - {""}
        parts = {one for cell in cells for one in (cell.split(" ") if "several" in line["type"] else [cell])}
        known = {code for table, column, code in words if (table, column) == (line["table"], line["column"])}
        assert not known or parts <= known, (line, parts - known)
        if line["repeats"]:
            table, column = line["repeats"].split(".")
            assert parts <= {row[column] for row in tables[table]}, line


def _table(files: dict[str, bytes], resource: dict[str, Any]) -> list[dict[str, str]]:
    content = files[resource["path"]]
    assert resource["bytes"] == len(content) and resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    found, schema = rows(files, resource["name"]), resource["schema"]
    fields = [field["name"] for field in schema["fields"]]
    assert next(csv.reader(io.StringIO(content.decode()))) == fields
    keys = [tuple(row[column] for column in schema["primaryKey"]) for row in found]
    assert len(set(keys)) == len(keys), resource["name"]
    for field in schema["fields"]:
        rule = field.get("constraints", {})
        for row in found:
            text = row[field["name"]]
            assert text or not rule.get("required"), (resource["name"], field["name"])
            if text:
                READ[field["type"]](text)
                assert text in rule.get("enum", [text]), (resource["name"], field["name"], text)
                assert re.fullmatch(rule.get("pattern", "(?s).*"), text), (resource["name"], field["name"], text)
    return found
