"""What a file of offers holds: a row an offer."""

from __future__ import annotations

from flask_babel import gettext as _

from partnerships.core.export import Column
from partnerships.offers.models import LABELS, NATURE_LABELS, Offer
from partnerships.parties import choices
from partnerships.parties.words import LANGUAGE_LABELS, name


def columns() -> list[Column]:
    """(heading, function of an offer) for each column."""
    themes, kinds = dict(choices.themes()), dict(choices.kinds())
    regions, states = dict(choices.regions()), dict(choices.states())
    return [
        (_("Offer"), lambda offer: offer.ref), (_("Partner code"), lambda offer: offer.party.ref),
        (_("Partner"), lambda offer: name(offer.party)), (_("What it is"), lambda offer: NATURE_LABELS[offer.nature]),
        (_("Title"), lambda offer: offer.title), (_("What is offered"), lambda offer: offer.summary),
        (_("Thematic areas"), lambda offer: [themes.get(code, code) for code in offer.themes]),
        (_("Kinds of assistance"), lambda offer: [kinds.get(code, code) for code in offer.kinds]),
        (_("Regions"), lambda offer: [regions.get(code, code) for code in offer.regions]),
        (_("States"), lambda offer: [states.get(code, code) for code in offer.countries]),
        (_("Languages"), lambda offer: [LANGUAGE_LABELS.get(code, code) for code in offer.languages]),
        (_("Currency"), lambda offer: offer.currency if _priced(offer) else None),
        (_("Amount from"), lambda offer: offer.amount_min), (_("Amount to"), lambda offer: offer.amount_max),
        (_("Quantities"), lambda offer: offer.quantities), (_("Conditions"), lambda offer: offer.conditions),
        (_("How to ask"), lambda offer: offer.how_to_ask), (_("Valid until"), lambda offer: offer.valid_until),
        (_("Status"), lambda offer: LABELS[offer.status]),
        (_("Demonstration, invented"), lambda offer: offer.is_demo or None),
    ]


def _priced(offer: Offer) -> bool:
    return offer.amount_min is not None or offer.amount_max is not None
