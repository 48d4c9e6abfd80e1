"""Reading the record: filters, the spreadsheet, what the ISU itself has read, the commands and the heads."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import event, func, select, text, update

from partnerships.core import audit, chain, jobs
from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import current_engine, db, utcnow
from partnerships.core.visibility import Visibility
from partnerships.needs.states import NeedStatus
from tests.rooms.audit.test_chain import around_the_triggers


@pytest.fixture
def isu(sign_in):
    """An officer of the ISU."""
    return sign_in(Role.ISU_OFFICER)


def readings():
    return db.session.execute(select(Event.tag, Event.subject_label).where(Event.tag.endswith(".read"))).all()


def test_only_the_isu_reads_the_record(sign_in, visitor):
    assert visitor.get("/audit/").status_code == 303
    for role in (Role.FOCAL_POINT, Role.DONOR_OFFICER, Role.COMMITTEE_MEMBER):
        assert sign_in(role).get("/audit/").status_code == 403


def test_events_are_found_by_reference_kind_person_party_and_day(isu, make):
    khm, nor = make.need("KHM", title="Of Cambodia"), make.offer("NOR")
    make.account(Role.FOCAL_POINT, "KHM", name="Zoltan Unusual")
    for query, there, not_there in (
            (f"ref={khm.ref.lower()}", khm.ref, nor.ref), ("kind=offer", nor.ref, khm.ref), ("party=KHM", khm.ref, nor.ref),
            ("person=zoltan", "No event matches", khm.ref), (f"first={date.today()}&last={date.today()}", khm.ref, "No event"),
            (f"last={date.today() - timedelta(2)}", "No event matches", khm.ref),
            ("party=XXX&kind=zz&first=9&reads=no", khm.ref, "No event")):
        answer = isu.get(f"/audit/?{query}")
        rows = answer.get_data(as_text=True).partition("<tbody>")[2] or answer.get_data(as_text=True)
        assert answer.status_code == 200 and there in rows and not_there not in rows, query


def test_drafts_of_states_stay_out_of_sight_and_the_page_says_so(isu, make):
    draft = make.need("KHM", NeedStatus.DRAFT)
    page = isu.get("/audit/?reads=too").get_data(as_text=True)
    assert draft.ref not in page
    make.need("KHM")
    assert "Left out: events of records that you may not see" in isu.get("/audit/").get_data(as_text=True)


def test_the_spreadsheet_holds_all_of_it(isu, make):
    for _number in range(12):
        make.need("KHM")
    answer = isu.get("/audit/?as=csv")
    rows = answer.get_data(as_text=True).strip().splitlines()
    assert answer.status_code == 200 and sum("need.published" in row for row in rows) == 12


def test_the_isus_reading_of_restricted_records_is_on_record_once_an_hour(isu, make, sign_in):
    hidden, open_ = make.need("KHM", visibility=Visibility.PARTIES), make.need("KHM")
    match = make.match(hidden, "NOR")
    before = audit.watermark()
    for url in (f"/needs/{hidden.ref}", f"/needs/{hidden.ref}", f"/needs/{open_.ref}", f"/matches/{match.id}"):
        assert isu.get(url).status_code == 200
    assert sorted(readings()) == [("match.read", match.ref), ("need.read", hidden.ref)]
    assert audit.watermark() == before, "to read changes nothing that is derived"
    assert chain.verify(db.session).is_well
    with time_machine.travel(utcnow() + timedelta(minutes=61)):
        isu.get(f"/needs/{hidden.ref}")
    assert len(readings()) == 3
    sign_in(Role.FOCAL_POINT, "KHM").get(f"/needs/{hidden.ref}")
    assert len(readings()) == 3, "the State's own reading is its own"


def test_a_document_of_a_restricted_record_is_noted_under_the_record(isu, make):
    hidden = make.need("KHM", visibility=Visibility.PARTIES)
    document = make.document(hidden)
    assert isu.get(f"/documents/{document.ref}/file").status_code == 200
    assert readings() == [("need.read", hidden.ref)]


def test_nobody_but_the_isu_reads_who_read(isu, make, sign_in):
    hidden = make.need("KHM", visibility=Visibility.PARTIES)
    isu.get(f"/needs/{hidden.ref}")
    own = sign_in(Role.FOCAL_POINT, "KHM")
    for url in (f"/needs/{hidden.ref}", "/", "/desk/", "/notices/", "/parties/KHM"):
        assert "was read" not in own.get(url).get_data(as_text=True), url
    assert "was read" not in isu.get("/audit/").get_data(as_text=True)
    assert f"{hidden.ref} was read" in isu.get("/audit/?reads=only").get_data(as_text=True)
    assert "was read" not in isu.get(f"/needs/{hidden.ref}").get_data(as_text=True)


def test_what_cannot_be_noted_is_not_shown(isu, make, monkeypatch):
    from partnerships.core import readings as noting

    hidden = make.need("KHM", visibility=Visibility.PARTIES, title="Kept from view")

    def broken(*_what):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(noting, "_write", broken)
    isu._checked = lambda answer, _args: answer
    answer = isu.get(f"/needs/{hidden.ref}")
    assert answer.status_code == 500 and "Kept from view" not in answer.get_data(as_text=True)


def test_many_events_ask_no_more_questions(isu, make, app):
    def counted(act):
        count = []
        event.listen(current_engine(), "before_cursor_execute", lambda *_what: count.append(1))
        act()
        return len(count)

    make.need("KHM")
    counted(lambda: isu.get("/audit/?per=50"))
    few = counted(lambda: isu.get("/audit/?per=50"))
    for _number in range(10):
        make.need("KHM")
    assert counted(lambda: isu.get("/audit/?per=50")) <= few + 1


def test_the_command_says_what_is_wrong_and_where(app, make):
    make.need()
    run = app.test_cli_runner().invoke
    well = run(args=["audit", "verify"])
    assert well.exit_code == 0 and "All is well" in well.output
    victim = db.session.scalar(select(func.min(Event.id)))
    with around_the_triggers() as connection:
        connection.execute(update(Event).where(Event.id == victim).values(note="otherwise"))
    bad = run(args=["audit", "verify"])
    assert bad.exit_code == 1 and f"Event {victim}" in bad.output and "place 1:" in bad.output and "1 findings" in bad.output


def test_the_head_of_the_day_is_kept_once_and_compared(app, make, tmp_path):
    make.need()
    run = app.test_cli_runner().invoke
    out = tmp_path / "head.json"
    assert run(args=["audit", "head", "--output", str(out)]).exit_code == 0
    kept = json.loads(out.read_text())
    assert kept["events"] == chain.head(db.session).count and len(kept["hash"]) == 64
    assert jobs.JOBS["heads"](date.today()) == 1 and jobs.JOBS["heads"](date.today()) == 0
    make.need()
    assert run(args=["audit", "verify", "--against", str(out)]).exit_code == 0, "a longer chain leads through it"
    out.write_text(json.dumps({**kept, "hash": "f" * 64}))
    forged = run(args=["audit", "verify", "--against", str(out)])
    assert forged.exit_code == 1 and "head.json" in forged.output
    out.write_text("no head")
    assert run(args=["audit", "verify", "--against", str(out)]).exit_code == 1


def test_the_triggers_stand_at_the_newest_migration(app, engine_name):
    asked = ("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'record_%'" if engine_name == "sqlite" else
             "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'record_%' AND tgenabled = 'O'")
    with current_engine().connect() as connection:
        assert connection.execute(text(asked)).scalar() == (12 if engine_name == "sqlite" else 13)


def test_a_part_of_a_file_and_a_list_as_a_file_are_noted_too(isu, make):
    meeting = make.meeting("KHM", visibility=Visibility.PARTIES)
    document = make.document(meeting, "meeting")
    part = isu.get(f"/documents/{document.ref}/file", headers={"Range": "bytes=0-"})
    assert part.status_code in (200, 206) and readings() == [("meeting.read", meeting.ref)]
    hidden, open_ = make.pledge("NOR", visibility=Visibility.PARTIES), make.pledge("NOR")
    told = isu.get("/pledges/?as=csv").get_data(as_text=True)
    assert hidden.ref in told and open_.ref in told
    assert sorted(readings()) == [("meeting.read", meeting.ref), ("pledge.read", hidden.ref)]
    assert chain.verify(db.session).is_well
