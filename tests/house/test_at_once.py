"""Two who do the same at the same moment: one record, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

from sqlalchemy import select

from partnerships.core import audit
from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.matches.models import Match
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from tests.support.client import Client


def _at_once(app: Any, *acts: Callable[[], Any]) -> list[Any]:
    """Run several requests at the same moment, each in a thread and a context of its own."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        gate.wait(10)
        with app.app_context():
            return act()

    db.session.rollback()
    with ThreadPoolExecutor(len(acts)) as pool:
        return [one.result(60) for one in [pool.submit(run, act) for act in acts]]


def _senders(app: Any, people: list[Any], url: str, data: dict[str, Any]) -> list[Callable[[], Any]]:
    """The same form sent by several people, each with a client of its own."""
    found = []
    for person in people:
        person.csrf_token()
        found.append(lambda person=person: Client.post(person, url, data=data).status_code)
    return found


def test_the_first_two_drafts_of_a_state_at_once_are_both_kept(app, raw):
    people = [raw(Role.FOCAL_POINT, "KHM") for _number in range(3)]
    assert _at_once(app, *_senders(app, people, "/needs/new", {"title": "Draft", "save": "1"})) == [303] * 3
    refs = sorted(db.session.scalars(select(Need.ref).where(Need.title == "Draft")))
    assert refs == ["KHM-DRAFT-01", "KHM-DRAFT-02", "KHM-DRAFT-03"]


def test_one_key_at_once_makes_one_record(app, raw):
    person = raw(Role.FOCAL_POINT, "KHM")
    person.csrf_token()
    others = [app.test_client() for _number in range(2)]
    for other in others:
        other._cookies.update(person._cookies)
        other.token = person.csrf_token()
    data = {"title": "Once", "save": "1", "once": "the-same-key"}
    assert _at_once(app, *_senders(app, [person, *others], "/needs/new", data)) == [303] * 3
    assert len(db.session.scalars(select(Need).where(Need.title == "Once")).all()) == 1


def test_interest_registered_twice_at_once_is_one_match(app, raw, make):
    need = make.need("KHM")
    people = [raw(Role.DONOR_OFFICER, "NOR") for _number in range(2)]
    data = {"message": "Hello", "next_step": "Call", "next_step_on": str(date.today() + timedelta(7))}
    codes = _at_once(app, *_senders(app, people, f"/matches/new/{need.ref}", data))
    assert 303 in codes and set(codes) <= {303, 422}, codes
    assert len(db.session.scalars(select(Match).where(Match.need_id == need.id)).all()) == 1


def test_published_twice_at_once_is_published_once(app, raw, make):
    need = make.need("KHM", NeedStatus.SUBMITTED)
    people = [raw(Role.ISU_OFFICER, "ISU") for _number in range(2)]
    codes = _at_once(app, *_senders(app, people, f"/needs/{need.ref}/move/published", {}))
    assert 303 in codes and set(codes) <= {303, 409}, codes
    events = db.session.scalars(select(audit.Event).where(audit.Event.tag == "need.published")).all()
    assert len([one for one in events if one.subject_id == need.id]) == 1
