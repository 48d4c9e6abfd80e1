"""`flask accounts`: the first invitation, and help for an administrator who is locked out."""

from __future__ import annotations

import click

from partnerships.accounts import factors, invitations, session
from partnerships.accounts.models import Account
from partnerships.cli.group import Commands
from partnerships.core import audit
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.parties import queries

group = Commands("accounts", help="People who sign in.")


@group.command("invite")
@click.option("--email", required=True, help="Where the invitation is sent.")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", type=click.Choice([role.value for role in Role if role is not Role.PUBLIC]), required=True)
@click.option("--party", required=True, help="State (ISO 3166-1 alpha-3) or organisation, for example KHM or ISU.")
@click.option("--how", default="", help="For a focal point: how you made sure of the person.")
def invite(email: str, name: str, role: str, party: str, how: str) -> None:
    """Write an invitation; the worker (or `flask mail deliver`) sends it. The first administrator comes in this way."""
    found = queries.by_ref(party)
    if found is None:
        raise click.ClickException(f"There is no State or organisation {party}.")
    fault = invitations.fault(found, Role(role))
    if fault or (role == Role.FOCAL_POINT and not how.strip()):
        raise click.ClickException(fault or "Say with --how in what way you made sure that this is the State's focal point.")
    try:
        invitations.invite(SYSTEM, found, email=email.strip().lower(), name=name.strip(), role=Role(role), how=how.strip())
    except Refused as refused:
        raise click.ClickException(refused.message) from None
    db.session.commit()
    click.echo(f"{email} is invited for seven days. The letter waits for delivery: flask mail deliver")


@group.command("reset-factors")
@click.option("--email", required=True)
@click.option("--why", required=True, help="How you made sure of the person; the record keeps it.")
def reset_factors(email: str, why: str) -> None:
    """Take away the second factors of somebody who lost them all, when no administrator can."""
    account = db.session.query(Account).filter(Account.email == email.strip().lower()).first()
    if account is None:
        raise click.ClickException("There is no account with this address.")
    factors.remove_all(account)
    ended = session.end(account)
    audit.record("account.factors-reset", account, SYSTEM, note=why, audience=invitations.AUDIENCE)
    db.session.commit()
    click.echo(f"The second factors are gone and {ended} sessions ended. A new one is set up at the next sign-in.")
