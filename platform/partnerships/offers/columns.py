"""What a file of offers holds: a row an offer."""

from __future__ import annotations

from flask_babel import gettext as _

from partnerships.core.export import Column
from partnerships.offers.models import LABELS, NATURE_LABELS, Offer
from partnerships.parties import choices
from partnerships.parties.words import LANGUAGE_LABELS, name


def columns() -> list[Column]:
    """(key, heading, function of an offer) for each column."""
    themes, kinds = dict(choices.themes()), dict(choices.kinds())
    regions, states = dict(choices.regions()), dict(choices.states())
    return [
        ("offer", _("Offer"), lambda offer: offer.ref), ("partner_code", _("Partner code"), lambda offer: offer.party.ref),
        ("partner", _("Partner"), lambda offer: name(offer.party)),
        ("nature", _("What it is"), lambda offer: NATURE_LABELS[offer.nature]),
        ("title", _("Title"), lambda offer: offer.title), ("summary", _("What is offered"), lambda offer: offer.summary),
        ("themes", _("Thematic areas"), lambda offer: [themes.get(code, code) for code in offer.themes]),
        ("kinds", _("Kinds of assistance"), lambda offer: [kinds.get(code, code) for code in offer.kinds]),
        ("regions", _("Regions"), lambda offer: [regions.get(code, code) for code in offer.regions]),
        ("states", _("States"), lambda offer: [states.get(code, code) for code in offer.countries]),
        ("languages", _("Languages"), lambda offer: [LANGUAGE_LABELS.get(code, code) for code in offer.languages]),
        ("currency", _("Currency"), lambda offer: offer.currency if _priced(offer) else None),
        ("amount_from", _("Amount from"), lambda offer: offer.amount_min),
        ("amount_to", _("Amount to"), lambda offer: offer.amount_max),
        ("quantities", _("Quantities"), lambda offer: offer.quantities),
        ("conditions", _("Conditions"), lambda offer: offer.conditions),
        ("how_to_ask", _("How to ask"), lambda offer: offer.how_to_ask),
        ("valid_until", _("Valid until"), lambda offer: offer.valid_until),
        ("status", _("Status"), lambda offer: LABELS[offer.status]),
        ("demonstration", _("Demonstration, invented"), lambda offer: offer.is_demo or None),
    ]


def _priced(offer: Offer) -> bool:
    return offer.amount_min is not None or offer.amount_max is not None
