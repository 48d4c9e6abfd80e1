"""How what is said of a pledge reads on a timeline."""

from datetime import date

from flask_babel import lazy_pgettext as _p
from flask_babel import pgettext

from partnerships.core.filters import day
from partnerships.core.timeline import LABELS, VALUES
from partnerships.parties import choices
from partnerships.pledges import states

LABELS.update(
    in_kind=_p("field", "What it brings"), valuation=_p("field", "Valuation"), earmarking=_p("field", "Earmarking"),
    channel=_p("field", "Channel"), oda=_p("field", "Eligible as official development assistance"),
    portions=_p("field", "Planned by year"), partners=_p("field", "Partners in a joint pledge"),
    parts=_p("field", "Needs with their parts"),
    donor=_p("field", "Donor"), recipient=_p("field", "State"), need=_p("field", "Need"), approximate=_p("field", "Approximate"),
    first_year=_p("field", "First year"), last_year=_p("field", "Last year"), object=_p("field", "What it is for"),
    kind=_p("field", "Kind of pledge"), as_of=_p("field", "As of"), reported_amount=_p("field", "Reported as paid"),
    recorded_amount=_p("field", "On the record as paid"), settled_as=_p("field", "Settled"))
OBJECTS = {one.value: words for one, words in states.OBJECT_LABELS.items()}
KINDS = {one.value: words for one, words in states.KIND_LABELS.items()}
VALUES.update(
    object=lambda value: str(OBJECTS.get(value, value)), kind=lambda value: str(KINDS.get(value, value)),
    donor=lambda ref: choices.label(choices.partners(), ref), recipient=lambda ref: choices.label(choices.partners(), ref),
    approximate=lambda value: pgettext("answer", "yes") if value else pgettext("answer", "no"),
    as_of=lambda value: day(date.fromisoformat(value)),
    in_kind=lambda value: str(states.IN_KIND_LABELS[states.InKind(value)]),
    earmarking=lambda value: str(states.EARMARKING_LABELS[states.Earmarking(value)]),
    oda=lambda value: str(states.ODA_LABELS[states.Oda(value)]),
    channel=lambda code: choices.label(choices.channels(), code),
    settled_as=lambda value: str(states.SETTLEMENT_LABELS[states.Settlement(value)]))
