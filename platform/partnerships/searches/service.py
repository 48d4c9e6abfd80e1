"""Searches that people keep: how they are kept, changed and forgotten; the job that writes what is new in them."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select

from partnerships.core import jobs
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.searches import digests, index
from partnerships.searches.models import Cadence, SavedSearch

MOST = 20  # searches a person may keep
__all__ = ["MOST", "change", "forget", "index", "keep"]


def keep(actor: Actor, name: str, query: str, cadence: Cadence) -> SavedSearch:
    """Keep a search of the actor's own. What is there already counts as looked at.

    Arguments: query, as `addresses.kept` gives it. Raises: Refused when 20 are kept already.
    """
    count = db.session.scalar(select(func.count()).select_from(SavedSearch).where(
        SavedSearch.account_id == actor.account_id)) or 0
    if count >= MOST:
        raise Refused(_("You keep %(most)s searches already. Delete one that you no longer need, then keep this one.", most=MOST))
    search = SavedSearch(account_id=actor.account_id, name=name, query=query, cadence=cadence, looked_at=utcnow())
    db.session.add(search)
    db.session.flush()
    return search


def change(search: SavedSearch, name: str, cadence: Cadence) -> bool:
    """Rename a kept search, or change how often it writes. Returns: whether anything changed."""
    if (search.name, search.cadence) == (name, cadence):
        return False
    if search.cadence is Cadence.NEVER:
        search.looked_at = utcnow()  # the first letter tells what is new from now on
    search.name, search.cadence = name, cadence
    db.session.flush()
    return True


def forget(search: SavedSearch) -> None:
    """Delete a kept search."""
    db.session.delete(search)
    db.session.flush()


jobs.declare("digests", digests.write)
