"""The filters of the page of the policy."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm

from partnerships.core.actor import Role
from partnerships.core.forms import ChoiceField
from partnerships.core.lists import member
from partnerships.labels import ROLE_LABELS
from partnerships.policy import queries


class FilterForm(PlainForm):
    """One role, one room, or all of them."""

    role = ChoiceField(_l("Role"), lambda: [(role.value, words) for role, words in ROLE_LABELS.items()], needed=False,
                       blank=_l("All roles"))
    room = ChoiceField(_l("About"), queries.rooms, needed=False, blank=_l("Everything"))

    def chosen(self) -> tuple[str, Role | None]:
        """The room ("" for all) and the role (None for all). What is no choice counts as all."""
        room, role = self.room.data or "", self.role.data or ""
        return room if room in dict(queries.rooms()) else "", Role(role) if member(Role, role) else None
