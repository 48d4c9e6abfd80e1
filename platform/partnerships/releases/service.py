"""Making and withdrawing releases. Flushes, never commits."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from partnerships.core import audit, jobs, mail, policy, storage
from partnerships.core.actor import SYSTEM, Actor
from partnerships.core.constraints import explain
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.refs import next_reference
from partnerships.releases import package, queries
from partnerships.releases.models import Release

audit.declare("release", Release, "releases.view")
explain(uq_release_ref=_l("This release was made already."),
        ck_release_number_from_one=_l("The releases of a day are counted from one."),
        ck_release_size_positive=_l("An empty file is not kept."),
        ck_release_file_until_withdrawn=_l("A release has its file until it is withdrawn."),
        ck_release_withdrawn_has_reason=_l("Say why the release is withdrawn."))


def make(actor: Actor, day: date) -> tuple[Release, bool]:
    """Make the release of a day and keep its file.

    Returns: (the release, whether it is new). When the last one of the day stands and the records are the same, it is that one.
    Raises: 403.
    """
    policy.demand(actor, "releases.make", None)
    next_reference("REL")  # the counter's lock lets one at a time through; what follows reads what the other has kept
    licence, tables = current_app.config["SETTINGS"].data_licence, queries.tables()
    known, fingerprint = queries.of_day(day), package.digest(tables, licence)
    if known and known[-1].withdrawn_at is None and known[-1].fingerprint == fingerprint:
        return known[-1], False
    number = known[-1].number + 1 if known else 1
    ref = f"REL-{day.isoformat()}" if number == 1 else f"REL-{day.isoformat()}-{number}"
    built = package.build(package.Heading(
        ref, day, licence, mail.link("releases.detail", ref=ref), mail.link("pages.home")), tables)
    release = Release(
        ref=ref, day=day, number=number, actor_label=actor.label, licence=licence.name, licence_url=licence.url,
        counts={table.name: len(table.cells) for table in tables},
        left_out={table.name: table.invented for table in tables if table.invented}, fingerprint=fingerprint,
        sha256=built.sha256, size=len(built.data), stored_as=storage.keep(built.data))
    db.session.add(release)
    db.session.flush()
    audit.record("release.made", release, actor)
    return release, True


def withdraw(release: Release, actor: Actor, reason: str) -> None:
    """Take a release's file away for good; its row stays, with the reason. Raises: Refused when it has none any more; 403."""
    if release.stored_as is None:
        raise Refused(_("This release is withdrawn already."))
    policy.demand(actor, "releases.withdraw", release)
    storage.give_up(release.stored_as)
    release.stored_as, release.withdrawn_at, release.reason = None, utcnow(), reason.strip()
    db.session.flush()
    audit.record("release.withdrawn", release, actor, note=reason)


def content(release: Release) -> bytes | None:
    """The bytes of a release's file, checked against its sum; None when they are not there or were changed."""
    path = storage.path_of(release.stored_as or "")
    data = path.read_bytes() if path is not None else b""
    return data if hashlib.sha256(data).hexdigest() == release.sha256 else None


def monthly(today: date) -> int:
    """The release of this month, where the settings ask for one and nobody made one. Returns: how many it made, 1 or 0."""
    settings: Any = current_app.config["SETTINGS"]
    if not settings.monthly_release or queries.since(today.replace(day=1)):
        return 0
    make(SYSTEM, today)
    return 1


jobs.declare("monthly-release", monthly)
