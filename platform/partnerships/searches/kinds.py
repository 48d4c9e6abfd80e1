"""What can be found: each kind of record with its rule of sight and the columns that its facets and order come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import joinedload

from partnerships.approach.models import Meeting
from partnerships.approach.states import MeetingStatus
from partnerships.conferences.models import Conference
from partnerships.conferences.queries import AHEAD
from partnerships.core.actor import Actor
from partnerships.core.db import Moment, db
from partnerships.core.policy import condition
from partnerships.documents.models import Document
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.offers.models import Offer, OfferStatus
from partnerships.parties.models import Party

OPEN, PAST = "open", "past"
Standing = Callable[[date], ColumnElement[bool]]


@dataclass(frozen=True)
class Kind:
    """One kind of record. `permission` is the rule of who sees it (None: everybody); `at` when it became public."""

    model: Any
    permission: str | None
    party: Any = None  # the column of the State or organisation it belongs to
    themes: Any = None
    place: str = ""  # the relationship to that party, read with the records of a page
    standing: Standing | None = None  # SQL: still open on a day; None for what is neither open nor past
    at: Any = None

    def seen(self, actor: Actor) -> ColumnElement[bool]:
        """SQL: the actor may see it."""
        return true() if self.permission is None else condition(actor, self.permission, self.model)

    def columns(self, today: date) -> list[ColumnElement[Any]]:
        """What facets are counted by: thematic areas (codes), region (M49), open or past."""
        return [self._text(self.themes).label("themes"),
                (Party.region if self.party is not None else literal("")).label("region"), self._state(today).label("state")]

    def joined(self, query: Select[Any]) -> Select[Any]:
        """The query from this kind's table, with the party that the region comes from."""
        query = query.select_from(self.model)
        return query if self.party is None or self.model is Party else query.join(Party, Party.id == self.party)

    def load(self, ids: Sequence[int]) -> dict[int, Any]:
        """The records of a page, with their party."""
        query = select(self.model).where(self.model.id.in_(ids))
        if self.place:
            query = query.options(joinedload(getattr(self.model, self.place)))
        return {record.id: record for record in db.session.scalars(query).unique()}

    def chosen(self, today: date, theme: str, region: str, state: str) -> ColumnElement[bool]:
        """SQL: under the facets' choices ("" for all)."""
        parts: list[ColumnElement[bool]] = []
        if theme:
            parts.append((" " + self._text(self.themes) + " ").contains(f" {theme} ", autoescape=True))
        if region:
            parts.append(false() if self.party is None else Party.region == region)
        if state:
            parts.append(self._state(today) == state)
        return and_(true(), *parts)

    def since(self, moment: Any) -> ColumnElement[bool]:
        """SQL: it became public after a moment."""
        return false() if self.at is None else self.at > moment

    def when(self) -> ColumnElement[Any]:
        """SQL: the moment it became public, empty for what has none."""
        return cast(null(), Moment()) if self.at is None else self.at

    @staticmethod
    def _text(column: Any) -> ColumnElement[Any]:
        return literal("") if column is None else func.coalesce(type_coerce(column, String), "")

    def _state(self, today: date) -> ColumnElement[Any]:
        return literal("") if self.standing is None else case((self.standing(today), OPEN), else_=PAST)


KINDS: dict[str, Kind] = {
    "need": Kind(Need, "needs.view", Need.party_id, Need.theme, "party", lambda today: and_(
        Need.status == NeedStatus.PUBLISHED, or_(Need.valid_until.is_(None), Need.valid_until >= today)), Need.published_at),
    "offer": Kind(Offer, "offers.view", Offer.party_id, Offer.themes, "party", lambda today: and_(
        Offer.status == OfferStatus.OPEN, Offer.valid_until >= today), Offer.created_at),
    "party": Kind(Party, None, Party.id),
    "conference": Kind(Conference, "conferences.view", standing=lambda _today: Conference.status.in_(AHEAD),
                       at=Conference.created_at),
    "meeting": Kind(Meeting, "approach.view", Meeting.state_id, place="state",
                    standing=lambda _today: Meeting.status != MeetingStatus.CLOSED, at=Meeting.created_at),
    "document": Kind(Document, "documents.view", Document.party_id, place="party", at=Document.created_at),
}
