"""Asking for letters, saying yes, leaving: each by the word of a letter, none by opening a page, and nothing told of others."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from partnerships.accounts import limits
from partnerships.core import delivery, jobs
from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db, utcnow
from partnerships.core.mail import Mail
from partnerships.subscriptions import service, words
from partnerships.subscriptions.models import Subscription
from partnerships.subscriptions.states import Rhythm

NEW = "/subscriptions/new?place=needs&query=theme%3Dvictim-assistance%26page%3D2"
READER = "reader@example.org"


def asked(client, address: str = READER, url: str = NEW, **values) -> str:
    """Ask for letters; where the answer leads."""
    answer = client.post("/subscriptions/new", data={**client.fields(url), "address": address, **values})
    assert answer.status_code == 303
    return answer.headers["Location"]


def letters() -> list[Mail]:
    """The letters to people without an account that wait."""
    db.session.expire_all()
    return list(db.session.scalars(select(Mail).where(Mail.account_id.is_(None), Mail.sent_at.is_(None)).order_by(Mail.id)))


def link(letter: Mail, what: str = "confirm") -> str:
    """The path of a letter's link."""
    return re.search(rf"https?://[^/\s]+(/subscriptions/{what}/[^\s?]+)", letter.body).group(1)


def all_of_them() -> list[Subscription]:
    """Every subscription, confirmed or not."""
    db.session.expire_all()
    return list(db.session.scalars(select(Subscription).order_by(Subscription.id)))


def test_a_visitor_asks_confirms_and_leaves(make, visitor):
    page = visitor.get("/needs/?theme=victim-assistance").get_data(as_text=True)
    assert "Get this by e-mail" in page and "/subscriptions/new?place=needs&amp;query=theme%3Dvictim-assistance" in page
    form = visitor.get(NEW).get_data(as_text=True)
    assert "kept for these letters alone" in form and "shown to nobody" in form and "Victim assistance" in form
    assert visitor.get(asked(visitor, " Reader@Example.org ")).status_code == 200
    (letter,) = letters()
    assert letter.address == READER and "Victim assistance" in letter.body and not letter.leave
    (one,) = all_of_them()
    assert (one.query, one.rhythm, one.language, one.confirmed_at) == ("needs?theme=victim-assistance", Rhythm.WEEKLY, "en", None)
    question = visitor.get(link(letter))
    assert question.status_code == 200 and question.headers["Cache-Control"] == "private, no-store"
    assert question.headers["X-Robots-Tag"] == "noindex" and READER not in question.get_data(as_text=True)
    assert all_of_them()[0].confirmed_at is None, "opening the page changes nothing"
    said = visitor.post(link(letter), data=visitor.fields(link(letter)))
    assert said.status_code == 200 and "You will be written to" in said.get_data(as_text=True)
    assert said.headers["Cache-Control"] == "private, no-store" and all_of_them()[0].confirmed_at is not None
    assert visitor.get(link(letter)).status_code == 404, "the word was used"
    assert visitor.post(link(letter)).status_code == 404
    leave = re.search(r'href="(/subscriptions/leave/[^"]+)"', said.get_data(as_text=True)).group(1)
    assert "End these letters?" in visitor.get(leave).get_data(as_text=True) and len(all_of_them()) == 1
    gone = visitor.post(leave, data=visitor.fields(leave))
    assert gone.status_code == 200 and "have ended" in gone.get_data(as_text=True)
    assert not all_of_them() and not letters(), "the address is nowhere any more"
    assert visitor.get(leave).status_code == 200 and visitor.post(leave).status_code == 200, "again does no harm"
    assert db.session.scalar(select(func.count()).select_from(Event).where(Event.subject_kind == "subscription")) == 0


def test_a_mail_program_leaves_with_one_post_without_cookie_or_token(app, make):
    found = make.subscription()
    program = app.test_client(use_cookies=False)
    answer = program.post(f"/subscriptions/leave/{words.to_leave(found)}", data={"List-Unsubscribe": "One-Click"}, csrf=False)
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers and not all_of_them()


def test_forged_foreign_and_old_words_open_nothing(make, visitor):
    waiting, other = make.subscription(confirmed=False), make.subscription()
    word = words.to_confirm(waiting)
    wrong = [word[:-2], f"{word}x", words.to_leave(waiting), "x" * 5000, words.to_confirm(other)]
    for one in wrong:
        assert visitor.get(f"/subscriptions/confirm/{one}").status_code == 404
        assert visitor.post(f"/subscriptions/confirm/{one}").status_code == 404
    for one in (word, "x", words.to_leave(other)[:-2]):
        assert visitor.post(f"/subscriptions/leave/{one}").status_code == 404
    with time_machine.travel(utcnow() + words.TO_CONFIRM + timedelta(minutes=1), tick=True):
        assert visitor.get(f"/subscriptions/confirm/{word}").status_code == 404
        assert visitor.post(f"/subscriptions/confirm/{word}").status_code == 404
    assert [one.confirmed_at is None for one in all_of_them()] == [True, False]


def test_a_word_does_not_open_a_later_subscription_of_the_same_number(make, visitor):
    first = make.subscription()
    word, number = words.to_leave(first), first.id
    service.leave(first)
    db.session.commit()
    second = make.subscription(id=number)
    assert visitor.post(f"/subscriptions/leave/{word}").status_code == 200
    assert [one.key for one in all_of_them()] == [second.key]


def test_the_answer_is_the_same_whether_the_address_is_known_or_not(make, visitor):
    make.subscription(address="known@example.org")
    officer = make.account(Role.DONOR_OFFICER).email
    answers = {asked(visitor, address) for address in ("known@example.org", officer, "new@example.org")}
    assert len(answers) == 1 and READER not in visitor.get(answers.pop()).get_data(as_text=True)
    assert len(letters()) == 3, "each address is written to"


def test_saying_yes_again_changes_how_often_and_makes_no_second_one(make, visitor):
    make.subscription(address=READER)
    for _time in range(2):
        asked(visitor, rhythm="weekly", language="fr")
    waiting = [one for one in all_of_them() if one.confirmed_at is None]
    assert len(waiting) == 1 and len(letters()) == 1, "the second question replaces the first"
    visitor.post(link(letters()[0]))
    (one,) = all_of_them()
    assert (one.rhythm, one.language) == (Rhythm.WEEKLY, "fr") and one.confirmed_at is not None


def test_an_address_follows_ten_at_most_and_learns_it_by_letter_once_a_day(make, visitor):
    for number in range(service.MOST):
        make.subscription(f"search?q=word{number}", address=READER)
    assert {asked(visitor, url=f"/subscriptions/new?place=search&query=q%3Dmore{number}") for number in range(2)} == {
        "/subscriptions/asked"}
    (letter,) = letters()
    assert "as many as it may" in letter.body and len(all_of_them()) == service.MOST


def test_nobody_is_written_to_without_end(app, visitor):
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(sign_in_attempts=2)
    for number in range(2):
        asked(visitor, url=f"/subscriptions/new?place=search&query=q%3Dword{number}")
    form = visitor.fields(NEW)
    assert visitor.post("/subscriptions/new", data={**form, "address": READER}).status_code == 429
    for number in range(2 * limits.PER_NETWORK - 2):
        asked(visitor, f"other{number}@example.org")
    assert visitor.post("/subscriptions/new", data={**form, "address": "one-more@example.org"}).status_code == 429, "one sender"


@pytest.mark.parametrize("address", ["", "nobody", "a@b", "a@example.org, b@example.org", "a@example.org\nBcc: b@example.org",
                                     "x" * 300])
def test_what_is_no_address_is_said_beside_it(visitor, address):
    answer = visitor.post("/subscriptions/new", data={**visitor.fields(NEW), "address": address, "rhythm": "daily"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and 'aria-invalid="true"' in text and not letters()
    assert re.search(r'value="daily"[^>]*checked|checked[^>]*value="daily"', text), "what was chosen stays"


def test_there_must_be_something_to_follow(visitor):
    for query in ("place=search&query=", "place=parties&query=", "place=nowhere", "", f"place=search&query=q%3D{'x' * 700}"):
        answer = visitor.get(f"/subscriptions/new?{query}")
        assert answer.status_code == 422 and "nothing to follow" in answer.get_data(as_text=True)
    for place in ("needs", "offers", "conferences", "approach", "pledges"):
        assert visitor.get(f"/subscriptions/new?place={place}").status_code == 200


def test_a_second_click_asks_once(visitor):
    form = {**visitor.fields(NEW), "address": READER}
    assert [visitor.post("/subscriptions/new", data=form).status_code for _time in range(2)] == [303, 303]
    assert len(all_of_them()) == 1 and len(letters()) == 1


def test_what_nobody_confirmed_is_erased_after_three_days(make):
    late, fresh, kept = make.subscription(confirmed=False), make.subscription(confirmed=False), make.subscription()
    late.created_at = kept.created_at = utcnow() - words.TO_CONFIRM - timedelta(minutes=1)
    db.session.commit()
    (outcome,) = jobs.run(utcnow().date(), ["unconfirmed"])
    assert (outcome.done, outcome.error) == (1, "") and {one.id for one in all_of_them()} == {fresh.id, kept.id}


def test_addresses_that_letters_do_not_reach_are_erased(make):
    waiting, broken, good = make.subscription(confirmed=False), make.subscription(), make.subscription()
    gone, reached = {waiting.id, broken.id}, good.id
    for attempt in range(1, service.MOST_FAILURES + 1):
        for one in all_of_them():
            if one.id in gone:
                db.session.add(Mail(key=f"subscription:{one.key}:{attempt}", kind="subscription", address=one.address, subject="s",
                                    body="b", attempts=delivery.MOST_ATTEMPTS))
        db.session.commit()
        assert not jobs.run(utcnow().date(), ["unconfirmed"])[0].error
        assert not letters(), "a letter that was given up is forgotten"
        assert {one.id for one in all_of_them()} - {reached} == (
            {broken.id} if attempt < service.MOST_FAILURES else set()), "at the first failure who never said yes"
    assert [one.id for one in all_of_them()] == [reached]


def test_the_isu_sees_numbers_only(make, sign_in):
    make.subscription(address="someone@example.org")
    make.subscription("search?q=mine", confirmed=False, address="another@example.org")
    text = sign_in(Role.ISU_OFFICER).get("/subscriptions/").get_data(as_text=True)
    assert "Needs" in text and "Search" in text and "example.org" not in text
    assert sign_in(Role.DONOR_OFFICER).get("/subscriptions/").status_code == 403


def test_it_speaks_the_readers_language(visitor):
    asked(visitor, url=f"{NEW}&lang=fr")
    (one,) = all_of_them()
    assert one.language == "fr" and "lang=fr" in letters()[0].body
