"""One click from the letter: still on course, confirmed, or the rest is paid; once, by its own reader, and nothing else."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal

import pytest
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from partnerships.accounts.session import actor_of
from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.pledges import payments, reminders, service, tokens
from partnerships.pledges.models import Pledge, PledgeStep
from partnerships.pledges.states import PledgeKind, PledgeStatus, StepKind
from tests.rooms.pledges.conftest import again, link


@pytest.fixture
def person(make, on):
    """An officer of Norway, since 10 January 2026."""
    on("2026-01-10")
    return make.account(Role.DONOR_OFFICER, "NOR")


@pytest.fixture
def asked(make, person, on, run, letters):
    """A pledge half a year old on 10 July 2026, its officer, and the link of the letter."""
    pledge = make.pledge("NOR", expected_on=date(2026, 12, 1))
    on("2026-07-10")
    run()
    return pledge, person, link(letters(person)[0])


def agree(pledge, actor, paid: int = 0) -> None:
    service.move(pledge, "agreed", actor, on=date.today())
    if paid:
        payments.pay(pledge, actor, amount=Decimal(paid), paid_on=date.today())
    db.session.commit()


def path_and_token(url: str) -> tuple[str, str]:
    path, _mark, token = url.partition("?token=")
    return path, token


def send(client, url: str, act: str, **more: str):
    path, token = path_and_token(url)
    return client.post(path, data={"token": token, "act": act, **more})


def kinds(pledge) -> list[StepKind]:
    return [step.kind for step in again(pledge).steps]


def test_the_link_asks_and_changes_nothing(asked, visitor):
    pledge, person, url = asked
    before = again(pledge).version
    answer = visitor.get(url)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200 and person.name in text and "1 December 2026" in text
    assert "Still on course</button>" in text and "Confirmed in writing</button>" in text and "The rest is paid" not in text
    assert "no-store" in answer.headers["Cache-Control"] and answer.headers["X-Robots-Tag"] == "noindex"
    assert visitor.get(url).status_code == 200, "asked again, it asks again"
    assert again(pledge).version == before and kinds(pledge) == [StepKind.ANNOUNCED]


def test_still_on_course_in_one_click_signed_out(asked, visitor):
    pledge, person, url = asked
    answer = visitor.post(path_and_token(url)[0], data={**visitor.fields(url)})
    assert answer.status_code == 303 and answer.headers["Location"] == f"/pledges/{pledge.ref}"
    now = again(pledge)
    assert (now.heard_on, now.expected_on, now.status) == (date(2026, 7, 10), date(2026, 12, 1), PledgeStatus.ANNOUNCED)
    assert kinds(pledge) == [StepKind.ANNOUNCED, StepKind.ON_COURSE]
    event, = db.session.scalars(select(Event).where(Event.tag == "pledge.on-course"))
    assert (event.account_id, event.actor_label) == (person.id, "Norway")
    page = visitor.get(f"/pledges/{pledge.ref}").get_data(as_text=True)
    assert f"Thank you: {pledge.ref} is still on course." in page and "Still on course, says the donor" in page


def test_with_another_day(asked, visitor):
    pledge, _person, url = asked
    for day, words in (("2026-07-09", "This day has passed"), ("soon", "year-month-day"), ("3026-01-01", "Use a year between")):
        answer = send(visitor, url, "on-course", expected_on=day)
        assert answer.status_code == 422 and words in answer.get_data(as_text=True), day
    assert "soon" in send(visitor, url, "on-course", expected_on="soon").get_data(as_text=True), "what was typed is kept"
    assert kinds(pledge) == [StepKind.ANNOUNCED]
    assert send(visitor, url, "on-course", expected_on="2027-02-01").status_code == 303
    assert again(pledge).expected_on == date(2027, 2, 1)


def test_confirmed_in_writing(asked, visitor):
    pledge, _person, url = asked
    assert send(visitor, url, "confirmed").status_code == 303
    now = again(pledge)
    assert (now.status, now.confirmed_on, now.expected_on) == (PledgeStatus.CONFIRMED, date(2026, 7, 10), date(2026, 12, 1))
    assert send(visitor, url, "confirmed").headers["Location"].startswith("/accounts/sign-in")


def test_the_rest_is_paid_only_once_the_agreement_is_signed(make, person, on, run, letters, visitor):
    pledge = make.pledge("NOR", amount=Decimal(1000))
    agree(pledge, actor_of(person), paid=400)
    on("2026-09-10")
    run()
    assert letters(person) == []
    on("2027-01-10")
    run()
    url = link(letters(person)[0])
    text = visitor.get(url).get_data(as_text=True)
    assert "The rest is paid</button>" in text and "600\u00a0USD" in text and "Confirmed in writing</button>" not in text
    for day, words in (("2027-01-11", "in the future"), ("2026-01-09", "before the pledge was announced"),
                       ("", "Say on which day")):
        answer = send(visitor, url, "paid", paid_on=day)
        assert answer.status_code == 422 and words in answer.get_data(as_text=True), day
    assert send(visitor, url, "paid", paid_on="2026-12-20").status_code == 303
    now = again(pledge)
    assert (now.status, now.paid_amount) == (PledgeStatus.PAID, Decimal(1000))
    assert [(step.day, step.amount) for step in now.payments] == [(date(2026, 1, 10), 400), (date(2026, 12, 20), 600)]


@pytest.mark.parametrize("act", ["paid", "lapsed", "withdrawn", "agreed", "", "on-course\x00"])
def test_nothing_else_can_be_said(asked, visitor, act):
    pledge, _person, url = asked
    before = again(pledge).version
    answer = send(visitor, url, act, paid_on="2026-07-10")
    assert answer.status_code == 422 and "Where does this pledge stand?" in answer.get_data(as_text=True)
    assert again(pledge).version == before


def test_a_pledge_in_kind_offers_no_payment(make, person, on, run, letters, visitor):
    pledge = make.pledge("NOR", kind=PledgeKind.IN_KIND, amount=None)
    agree(pledge, actor_of(person))
    on("2027-01-10")
    run()
    url = link(letters(person)[0])
    text = visitor.get(url).get_data(as_text=True)
    assert "In kind" in text and "The rest is paid" not in text
    assert send(visitor, url, "paid", paid_on="2027-01-10").status_code == 422
    assert send(visitor, url, "on-course").status_code == 303


def test_a_used_link_is_dead(asked, visitor):
    pledge, _person, url = asked
    assert send(visitor, url, "on-course").status_code == 303
    again_ = visitor.get(url)
    assert again_.status_code == 303 and again_.headers["Location"].startswith("/accounts/sign-in?next=")
    assert "token" not in again_.headers["Location"]
    assert "already used" in visitor.get("/accounts/sign-in").get_data(as_text=True)
    assert send(visitor, url, "confirmed").headers["Location"].startswith("/accounts/sign-in")
    assert kinds(pledge) == [StepKind.ANNOUNCED, StepKind.ON_COURSE]


def test_a_link_dies_once_the_pledge_has_changed(make, asked, visitor):
    pledge, _person, url = asked
    service.move(again(pledge), "withdrawn", make.actor(Role.DONOR_OFFICER), "Not this year.")
    db.session.commit()
    assert visitor.get(url).status_code == 303
    assert send(visitor, url, "on-course").headers["Location"].startswith("/accounts/sign-in")
    assert again(pledge).status is PledgeStatus.WITHDRAWN


def test_a_link_lives_thirty_days(asked, visitor, on):
    _pledge, _person, url = asked
    on("2026-08-09")
    assert visitor.get(url).status_code == 200
    on("2026-08-10")
    assert visitor.get(url).status_code == 303


def test_a_link_that_was_tampered_with_opens_nothing(app, asked, visitor, make):
    pledge, person, url = asked
    path, token = path_and_token(url)
    number, version, other = pledge.id, again(pledge).version, make.pledge("NOR")

    def word(salt: str, said) -> str:
        return URLSafeTimedSerializer(app.config["SECRET_KEY"], salt=salt).dumps(said)

    for spoilt in (token[:-2] + ("AA" if token[-2:] != "AA" else "BB"), "x" + token, token * 9, "\0", "%ED%A0%80",
                   token.split(".")[0], word("renewals.still-valid", [person.id, number, version]),
                   word(tokens.PURPOSE, {"a": 1}), word(tokens.PURPOSE, ["1"] * 3), word(tokens.PURPOSE, [person.id, number]),
                   word(tokens.PURPOSE, [None, number, version])):
        assert visitor.get(path, query_string={"token": spoilt}).status_code == 303, spoilt
        answer = visitor.post(path, data={"token": spoilt, "act": "on-course"})
        assert answer.headers["Location"].startswith("/accounts/sign-in"), spoilt
    assert visitor.get(f"/pledges/{other.ref}/update?token={token}").status_code == 303
    assert kinds(pledge) == [StepKind.ANNOUNCED]


def test_the_link_of_a_replaced_officer_is_dead(asked, visitor):
    pledge, person, url = asked
    person.active = False
    db.session.add(person)
    db.session.commit()
    assert visitor.get(url).status_code == 303
    assert send(visitor, url, "on-course").headers["Location"].startswith("/accounts/sign-in")
    assert kinds(pledge) == [StepKind.ANNOUNCED]


def test_the_letter_of_a_restricted_pledge_leads_to_the_first_page(make, person, on, run, letters, visitor):
    pledge = make.pledge("NOR", need=make.need("KHM"), visibility=Visibility.PARTIES)
    on("2026-07-10")
    run()
    url = link(letters(person)[0])
    assert visitor.get(url).status_code == 200
    answer = send(visitor, url, "on-course")
    assert answer.headers["Location"] == "/" and StepKind.ON_COURSE in kinds(pledge)


def test_signed_in_no_letter_is_needed(make, asked, sign_in):
    pledge, person, _url = asked
    path = f"/pledges/{pledge.ref}/update"
    client = sign_in(person)
    assert "Still on course</button>" in client.get(path).get_data(as_text=True)
    fields = {**client.fields(path), "act": "on-course"}
    for _click in range(2):
        assert client.post(path, data=fields).headers["Location"] == f"/pledges/{pledge.ref}"
    client.post(path, data={"act": "on-course"})
    assert kinds(pledge) == [StepKind.ANNOUNCED, StepKind.ON_COURSE]
    service.move(again(pledge), "withdrawn", make.actor(Role.DONOR_OFFICER), "Not this year.")
    db.session.commit()
    assert "This pledge is closed" in client.get(path).get_data(as_text=True)
    assert client.post(path, data={"act": "on-course"}).status_code == 422


def test_nobody_else_may_say_it(make, asked, sign_in, visitor):
    pledge, _person, url = asked
    hidden = make.pledge("NOR", need=make.need("KHM"), visibility=Visibility.PARTIES)
    for role, party in ((Role.DONOR_OFFICER, "JPN"), (Role.FOCAL_POINT, "KHM"), (Role.COMMITTEE_MEMBER, "CHE")):
        client = sign_in(role, party)
        for answer in (client.get(url), send(client, url, "on-course")):
            assert answer.status_code == 403, (role, "a letter helps nobody who is signed in as another")
    assert sign_in(Role.DONOR_OFFICER, "JPN").get(f"/pledges/{hidden.ref}/update").status_code == 404
    assert visitor.get(f"/pledges/{pledge.ref}/update").headers["Location"].startswith("/accounts/sign-in")
    assert {visitor.get(f"/pledges/{ref}/update").status_code for ref in (hidden.ref, "PL-1")} == {404}
    assert {visitor.get(f"/pledges/{ref}/update?token=x").status_code for ref in (hidden.ref, "PL-1")} == {303}
    assert kinds(pledge) == [StepKind.ANNOUNCED]


def test_two_clicks_at_once_are_one(app, asked):
    pledge, _person, url = asked
    ref, word, number = pledge.ref, path_and_token(url)[1], pledge.id
    db.session.rollback()
    gate, done = threading.Barrier(2, timeout=20), []

    def click() -> None:
        with app.test_request_context(method="POST"):
            gate.wait()
            known = tokens.bearer(word, ref, lock=True)
            done.append(known is not None and reminders.still_on_course(known[1], known[0]))
            db.session.commit()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(done) == [False, True]
    steps = db.session.scalars(select(PledgeStep).where(PledgeStep.pledge_id == number, PledgeStep.kind == StepKind.ON_COURSE))
    assert len(steps.all()) == 1 and db.session.get_one(Pledge, number).heard_on == date(2026, 7, 10)
