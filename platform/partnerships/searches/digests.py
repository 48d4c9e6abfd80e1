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
from partnerships.core.web import asking
from partnerships.searches import addresses, lists, queries, view
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
    return News(search, *new(actor, search.query, search.looked_at, today))


def new(actor: Actor, written: str, since: datetime, today: date) -> tuple[list[queries.Hit], int]:
    """What a list or search holds that became public after a moment, within the actor's sight.

    Arguments: written, as `addresses.kept` gives it. Returns: (the first records, how many there are in all).
    """
    place, given = written.partition("?")[0], addresses.filters(written)
    if place in lists.LISTS:
        found, total = lists.new(actor, place, given, since, today, SHOWN)
        return [queries.Hit(lists.LISTS[place].kind, record) for record in found], total
    question = replace(SearchForm(given).question(), since=since)
    all_ = queries.find(actor, question, today, tolerant=False)
    return (queries.rows(actor, all_, question, today, size=SHOWN) if all_.total else []), all_.total


def _shown(news: News) -> dict[str, object]:
    return {"name": news.search.name, **shown(news.search.query, news.hits, news.total)}


def shown(written: str, hits: Sequence[queries.Hit], total: int, lang: str | None = None) -> dict[str, object]:
    """What is new, as a letter tells it: how much, each record with its address, and where the rest is.

    Arguments: lang, the language of the pages for a reader without an account, whose own they do not know.
    """
    endpoint, query = addresses.parts(written)
    return {"total": total, "url": asking(mail.link(endpoint, lang=lang), query),
            "rows": [(hit.record.ref, view.title(hit), _page(hit, lang)) for hit in hits]}


def _page(hit: queries.Hit, lang: str | None) -> str:
    endpoint, values = view.where(hit)
    return mail.link(endpoint, **values, lang=lang)
