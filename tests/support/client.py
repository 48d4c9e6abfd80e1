"""A client that behaves like a browser's form and lints every page it touches."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from typing import Any

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from partnerships.core.db import current_engine, db, utcnow

# html5lib warns of nothing in well-formed pages; these codes are noise for inline SVG in HTML.
_HARMLESS = {"non-void-element-with-trailing-solidus"}
_NS = "{http://www.w3.org/1999/xhtml}"
PART = "X-Part-Of-Page"  # an answer that a script puts into a page is read as if it stood in one
PAGE = '<!doctype html><html lang="en" dir="ltr"><head><title>Part</title></head><body><h1>Part</h1>{}</body></html>'


_read_closely: set[int] = set()  # the shapes of the pages of this run that were parsed and found well


def _shape(html: str) -> int:
    """The tags of a page with the names of their attributes: pages that differ in words and values alone share it."""
    return hash(re.sub(r'="[^"]*"', "", "".join(re.findall(r"<[^>]*>", html))))


def lint(html: str, where: str = "") -> None:
    """Fail unless the page is valid, has one h1, a title, unique ids, labelled fields and a named document language.

    Of pages of one shape the first is parsed; what can differ between them is looked for in all.
    """
    ids = Counter(re.findall(r'\sid="([^"]*)"', re.sub(r"<script.*?</script>", "", html, flags=re.S)))
    assert not [one for one, count in ids.items() if count > 1], f"{where}: ids used twice: {ids.most_common(3)}"
    assert not re.search(r">\s*None\s*<", html), f"{where}: shows None"
    assert not re.search(r"\son\w+=|\sstyle=", re.sub(r"<script.*?</script>", "", html, flags=re.S)), (
        f"{where}: inline handler or style")
    if (shape := _shape(html)) not in _read_closely:
        _parse(html, where)
        _read_closely.add(shape)


def _parse(html: str, where: str) -> None:
    parser = html5lib.HTMLParser(namespaceHTMLElements=True)
    document = parser.parse(html)
    faults = [f"{code} at {position}" for position, code, _data in parser.errors if code not in _HARMLESS]
    assert not faults, f"{where}: invalid HTML: {faults[:3]}"
    headings = document.findall(f".//{_NS}h1")
    assert len(headings) == 1, f"{where}: {len(headings)} h1"
    title = document.find(f".//{_NS}title")
    assert title is not None and (title.text or "").strip(), f"{where}: no title"
    assert document.get("lang") and document.get("dir") in ("ltr", "rtl"), f"{where}: no language or direction"
    labels = {node.get("for") for node in document.iter(f"{_NS}label")}
    for kind in ("input", "select", "textarea"):
        for node in document.iter(f"{_NS}{kind}"):
            if node.get("type") in ("hidden", "submit", "button"):
                continue
            named = node.get("id") in labels or node.get("aria-label") or node.get("aria-labelledby")
            assert named, f"{where}: {kind} {node.get('name')} has no label"


class Client(FlaskClient):
    """A test client: pages are linted, forms carry their CSRF token, versions and keys as a browser would send them."""

    application: Flask

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Every request has a context of its own, as in a server; what the test itself read is read anew afterwards."""
        db.session.rollback()
        db.session.expire_all()
        with self.application.app_context():
            return super().open(*args, **{"buffered": True, **kwargs})

    def get(self, *args: Any, **kwargs: Any) -> TestResponse:
        return self._checked(super().get(*args, **kwargs), args)

    def post(self, *args: Any, data: Any = None, csrf: bool = True, **kwargs: Any) -> TestResponse:
        """POST as a form; `csrf=False` sends it without the token."""
        data = dict(data or {})
        if csrf:
            data.setdefault("csrf_token", self.csrf_token())
        return self._checked(super().post(*args, data=data, **kwargs), args)

    def signed_in(self, account: Any, method: str = "password+code") -> Any:
        """This client, with a session of a person."""
        from partnerships.accounts.session import make

        account = db.session.merge(account)
        _session, ticket = make(account, method)
        account.visit_before, account.last_sign_in = account.last_sign_in, utcnow()
        db.session.commit()
        with self.session_transaction() as kept:
            kept.update({"_user_id": ticket, "_fresh": True, "_permanent": True})
        return self

    def csrf_token(self) -> str:
        """A token of this session, as a form would hold it."""
        with self.session_transaction() as kept:
            raw = kept.setdefault("csrf_token", secrets.token_hex(20))
        signed: str = URLSafeTimedSerializer(self.application.secret_key or "", salt="wtf-csrf-token").dumps(raw)
        return signed

    def fields(self, url: str, place: int = 0) -> dict[str, Any]:
        """What a posting form of `main` on a page would send (the first, unless another place is given), buttons left out."""
        page = self.get(url).get_data(as_text=True)
        return form_data(parsed(posting(page[page.index("<main"):page.index("</main>")])[place]))

    def _checked(self, answer: TestResponse, args: tuple[Any, ...]) -> TestResponse:
        assert answer.status_code < 500 or answer.status_code == 503, f"{args}: {answer.status_code}"
        # The same page on the other engine is the same page: one of them is read closely.
        read = current_engine().dialect.name == "sqlite" and answer.mimetype == "text/html"
        if read and answer.status_code not in (204, 301, 302, 303, 307, 308):
            html = answer.get_data(as_text=True)
            lint(PAGE.format(html) if PART in answer.headers else html, str(args[0] if args else ""))
        return answer


def posting(html: str) -> list[str]:
    """The posting forms of a page that was found well, each as it is written: to parse a whole page takes long."""
    forms = re.findall(r"<form\b.*?</form>", html, flags=re.S)
    return [one for one in forms if re.match(r'<form\b[^>]*\smethod="post"', one, re.I)]


def parsed(form: str) -> Any:
    """A form as an element."""
    return next(html5lib.parseFragment(form).iter(f"{_NS}form"))


def form_data(form: Any) -> dict[str, Any]:
    """The successful controls of a parsed form."""
    data: dict[str, Any] = {}
    for node in form.iter():
        name, kind = node.get("name"), str(node.tag).removeprefix(_NS)
        if not name:
            continue
        if kind == "input":
            if node.get("type") in ("submit", "button", "file") or (
                    node.get("type") in ("checkbox", "radio") and node.get("checked") is None):
                continue
            value = node.get("value") or ("on" if node.get("type") == "checkbox" else "")
            if node.get("type") == "checkbox" and name in data:
                data[name] = [*(data[name] if isinstance(data[name], list) else [data[name]]), value]
            else:
                data[name] = [value] if node.get("type") == "checkbox" else value
        elif kind == "textarea":
            data[name] = (node.text or "").removeprefix("\n")
        elif kind == "select":
            options = list(node.iter(f"{_NS}option"))
            chosen = [one for one in options if one.get("selected") is not None] or options[:1]
            data[name] = chosen[0].get("value") if chosen else ""
    return data


class Raw(Client):
    """The client without its lint and its own look for the token: here only the answer counts."""

    token = ""

    def _checked(self, answer: Any, args: Any) -> Any:
        return answer

    def csrf_token(self) -> str:
        self.token = self.token or super().csrf_token()
        return self.token
