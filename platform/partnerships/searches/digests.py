"""Letters about what is new in kept searches: one a person and day, within what that person may see at that moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flask_babel import force_locale, ngettext
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from partnerships.accounts.models import Account
from partnerships.accounts.session import actor_of
from partnerships.core import mail
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.needs import queries as needs
from partnerships.needs import view as of_needs
from partnerships.searches import addresses, queries, view
from partnerships.searches.forms import SearchForm
from partnerships.searches.models import Cadence, SavedSearch

SHOWN = 10  # records named for one search; the letter links to the rest
MONDAY = 0


@dataclass(frozen=True)
class News:
    """What is new in one kept search."""

    search: SavedSearch
    hits: Sequence[queries.Hit]
    total: int


def write(today: date) -> int:
    """Write the letters that are due: daily ones, and on Mondays the weekly ones. Nothing new, no letter.

    A weekly search that missed its Monday is told on the next day the job runs. Returns: how many letters were written.
    """
    due = select(SavedSearch).join(SavedSearch.account).where(Account.active, SavedSearch.cadence != Cadence.NEVER)
    if today.weekday() != MONDAY:
        missed = datetime.combine(today - timedelta(days=7), datetime.min.time(), tzinfo=utcnow().tzinfo)
        due = due.where(or_(SavedSearch.cadence == Cadence.DAILY, SavedSearch.looked_at < missed))
    by_person: dict[Account, list[SavedSearch]] = {}
    for search in db.session.scalars(due.options(joinedload(SavedSearch.account)).order_by(SavedSearch.name, SavedSearch.id)):
        by_person.setdefault(search.account, []).append(search)
    return sum(_letter(account, searches, today) for account, searches in by_person.items())


def _letter(account: Account, searches: Sequence[SavedSearch], today: date) -> bool:
    actor, moment = actor_of(account), utcnow()
    with force_locale(account.language):
        news = [one for one in (_news(actor, search, today) for search in searches) if one.total]
        total = sum(one.total for one in news)
        subject = ngettext("%(num)s new record in the searches you keep", "%(num)s new records in the searches you keep", total)
    written = False
    if news:
        body = mail.render("digest.txt", account.language, account=account, news=[_shown(one) for one in news],
                           overview=mail.link("searches.kept"))
        written = mail.write(account, key=f"digest:{account.id}:{today}", kind="digest", subject=subject, body=body)
    if written or not news:  # what today's letter no longer told of is told tomorrow
        for search in searches:
            search.looked_at = moment
        db.session.flush()
    return written


def _news(actor: Actor, search: SavedSearch, today: date) -> News:
    """What the list of a kept search shows that was not there when it was last looked at."""
    endpoint, _query = addresses.parts(search.query)
    given = addresses.filters(search.query)
    if endpoint == "needs.index":
        chosen = {**of_needs.filters_of(given), "since": search.looked_at, "sort": "newest"}
        found, total = needs.first(actor, chosen, today, SHOWN)
        return News(search, [queries.Hit("need", need) for need in found], total)
    question = replace(SearchForm(given).question(), since=search.looked_at)
    all_ = queries.find(actor, question, today, tolerant=False)
    hits = queries.rows(actor, all_, question, today, size=SHOWN) if all_.total else []
    return News(search, hits, all_.total)


def _shown(news: News) -> dict[str, object]:
    endpoint, query = addresses.parts(news.search.query)
    return {"name": news.search.name, "total": news.total, "url": f"{mail.link(endpoint)}?{query}",
            "rows": [(hit.record.ref, view.title(hit), _page(hit)) for hit in news.hits]}


def _page(hit: queries.Hit) -> str:
    endpoint, values = view.where(hit)
    return mail.link(endpoint, **values)
