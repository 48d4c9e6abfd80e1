"""Indicators of action plans, and sums, for programs."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response
from flask_babel import gettext as _
from marshmallow import Schema, fields, validate

from partnerships.api import frame
from partnerships.api.frame import Query, operation
from partnerships.api.shapes import work as told
from partnerships.core.policy import current_actor, public
from partnerships.indicators import queries, view
from partnerships.insight import totals as sums
from partnerships.parties.words import title


class IndicatorQuery(Query):
    """Which action plan."""

    plan = fields.String(metadata={"description": "Code of an action plan; the first on record when left out."})


class IndicatorList(Schema):
    """An action plan's indicators, a row a year."""

    data = fields.List(fields.Nested(told.IndicatorShape), required=True)


class TotalQuery(frame.Nothing):
    """What is added up, and how it is grouped. Currencies and stages are never added to each other."""

    of = fields.String(required=True, validate=validate.OneOf(("needs", "contributions", "pledges")))
    by = fields.String(metadata={"description": "For needs: country, year. For the others: donor, recipient, year, stage. "
                                                "Parted by commas."})
    stage = fields.String(validate=validate.OneOf(sums.STAGES), metadata={"description": "For contributions and pledges."})
    currency = fields.String(validate=validate.Regexp(r"^[A-Z]{3}\Z"), metadata={
        "description": "Only amounts in this currency; for contributions USD when left out. Nothing is converted."})


@operation("get", "/indicators", "Figures", public, IndicatorList, query=IndicatorQuery)
def indicators(asked: dict[str, Any]) -> Response:
    """An action plan's indicators, baseline and year by year: computed from the register, or entered by the ISU."""
    code, every = asked.get("plan", ""), queries.plans()
    plan = next((one for one in every if one.code == code), None if code else every[0])
    if plan is None:
        return frame.refuse("plan", _("There is no action plan with this code on record."))
    rows = [told.indicator(plan.code, row, cell, title(row.indicator))
            for _action, found_rows in view.table(current_actor(), plan, date.today()) for row in found_rows for cell in row.cells]
    return frame.answer(IndicatorList(), {"data": rows}, asked)


@operation("get", "/totals", "Figures", public, told.TotalsShape, query=TotalQuery)
def totals(asked: dict[str, Any]) -> Response:
    """Sums within the holder's sight."""
    what = asked["of"]
    known, usual = (sums.FIELDS, sums.FIELDS) if what == "needs" else (sums.GIVING, ("donor", "year"))
    by = [one.strip() for one in asked.get("by", ",".join(usual)).split(",") if one.strip()]
    if not by or len(set(by)) != len(by) or set(by) - set(known):
        frame.refuse("by", _("Use any of %(names)s, parted by commas.", names=", ".join(known)))
    if what == "needs":
        if asked.get("stage") or asked.get("currency"):
            frame.refuse("of", _("Stages and currencies are asked of contributions and pledges."))
        result = sums.Sums(sums.of_needs(current_actor(), by))
    elif what == "contributions":
        result = sums.of_contributions(by, stage=asked.get("stage", ""), currency=asked.get("currency", "USD"))
    else:
        by = by if asked.get("stage") or "stage" in by else [*by, "stage"]
        result = sums.of_pledges(current_actor(), by, stage=asked.get("stage", ""), currency=asked.get("currency", ""))
    return frame.answer(told.TotalsShape(), {"data": result.groups, "left_out": result.left_out}, {})
