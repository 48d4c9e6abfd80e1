"""The table of rules: each with its words, its source, its number with bounds, and the function that finds suggestions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from partnerships.followups.models import FollowupRule
from partnerships.followups.rules import of_contacts, of_needs, of_states
from partnerships.followups.rules.ground import Ground, Suggested
from partnerships.followups.states import Reason

DAYS, MONTHS, YEARS = _p("unit", "days"), _p("unit", "months"), _p("unit", "years")


@dataclass(frozen=True)
class Rule:
    """One rule. `find(ground, number)` gives its suggestions; the number is from `least` to `most`."""

    reason: Reason
    find: Callable[[Ground, int], Iterator[Suggested]]
    does: Any
    source: Any
    asks: Any
    unit: Any
    default: int
    least: int
    most: int


_ALL = (
    Rule(Reason.NO_CONTACT, of_needs.no_contact,
         _l("Finds open needs that fit a partner strongly, and nobody is in contact with anybody about them."),
         _l("Earlier registers: matches that nobody saw to did not come about (Stimson on the 1540 Committee). Article 6."),
         _l("Wait after publication"), DAYS, 30, 7, 365),
    Rule(Reason.SIMILAR_NEED, of_needs.similar,
         _l("Finds, for an open need without a pledge, the likest need of another State that found support: after what step, and "
            "by whom."),
         _l("Oslo Action Plan, Action 47: sharing of lessons learnt. Action 46: coordinated support."),
         _l("Likeness of the two needs, at least"), _p("unit", "of 100"), 40, 20, 95),
    Rule(Reason.INTEREST_SILENT, of_contacts.interest_silent,
         _l("Finds interest that a partner registered, when no talks began and nothing was recorded since."),
         _l("Earlier registers: every open match has an owner, a next step and a date."),
         _l("Silent for"), DAYS, 60, 14, 365),
    Rule(Reason.PLEDGE_PAST_DATE, of_contacts.pledge_past_date,
         _l("Finds pledges whose next step was expected by a day that has passed."),
         _l("Earlier registers: of the pledges to the Global Refugee Forum about 21 % had an update after eight months."),
         _l("Past its day by at least"), DAYS, 1, 1, 180),
    Rule(Reason.NEED_EXPIRING, of_needs.expiring,
         _l("Finds open needs that leave matching soon unless their State says that they stand."),
         _l("Earlier registers: offers to the OPCW had gaps and were never renewed. Oslo Action Plan, Action 43."),
         _l("Leaves matching within"), DAYS, 30, 7, 180),
    Rule(Reason.DEADLINE_NEAR, of_needs.deadline_near,
         _l("Finds deadlines of the Convention that are near while the needs that serve them have a gap."),
         _l("Articles 4 and 5. Oslo Action Plan, Action 42: resources to meet obligations as soon as possible."),
         _l("Deadline within"), MONTHS, 24, 3, 60),
    Rule(Reason.STATE_UNHEARD, of_states.unheard,
         _l("Finds States Parties with open needs of which nobody was heard since the last 30 April, when the yearly report is "
            "due."),
         _l("Article 7. Oslo Action Plan, Action 8, and Action 49: updates in cooperation with the ISU."),
         _l("Asked for after 30 April, from day"), DAYS, 60, 1, 300),
    Rule(Reason.NEAR_COMPLETION, of_states.near_completion,
         _l("Finds States whose open clearance needs together are short of little."),
         _l("Article 5. Oslo Action Plan, Action 42."),
         _l("All gaps together, at most"), _p("unit", "thousand US dollars"), 1000, 50, 20_000),
    Rule(Reason.NEIGHBOURS, of_states.neighbours,
         _l("Finds two States with a common border and open needs in the same thematic areas."),
         _l("Oslo Action Plan, Action 47: mutually supporting clearance commitments in border areas; sharing of experience."),
         _l("Thematic areas in common, at least"), _p("unit", "areas"), 1, 1, 6),
    Rule(Reason.OFFER_FITS, of_contacts.offer_fits,
         _l("Finds offers posted lately that suit an open need which a country meeting discussed before."),
         _l("Oslo Action Plan, Action 43 and indicator 43.2: follow-up of the individualised approach."),
         _l("Offer posted within"), DAYS, 60, 7, 365),
    Rule(Reason.DONOR_FREE, of_states.donor_free,
         _l("Finds donors that supported a State which completed clearance, with the open need that fits them best."),
         _l("How donors choose: concentrated and persistent; that completion frees their attention is an inference. Oslo Action "
            "Plan, Action 45."),
         _l("Completed within"), YEARS, 3, 1, 15),
)
RULES: Mapping[Reason, Rule] = {rule.reason: rule for rule in _ALL}


def setting(rule: Rule, kept: FollowupRule | None) -> tuple[bool, int]:
    """(on, number) of a rule: as the ISU set it, else its defaults. A number beyond the bounds is brought within them."""
    if kept is None:
        return True, rule.default
    return kept.enabled, min(rule.most, max(rule.least, kept.number or rule.default))
