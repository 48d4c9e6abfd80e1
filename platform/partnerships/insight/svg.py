"""A chart as a drawing that stands alone: title, legend, source and colours inside, for a report or a slide."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from flask import current_app, render_template

from partnerships.core.languages import is_rtl
from partnerships.insight.charts import Chart


@cache
def _style(folder: str) -> str:
    """The colours of the tokens and the rules of charts, as one sheet."""
    tokens = (Path(folder) / "css" / "tokens.css").read_text(encoding="utf-8")
    root = re.search(r":root \{.*?\n\}", tokens, re.DOTALL)
    rules = "\n".join((Path(folder) / "css" / sheet).read_text(encoding="utf-8") for sheet in ("charts.css", "data.css"))
    kept = [line for line in rules.splitlines()
            if re.match(r"\.(chart|map|series|stages|col|end|start|middle|heat|seg|ground|line)", line)]
    return "\n".join([root.group(0) if root else "", *kept])


def drawn(chart: Chart) -> str:
    """The drawing as SVG text."""
    return render_template("insight/chart.svg", chart=chart, style=_style(str(current_app.static_folder)),
                           rtl=is_rtl())
