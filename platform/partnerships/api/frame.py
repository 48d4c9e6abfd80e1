"""The frame of every operation: its description, its guard, what a key must open, and the shape of its answers."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import flask_smorest  # type: ignore[import-untyped]
from apispec import APISpec
from flask import Response, g, make_response, request
from flask_babel import gettext as _
from marshmallow import Schema, fields, missing, validate
from webargs.flaskparser import FlaskParser, abort

from partnerships.core import problems
from partnerships.core.policy import current_actor
from partnerships.tokens.states import Scope

MOST_FIELDS = 60


class Parser(FlaskParser):
    """Reads what was sent; what no schema knows is a fault, not a thing to pass over in silence."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"query": "raise", "json": "raise"}

    def load_json(self, req: Any, schema: Any) -> Any:
        """400 for JSON nested deeper than anything here, and for halves of marks that no database can keep."""
        try:
            sent = super().load_json(req, schema)
            json.dumps(sent if sent is not missing else None, ensure_ascii=False).encode("utf-8")
        except (RecursionError, UnicodeError):
            abort(400)
        return sent


class Blueprint(flask_smorest.Blueprint):
    """Operations of the API."""

    ARGUMENTS_PARSER = Parser()


class Description(flask_smorest.Api):
    """The OpenAPI description. Its page and its faults are ours: see `routes.guide` and `core.problems`."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_doc_blueprint(self) -> None:
        """The description has an address of its own among the routes."""

    def _register_error_handlers(self) -> None:
        """Faults are answered by core.errors, for pages and programs alike."""


class Fault(Schema):
    """One fault: which field or parameter, and what is wrong with it."""

    at = fields.String(required=True)
    detail = fields.String(required=True)


class Problem(Schema):
    """Problem details (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True)
    errors = fields.List(fields.Nested(Fault))


class Query(Schema):
    """What any reading operation takes: a language for words, and the fields wanted."""

    lang = fields.String(validate=validate.OneOf(("en", "fr", "es", "ar", "ru", "zh")),
                         metadata={"description": "The language of names, sentences and faults. English when left out."})
    fields_ = fields.String(data_key="fields", attribute="fields", validate=validate.Length(max=2000), metadata={
        "description": "Only these fields of each record, parted by commas: `ref,title,deadline`."})


class Paged(Query):
    """What any list takes besides its filters."""

    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200),
                           metadata={"description": "How many records a page holds."})
    cursor = fields.String(validate=validate.Length(max=500), metadata={
        "description": "Where the last page ended: the value of `next`. It belongs to the filters that it was made under."})


class Nothing(Schema):
    """No parameters but the language."""

    lang = Query().fields["lang"]


blueprint = Blueprint("v1", "partnerships.api", url_prefix=problems.ROOT, description="The register for programs.")
api = Description(spec_kwargs={"title": "Platform for Partnerships", "version": "1.0.0", "openapi_version": "3.1.0"})


def describe(spec: APISpec) -> None:
    """What is true of all operations."""
    spec.options["info"] = {
        "description": "Needs, offers, matches, pledges, contributions under Article 6 of the Anti-Personnel Mine Ban Convention. "
                       "Every answer holds what the key's holder may see on the pages, and no more. Without a key: what "
                       "everybody may see. Amounts are decimal text beside their currency; stages of money are never added up.",
        "license": {"name": "See /open-data"}}
    spec.options["servers"] = [{"url": "/"}]
    spec.components.security_scheme("key", {"type": "http", "scheme": "bearer",
                                            "description": "A key made under “Keys for programs”."})


def operation(method: str, rule: str, tag: str, guard: Callable[..., Any], answers: Any, *, query: type[Schema] = Query,
              body: type[Schema] | None = None, status: int = 200, opens: Scope = Scope.READ,
              faults: Iterable[int] = (), etag: bool = True) -> Callable[..., Any]:
    """Register an operation.

    Arguments: guard, `public` or `requires(...)`, asked before anything that was sent is read; answers, a schema; query, the
    schema of its parameters, handed to the view as its first argument; body, that of the JSON sent, as its second; opens, what
    a key must open for it; faults, the statuses it may answer besides 401, 404, 422 and 429.
    """
    told = {401, 422, 429, *faults} | ({404} if "<" in rule else set()) | ({413, 415, 400} if body else set())

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        inner = blueprint.response(status, answers, description=HTTPStatus(status).phrase)(view)
        if body is not None:
            inner = blueprint.arguments(body, location="json")(inner)
        inner = blueprint.arguments(query, location="query")(inner)
        responses: dict[str, Any] = {str(code): _described(code) for code in sorted(told)}
        if method == "get" and etag:
            responses["304"] = {"description": "What you have is still true (If-None-Match)."}
        inner = blueprint.doc(responses=responses, security=_security(guard, opens))(inner)
        guarded = guard(_opened(inner, opens, json=body is not None))
        blueprint.route(rule, methods=[method.upper()], tags=[tag])(guarded)
        return view

    return register


def _described(code: int) -> dict[str, Any]:
    return {"description": HTTPStatus(code).phrase, "content": {problems.MEDIA: {"schema": Problem}}}


def _security(guard: Any, opens: Scope) -> list[dict[str, list[str]]]:
    open_to_all = opens is Scope.READ and getattr(guard, "__name__", "") == "public"
    return [{}, {"key": []}] if open_to_all else [{"key": []}]


def _opened(view: Callable[..., Any], opens: Scope, *, json: bool) -> Callable[..., Any]:
    """403 when the key does not open this kind of writing, 415 when anything but JSON is sent where it is asked for."""
    @functools.wraps(view)
    def asked(*args: Any, **kwargs: Any) -> Any:
        token = g.get("token")
        if opens is not Scope.READ and (token is None or opens.value not in token.scopes):
            abort(403)
        if json and not request.is_json:
            abort(415)
        return view(*args, **kwargs)

    return asked


def refuse(at: str, words: str) -> Any:
    """422, with words at a field or parameter."""
    abort(422, messages={at: [words]})


def answer(schema: Schema, data: Any, query: dict[str, Any], *, tag: str = "", status: int = 200) -> Response:
    """A record, or a page of a list, as JSON with its ETag; 304 when the asker has it already.

    Arguments: query, the parameters, of which `fields` chooses among the fields of the record (or of each in `data`); tag, the
    record's version, which a change has to name.
    """
    told = schema.dump(data)
    wanted = [one for one in query.get("fields", "").split(",") if one.strip()]
    if wanted:
        told = _sparse(schema, told, [one.strip() for one in wanted][:MOST_FIELDS])
    found = make_response(json.dumps(told, ensure_ascii=False, separators=(",", ":")), status)
    found.mimetype = "application/json"
    signed_in = current_actor().is_signed_in
    found.headers["Cache-Control"] = "private, no-cache" if signed_in else "public, max-age=60"
    found.headers["Vary"] = "Authorization"
    if tag:
        found.set_etag(tag)
    else:
        found.add_etag()
    if status == 200 and request.method in ("GET", "HEAD"):
        found.make_conditional(request)
    return found


def _sparse(schema: Schema, told: dict[str, Any], wanted: list[str]) -> dict[str, Any]:
    lists = isinstance(told.get("data"), list)
    inner = schema.fields["data"].inner.schema if lists else schema  # type: ignore[attr-defined]
    unknown = [one for one in wanted if one not in inner.fields]
    if unknown:
        refuse("fields", _("There is no field “%(name)s” here.", name=unknown[0][:60]))
    if lists:
        return {**told, "data": [{key: one[key] for key in wanted if key in one} for one in told["data"]]}
    return {key: told[key] for key in wanted if key in told}


@functools.cache
def listing(item: type[Schema], name: str) -> type[Schema]:
    """The schema of a page of a list."""
    return type(f"{name}List", (Schema,), {
        "__doc__": f"A page of {name}.",
        "data": fields.List(fields.Nested(item), required=True),
        "total": fields.Integer(required=True, metadata={"description": "How many records there are under these filters."}),
        "next": fields.String(required=True, allow_none=True, metadata={
            "description": "The cursor of the next page; null on the last."})})
