"""The live log of a pledging conference: one line a pledge, understood as typed, taken back on the record."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from partnerships.conferences import service
from partnerships.conferences.models import Attendance, Conference
from partnerships.conferences.states import Category, ConferenceStatus
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.db import current_engine, db
from partnerships.needs.states import NeedStatus
from partnerships.pledges import queries as pledges
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import PledgeKind, PledgeObject, PledgeStatus


@pytest.fixture
def conference(make) -> Conference:
    """An open conference."""
    found = make.conference()
    service.move(found, "opened", SYSTEM)
    db.session.commit()
    return found


@pytest.fixture
def isu(sign_in):
    return sign_in(Role.ISU_OFFICER)


def logged() -> list[Pledge]:
    return list(db.session.scalars(select(Pledge).where(Pledge.from_floor)))


def row(client, conference, **values):
    return {**client.fields(f"/conferences/{conference.ref}/desk", place=1), **values}


def test_a_line_becomes_a_pledge_and_the_desk_comes_back_fresh(isu, conference, visitor):
    url = f"/conferences/{conference.ref}/desk"
    answer = isu.post(url, data=row(isu, conference, donor="germ", amount="80k", currency="EUR", approximate="y",
                                    condition="subject to parliament"))
    assert answer.status_code == 303
    assert answer.headers["Location"] == url
    [pledge] = logged()
    assert (pledge.donor.ref, pledge.amount, pledge.currency) == ("DEU", Decimal(80000), "EUR")
    assert (pledge.status, pledge.approximate, pledge.object) == (
        PledgeStatus.ANNOUNCED, True, PledgeObject.ISU_WORK_PLAN)
    assert (pledge.conference_id, pledge.announced_on) == (conference.id, date.today())
    page = isu.get(url).get_data(as_text=True)
    assert f"Logged {pledge.ref}: Germany" in page
    assert 'value="germ"' not in page
    outcome = visitor.get(f"/conferences/{conference.ref}").get_data(as_text=True)
    assert pledge.ref in outcome
    assert "subject to parliament" in outcome
    assert "from the floor" in outcome


def test_the_next_line_keeps_object_and_currency_of_the_last(isu, conference):
    isu.post(f"/conferences/{conference.ref}/desk",
             data=row(isu, conference, donor="SWE", amount="1", currency="SEK", object="sponsorship"))
    fresh = row(isu, conference)
    assert (fresh["currency"], fresh["object"], fresh["donor"], fresh["amount"]) == ("SEK", "sponsorship", "", "")


@pytest.mark.parametrize(("typed", "amount"), [("2.1m", "2100000"), ("295 000", "295000"), ("1.5 million", "1500000"),
                                               ("79,706", "79706")])
def test_amounts_as_people_say_them(isu, conference, typed, amount):
    isu.post(f"/conferences/{conference.ref}/desk", data=row(isu, conference, donor="Norway", amount=typed))
    [pledge] = logged()
    assert pledge.amount == Decimal(amount)


@pytest.mark.parametrize(("values", "words"), [
    ({"donor": ""}, "Name the donor"),
    ({"donor": "Atlantis"}, "No State or organisation is called"),
    ({"donor": "united"}, "type a little more"),
    ({"amount": "lots"}, "in figures"),
    ({"amount": "90.000"}, "may mean"), ({"years": "2029-2027"}, "in order"), ({"years": "soon"}, "Write a year"),
    ({"amount": "-5"}, "cannot be negative"),
    ({"amount": "0"}, "more than zero"),
    ({"amount": ""}, "needs its amount"),
    ({"amount": "10.5", "currency": "JPY"}, "fewer decimals"),
    ({"kind": "political", "amount": "10"}, "A political pledge has no amount"),
    ({"object": "need", "target": "KHM-1999-999"}, "reference of a published need"),
    ({"object": "programme", "target": ""}, "Name the State whose programme"),
    ({"object": "programme", "target": "UNDP"}, "Name the State whose programme"),
    ({"target": "Cambodia"}, "to name one"),
    ({"object": "programme", "target": "norway"}, "cannot pledge to itself"),
    ({"currency": "XXX"}, "Choose one of the list"),
])
def test_what_cannot_be_understood_is_said_and_kept(isu, conference, values, words):
    data = row(isu, conference, **{"donor": "Norway", "amount": "100", "statement": "Said at eleven", **values})
    answer = isu.post(f"/conferences/{conference.ref}/desk", data=data)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert words in page
    assert "Said at eleven" in page
    assert not logged()


def test_a_pledge_to_a_need_and_to_a_programme_names_the_state(isu, conference, make):
    need, draft = make.need("KHM"), make.need("AGO", NeedStatus.SUBMITTED)
    url = f"/conferences/{conference.ref}/desk"
    unpublished = row(isu, conference, donor="NOR", amount="1k", object="need", target=draft.ref)
    assert isu.post(url, data=unpublished).status_code == 422
    isu.post(url, data=row(isu, conference, donor="NOR", amount="1k", object="need", target=need.ref.lower()))
    isu.post(url, data=row(isu, conference, donor="CHE", object="programme", target="Angola", kind="in-kind"))
    first, second = sorted(logged(), key=lambda pledge: pledge.id)
    assert (first.need_id, first.recipient.ref) == (need.id, "KHM")
    assert (second.recipient.ref, second.kind) == ("AGO", PledgeKind.IN_KIND)


def test_the_same_form_sent_twice_logs_once(isu, conference):
    data = row(isu, conference, donor="Norway", amount="5")
    for _click in range(2):
        assert isu.post(f"/conferences/{conference.ref}/desk", data=data).status_code == 303
    assert len(logged()) == 1


def test_nothing_is_logged_unless_the_conference_is_open(isu, make):
    planned = make.conference()
    assert "Open it to log" in isu.get(f"/conferences/{planned.ref}/desk").get_data(as_text=True)
    assert isu.post(f"/conferences/{planned.ref}/desk", data={"donor": "Norway"}).status_code == 422
    assert not logged()


def test_undo_strikes_for_all_but_the_isu_and_leaves_the_tally(isu, conference, make, visitor, sign_in):
    isu.post(f"/conferences/{conference.ref}/desk", data=row(isu, conference, donor="Norway", amount="7654321"))
    [pledge] = logged()
    url = f"/conferences/{conference.ref}/undo/{pledge.ref}"
    assert isu.post(url).status_code == 303
    db.session.expire_all()
    assert logged()[0].status is PledgeStatus.STRUCK
    page = isu.get(f"/conferences/{conference.ref}/desk").get_data(as_text=True)
    assert "Struck: logged in error" in page and "7.7" not in page
    assert "0</span> pledges" in page and "withdrawn" not in page
    assert "Logged in error." in isu.get(f"/pledges/{pledge.ref}").get_data(as_text=True)
    for other in (visitor, sign_in(Role.DONOR_OFFICER, "NOR")):  # nobody else reads that Norway ever said it
        assert other.get(f"/pledges/{pledge.ref}").status_code == 404
        for path in (f"/conferences/{conference.ref}", "/pledges/", "/parties/NOR", f"/conferences/{conference.ref}/tally"):
            assert pledge.ref not in other.get(path).get_data(as_text=True), path
    assert isu.post(url).status_code == 303
    elsewhere = make.pledge()
    assert isu.post(f"/conferences/{conference.ref}/undo/{elsewhere.ref}").status_code == 404
    assert isu.post(f"/conferences/{conference.ref}/restore/{pledge.ref}").status_code == 303
    db.session.expire_all()
    assert logged()[0].status is PledgeStatus.ANNOUNCED and pledge.ref in visitor.get("/pledges/").get_data(as_text=True)


def test_undo_leaves_a_pledge_that_moved_on(isu, conference):
    from partnerships.pledges import service as pledging

    isu.post(f"/conferences/{conference.ref}/desk", data=row(isu, conference, donor="Norway", amount="5"))
    [pledge] = logged()
    pledging.move(pledge, "confirmed", SYSTEM, on=date.today())
    db.session.commit()
    assert isu.post(f"/conferences/{conference.ref}/undo/{pledge.ref}").status_code == 422
    db.session.expire_all()
    assert logged()[0].status is PledgeStatus.CONFIRMED


def test_stages_and_currencies_stay_apart_in_the_tally(isu, conference):
    url = f"/conferences/{conference.ref}/desk"
    for donor, amount, currency in (("Norway", "1.2m", "NOK"), ("Sweden", "2.3m", "NOK"), ("Japan", "4.1m", "JPY")):
        isu.post(url, data=row(isu, conference, donor=donor, amount=amount, currency=currency))
    page = isu.get(f"/conferences/{conference.ref}").get_data(as_text=True)
    assert "3.5 million" in page
    assert "4.1 million" in page
    assert "7.6 million" not in page
    assert "3 donors" in page


def test_delegations_get_the_category_of_the_day(isu, conference, visitor):
    url = f"/conferences/{conference.ref}/attendance"
    for typed in ("Norway", "USA", "UNDP", "HALO"):
        assert isu.post(url, data={"delegation": typed, "head": "The ambassador"}).status_code == 303
    found = {one.party.ref: one.category for one in db.session.scalars(
        select(Attendance).where(Attendance.conference_id == conference.id))}
    assert found == {"NOR": Category.STATE_PARTY, "USA": Category.STATE_NOT_PARTY,
                     "UNDP": Category.INTERNATIONAL_ORGANISATION, "HALO": Category.NGO}
    page = visitor.get(f"/conferences/{conference.ref}").get_data(as_text=True)
    assert "Norway</a> (The ambassador)" in page
    assert "Delegation recorded at" in page


def test_membership_is_dates_so_the_category_follows_the_conference_day(make):
    early = make.conference(first_day=date(1998, 1, 5), last_day=date(1998, 1, 5))
    assert service.category_of(make.party("NOR"), date(1998, 1, 5)) is Category.STATE_NOT_PARTY
    assert service.attend(early, make.party("NOR"), SYSTEM, head="", note="").category is Category.STATE_NOT_PARTY


def test_a_delegation_is_recorded_once_and_can_be_removed(isu, conference):
    url = f"/conferences/{conference.ref}/attendance"
    isu.post(url, data={"delegation": "Norway"})
    isu.post(url, data={"delegation": "NOR", "head": "Head of delegation named"})
    query = select(Attendance).where(Attendance.conference_id == conference.id)
    [found] = db.session.scalars(query)
    assert found.head == "Head of delegation named"
    number = found.id
    assert isu.post(f"{url}/{number}/remove").status_code == 303
    assert db.session.scalar(select(func.count()).select_from(query.subquery())) == 0
    assert isu.post(f"{url}/{number}/remove").status_code == 404
    assert "Delegation taken off" in isu.get(f"/conferences/{conference.ref}").get_data(as_text=True)


def test_attendance_says_what_it_cannot_understand(isu, conference):
    answer = isu.post(f"/conferences/{conference.ref}/attendance", data={"delegation": "Atlantis", "head": "N."})
    assert answer.status_code == 422
    assert "No State or organisation is called" in answer.get_data(as_text=True)


def test_attendance_rests_once_the_outcome_is_published(isu, conference):
    isu.post(f"/conferences/{conference.ref}/attendance", data={"delegation": "Norway"})
    found = db.session.scalars(select(Conference).where(Conference.id == conference.id)).one()
    found.outcome = "What came of it."
    service.move(found, "closed", SYSTEM)
    service.move(found, "published", SYSTEM)
    db.session.commit()
    assert found.status is ConferenceStatus.PUBLISHED
    number = found.attendance[0].id
    assert isu.post(f"/conferences/{conference.ref}/attendance", data={"delegation": "Sweden"}).status_code == 422
    assert isu.post(f"/conferences/{conference.ref}/attendance/{number}/remove").status_code == 422
    db.session.expire_all()
    assert [one.party.ref for one in found.attendance] == ["NOR"]


def test_a_donor_of_the_log_is_offered_for_the_list(isu, conference):
    isu.post(f"/conferences/{conference.ref}/desk", data=row(isu, conference, donor="Norway", amount="5"))
    page = isu.get(f"/conferences/{conference.ref}/desk").get_data(as_text=True)
    assert "1 donor of the log is not on the attendance list" in page
    assert "Add Norway" in isu.get(f"/conferences/{conference.ref}/attendance").get_data(as_text=True)
    isu.post(f"/conferences/{conference.ref}/attendance", data={"delegation": "NOR"})
    assert "Add Norway" not in isu.get(f"/conferences/{conference.ref}/attendance").get_data(as_text=True)


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER,
                                  Role.COMMITTEE_MEMBER])
def test_only_the_isu_runs_the_desk(sign_in, conference, role):
    client, base = sign_in(role), f"/conferences/{conference.ref}"
    assert client.get(f"{base}/desk").status_code == 403
    for path in ("desk", "undo/PL-2026-0001", "restore/PL-2026-0001", "correct/PL-2026-0001", "attendance",
                 "attendance/1/arrive", "attendance/1/speak", "attendance/1/remove", "speakers", "move/closed", "edit"):
        assert client.post(f"{base}/{path}", data={"donor": "Norway", "delegation": "Norway"}).status_code == 403
    assert not logged()


def test_a_visitor_is_asked_to_sign_in(visitor, conference):
    answer = visitor.get(f"/conferences/{conference.ref}/desk")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/accounts/sign-in")


def test_an_entry_saved_while_the_desk_is_read_is_fetched_again(isu, conference, make, monkeypatch):
    make.pledge("SWE", conference=conference)
    read = pledges.of_conference

    def read_as_somebody_else_saves(actor, number):
        found = read(actor, number)
        with current_engine().begin() as another:
            another.execute(update(Pledge.__table__).values(version=Pledge.version + 1))
        return found

    url = f"/conferences/{conference.ref}/desk"
    monkeypatch.setattr(pledges, "of_conference", read_as_somebody_else_saves)
    [seen] = re.findall(r'data-mark="([^"]+)"', isu.get(url).get_data(as_text=True))
    monkeypatch.undo()
    assert isu.get(f"/conferences/{conference.ref}/entries?seen={seen}").status_code == 200
    [seen] = re.findall(r'data-mark="([^"]+)"', isu.get(url).get_data(as_text=True))
    assert isu.get(f"/conferences/{conference.ref}/entries?seen={seen}").status_code == 204
