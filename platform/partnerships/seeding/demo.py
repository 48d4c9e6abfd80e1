"""The demonstration: a sign-in for each role and a plausible scenario; every record marked, all removed by one command."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask import g
from sqlalchemy import ColumnElement, Table, delete, func, select, true, update

from partnerships.accounts import invitations
from partnerships.accounts.models import Account, AccountInvitation, SignInAttempt
from partnerships.accounts.passwords import hasher
from partnerships.accounts.session import actor_of
from partnerships.allocations.models import Allocation
from partnerships.amendments.models import Amendment
from partnerships.approach.models import Meeting
from partnerships.assessments.models import Assessment
from partnerships.cases.models import Case
from partnerships.conferences.models import Attendance, Conference, Outcome
from partnerships.core import audit, storage
from partnerships.core.actor import Role
from partnerships.core.audit import Event, EventLink
from partnerships.core.db import Base, db
from partnerships.core.mail import Mail
from partnerships.core.once import FormReceipt
from partnerships.core.refs import ReferenceCounter
from partnerships.documents.models import Document
from partnerships.exchange import service as spreadsheets
from partnerships.exchange.models import Import
from partnerships.feeds.models import Feed
from partnerships.followups.models import Followup, FollowupRule
from partnerships.indicators.models import IndicatorValue
from partnerships.matches.models import Match, MatchMessage
from partnerships.needs.models import Need, NeedVersion
from partnerships.observations.models import Observation
from partnerships.offers.models import Offer
from partnerships.parties.models import Party, Priorities
from partnerships.pledges.models import Pledge
from partnerships.releases.models import Release
from partnerships.searches import index
from partnerships.searches.models import SavedSearch
from partnerships.seeding import scenario
from partnerships.shares.models import NeedShare
from partnerships.standards.models import PledgeTerms
from partnerships.subscriptions.models import Subscription
from partnerships.suggestions.models import Answer, EngineLanguage, EngineWeights
from partnerships.tokens.models import Token
from partnerships.webhooks.models import Webhook, WebhookDelivery
from partnerships.wordings.models import NeedWording

PASSWORD = "partnerships-demo-2026"
PEOPLE = (
    ("focal@cambodia.example", "Sophea Chan", Role.FOCAL_POINT, "KHM"),
    ("focal@angola.example", "Joana Domingos", Role.FOCAL_POINT, "AGO"),
    ("donor@norway.example", "Ingrid Berg", Role.DONOR_OFFICER, "NOR"),
    ("donor@japan.example", "Kenji Sato", Role.DONOR_OFFICER, "JPN"),
    ("officer@gichd.example", "Marie Favre", Role.ORGANISATION_OFFICER, "GICHD"),
    ("isu@isu.example", "Daniel Okoye", Role.ISU_OFFICER, "ISU"),
    ("admin@isu.example", "Elena Rossi", Role.ISU_ADMINISTRATOR, "ISU"),
    ("committee@switzerland.example", "Lukas Meier", Role.COMMITTEE_MEMBER, "CHE"),
)
# By a colleague: one letter is on its way, one waits for the ISU to make sure of the person.
INVITED = (("NOR", "colleague@norway.example", Role.DONOR_OFFICER), ("KHM", "colleague@cambodia.example", Role.FOCAL_POINT))
SIGN_INS = tuple((email, role) for email, _name, role, _party in PEOPLE)


def is_there() -> bool:
    """Whether the demonstration's sign-ins exist in this database."""
    return bool(db.session.scalar(select(func.count()).select_from(Account).where(Account.is_demo)))


def add() -> bool:
    """Add the sign-ins and the scenario. Returns: False when they are already there."""
    if is_there():
        return False
    parties = {party.ref: party for party in db.session.scalars(select(Party))}
    hashed = hasher.hash(PASSWORD)
    accounts = {}
    for email, name, role, ref in PEOPLE:
        sure = {"authenticated_at": date.today(), "authenticated_how": "Invented for the demonstration."}
        account = Account(email=email, name=name, role=role, party=parties[ref], party_id=parties[ref].id,
                          password_hash=hashed, is_demo=True, is_head=email == "donor@norway.example",
                          **(sure if role is Role.FOCAL_POINT else {}))
        db.session.add(account)
        accounts[email] = account
    db.session.flush()
    before = g.get("actor")
    try:
        g.actor = actor_of(accounts["admin@isu.example"])
        for ref, email, role in INVITED:
            head = next(one for one in accounts.values() if one.party.ref == ref)
            invitations.invite(replace(actor_of(head), is_head=True), parties[ref], email=email, name="Invited Colleague",
                               role=role)
        scenario.Scenario(parties, {email: actor_of(account) for email, account in accounts.items()}).play()
    finally:
        g.actor = before
    return True


# From the outermost records inwards, so that no foreign key is left hanging.
_REMOVED: tuple[type[Base], ...] = (
    Release, Import, SavedSearch, Subscription, Feed, Token, WebhookDelivery, Webhook, Mail, Document, Amendment, NeedShare,
    NeedVersion, NeedWording, Allocation, Answer, EngineWeights, Case, Followup, FollowupRule, PledgeTerms, Pledge,
    MatchMessage, Match, Meeting, Assessment, IndicatorValue, Observation, Outcome, Conference, Offer, Priorities, Need,
    AccountInvitation, Account)


def remove() -> int:
    """Remove every demonstration record and what hangs on one. Returns: how many records went.

    Counters of references go back to the highest that is still in use, so that no trace is left.
    """
    # A real record may hang on a demonstration one (a pledge to its need): it goes with it.
    _spread()
    spreadsheets.withdraw_demonstration()
    people = select(Account.id).where(Account.is_demo)
    for column in (Document.stored_as, Release.stored_as):
        for name in db.session.scalars(select(column).where(column.class_.is_demo, column.is_not(None))):
            storage.give_up(name or "")
    count = 0
    count += _delete(Event, Event.is_demo.is_(True))
    audit.bury(_still_told_of())
    count += _delete(FormReceipt, FormReceipt.account_id.in_(people))
    count += _delete(Attendance, Attendance.conference_id.in_(select(Conference.id).where(Conference.is_demo)))
    for model in _REMOVED:
        count += _delete(model, model.is_demo)  # type: ignore[attr-defined]
    _delete(SignInAttempt, true())
    _delete(EngineLanguage, true())  # it has read the demonstration's texts; it is fitted anew from what stays
    index.sweep()
    _reset_counters()
    db.session.flush()
    return count


def _still_told_of() -> list[tuple[str, int]]:
    """Records that go although real events tell of them: a real pledge that hangs on a need of the demonstration."""
    told = {*db.session.execute(select(Event.subject_kind, Event.subject_id)),
            *db.session.execute(select(EventLink.kind, EventLink.record_id))}
    return [(kind, number) for model in _REMOVED if (kind := model.__tablename__) in audit.KINDS
            for number in db.session.scalars(select(model.id).where(model.is_demo))  # type: ignore[attr-defined]
            if (kind, number) in told]


def _spread() -> None:
    """Mark what hangs on demonstration records."""
    for model in reversed(_REMOVED):
        table: Table = model.__table__  # type: ignore[assignment]
        for key in table.foreign_keys:
            target = key.column.table
            if "is_demo" in target.columns and "is_demo" in table.columns:
                demo = select(target.c[key.column.name]).where(target.c.is_demo)
                db.session.execute(update(table).where(key.parent.in_(demo), ~table.c.is_demo).values(is_demo=True))


def _delete(model: type[Base], condition: ColumnElement[bool]) -> int:
    if model is Event:
        db.session.execute(delete(EventLink).where(EventLink.event_id.in_(select(Event.id).where(condition))))
    done: Any = db.session.execute(delete(model).where(condition).execution_options(synchronize_session=False))
    return int(done.rowcount)


def _reset_counters() -> None:
    refs = [ref for column in (Need.ref, Need.draft_ref, Offer.ref, Pledge.ref, Meeting.ref, Allocation.ref, Document.ref,
                              Import.ref)
            for ref in db.session.scalars(select(column)) if ref]
    for counter in db.session.scalars(select(ReferenceCounter)):
        used = [int(ref.removeprefix(f"{counter.prefix}-")) for ref in refs
                if ref.startswith(f"{counter.prefix}-") and ref.removeprefix(f"{counter.prefix}-").isdigit()]
        if used:
            counter.last = max(used)
        else:
            db.session.delete(counter)
