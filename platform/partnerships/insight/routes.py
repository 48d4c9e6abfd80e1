"""Figures over HTTP: one page, read-only."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, render_template

from partnerships.core.policy import current_actor, public
from partnerships.insight import figures

blueprint = Blueprint("insight", __name__, url_prefix="/insight")


@blueprint.get("/")
@public
def index() -> Any:
    """Needs, money by stage, coverage and support on record, each with its source and what it leaves out."""
    return render_template("insight/index.html", **figures.page(current_actor(), date.today()))
