"""Killed in the middle of any write: what was acknowledged is there with its event, what was not is wholly absent."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from partnerships.accounts.models import Account
from partnerships.conferences import service as conferences
from partnerships.core import storage
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.documents.models import Document
from partnerships.keeping import figures
from partnerships.needs.states import NeedStatus
from partnerships.pledges import service as pledges
from partnerships.pledges.models import Pledge
from tests.support.client import Raw
from tests.support.files import PDF
from tests.support.killing import COMMIT, COMMITTED, FIRST, changed, killed, state

TODAY = date.today()
SOON = (TODAY + timedelta(days=40)).isoformat()
YEAR = TODAY.year + 1
NEED = {"title": "Clear Bavel", "summary": "Clearance of confirmed hazardous areas.", "theme": "survey-clearance",
        "kinds": ["money"], "place": "Bavel", "serves": "a:5", "currency": "USD", "years-0-year": str(YEAR),
        "years-0-amount": "1 200 000", "years-0-national_share": "200 000", "language": "en", "contact_name": "Authority",
        "contact_email": "contact@authority.example", "valid_until": f"{YEAR}-12-31", "visibility": "public"}
OFFER = {"title": "Training", "summary": "Two courses a year.", "kinds": ["training"], "themes": ["national-capacity"],
         "currency": "EUR", "languages": ["en"], "how_to_ask": "Write to us.", "contact_name": "The desk",
         "valid_until": f"{YEAR}-06-30", "visibility": "public"}
PLEDGE = {"object": "isu-work-plan", "kind": "financial", "currency": "CHF", "amount": "80 000", "announced_on": TODAY.isoformat(),
          "visibility": "public"}
CSV = f"State,Title,Source\nKHM,Clearance,https://a.example\nKHM,Survey {YEAR},https://b.example\n".encode()


class World:
    """Who writes, and what about: references and numbers, as an address has them."""

    def __init__(self, make, sign_in):
        self.make, self.sign_in = make, sign_in
        self.people = {who: sign_in(make.account(role, party)) for who, role, party in (
            ("state", Role.FOCAL_POINT, "KHM"), ("donor", Role.DONOR_OFFICER, "NOR"), ("isu", Role.ISU_OFFICER, "ISU"))}
        for client in self.people.values():
            client.token = ""  # a session that begins has a token of its own
        need = make.need("KHM")
        self.need, self.match = need.ref, make.match(need, "NOR").id
        self.pledge, agreed = make.pledge("NOR", amount=Decimal(300_000)).ref, make.pledge("NOR", amount=Decimal(300_000))
        opened, closed = make.conference(), make.conference(outcome="Nine delegations spoke.")
        for step in ("confirmed", "agreed"):
            pledges.move(agreed, step, SYSTEM, on=TODAY)
        for conference, step in ((opened, "opened"), (closed, "opened"), (closed, "closed")):
            conferences.move(conference, step, SYSTEM)
        db.session.commit()
        self.agreed, self.opened, self.closed = agreed.ref, opened.ref, closed.ref
        self.followup, self.waiting = make.followup("KHM", "NOR").id, make.need("KHM", NeedStatus.SUBMITTED).ref

    def fields(self, who, url, number=0, /, **typed):
        """What a form would send, with what is typed."""
        return {**self.people[who].fields(url, number), **typed}

    def version(self):
        """The version of the agreed pledge as it is now."""
        return str(db.session.scalar(select(Pledge.version).where(Pledge.ref == self.agreed)))


def _import(w):
    one = w.make.import_(Role.FOCAL_POINT, "KHM")
    w.people["importer"] = w.sign_in(db.session.get(Account, one.account_id))
    w.people["importer"].token = ""
    return "importer", f"/exchange/{one.ref}/move/confirmed", {}


WRITES = {
    "a need submitted": lambda w: ("state", "/needs/new", w.fields("state", "/needs/new", **NEED, submit="1")),
    "a need published": lambda w: ("isu", f"/needs/{w.waiting}/move/published", {"note": ""}),
    "an offer": lambda w: ("donor", "/offers/new", w.fields("donor", "/offers/new", **OFFER)),
    "interest": lambda w: ("donor", f"/matches/new/{w.waiting}", w.fields(
        "donor", f"/matches/new/{w.waiting}", message="We would like to learn more.")),
    "a match moved": lambda w: ("state", f"/matches/{w.match}/move/started-talks", {"note": ""}),
    "a message": lambda w: ("donor", f"/matches/{w.match}/write", {"audience": "both", "body": "Could we see the plan?"}),
    "a pledge": lambda w: ("donor", "/pledges/new", w.fields("donor", "/pledges/new", **PLEDGE)),
    "a pledge confirmed": lambda w: ("donor", f"/pledges/{w.pledge}/move/confirmed", {"on": TODAY.isoformat()}),
    "a payment": lambda w: ("donor", f"/pledges/{w.agreed}/pay", {"amount": "100 000", "paid_on": TODAY.isoformat(),
                                                                     "once": "a-key-of-this-form-1"}),
    "another amount": lambda w: ("donor", f"/pledges/{w.agreed}/amend", {
        "amount": "400 000", "day": TODAY.isoformat(), "version": w.version()}),
    "a line of the log": lambda w: ("isu", f"/conferences/{w.opened}/desk", w.fields(
        "isu", f"/conferences/{w.opened}/desk", 1, donor="Norway", amount="5m")),
    "an outcome": lambda w: ("isu", f"/conferences/{w.closed}/move/published", {}),
    "a meeting": lambda w: ("isu", "/approach/new?state=KHM", w.fields(
        "isu", "/approach/new?state=KHM", held_on=SOON, mode="online")),
    "a follow-up": lambda w: ("isu", "/followups/new", w.fields("isu", "/followups/new", what="Ask for figures", party="KHM")),
    "a case": lambda w: ("state", "/cases/new", w.fields("state", "/cases/new", reason="To find partners.")),
    "a document": lambda w: ("state", f"/documents/new?need={w.need}", w.fields(
        "state", f"/documents/new?need={w.need}", title="Plan", file=(io.BytesIO(PDF), "plan.pdf"))),
    "a file read in": lambda w: ("state", "/exchange/", w.fields("state", "/exchange/", file=(io.BytesIO(CSV), "rows.csv"))),
    "its rows taken": _import,
}
# Killed after their first statement too; the others only when everything is written and nothing is committed.
EARLY = ("a need submitted", "a pledge", "a document", "its rows taken")


@pytest.fixture
def world(make, sign_in, app, tmp_path, monkeypatch):
    """The people and records of the writes."""
    monkeypatch.setattr(app, "test_client_class", Raw)  # pages are read elsewhere
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(data_dir=tmp_path)
    return World(make, sign_in)


def _events():
    return set(db.session.scalars(select(Event.id)))


def test_killed_anywhere_nothing_is_half_there(app, world):
    wrong = {}
    for name, write in WRITES.items():
        who, url, data = write(world)
        client = world.people[who]
        data = {"csrf_token": client.csrf_token(), **data}
        wrong[name] = _faults(app, client, url, data, (FIRST, COMMIT, COMMITTED) if name in EARLY else (COMMIT, COMMITTED),
                              silent=name == "a file read in")
    assert {name: told for name, told in wrong.items() if told} == {}
    with app.extensions["database"].connect() as connection:
        assert not figures.chain_findings(connection), "the record holds after all that"
    _a_file_without_its_row_is_found_and_shown_to_nobody(app, world)


def _a_file_without_its_row_is_found_and_shown_to_nobody(app, world):
    """The upload was killed twice before its commit and once after."""
    assert len(storage.names()) > len(db.session.scalars(select(Document)).all()) == 1
    told = app.test_cli_runner().invoke(args=["documents", "check", "--remove-orphans"])
    assert told.exit_code == 0 and "files without a document" in told.output and len(storage.names()) == 1
    page = world.people["state"].get(f"/needs/{world.need}").get_data(as_text=True)
    assert page.count("plan.pdf") <= 1


def _faults(app, client, url, data, points, silent):
    """What is wrong after a write was killed at each of these points; a silent one is not on the record."""
    told, before, events = [], state(), _events()
    for point in points:
        files = {name: (io.BytesIO(value[0].getvalue()), *value[1:]) if isinstance(value, tuple) else value
                 for name, value in data.items()}
        answer = killed(app, client, url, files, point)
        after = state()
        if answer:
            told.append(f"killed {point}, it answered {answer}")
        elif point != COMMITTED and after != before:
            told.append(f"killed {point}, there is something in {changed(before, after)}")
        elif point == COMMITTED and not (after != before and (silent or _events() > events)):
            told.append(f"killed {point}, its record or event is not there: {changed(before, after)}")
    if "once" in data and not told:  # sent again after the crash, as a browser does: one record
        client.open(url, method="POST", data=files | {"once": data["once"]})
        if state() != after:
            told.append(f"sent again it made a second one: {changed(after, state())}")
    return told
