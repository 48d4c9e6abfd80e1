"""For programs: the map of public pages, what robots may read, and what templates say of a public page in its head."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, make_response, render_template
from werkzeug import Response

from partnerships.citations import cards, quoting, sitemap
from partnerships.core.mail import link
from partnerships.core.policy import current_actor, public

blueprint = Blueprint("citations", __name__)
# Files of lists and the feeds are for programs that somebody chose; a search engine has nothing of them.
ROBOTS = "User-agent: *\nDisallow: /*?as=\nDisallow: /*&as=\nDisallow: /feeds/\n\nSitemap: {}\n"
blueprint.add_app_template_global(cards.of_record, "card_of")
blueprint.add_app_template_global(cards.of_page, "card_of_page")
blueprint.add_app_template_global(quoting.of_record, "citation_of")


@blueprint.get("/robots.txt")
@public
def robots() -> Any:
    """What search engines may read, and where the map is."""
    return _answer(ROBOTS.format(link("citations.index")).encode(), "text/plain")


@blueprint.get("/sitemap.xml")
@public
def index() -> Any:
    """The index of the map: its parts."""
    found = [(link("citations.part", kind=kind, number=number), changed) for kind, number, changed in sitemap.parts()]
    return _answer(render_template("citations/index.xml", parts=found).encode(), "application/xml")


@blueprint.get("/sitemaps/<kind>-<int:number>.xml")
@public
def part(kind: str, number: int) -> Any:
    """A part of the map: the pages of one kind, each in every language."""
    found = sitemap.entries(kind, number) if kind in sitemap.KINDS and number > 0 else []
    if not found:
        abort(404)
    return _answer(render_template("citations/part.xml", entries=found).encode(), "application/xml")


def _answer(body: bytes, media: str) -> Response:
    """The same for everybody, and kept for an hour where nobody is signed in."""
    answer = make_response(body)
    answer.headers["Content-Type"] = f"{media}; charset=utf-8"
    answer.headers["Cache-Control"] = "private, no-cache" if current_actor().is_signed_in else "public, max-age=3600"
    return answer
