"""The edge of a request: the transaction, the headers, the person, and small helpers of views."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from flask import Flask, Request, Response, abort, current_app, g, make_response, redirect, request, session, url_for
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter
from werkzeug.utils import cached_property
from werkzeug.wrappers import Response as BaseResponse

from partnerships.core import readings
from partnerships.core.db import SAFE_METHODS, db

Found = TypeVar("Found")
SMALL = ("text/css", "text/javascript", "application/javascript", "image/svg+xml")
FOREVER = "public, max-age=31536000, immutable"


class Address(Request):
    """A request whose query holds no NUL: PostgreSQL refuses it in every text, and it stands for nothing."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The query, each NUL replaced as an undecodable byte is."""
        given = super().args
        if not any("\0" in part for pair in given.items(multi=True) for part in pair):
            return given
        return ImmutableMultiDict([(key.replace("\0", "\ufffd"), value.replace("\0", "\ufffd"))
                                   for key, value in given.items(multi=True)])


class Number(IntegerConverter):
    """A record's number in an address: never larger than the column that holds it."""

    regex = r"[0-9]{1,9}"


class Application(Flask):
    """Flask, with the transaction of a request: committed once, at its edge, when the answer is a success."""

    request_class = Address

    def dispatch_request(self) -> Any:
        answer = self.make_response(super().dispatch_request())
        if request.method not in SAFE_METHODS and answer.status_code < 400:
            g.committing = True  # when this fails, nobody knows whether it was saved
            db.session.commit()
            g.committing = False
        return answer


def init_app(app: Flask) -> None:
    """Headers, nonce and template helpers."""
    app.url_map.converters["int"] = Number
    app.before_request(_readable)
    app.after_request(_headers)
    readings.init_app(app)
    app.jinja_env.globals.update(asset=asset, csp_nonce=csp_nonce)


def _readable() -> None:
    """No record has a NUL in its reference, and PostgreSQL refuses to look for one."""
    if "\0" in request.path:
        abort(404)


def csp_nonce() -> str:
    """This answer's nonce, made when first asked for: an error page may come before any other hook has run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _headers(response: Response) -> Response:
    response.headers.setdefault(  # a download says something stricter of itself
        "Content-Security-Policy",
        f"default-src 'none'; script-src 'self' 'nonce-{csp_nonce()}'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint == "static" and response.status_code == 200 and response.mimetype in SMALL:
        response.direct_passthrough = False
        response.make_sequence()  # a stream would not be compressed
    if request.endpoint == "static" and response.status_code < 400:  # a file that is missing now may come
        response.headers["Cache-Control"] = FOREVER if "v" in request.args else "public, max-age=3600"
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-store" if session.get("_user_id") else "no-cache"
    return response


def of_a_letter(page: str) -> Response:
    """A page whose address may hold the word of a letter: kept and listed nowhere."""
    answer = make_response(page)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@cache
def _fingerprint(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


def asset(path: str) -> str:
    """The address of a static file, with a fingerprint so that it may be cached for ever."""
    folder = Path(current_app.static_folder or "")
    return url_for("static", filename=path, v=_fingerprint(str(folder / path)))


def here() -> str:
    """This page's path and query, for coming back after sign-in."""
    return request.full_path.rstrip("?") if request.method in SAFE_METHODS else "/"


def own_path(target: str | None) -> str | None:
    """The path to go on to, only when it lies on this site (no scheme, no host, no backslash, no control mark)."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(mark) < 32 for mark in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def found(record: Found | None) -> Found:
    """The record, or 404 where there is none within the actor's sight."""
    if record is None:
        abort(404)
    readings.opened(record)
    return record


def see_other(url: str) -> BaseResponse:
    """A redirect after a POST."""
    return redirect(url, code=303)


def behind_proxies(app: Flask, count: int) -> None:
    """Believe the forwarded headers of as many proxies as the settings name, and of no more."""
    if count:
        from werkzeug.middleware.proxy_fix import ProxyFix

        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def with_query(query: Mapping[str, Sequence[str]]) -> str:
    """The address of this page with another query, by hand: `url_for` gives some names a meaning of their own."""
    return asking(request.script_root + quote(request.path), urlencode(query, doseq=True, errors="replace"))


def asking(address: str, query: str) -> str:
    """An address with a query, whether it holds one already (the language) or not."""
    return f"{address}{'&' if '?' in address else '?'}{query}" if query else address
