"""The words of every status, kind and role, for templates: `label(pledge.status)`, `party_name(need.party)`."""

from __future__ import annotations

from enum import Enum
from typing import Any

from flask import Flask
from flask_babel import lazy_pgettext as _p

from partnerships.amendments import states as amendments
from partnerships.approach import states as approach
from partnerships.cases import states as cases
from partnerships.conferences import states as conferences
from partnerships.core.actor import Role
from partnerships.core.policy import current_actor
from partnerships.exchange import states as exchange
from partnerships.followups import states as followups
from partnerships.matches import states as matches
from partnerships.needs import states as needs
from partnerships.notices import queries as notices_of
from partnerships.notices import states as notices
from partnerships.offers import models as offers
from partnerships.parties import choices
from partnerships.parties.words import LANGUAGE_LABELS, VISIBILITY_LABELS, month, name, summary, title
from partnerships.pledges import states as pledges
from partnerships.searches import models as searches
from partnerships.standards import states as standards
from partnerships.subscriptions import states as subscriptions
from partnerships.webhooks import states as webhooks

ROLE_LABELS = {
    Role.FOCAL_POINT: _p("role", "Focal point"), Role.DONOR_OFFICER: _p("role", "Donor officer"),
    Role.ORGANISATION_OFFICER: _p("role", "Organisation officer"), Role.ISU_OFFICER: _p("role", "ISU officer"),
    Role.ISU_ADMINISTRATOR: _p("role", "ISU administrator"), Role.COMMITTEE_MEMBER: _p("role", "Committee member"),
    Role.PUBLIC: _p("role", "Public"),
}
# By enum and value: members of different enums may hold equal strings, and StrEnum members hash as their strings.
LABELS: dict[tuple[type, str], Any] = {
    (type(member), member.value): words
    for table in (needs.LABELS, amendments.LABELS, offers.LABELS, offers.NATURE_LABELS, matches.LABELS, matches.DECLINE_LABELS,
                  pledges.LABELS, pledges.KIND_LABELS, pledges.OBJECT_LABELS, pledges.IN_KIND_LABELS,
                  pledges.EARMARKING_LABELS, pledges.ODA_LABELS, pledges.STEP_LABELS, pledges.SIDE_LABELS,
                  pledges.SETTLEMENT_LABELS, conferences.LABELS, conferences.PRESENCE_LABELS,
                  conferences.MODE_LABELS, conferences.CATEGORY_LABELS,
                  cases.LABELS, cases.ORIGIN_LABELS, cases.ITEM_LABELS, cases.INVITATION_LABELS, cases.SUPPORT_LABELS,
                  approach.LABELS, exchange.LABELS, exchange.FATE_LABELS, exchange.CHOICE_LABELS, exchange.OF_LABELS,
                  followups.LABELS,
                  followups.REASON_LABELS, followups.DISMISSALS, notices.KIND_LABELS, notices.CADENCE_LABELS,
                  VISIBILITY_LABELS, ROLE_LABELS, searches.CADENCE_LABELS, subscriptions.LABELS, needs.COST_LABELS,
                  needs.REACHED_LABELS,
                  needs.SEX_LABELS, needs.AGE_LABELS, needs.DISABILITY_LABELS,
                  webhooks.LABELS, webhooks.WHAT_LABELS, webhooks.DELIVERY_LABELS, webhooks.REASON_LABELS,
                  standards.AID_TYPE_LABELS, standards.FINANCE_TYPE_LABELS, standards.TIED_LABELS, standards.SIGNIFICANCE_LABELS)
    for member, words in table.items()
}


def label(member: Enum | None) -> Any:
    """The words of an enum's member; empty for None."""
    return "" if member is None else LABELS[type(member), member.value]


def init_app(app: Flask) -> None:
    """Give the words to templates."""
    app.jinja_env.globals.update(
        unread_notices=lambda: notices_of.unread(current_actor()), label=label, party_name=name, record_title=title,
        record_summary=summary,
        theme_title=lambda code: choices.label(choices.themes(), code),
        kind_title=lambda code: choices.label(choices.kinds(), code),
        region_title=lambda code: choices.label(choices.regions(), code),
        state_title=lambda code: choices.label(choices.states(), code),
        partner_title=lambda code: choices.label(choices.partners(), code),
        month_title=month, channel_title=lambda code: choices.label(choices.channels(), code),
        language_title=lambda code: LANGUAGE_LABELS.get(code, code),
    )
