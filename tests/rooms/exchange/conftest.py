"""Files as tests send them, and shorthands for the page and the command."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from partnerships.core.db import db
from partnerships.exchange.models import Import

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


def csv_of(*rows: list[Any], mark: str = ",") -> bytes:
    """Rows as the bytes of a CSV file."""
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows(rows)
    return out.getvalue().encode()


class Page:
    """The page of imports, as one person uses it."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def send(self, data: bytes, name: str = "needs.csv", what: str = "needs", source: str = "", conference: str = "") -> Any:
        """Upload a file; the answer."""
        form = self.client.get("/exchange/")
        key = re.search(r'name="once"[^>]*value="([^"]+)"', form.get_data(as_text=True))[1]
        return self.post({"what": what, "source": source, "conference": conference, "once": key,
                          "csrf_token": self.client.csrf_token()}, data, name)

    def post(self, fields: dict[str, str], data: bytes, name: str) -> Any:
        """Send the form. Its body is made here: the test client would keep a large one in a file and leave it open."""
        parts = [f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
                 for key, value in fields.items()]
        head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = "".join(parts).encode() + head.encode() + data + b"\r\n--x--\r\n"
        return self.client.open("/exchange/", method="POST", data=body, content_type="multipart/form-data; boundary=x")

    def preview(self, data: bytes, **more: Any) -> str:
        """Upload a file; the address of its preview."""
        answer = self.send(data, **more)
        assert answer.status_code == 303, re.findall(r'field-error">(.*?)</p>', answer.get_data(as_text=True), re.S)
        return str(answer.headers["Location"])

    def move(self, where: str, name: str) -> Any:
        """Confirm, drop or undo."""
        return self.client.post(f"{where}/move/{name}", data={"csrf_token": self.client.csrf_token()})

    def import_(self, data: bytes, **more: Any) -> Import:
        """Upload and confirm; the import."""
        where = self.preview(data, **more)
        assert self.move(where, "confirmed").status_code == 303
        return db.session.query(Import).filter_by(ref=where.rsplit("/", 1)[1]).one()

    def rows(self, where: str) -> list[tuple[str, str]]:
        """(fate, words) of each row that a preview shows."""
        text = self.client.get(where).get_data(as_text=True)
        return [(re.sub(r"<.*", "", fate), words) for fate, words in re.findall(
            r'label="What becomes of it"><span>(.*?)</span></td>\s*<td data-label="In words"><span dir="auto">(.*?)</span>',
            text, re.S)]


@pytest.fixture
def importing(sign_in):
    """`importing(role, party)` gives the page of imports for a person."""
    return lambda *who: Page(sign_in(*who))


@pytest.fixture
def command(app: Flask, tmp_path: Path):
    """`command(data, *options)` runs `flask exchange import needs` (or `what`) and gives (exit code, report)."""
    def run(data: bytes | Path, *options: str, name: str = "file.csv", what: str = "needs") -> tuple[int, dict[str, Any]]:
        path = data if isinstance(data, Path) else tmp_path / name
        if not isinstance(data, Path):
            path.write_bytes(data)
        out = tmp_path / "out.json"
        out.unlink(missing_ok=True)
        db.session.rollback()
        done = app.test_cli_runner().invoke(args=["exchange", "import", what, str(path), *options, "--json", str(out)])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output + repr(done.exception)
        return done.exit_code, json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
    return run


@pytest.fixture
def totals(app: Flask, tmp_path: Path):
    """`totals("country,year")` runs `flask insight totals`, of needs or of what is said."""
    def run(by: str, *options: str, of: str = "needs") -> list[dict[str, Any]]:
        out = tmp_path / "totals.json"
        db.session.rollback()
        done = app.test_cli_runner().invoke(args=["insight", "totals", "--of", of, "--by", by, *options, "--json", str(out)])
        assert done.exit_code == 0, done.output
        return json.loads(out.read_text(encoding="utf-8"))
    return run
