"""A desk: at most ten lines, each one sentence, one date and one button, the overdue first; then what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from partnerships.accounts import queries as accounts
from partnerships.amendments import queries as amendments
from partnerships.cases import queries as cases
from partnerships.conferences.states import ConferenceStatus
from partnerships.core.actor import Actor, Role
from partnerships.desk import queries
from partnerships.followups import queries as followups
from partnerships.followups import suggestions
from partnerships.matches import queries as matches
from partnerships.matches.models import Match
from partnerships.matches.states import MatchStatus
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.parties import queries as parties
from partnerships.parties.words import name
from partnerships.pledges import queries as pledges
from partnerships.pledges import reports
from partnerships.renewals import queries as renewals
from partnerships.renewals import view as of_renewals

MOST = 10
EXPIRING = timedelta(days=60)
NEAR = timedelta(days=30)
REPORTING = (4, 30)  # Article 7: the yearly report, by 30 April


@dataclass(frozen=True)
class Task:
    """One line: a sentence, its date (due, or since when), the verb on its button and where that leads."""

    sentence: str
    on: date | None
    label: str
    href: str
    overdue: bool = False
    since: bool = False
    rank: int = 0


@dataclass(frozen=True)
class Desk:
    """A person's desk. `total` counts the lines before they were cut to ten."""

    tasks: list[Task]
    total: int
    coming: list[Task]


def desk(actor: Actor, today: date) -> Desk:
    """The desk of whoever is signed in."""
    if actor.is_isu:
        found, coming = _secretariat(actor, today), _ahead(actor, today)
    elif actor.role is Role.FOCAL_POINT:
        found = [*_own_needs(actor, today), *_yearly(actor, today), *_own_offers(actor, today), *_returned_changes(actor),
                 *_matches(actor, today), *_followups(actor, today)]
        coming = [*_obligations(actor, today), *_ahead(actor, today)]
    elif actor.role is Role.COMMITTEE_MEMBER:
        found, coming = list(_followups(actor, today)), _ahead(actor, today)
    else:
        found = [*_own_offers(actor, today), *_matches(actor, today), *_pledges(actor, today), *_followups(actor, today)]
        coming = _ahead(actor, today)
    ordered = sorted([*found, *_cases(actor, today)], key=_pressing)
    return Desk(ordered[:MOST], len(ordered), sorted(coming, key=lambda task: task.on or date.max))


def _pressing(task: Task) -> tuple[Any, ...]:
    """The longest overdue first, then by kind of work and date."""
    on = (task.on or date.max).toordinal()
    return (0, on, task.rank, task.sentence) if task.overdue else (1, task.rank, on, task.sentence)


def _own_needs(actor: Actor, today: date) -> Iterator[Task]:
    for need in queries.own_needs(actor, today + EXPIRING):
        title = need.title or _("Untitled draft")
        if need.status is NeedStatus.RETURNED:
            yield Task(_("The ISU returned “%(title)s” with comments.", title=title), _day(need.status_on),
                       _("Read and correct"), url_for("needs.edit", ref=need.ref), since=True, rank=1)
        elif need.status is NeedStatus.DRAFT:
            yield Task(_("Your draft “%(title)s” is not submitted yet.", title=title), _day(need.updated_at),
                       _("Go on writing"), url_for("needs.edit", ref=need.ref), since=True, rank=4)
        elif need.status is NeedStatus.SUBMITTED:
            yield Task(_("“%(title)s” waits for verification by the ISU.", title=title), _day(need.submitted_at),
                       _("Open need"), url_for("needs.detail", ref=need.ref), since=True, rank=5)
        else:
            yield _leaving(need, today)


def _returned_changes(actor: Actor) -> Iterator[Task]:
    for one in amendments.returned(actor):
        yield Task(_("The ISU returned the change to need %(ref)s with comments.", ref=one.need.ref), _day(one.status_on),
                   _("Read and correct"), url_for("amendments.detail", ref=one.need.ref), since=True, rank=1)


def _leaving(need: Need, today: date) -> Task:
    assert need.valid_until is not None
    past = need.valid_until < today
    words = _("Need %(ref)s is past its valid-until date and no longer matched.", ref=need.ref) if past else _(
        "Need %(ref)s leaves matching after its valid-until date.", ref=need.ref)
    return Task(words, need.valid_until, _("Say whether it stands"), url_for("renewals.detail", kind="need", ref=need.ref),
                since=past, rank=6)


def _own_offers(actor: Actor, today: date) -> Iterator[Task]:
    for offer in renewals.own_offers(actor, today + EXPIRING):
        past = offer.valid_until < today
        words = _("Offer %(ref)s is past its valid-until date and no longer matched.", ref=offer.ref) if past else _(
            "Offer %(ref)s leaves matching after its valid-until date.", ref=offer.ref)
        yield Task(words, offer.valid_until, _("Say whether it stands"),
                   url_for("renewals.detail", kind="offer", ref=offer.ref), since=past, rank=6)


def _yearly(actor: Actor, today: date) -> Iterator[Task]:
    """In the weeks of the yearly report, until each open need was said to stand: Article 7."""
    if of_renewals.season(actor, today):
        yield Task(_("Look through your open needs with your yearly report."), date(today.year, *REPORTING),
                   _("Look through"), url_for("renewals.index", kind="need"), rank=4)


def _matches(actor: Actor, today: date) -> Iterator[Task]:
    for match in queries.own_matches(actor):
        late = match.next_step_on is not None and match.next_step_on < today
        href = url_for("matches.detail", number=match.id)
        if match.status is MatchStatus.SHARED and match.party_id == actor.party_id:
            yield Task(_shared(match), match.next_step_on, _("Answer"), href, overdue=late, rank=1)
        else:
            yield Task(_step(match, actor), match.next_step_on, _("Open match"), href, overdue=late, rank=2)


def _shared(match: Match) -> str:
    if match.offer is not None:
        return _("%(state)s asks for your offer %(offer)s with its need %(ref)s: say whether you are interested.",
                 state=name(match.state), offer=match.offer.ref, ref=match.need.ref)
    return _("%(state)s's need %(ref)s was shared with you: say whether you are interested.",
             state=name(match.state), ref=match.need.ref)


def _step(match: Match, actor: Actor) -> str:
    other = match.state if match.party_id == actor.party_id else match.party
    return _("%(other)s, need %(ref)s: %(step)s", other=name(other), ref=match.need.ref, step=match.next_step)


def _pledges(actor: Actor, today: date) -> Iterator[Task]:
    for pledge in queries.own_pledges(actor, today + NEAR):
        assert pledge.expected_on is not None
        late = pledge.expected_on < today
        words = _("Your pledge %(ref)s is past the date of its next step: say where it stands.", ref=pledge.ref)
        if not late:
            words = _("The next step of your pledge %(ref)s is expected soon.", ref=pledge.ref)
        yield Task(words, pledge.expected_on, _("Update pledge"), url_for("pledges.update", ref=pledge.ref),
                   overdue=late, rank=2)
    for pledge in queries.own_unheard(actor, today):
        if pledge.expected_on is None or pledge.expected_on > today + NEAR:  # the others are told of already
            yield Task(_("Nothing was heard of your pledge %(ref)s for six months: say where it stands.", ref=pledge.ref),
                       pledge.heard_on or pledge.announced_on, _("Update pledge"), url_for("pledges.update", ref=pledge.ref),
                       since=True, rank=3)


def _cases(actor: Actor, today: date) -> Iterator[Task]:
    """Rounds of the individualised approach: what waits to be accepted, answered, or said of the support that came."""
    for case in cases.waiting(actor):
        words = _("%(state)s asks for a country meeting: accept it.", state=name(case.state)) if actor.is_isu else _(
            "A country meeting is proposed to your State: accept it, or say no.")
        yield Task(words, case.asked_on, _("Open case"), url_for("cases.detail", ref=case.ref), since=True, rank=1)
    for one in cases.unanswered(actor):
        yield Task(_("You are invited to the country meeting of %(state)s.", state=name(one.case.state)), one.sent_on, _("Answer"),
                   url_for("cases.invitation", number=one.id), since=True, rank=1)
    for said in cases.unsaid(actor, today):
        state = name(said.case.state)
        words = _("%(state)s has not said yet what support came since its meeting.", state=state) if actor.is_isu else _(
            "Say what support came since your country meeting: two clicks and a sentence.")
        yield Task(words, said.due_on, _("Answer"), url_for("cases.support", ref=said.case.ref, months=said.months),
                   overdue=said.due_on < today, rank=2)


def _followups(actor: Actor, today: date) -> Iterator[Task]:
    for followup in queries.own_followups(actor, date.max):
        mine = followup.owner_id in (None, actor.account_id)  # those named for a colleague come after one's own
        yield Task(followup.what, followup.due_on, _("Open follow-up"), url_for("followups.detail", number=followup.id),
                   overdue=followup.due_on < today, rank=3 if mine else 4)


def _secretariat(actor: Actor, today: date) -> list[Task]:
    """The ISU's own lines: each kind of work is one line with its count and its oldest date."""
    waiting, past = needs.waiting(actor), pledges.past_their_date(actor, today)
    late, oldest = followups.overdue(actor, today)
    stalled, suggested = queries.late_matches(actor, today), suggestions.suggest(actor, today)
    found = []
    if waiting:
        words = ngettext("One need waits for verification.", "%(num)s needs wait for verification.", len(waiting))
        found.append(Task(words, _day(waiting[0].submitted_at), _("Verify needs"), url_for("desk.verification"),
                          since=True, rank=1))
    if late:
        words = ngettext("One follow-up is overdue.", "%(num)s follow-ups are overdue.", late)
        found.append(Task(words, oldest, _("Open the queue"), url_for("followups.index"), overdue=True, rank=2))
    if stalled:
        words = ngettext("The next step of one match is past its day.",
                         "The next steps of %(num)s matches are past their day.", len(stalled))
        found.append(Task(words, stalled[0].next_step_on, _("Open matches"), url_for("matches.index"), overdue=True,
                          rank=3))
    if past:
        words = ngettext("One pledge is past the date of its next step.",
                         "%(num)s pledges are past the date of their next step.", len(past))
        found.append(Task(words, past[0].expected_on, _("Open pledges"), url_for("pledges.index", due="overdue"), overdue=True,
                          rank=4))
    if suggested:
        words = ngettext("The platform suggests one follow-up.", "The platform suggests %(num)s follow-ups.",
                         len(suggested))
        found.append(Task(words, None, _("See suggestions"), url_for("followups.index", _anchor="suggested"), rank=5))
    own = [task for task in _followups(actor, today) if not task.overdue and task.on and task.on <= today + NEAR]
    return [*found, *_invited(actor), *_contacts(actor), *_changes(actor), *own, *_differences(actor), *_conference(actor, today),
            *_unheard(actor, today), *_stale(actor, today)]


def _invited(actor: Actor) -> Iterator[Task]:
    """The ISU's line for people whom their colleagues invited as focal points."""
    count, first = accounts.waiting_focal_points(actor)
    if count:
        words = ngettext("One invited focal point waits for the ISU to make sure of the person.",
                         "%(num)s invited focal points wait for the ISU to make sure of them.", count)
        yield Task(words, _day(first), _("Make sure"), url_for("accounts.people") + "#invitations", since=True, rank=2)


def _contacts(actor: Actor) -> Iterator[Task]:
    """The ISU's line for matches whose sides asked it to make the first contact."""
    asked = matches.contacts_asked(actor)
    if asked:
        words = ngettext("One match waits for the ISU to make the contact.",
                         "%(num)s matches wait for the ISU to make the contact.", len(asked))
        yield Task(words, _day(asked[0].contact_asked_at), _("See which"), url_for("matches.index", contact="y"), since=True,
                   rank=2)


def _differences(actor: Actor) -> Iterator[Task]:
    """The ISU's line for what donors and States report otherwise than the record says."""
    found = reports.open_differences(actor)
    if found:
        words = ngettext("One report of what was paid differs from the record.",
                         "%(num)s reports of what was paid differ from the record.", len(found))
        yield Task(words, _day(found[0].report.at), _("Compare and settle"), url_for("pledges.differences"), since=True,
                   rank=3)


def _unheard(actor: Actor, today: date) -> Iterator[Task]:
    """The ISU's lines for pledges that nobody spoke of: first those of a year, then those of half a year."""
    silent = pledges.unheard(actor, today)
    year = {pledge.id for pledge in pledges.unheard(actor, today, months=12)}
    long, short = ([pledge for pledge in silent if (pledge.id in year) is old] for old in (True, False))
    if long:
        words = ngettext("One pledge has not been heard of for a year.", "%(num)s pledges have not been heard of for a year.",
                         len(long))
        yield Task(words, long[0].announced_on, _("See which"), url_for("pledges.index", due="silent-12"), since=True, rank=4)
    if short:
        words = ngettext("One pledge has not been heard of for six months.",
                         "%(num)s pledges have not been heard of for six months.", len(short))
        yield Task(words, short[0].announced_on, _("See which"), url_for("pledges.index", due="silent-6"), since=True, rank=5)


def _stale(actor: Actor, today: date) -> Iterator[Task]:
    count, oldest = renewals.past(actor, today)
    if count:
        words = ngettext("One need or offer is past its valid-until date.",
                         "%(num)s needs and offers are past their valid-until date.", count)
        yield Task(words, oldest, _("See which"), url_for("renewals.index", state="past"), since=True, rank=6)


def _changes(actor: Actor) -> Iterator[Task]:
    """The ISU's line for the changes to published needs that wait for verification."""
    waiting = amendments.waiting(actor)
    if waiting:
        words = ngettext("One change to a published need waits for verification.",
                         "%(num)s changes to published needs wait for verification.", len(waiting))
        yield Task(words, _day(waiting[0].submitted_at), _("Verify changes"), url_for("desk.verification"), since=True, rank=1)


def _conference(actor: Actor, today: date) -> Iterator[Task]:
    """The ISU's line for a conference that is open: everybody else sees it among what comes next."""
    found = queries.conference_at_hand(actor, today)
    if found is not None and found.status is ConferenceStatus.OPEN:
        yield Task(_("%(title)s is open: log the pledges as they are announced.", title=found.title), found.first_day,
                   _("Open the live log"), url_for("conferences.desk", ref=found.ref), since=True, rank=0)


def _ahead(actor: Actor, today: date) -> list[Task]:
    found = []
    conference = queries.conference_at_hand(actor, today)
    if conference is not None:
        opened = conference.status is ConferenceStatus.OPEN
        words = _("%(title)s is open now.", title=conference.title) if opened else _(
            "Next pledging conference: %(title)s.", title=conference.title)
        found.append(Task(words, conference.first_day, _("Open conference"),
                          url_for("conferences.detail", ref=conference.ref), since=opened))
    for meeting in queries.meetings_ahead(actor, today):
        found.append(Task(_("Country meeting of %(state)s: %(title)s.", state=name(meeting.state), title=meeting.title),
                          meeting.held_on, _("Open meeting"), url_for("approach.detail", ref=meeting.ref)))
    return found


def _obligations(actor: Actor, today: date) -> Iterable[Task]:
    """The next dated obligation of the actor's State, and for a State Party its yearly report."""
    assert actor.party_id is not None
    state = url_for("parties.detail", ref=actor.party_ref)
    dated = (row for row in parties.obligations(actor.party_id) if row.deadline is not None and row.deadline >= today)
    for row in islice(dated, 1):
        yield Task(_("Article %(article)s: %(title)s.", article=row.article, title=row.title.rstrip(".")),
                   row.deadline, _("Open your State's file"), state)
    if actor.of_state_party:
        report = date(today.year, *REPORTING)
        report = report if report >= today else date(today.year + 1, *REPORTING)
        yield Task(_("Article 7: the yearly transparency report is due."), report, _("Open your State's file"), state)


def _day(moment: Any) -> date | None:
    return moment.date() if moment is not None else None
