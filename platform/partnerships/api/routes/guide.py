"""The API's description: as OpenAPI for programs, and as a page for people."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, current_app, render_template

from partnerships.core.policy import public

blueprint = Blueprint("api", __name__, url_prefix="/api")


@blueprint.get("/v1/openapi.json")
@public
def openapi() -> Any:
    """The description of every operation, as OpenAPI 3.1."""
    answer = Response(json.dumps(current_app.extensions["api"].spec.to_dict(), ensure_ascii=False), mimetype="application/json")
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@blueprint.get("/")
@public
def guide() -> Any:
    """What programs can ask, for the people who write them."""
    spec = current_app.extensions["api"].spec.to_dict()
    return render_template("api/guide.html", spec=spec, groups=_groups(spec))


def _groups(spec: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The operations by subject, each with its address, parameters and fields."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in spec["paths"].items():
        for method in ("get", "post", "patch"):
            if method in methods:
                one = methods[method]
                found.setdefault(one["tags"][0], []).append({
                    "method": method.upper(), "path": path, "summary": one.get("summary", ""), "key": {} not in one["security"],
                    "parameters": [each for each in one.get("parameters", []) if each["in"] == "query"
                                   and each["name"] not in ("lang", "fields", "limit", "cursor")]})
    return list(found.items())
