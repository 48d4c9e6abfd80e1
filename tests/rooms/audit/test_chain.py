"""The chain of the record: the database refuses to change it, and who goes around the database is found and located."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from partnerships.core import audit, chain
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.audit import Burial, Event, EventLink, EventSeal
from partnerships.core.db import current_engine, db
from partnerships.seeding import demo


@contextmanager
def around_the_triggers():
    """A connection on which the record can be changed, as its operator could."""
    db.session.rollback()
    with current_engine().execution_options(write=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection
            return
        made = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'record_%'")).all()
        for name, _sql in made:
            connection.execute(text(f"DROP TRIGGER {name}"))
        yield connection
        for _name, sql in made:
            connection.exec_driver_sql(sql)


@pytest.fixture
def recorded(make):
    """A record of some length. Returns: its events' numbers."""
    for party in ("KHM", "AGO"):
        make.pledge("NOR", need=make.need(party))
    numbers = list(db.session.scalars(select(Event.id).order_by(Event.id)))
    assert len(numbers) > 5
    db.session.rollback()
    return numbers


def found():
    """What a verification finds, as (kind, event)."""
    db.session.rollback()
    return [(one.kind, one.event_id) for one in chain.verify(db.session).findings]


def test_every_event_is_sealed_in_the_order_of_commits(recorded):
    seals = db.session.scalars(select(EventSeal).order_by(EventSeal.number)).all()
    assert [one.number for one in seals] == list(range(1, len(seals) + 1))
    assert sorted(one.event_id for one in seals) == recorded
    verified = chain.verify(db.session)
    assert verified.is_well and verified.events == len(recorded) and verified.head == chain.head(db.session)


@pytest.mark.parametrize(("what", "statement"), [
    ("event", update(Event).values(note="other")), ("event", delete(Event)), ("link", update(EventLink).values(record_id=9)),
    ("link", delete(EventLink)), ("seal", update(EventSeal).values(hash="x")), ("seal", delete(EventSeal)),
    ("link", insert(EventLink).from_select(["event_id", "kind", "record_id"],
                                           select(EventSeal.event_id, text("'party'"), text("1"))))])
def test_the_database_refuses_to_change_what_is_sealed(recorded, what, statement):
    with pytest.raises(DatabaseError, match=r"cannot be|can be added"), current_engine().execution_options(
            write=True).begin() as connection:
        connection.execute(statement.execution_options(synchronize_session=False))
    assert found() == []


def test_postgresql_refuses_to_empty_it(recorded, engine_name):
    db.session.rollback()
    if engine_name == "postgres":
        for table in ("event", "event_link", "event_seal", "burial"):
            with pytest.raises(DatabaseError, match="cannot be emptied"), current_engine().begin() as connection:
                connection.execute(text(f"TRUNCATE {table} CASCADE"))


@pytest.mark.parametrize(("change", "kind"), [
    ({"note": "It was not so."}, "altered"), ({"account_id": 999}, "altered"), ({"changes": {"amount": ["1", "2"]}}, "altered"),
    ({"audience": "public2"}, "altered"), ({"subject_id": 77}, "altered"), ({"is_demo": True}, "altered")])
def test_an_altered_event_is_found_and_located(recorded, change, kind):
    victim = recorded[3]
    with around_the_triggers() as connection:
        connection.execute(update(Event).where(Event.id == victim).values(**change))
    assert found() == [(kind, victim)]
    finding = chain.verify(db.session).findings[0]
    assert finding.place == db.session.scalar(select(EventSeal.number).where(EventSeal.event_id == victim))
    assert str(victim) in finding.words


def test_another_link_or_one_less_is_found(recorded):
    victim = recorded[2]
    with around_the_triggers() as connection:
        connection.execute(insert(EventLink).values(event_id=victim, kind="party", record_id=4321))
    assert found() == [("altered", victim)]
    with around_the_triggers() as connection:
        connection.execute(delete(EventLink).where(EventLink.event_id == victim))
    assert found() == [("altered", victim)]


def test_a_removed_event_is_found_with_or_without_its_seal(recorded):
    victim = recorded[4]
    with around_the_triggers() as connection:
        connection.execute(delete(EventLink).where(EventLink.event_id == victim))
        connection.execute(delete(Event).where(Event.id == victim))
    assert found() == [("removed", victim)]
    with around_the_triggers() as connection:
        connection.execute(delete(EventSeal).where(EventSeal.event_id == victim))
    assert [kind for kind, _event in found()] == ["gap", "seal"]


def test_an_inserted_event_is_found(recorded):
    with current_engine().execution_options(write=True).begin() as connection:
        row = connection.execute(select(Event.__table__).where(Event.id == recorded[0])).mappings().one()
        connection.execute(insert(Event.__table__).values(**{**row, "id": 5000}))
    assert found() == [("inserted", 5000)]


def test_two_events_that_change_places_are_found(recorded):
    first, second = recorded[1], recorded[2]
    with around_the_triggers() as connection:
        seal = {one.event_id: one for one in connection.execute(select(EventSeal.__table__).where(
            EventSeal.event_id.in_([first, second])))}
        connection.execute(update(EventSeal).where(EventSeal.number == seal[first].number).values(event_id=9999))
        connection.execute(update(EventSeal).where(EventSeal.number == seal[second].number).values(event_id=first))
        connection.execute(update(EventSeal).where(EventSeal.number == seal[first].number).values(event_id=second))
    assert {kind for kind, _event in found()} == {"seal", "altered"}


def test_a_chain_that_was_made_anew_does_not_lead_through_the_heads_that_were_kept(recorded):
    kept = chain.head(db.session)
    assert chain.compare(db.session, kept.count, kept.hash) is None and chain.compare(db.session, 0, chain.NOTHING) is None
    with around_the_triggers() as connection:
        connection.execute(update(Event).where(Event.id == recorded[0]).values(note="A better story."))
        connection.execute(delete(EventSeal))
    db.session.rollback()
    chain.seal(db.session, recorded)
    db.session.commit()
    assert found() == [], "consistent in itself"
    assert chain.compare(db.session, kept.count, kept.hash).kind == "head"
    assert chain.compare(db.session, 10_000, kept.hash).kind == "head"


def test_what_is_rolled_back_leaves_no_seal_and_no_gap(make, recorded):
    need = make.need()
    audit.record("need.changed", need, SYSTEM, note="never")
    db.session.rollback()
    with pytest.raises(ValueError, match="inside"), db.session.begin_nested():
        audit.record("need.changed", need, SYSTEM, note="not this one")
        raise ValueError("inside")
    audit.record("need.changed", need, SYSTEM, note="this one")
    db.session.commit()
    notes = set(db.session.scalars(select(Event.note)))
    assert "this one" in notes and not notes & {"never", "not this one"} and found() == []


def test_a_session_apart_seals_too(make):
    need = make.need()
    with db.apart(write=True) as own:
        own.add(Event(tag="need.changed", subject_kind="need", subject_id=need.id, note="apart"))
    number = db.session.scalar(select(Event.id).where(Event.note == "apart"))
    assert found() == [] and chain.verify(db.session).head.event_id == number


def test_many_at_once_continue_one_chain(app, make):
    need = make.need()
    number, gate = need.id, Barrier(6)
    db.session.rollback()

    def write(mark: int) -> None:
        gate.wait(20)
        with app.app_context():
            for turn in range(4):
                with db.apart(write=True) as own:
                    own.add(Event(tag="need.changed", subject_kind="need", subject_id=number, note=f"{mark}-{turn}"))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    assert found() == []
    assert len({note for note in db.session.scalars(select(Event.note)) if "-" in note and note[0].isdigit()}) == 24


def test_the_demonstration_goes_and_the_chain_still_holds(app, make):
    before = make.need().ref
    demo.add()
    db.session.commit()
    sealed = chain.verify(db.session)
    assert sealed.is_well and sealed.removed_demo == 0
    demo.remove()
    db.session.commit()
    db.session.expunge_all()
    after = chain.verify(db.session)
    assert after.is_well and after.removed_demo > 50 and after.events == sealed.events
    assert make.need().ref > before
    with around_the_triggers() as connection:  # whoever says that a real event was of the demonstration
        victim = connection.scalar(select(Event.id).where(Event.is_demo.is_(False)).limit(1))
        connection.execute(update(EventSeal).where(EventSeal.event_id == victim).values(is_demo=True))
        connection.execute(delete(EventLink).where(EventLink.event_id == victim))
        connection.execute(delete(Event).where(Event.id == victim))
    assert ("seal", victim) in found()


def test_a_record_with_the_number_of_a_deleted_one_has_a_timeline_of_its_own(make, sign_in):
    from partnerships.conferences import service

    isu = make.actor(Role.ISU_OFFICER)
    conference = make.conference()
    number = conference.id
    service.delete(conference, isu)
    db.session.commit()
    assert db.session.scalars(select(Burial)).one().record_id == number
    later = make.conference()
    tags = [event.tag for event in audit.timeline(isu, later)]
    assert "conference.deleted" not in tags and found() == []


def test_the_record_names_the_party_and_the_person_is_looked_up(make, sign_in, visitor):
    need = make.need("KHM")
    event = db.session.scalars(select(Event).where(Event.tag == "need.submitted")).one()
    assert event.actor_label == "Cambodia" and event.account_id
    person = db.session.scalar(select(audit.Event.account_id).where(Event.id == event.id))
    assert person and "Cambodia" in visitor.get(f"/needs/{need.ref}").get_data(as_text=True)


def test_an_event_that_is_put_in_before_the_first_seal_is_found(recorded):
    with current_engine().execution_options(write=True).begin() as connection:
        row = connection.execute(select(Event.__table__).where(Event.id == recorded[0])).mappings().one()
        connection.execute(insert(Event.__table__).values(**{**row, "id": 5000}))
        connection.execute(insert(EventSeal).values(number=-5, event_id=5000, content="x", hash="x", is_demo=False,
                                                    is_reading=False))
    assert found()


def test_sqlites_replace_rewrites_no_seal(recorded, engine_name):
    again = text("INSERT OR REPLACE INTO event_seal (number, event_id, content, hash, is_demo, is_reading) "
                 "SELECT number, event_id, content, hash, 1, is_reading FROM event_seal")
    if engine_name == "sqlite":
        with pytest.raises(DatabaseError), current_engine().execution_options(write=True).begin() as connection:
            connection.execute(again)
    assert found() == []
