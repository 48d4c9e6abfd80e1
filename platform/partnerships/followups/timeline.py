"""Words of the follow-ups' fields on timelines."""

from flask_babel import gettext as _

from partnerships.core import timeline

timeline.VALUES["enabled"] = lambda value: _("On") if value else _("Off")
