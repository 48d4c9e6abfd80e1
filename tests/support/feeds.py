"""Calendars, committed: for the rooms' own tests and for the laws of the house."""

from __future__ import annotations

from partnerships.accounts.session import actor_of
from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.feeds import service
from partnerships.feeds.models import Feed
from partnerships.feeds.states import What
from tests.support.factories import Make


def feed(make: Make, party: str) -> Feed:
    """A calendar of a new person of a party."""
    found, _token = service.make(actor_of(make.account(Role.DONOR_OFFICER, party)), What.OWN)
    db.session.commit()
    return found
