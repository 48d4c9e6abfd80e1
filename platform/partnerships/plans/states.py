"""The steps of the guided second part, one topic each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

NATIONAL_PROGRAMME = "6.7"


class Step(StrEnum):
    WORK = "work"
    PEOPLE = "people"
    COSTS = "costs"
    CONTEXT = "context"
    PROGRAMME = "programme"


LABELS = {
    Step.WORK: _p("step", "Work plan"), Step.PEOPLE: _p("step", "People"), Step.COSTS: _p("step", "Costs"),
    Step.CONTEXT: _p("step", "Plan and context"), Step.PROGRAMME: _p("step", "National programme"),
}
HEADINGS = {
    Step.WORK: _l("Which areas, and how will they be released?"),
    Step.PEOPLE: _l("How many people will be reached?"),
    Step.COSTS: _l("What does it cost, and what is covered?"),
    Step.CONTEXT: _l("What should a partner know before it decides?"),
    Step.PROGRAMME: _l("What should the national programme settle?"),
}
# The part of a need's content that each step writes.
KEYS = {
    Step.WORK: ("work",), Step.PEOPLE: ("people",), Step.COSTS: ("costs", "covered", "national_note"),
    Step.CONTEXT: ("plan_title", "plan_year", "plan_url", "channels", "risks", "gender_analysis", "sustainability"),
    Step.PROGRAMME: ("programme",),
}
# The six things a national programme is to settle (Article 6.7, a to f), in our words: a name, and what to write.
PROGRAMME_PARTS = {
    "a": (_l("How large the problem is"),
          _l("What is known of the mined areas, what is not, and what help a survey of them would need.")),
    "b": (_l("What it takes"),
          _l("The money, the technology and the people that the programme needs; which of them the State has.")),
    "c": (_l("How many years"),
          _l("The years that destroying all anti-personnel mines in mined areas may take, or help in estimating them.")),
    "d": (_l("Risk education"),
          _l("What is done, and what should be done, so that fewer people are hurt until the land is safe.")),
    "e": (_l("Assistance to victims"),
          _l("Care, rehabilitation and inclusion: which services exist, who runs them, what is missing.")),
    "f": (_l("Who works with whom"),
          _l("How ministries, the mine action authority, organisations and other States are to work together.")),
}


def steps(content: Mapping[str, Any]) -> list[Step]:
    """The steps of a need: the national programme comes first, and only where the need serves Article 6.7."""
    first = [Step.PROGRAMME] if content.get("article") == NATIONAL_PROGRAMME else []
    return [*first, Step.WORK, Step.PEOPLE, Step.COSTS, Step.CONTEXT]


def done(content: Mapping[str, Any], step: Step) -> bool:
    """Whether a step says anything yet."""
    return any(content.get(key) for key in KEYS[step])
