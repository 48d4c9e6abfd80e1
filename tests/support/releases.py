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
    return list(csv.DictReader(io.StringIO(files[f"data/{table}.csv"].decode(), newline="")))


def valid(files: dict[str, bytes]) -> int:
    """Check every table against the package's description. Returns: how many links between tables were followed."""
    package = json.loads(files["datapackage.json"])
    assert package["profile"] == "tabular-data-package" and package["licenses"][0]["path"].startswith("https://")
    resources = {one["name"]: one for one in package["resources"]}
    assert {one["path"] for one in resources.values()} == {name for name in files if name.startswith("data/")}
    tables = {name: _table(files, one) for name, one in resources.items()}
    book = {(row["table"], row["column"]) for row in csv.DictReader(io.StringIO(files["CODEBOOK.csv"].decode(), newline=""))}
    assert book == {(name, field["name"]) for name, one in resources.items() for field in one["schema"]["fields"]}
    followed = 0
    for name, one in resources.items():
        for link in one["schema"].get("foreignKeys", ()):
            other = link["reference"]
            there = {tuple(row[column] for column in other["fields"]) for row in tables[other["resource"]]}
            assert other["fields"] == resources[other["resource"]]["schema"]["primaryKey"], (name, link)
            for row in tables[name]:
                value = tuple(row[column] for column in link["fields"])
                if all(value):
                    assert value in there, (name, link, value)
                    followed += 1
    return followed


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
