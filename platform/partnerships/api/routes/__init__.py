"""The API over HTTP: reading and writing, its description for programs, and its guide for people."""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, current_app, request
from flask_limiter import RequestLimit

from partnerships.api import frame
from partnerships.api.routes import figures, guide, needs, offers, parties, pledges, work
from partnerships.core import problems
from partnerships.extensions import csrf, limiter

__all__ = ["figures", "guide", "needs", "offers", "parties", "pledges", "register", "work"]
# For one key, beside what its network address may ask.
LIMIT = "600 per minute"


def _asker() -> str:
    """Whom the limit counts: the key as it was sent, or the network address without one."""
    return request.headers.get("Authorization", "") or request.remote_addr or ""


limiter.limit(LIMIT, key_func=_asker, override_defaults=False)(frame.blueprint)


def register(app: Flask) -> None:
    """Give the application the API, once an application: cookies count for nothing here, so neither do forged forms."""
    frame.api.init_app(app)
    frame.describe(frame.api.spec)
    csrf.exempt(frame.blueprint)
    frame.api.register_blueprint(frame.blueprint)
    app.register_blueprint(guide.blueprint)
    app.extensions["api"] = frame.api
    app.after_request(_headers)


def _headers(response: Any) -> Any:
    """What is left of the limit, and which other sites' pages may ask."""
    if not problems.wanted():
        return response
    counted: list[RequestLimit] = limiter.current_limits
    if counted:
        current = min(counted, key=lambda one: one.remaining)  # of the address and of the key, the one that will say no first
        response.headers["RateLimit-Limit"] = str(current.limit.amount)
        response.headers["RateLimit-Remaining"] = str(max(current.remaining, 0))
        response.headers["RateLimit-Reset"] = str(max(int(current.reset_at - time.time()), 0))
        if response.status_code == 429:
            response.headers["Retry-After"] = response.headers["RateLimit-Reset"]
    return _allow_origin(response)


def _allow_origin(response: Any) -> Any:
    origin = request.headers.get("Origin", "")
    if origin and origin in current_app.config["SETTINGS"].api_origins:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key"
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, PATCH"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Link, Location, Retry-After, RateLimit-Remaining"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers.add("Vary", "Origin")
    return response
