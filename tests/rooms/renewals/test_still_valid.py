"""It still stands: one click from the letter or the page, by whoever may, and by nobody else."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import func, select

from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.needs.models import Need, NeedVersion
from partnerships.needs.states import Origin
from partnerships.offers.models import Offer
from partnerships.renewals import service
from tests.rooms.renewals.conftest import link

NEXT = "2027-12-31"


@pytest.fixture
def asked(make, on, run, letters):
    """A need two weeks from its date on 17 December 2026, its focal point, and the link of the letter."""
    on("2026-05-01")
    person = make.account(Role.FOCAL_POINT, "KHM")
    need = make.need("KHM", valid_until=date(2026, 12, 31), title="Clear the last fields of Pailin")
    on("2026-12-17")
    run()
    return need, person, link(letters(person)[0])


def path_and_token(url: str) -> tuple[str, str]:
    path, _mark, token = url.partition("?token=")
    return path, token


def stands(record) -> date:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(type(record), record.id).valid_until


def events(tag: str) -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.tag == tag).order_by(Event.id)))


def test_the_link_asks_and_changes_nothing(asked, visitor):
    need, person, url = asked
    answer = visitor.get(url)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert need.title in text and "17 December 2026" in text and person.name in text
    assert "It still stands until 31 December 2027" in text
    assert "no-store" in answer.headers["Cache-Control"] and answer.headers["X-Robots-Tag"] == "noindex"
    assert stands(need) == date(2026, 12, 31) and events("need.confirmed") == []


def test_one_click_signed_out(asked, visitor):
    need, person, url = asked
    path, _token = path_and_token(url)
    answer = visitor.post(path, data=visitor.fields(url))
    assert answer.status_code == 303 and answer.headers["Location"] == f"/needs/{need.ref}"
    assert stands(need) == date(2027, 12, 31)
    event, = events("need.confirmed")
    assert event.account_id == person.id and event.actor_label == "Cambodia"
    assert event.changes == {"valid_until": ["2026-12-31", NEXT]}
    version = db.session.scalars(select(NeedVersion).where(NeedVersion.need_id == need.id).order_by(
        NeedVersion.number.desc())).first()
    assert version.small and version.content["valid_until"] == NEXT
    page = visitor.get(f"/needs/{need.ref}").get_data(as_text=True)
    assert "stands until 31 December 2027 and takes part in matching" in page
    assert "confirmed: it still stands" in page


def test_a_used_link_is_dead(asked, visitor):
    _need, _person, url = asked
    path, _token = path_and_token(url)
    visitor.post(path, data=visitor.fields(url))
    again = visitor.get(url)
    assert again.status_code == 303 and again.headers["Location"].startswith("/accounts/sign-in?next=")
    assert "token" not in again.headers["Location"]
    assert "already used or is too old" in visitor.get("/accounts/sign-in").get_data(as_text=True)
    assert visitor.post(path, data={"token": path_and_token(url)[1], "until": NEXT}).headers["Location"].startswith(
        "/accounts/sign-in")
    assert len(events("need.confirmed")) == 1


def test_a_link_lives_thirty_days(asked, visitor, on):
    _need, _person, url = asked
    on("2027-01-16")
    assert visitor.get(url).status_code == 200
    on("2027-01-17")
    assert visitor.get(url).status_code == 303


def test_a_link_that_was_tampered_with_opens_nothing(asked, visitor):
    need, _person, url = asked
    path, token = path_and_token(url)
    for spoilt in (token[:-2] + ("AA" if token[-2:] != "AA" else "BB"), "x" + token, "", token * 9, "\0", "%ED%A0%80",
                   token.split(".")[0]):
        assert visitor.get(f"{path}?token={spoilt}").status_code == 303, spoilt
        answer = visitor.post(path, data={"token": spoilt, "until": NEXT})
        assert answer.headers["Location"].startswith("/accounts/sign-in"), spoilt
    assert stands(need) == date(2026, 12, 31)


def test_a_signed_word_of_another_purpose_opens_nothing(app, asked, visitor):
    from itsdangerous import URLSafeTimedSerializer

    need, person, url = asked
    path, _token = path_and_token(url)
    for salt, said in (("another", [person.id, "need", need.id, "2026-12-31"]), ("renewals.still-valid", {"a": 1}),
                       ("renewals.still-valid", ["1"] * 4), ("renewals.still-valid", [person.id, "offer", need.id, "2026-12-31"])):
        word = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt=salt).dumps(said)
        assert visitor.get(f"{path}?token={word}").status_code == 303


def test_a_link_opens_its_own_record_only(asked, visitor, make):
    _need, _person, url = asked
    other = make.need("KHM", valid_until=date(2026, 12, 31))
    token = path_and_token(url)[1]
    assert visitor.get(f"/renewals/need/{other.ref}?token={token}").status_code == 303
    assert visitor.get(f"/renewals/offer/{other.ref}?token={token}").status_code == 303


def test_the_link_of_a_replaced_focal_point_is_dead(asked, visitor):
    need, person, url = asked
    fields = visitor.fields(url)
    person.active = False
    db.session.add(person)
    db.session.commit()
    assert visitor.get(url).status_code == 303
    assert visitor.post(path_and_token(url)[0], data=fields).headers["Location"].startswith("/accounts/sign-in")
    assert stands(need) == date(2026, 12, 31)


def test_a_link_dies_when_the_record_may_no_longer_be_renewed(asked, visitor):
    number, url = asked[0].id, asked[2]
    for column, value, usual in (("origin", Origin.RECORDED, Origin.POSTED), ("status", "met", "published")):
        for held, status in ((value, 303), (usual, 200)):
            setattr(db.session.get_one(Need, number), column, held)
            db.session.commit()
            assert visitor.get(url).status_code == status, (column, held)


def test_a_restricted_need_leads_to_the_first_page(asked, visitor):
    need, _person, url = asked
    need = db.session.get_one(Need, need.id)
    need.visibility = Visibility.PARTIES
    db.session.commit()
    answer = visitor.post(path_and_token(url)[0], data=visitor.fields(url))
    assert answer.headers["Location"] == "/"
    assert stands(need) == date(2027, 12, 31)


def test_another_date(asked, visitor):
    need, _person, url = asked
    path, token = path_and_token(url)
    for until, words in (("2026-12-17", "This date has passed"), ("2029-12-31", "Three years at most"), ("", "Say until when"),
                         ("soon", "year-month-day"), ("2026-12-20", "It already stands until 31 December 2026")):
        answer = visitor.post(path, data={"token": token, "until": until})
        assert answer.status_code == 422 and words in answer.get_data(as_text=True), until
    assert stands(need) == date(2026, 12, 31)
    assert visitor.post(path, data={"token": token, "until": "2028-06-30"}).status_code == 303
    assert stands(need) == date(2028, 6, 30)


def test_the_page_has_the_button_for_its_own_people(make, on, sign_in, visitor):
    on("2026-05-01")
    need = make.need("KHM", valid_until=date(2026, 12, 31))
    client = sign_in(Role.FOCAL_POINT, "KHM")
    assert "still-valid" not in client.get(f"/needs/{need.ref}").get_data(as_text=True)
    on("2026-11-15")
    client = sign_in(Role.FOCAL_POINT, "KHM")
    own = client.get(f"/needs/{need.ref}").get_data(as_text=True)
    assert "It still stands until 31 December 2027" in own and "46 days left" in own
    for other in (visitor, sign_in(Role.FOCAL_POINT, "AGO"), sign_in(Role.ISU_OFFICER)):
        assert "still-valid" not in other.get(f"/needs/{need.ref}").get_data(as_text=True)
    answer = client.post(f"/renewals/need/{need.ref}", data={"until": NEXT})
    assert answer.status_code == 303
    assert stands(need) == date(2027, 12, 31)


def test_after_its_date_a_need_leaves_matching_and_comes_back_at_once(make, on, sign_in, visitor):
    on("2026-05-01")
    need = make.need("KHM", valid_until=date(2026, 12, 31))
    on("2027-01-01")
    assert need.ref not in visitor.get("/needs/").get_data(as_text=True)
    page = visitor.get(f"/needs/{need.ref}").get_data(as_text=True)
    assert "passed its valid-until date on 31 December 2026" in page and "no partners are suggested" in page
    donor = sign_in(Role.DONOR_OFFICER, "NOR")
    assert need.ref not in donor.get("/suggestions/").get_data(as_text=True)
    client = sign_in(Role.FOCAL_POINT, "KHM")
    assert client.post(f"/renewals/need/{need.ref}", data={"until": "2028-12-31"}).status_code == 303
    assert need.ref in visitor.get("/needs/").get_data(as_text=True)
    assert need.ref in donor.get("/suggestions/").get_data(as_text=True)
    assert "passed its valid-until" not in visitor.get(f"/needs/{need.ref}").get_data(as_text=True)


def test_after_its_date_an_offer_leaves_matching_and_comes_back_at_once(make, on, sign_in, visitor):
    on("2026-05-01")
    offer = make.offer("NOR", valid_until=date(2026, 12, 31), title="Machines for flat land")
    need = make.need("KHM", valid_until=date(2028, 12, 31))
    on("2027-01-01")
    assert offer.ref not in visitor.get("/offers/").get_data(as_text=True)
    assert "passed its valid-until date" in visitor.get(f"/offers/{offer.ref}").get_data(as_text=True)
    assert offer.title not in visitor.get(f"/needs/{need.ref}").get_data(as_text=True)
    client = sign_in(Role.DONOR_OFFICER, "NOR")
    assert "It still stands until 31 December 2028" in client.get(f"/offers/{offer.ref}").get_data(as_text=True)
    assert client.post(f"/renewals/offer/{offer.ref}", data={"until": "2028-12-31"}).status_code == 303
    assert stands(offer) == date(2028, 12, 31) and len(events("offer.renewed")) == 1
    assert db.session.get_one(Offer, offer.id).confirmed_at.date() == date(2027, 1, 1)
    assert offer.ref in visitor.get("/offers/").get_data(as_text=True)
    assert offer.title in visitor.get(f"/needs/{need.ref}").get_data(as_text=True)


def test_nobody_else_may_say_it(make, on, sign_in):
    on("2026-05-01")
    need = make.need("KHM", valid_until=date(2026, 6, 10))
    hidden = make.need("KHM", valid_until=date(2026, 6, 10), visibility=Visibility.PARTIES)
    for role, party, status in ((Role.FOCAL_POINT, "AGO", 404), (Role.DONOR_OFFICER, "KHM", 404), (Role.ISU_OFFICER, "ISU", 403),
                                (Role.ISU_ADMINISTRATOR, "ISU", 403), (Role.COMMITTEE_MEMBER, "CHE", 404)):
        client = sign_in(role, party)
        assert client.post(f"/renewals/need/{need.ref}", data={"until": NEXT}).status_code == 403, role
        assert client.get(f"/renewals/need/{need.ref}").status_code == 403, role
        assert client.post(f"/renewals/need/{hidden.ref}", data={"until": NEXT}).status_code == status, role
    assert stands(need) == stands(hidden) == date(2026, 6, 10)


def test_a_link_helps_nobody_who_is_signed_in_as_another(asked, sign_in):
    need, _person, url = asked
    client = sign_in(Role.ISU_OFFICER)
    assert client.get(url).status_code == 403
    assert client.post(path_and_token(url)[0], data={"token": path_and_token(url)[1], "until": NEXT}).status_code == 403
    assert stands(need) == date(2026, 12, 31)


def test_what_is_not_there(sign_in):
    client = sign_in(Role.FOCAL_POINT)
    for path in ("/renewals/pledge/X", "/renewals/need/NONE-1", "/renewals/x/y"):
        assert client.get(path).status_code == 404
        assert client.post(path, data={"until": NEXT}).status_code == 404


def test_signed_out_nothing_tells_a_hidden_record_from_none(make, visitor):
    hidden = make.need("KHM", visibility=Visibility.PARTIES)
    there, none = (visitor.get(f"/renewals/need/{ref}") for ref in (hidden.ref, "KHM-2026-999"))
    assert there.status_code == none.status_code == 303


def test_a_second_click_changes_nothing(asked, sign_in):
    need, person, _url = asked
    client = sign_in(person)
    for words in ("takes part in matching", "This was already done"):
        client.post(f"/renewals/need/{need.ref}", data={"until": NEXT})
        assert words in client.get(f"/needs/{need.ref}").get_data(as_text=True)
    assert len(events("need.confirmed")) == 1


def test_two_clicks_at_once_are_one(app, asked):
    need, person, _url = asked
    actor, number = service.actor_of(person), need.id
    db.session.rollback()
    gate, done = threading.Barrier(2, timeout=20), []

    def click() -> None:
        with app.app_context():
            gate.wait()
            done.append(service.confirm(db.session.get_one(Need, number), actor, date(2027, 12, 31)))
            db.session.commit()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(done) == [False, True]
    assert len(events("need.confirmed")) == 1
    assert db.session.scalar(select(func.count()).select_from(NeedVersion).where(NeedVersion.need_id == number)) == 2


def test_saying_it_again_without_a_new_date_keeps_no_version(make, on):
    on("2026-05-01")
    need = make.need("KHM", valid_until=date(2027, 12, 31))
    actor = make.actor(Role.FOCAL_POINT, "KHM")
    on("2026-06-01")
    assert service.confirm(need, actor, date(2027, 12, 31))
    db.session.commit()
    assert events("need.confirmed")[0].changes == {}
    assert db.session.scalar(select(func.count()).select_from(NeedVersion).where(NeedVersion.need_id == need.id)) == 1


def test_a_change_under_way_does_not_bring_the_old_date_back(make, on):
    from partnerships.amendments import service as amendments
    from partnerships.amendments.models import Amendment

    on("2026-05-01")
    actor = make.actor(Role.FOCAL_POINT, "KHM")
    for written, kept in (("2026-12-31", NEXT), (None, NEXT), ("2028-06-30", "2028-06-30")):
        on("2026-05-01")
        need = make.need("KHM", valid_until=date(2026, 12, 31))
        amendments.working(actor, need).keep(actor, {"title": "A better title", "valid_until": written})
        db.session.commit()
        on("2026-12-01")
        service.confirm(need, actor, date(2027, 12, 31))
        db.session.commit()
        change = db.session.scalars(select(Amendment).where(Amendment.need_id == need.id)).one()
        assert change.content["valid_until"] == kept and change.content["title"] == "A better title"
        assert change.status == "draft" and stands(need) == date(2027, 12, 31)
