"""How the values of declared priorities read in the changes of a timeline."""

from flask_babel import pgettext

from partnerships.core.timeline import VALUES

VALUES.update(
    multi_year=lambda value: pgettext("answer", "yes") if value else pgettext("answer", "no"),
)
