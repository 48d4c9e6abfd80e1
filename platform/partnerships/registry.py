"""The list of rooms: what each brings to the house."""

from __future__ import annotations

import importlib
import importlib.util
from types import ModuleType

from flask import Flask
from flask_babel import lazy_pgettext as _p

from partnerships.core import policy

ROOMS = ("accounts", "parties", "needs", "wordings", "plans", "shares", "offers", "suggestions", "weights", "matches", "pledges",
         "conferences", "approach", "followups", "cases", "notices", "feeds", "webhooks", "allocations", "amendments", "renewals",
         "documents", "searches", "subscriptions", "assessments", "exchange", "standards", "insight", "indicators",
         "observations", "tokens", "api", "releases", "citations", "returns", "audit", "policy", "desk", "pages")
# Five places at most in the header: (endpoint, label).
NAVIGATION = (("needs.index", _p("place", "Needs")), ("parties.index", _p("place", "Partners")),
              ("conferences.index", _p("place", "Conferences")), ("approach.index", _p("place", "Country meetings")),
              ("insight.index", _p("place", "Figures")))


def part(room: str, name: str) -> ModuleType | None:
    """A room's module of one of the fixed names, or None where the room needs none."""
    full = f"partnerships.{room}.{name}"
    return importlib.import_module(full) if importlib.util.find_spec(full) else None


def load_models() -> None:
    """Import every table, so that the metadata is complete (migrations and seeding rely on it)."""
    importlib.import_module("partnerships.core.chain")  # and with it core.audit: what is recorded is sealed
    importlib.import_module("partnerships.core.jobs")
    importlib.import_module("partnerships.core.mail")
    importlib.import_module("partnerships.core.once")
    importlib.import_module("partnerships.core.refs")
    importlib.import_module("partnerships.core.search")
    importlib.import_module("partnerships.parties.reference")
    importlib.import_module("partnerships.seeding.models")
    for room in ROOMS:
        part(room, "models")


def load_policy() -> None:
    """Collect the rooms' rows of the permission table."""
    for room in ROOMS:
        module = part(room, "policy")
        if module is not None:
            policy.declare(module.PERMISSIONS)


def init_app(app: Flask) -> None:
    """Give the application its rooms."""
    load_models()
    load_policy()
    for room in ROOMS:
        for name in ("service", "timeline"):
            part(room, name)
        routes = part(room, "routes")
        if routes is not None and hasattr(routes, "register"):  # several blueprints under one description
            routes.register(app)
        elif routes is not None:
            app.register_blueprint(routes.blueprint)
    app.config["NAVIGATION"] = NAVIGATION
    _every_view_is_guarded(app)


def _every_view_is_guarded(app: Flask) -> None:
    for endpoint, view in app.view_functions.items():
        if endpoint != "static" and not hasattr(view, "permission"):
            raise RuntimeError(f"{endpoint} has neither @requires nor @public; the house does not open.")
