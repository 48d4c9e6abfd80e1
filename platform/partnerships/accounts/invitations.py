"""Invitations: the only way to an account. Single-use links that expire; flushes, never commits."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.engine import CursorResult

from partnerships.accounts import mails, passwords, queries
from partnerships.accounts.models import Account, AccountInvitation
from partnerships.accounts.session import digest
from partnerships.core import audit, languages
from partnerships.core.actor import Actor, Role
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.parties.models import Party, PartyKind

OPEN_FOR = timedelta(days=7)
# People whom a head of delegation may have beside itself, invitations included.
COLLEAGUES = 8


def roles_for(actor: Actor) -> tuple[Role, ...]:
    """The roles that an actor may invite to: a head of delegation only to its own."""
    return tuple(role for role in Role if role is not Role.PUBLIC) if actor.is_isu else (actor.role,)


def fault(party: Party, role: Role) -> str:
    """Why a party has nobody of this role, in words; empty when it can."""
    isu_role = role in (Role.ISU_OFFICER, Role.ISU_ADMINISTRATOR)
    if (party.ref == "ISU") != isu_role:
        return _("The ISU's roles are for the people of the ISU, and these have no other.")
    if role in (Role.FOCAL_POINT, Role.COMMITTEE_MEMBER) and party.kind is not PartyKind.STATE:
        return _("Focal points and members of the Committee speak for a State.")
    if role is Role.ORGANISATION_OFFICER and party.kind is not PartyKind.ORGANISATION:
        return _("An organisation's officer belongs to an organisation.")
    if party.kind is PartyKind.AREA:
        return _("Choose a State or an organisation.")
    return ""


def invite(actor: Actor, party: Party, *, email: str, name: str, role: Role, is_head: bool = False, how: str = "",
           on: date | None = None, replaces: Account | None = None) -> AccountInvitation:
    """Invite a person by mail.

    Arguments: email, in lower case; how and on, in what way and when the ISU made sure that the person is the State's focal
    point (a focal point's invitation waits without them). Raises: Refused in words.
    """
    _check_limits(actor, party, email, role)
    invitation = AccountInvitation(
        email=email, name=name, role=role, party_id=party.id, party=party, is_head=is_head and actor.is_isu,
        invited_by_id=actor.account_id, replaces_id=replaces.id if replaces else None, expires_at=utcnow() + OPEN_FOR,
        is_demo=actor.is_demo)
    db.session.add(invitation)
    db.session.flush()
    audit.record("invitation.made", invitation, actor, also=[party], audience=AUDIENCE)
    if role is not Role.FOCAL_POINT or (how and actor.is_isu):
        authenticate(invitation, actor, how, on)
    return invitation


AUDIENCE = "isu"
audit.declare("account", Account, "accounts.view")
audit.declare("account_invitation", AccountInvitation, "accounts.invitations")


def _check_limits(actor: Actor, party: Party, email: str, role: Role) -> None:
    if not actor.is_isu and (party.id != actor.party_id or role is not actor.role or not actor.is_head):
        raise Refused(_("You may invite colleagues of your own State or organisation, to your own role."))
    if db.session.scalar(select(Account.id).where(Account.email == email)) is not None:
        raise Refused(_("There is already an account with this address."))
    if db.session.scalar(select(AccountInvitation.id).where(AccountInvitation.email == email, *queries.OPEN())) is not None:
        raise Refused(_("This address is already invited. Withdraw that invitation first, or send it again."))
    if not actor.is_isu and count_of(party) > COLLEAGUES:
        raise Refused(_("Your delegation has as many people as a head of delegation may invite (%(most)s). Ask the ISU for more.",
                        most=COLLEAGUES))


def count_of(party: Party) -> int:
    """How many people a party has, open invitations included."""
    people = db.session.scalar(select(func.count()).select_from(Account).where(
        Account.party_id == party.id, Account.active)) or 0
    invited = db.session.scalar(select(func.count()).select_from(AccountInvitation).where(
        AccountInvitation.party_id == party.id, *queries.OPEN())) or 0
    return people + invited


def authenticate(invitation: AccountInvitation, actor: Actor, how: str, on: date | None) -> None:
    """Note how the ISU made sure of a focal point, and send the link. For other roles it only sends the link."""
    if invitation.role is Role.FOCAL_POINT:
        invitation.authenticated_how, invitation.authenticated_at = how, on or date.today()
        invitation.authenticated_by_id = actor.account_id
        audit.record("invitation.authenticated", invitation, actor, audience=AUDIENCE, note=how, also=[invitation.party],
                     changes={"authenticated_at": (None, invitation.authenticated_at)})
    send(invitation)


def send(invitation: AccountInvitation) -> None:
    """Send the link: a new one, so that an earlier one opens nothing any more."""
    word = secrets.token_urlsafe(32)
    invitation.digest, invitation.expires_at = digest(word), utcnow() + OPEN_FOR
    db.session.flush()
    mails.invited(invitation, word)


def send_again(invitation: AccountInvitation, actor: Actor) -> None:
    """Send another link; the earlier one ends. Raises: Refused when the invitation is over or waits for the ISU."""
    check_open(invitation)
    if not invitation.digest:
        raise Refused(_("The ISU has yet to make sure of this person."))
    send(invitation)
    audit.record("invitation.sent-again", invitation, actor, audience=AUDIENCE, also=[invitation.party])


def withdraw(invitation: AccountInvitation, actor: Actor) -> None:
    """End an invitation before it is used. Raises: Refused when it is over."""
    check_open(invitation)
    invitation.withdrawn_at = utcnow()
    db.session.flush()
    audit.record("invitation.withdrawn", invitation, actor, audience=AUDIENCE, also=[invitation.party])


def check_open(invitation: AccountInvitation) -> None:
    """Raises: Refused when an invitation is over."""
    if invitation.used_at is not None or invitation.withdrawn_at is not None:
        raise Refused(_("This invitation was already used or withdrawn."))


def by_word(word: str) -> AccountInvitation | None:
    """The invitation that a link opens; None when it was used, withdrawn, is too old, or never was."""
    return db.session.scalars(select(AccountInvitation).where(
        AccountInvitation.digest == digest(word), AccountInvitation.digest != "", *queries.OPEN(),
        AccountInvitation.expires_at > utcnow())).first()


def accept(invitation: AccountInvitation, *, name: str, password: str = "", ministry: tuple[str, str] | None = None) -> Account:
    """Open the account of an invitation. Of two who use a link at once, one is refused.

    Arguments: ministry, the (issuer, subject) of a sign-in through a ministry, in place of a password.
    Raises: Refused when the invitation was used meanwhile.
    """
    done = db.session.execute(update(AccountInvitation).where(
        AccountInvitation.id == invitation.id, *queries.OPEN()).values(used_at=utcnow()).execution_options(
            synchronize_session=False))
    if not isinstance(done, CursorResult) or done.rowcount != 1:
        raise Refused(_("This invitation was already used."))
    kept: dict[str, Any] = {key: getattr(invitation, key) for key in (
        "email", "role", "party_id", "is_head", "authenticated_at", "authenticated_by_id", "authenticated_how", "is_demo")}
    account = Account(name=name, language=languages.select(), **kept)  # the language in which the person accepts
    account.party = invitation.party
    if password:
        passwords.keep(account, password)
    if ministry:
        account.issuer, account.issuer_subject = ministry
    db.session.add(account)
    db.session.flush()
    from partnerships.accounts.session import actor_of

    audit.record("account.opened", account, actor_of(account), audience=AUDIENCE, also=[invitation.party])
    if invitation.replaces is not None:
        from partnerships.accounts import people

        people.take_over(invitation.replaces, account)
    return account
