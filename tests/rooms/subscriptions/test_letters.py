"""The letters: what is new for everybody's eyes, written once, sent once, and forgotten once sent."""

from __future__ import annotations

from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import select

from partnerships.core import delivery, jobs
from partnerships.core.db import db, utcnow
from partnerships.core.mail import Mail
from partnerships.core.visibility import Visibility
from partnerships.needs.states import NeedStatus
from partnerships.subscriptions.models import Subscription
from partnerships.subscriptions.states import Rhythm

MONDAY = date.today() + timedelta(days=-date.today().weekday() % 7)
TUESDAY = MONDAY + timedelta(days=1)


def run(day: date = TUESDAY) -> int:
    """Run the job; how many letters it wrote."""
    (outcome,) = jobs.run(day, ["subscriptions"])
    assert not outcome.error
    db.session.expire_all()
    return outcome.done


def letters() -> list[Mail]:
    """The letters in the outbox."""
    return list(db.session.scalars(select(Mail).where(Mail.kind == "subscription").order_by(Mail.id)))


def test_a_letter_names_what_is_new_and_is_written_once(make):
    make.subscription()
    assert run() == 0 and not letters(), "nothing new, no letter"
    db.session.scalars(select(Subscription)).one().looked_at = utcnow() - timedelta(hours=1)
    db.session.commit()
    new = make.need("KHM", theme="victim-assistance", title="Prostheses")
    make.need("KHM", theme="risk-education", title="Something else")
    assert run() == 1 and run() == 0
    (letter,) = letters()
    assert f"{new.ref}: Prostheses" in letter.body and f"/needs/{new.ref}" in letter.body and "Something else" not in letter.body
    assert "theme=victim-assistance" in letter.body and "is left out" in letter.body and letter.leave in letter.body
    late = make.need("AGO", theme="victim-assistance", title="In the afternoon")
    assert run() == 0, "one letter a day"
    assert run(TUESDAY + timedelta(days=1)) == 1 and late.ref in letters()[-1].body and new.ref not in letters()[-1].body


def test_what_fewer_people_may_see_is_in_no_letter(make):
    places = ("needs?", "offers?", "approach?", "pledges?", "search?q=Zanzibarite")
    for place in places:
        make.subscription(place, looked_at=utcnow())  # what the register came with is no news
    for level in (Visibility.STATES_PARTIES, Visibility.PARTIES, Visibility.ISU):
        make.need("KHM", title="Zanzibarite works", visibility=level)
        make.offer("NOR", title="Zanzibarite help", visibility=level)
        make.meeting("KHM", title="Zanzibarite meeting", visibility=level)
        make.pledge("NOR", visibility=level)
    for status in (NeedStatus.DRAFT, NeedStatus.SUBMITTED):
        make.need("KHM", status, title="Zanzibarite draft")
    assert run() == 0 and not letters()
    need, offer = make.need("KHM", title="Zanzibarite road"), make.offer("NOR", title="Zanzibarite tools")
    meeting = make.meeting("KHM", title="Zanzibarite talk", visibility=Visibility.PUBLIC)
    pledge = make.pledge("NOR")
    assert run() == len(places)
    texts = [letter.body for letter in letters()]
    for ref, text in zip((need.ref, offer.ref, meeting.ref, pledge.ref), texts, strict=False):
        assert ref in text
    assert all(ref in texts[-1] for ref in (need.ref, offer.ref, meeting.ref))
    assert not [word for text in texts for word in ("works", "help\n", "draft", "meeting\n") if f"Zanzibarite {word}" in text]
    assert [letter.subject for letter in letters()][-1].startswith("3 new records")


def test_a_need_that_is_kept_for_fewer_people_before_the_letter_is_not_in_it(make):
    make.subscription()
    need = make.need("KHM", theme="victim-assistance")
    need.visibility = Visibility.PARTIES
    db.session.commit()
    assert run() == 0


def test_weekly_letters_go_out_on_mondays_and_a_missed_monday_is_made_up(make):
    found = make.subscription(rhythm=Rhythm.WEEKLY)
    waiting = make.subscription(confirmed=False, rhythm=Rhythm.DAILY)
    make.need("KHM", theme="victim-assistance")
    assert run(TUESDAY) == 0
    assert run(MONDAY) == 1 and letters()[0].address == found.address != waiting.address
    found.looked_at = utcnow() - timedelta(days=9)
    db.session.commit()
    assert run(TUESDAY) == 1


def test_a_long_list_says_how_much_is_left_out(make):
    make.subscription("needs?")
    for _number in range(11):
        make.need("KHM")
    assert run() == 1
    (letter,) = letters()
    assert letter.subject.startswith("11 new records") and letter.body.count("\n* KHM-") == 10
    assert "1 more is in the list" in letter.body


def test_a_letter_can_be_left_with_one_click_and_is_forgotten_once_sent(app, make, visitor):
    found = make.subscription(language="ar")
    address = found.address
    make.need("KHM", theme="victim-assistance", title="<b>Prostheses</b>")
    assert run() == 1
    leave = letters()[0].leave
    number = letters()[0].id
    db.session.rollback()  # what the test has read holds the lock that delivery needs
    assert delivery.deliver().sent == 1 and delivery.deliver().sent == 0
    db.session.expire_all()
    (kept,) = letters()
    assert (kept.body, kept.address, kept.leave) == ("", "", "") and kept.sent_at is not None
    path = Path(app.config["SETTINGS"].data_dir) / "mail" / f"{number:06d}.eml"
    sent = message_from_bytes(path.read_bytes(), policy=default)
    assert sent["List-Unsubscribe"] == f"<{leave}>" and sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["To"] == address and leave.startswith("http")
    text, page = (sent.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert leave in text and 'dir="rtl"' in page and "&lt;b&gt;Prostheses" in page and "<b>" not in page
    assert visitor.post(f"/{leave.split(chr(47), 3)[3]}", csrf=False).status_code == 200
    assert not db.session.scalars(select(Subscription)).all() and not letters(), "the address and what was sent to it"


def test_a_letter_that_waits_goes_with_its_address(make, visitor):
    make.subscription()
    make.need("KHM", theme="victim-assistance")
    run()
    visitor.post(f"/{letters()[0].leave.split('/', 3)[3]}", csrf=False)
    db.session.expire_all()
    assert not letters()
    db.session.rollback()
    assert delivery.deliver().sent == 0


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_letters_with_an_account_have_no_such_header(app, make):
    letter = Mail(key="k", kind="digest", address="a@b.example", subject="s", body="b", language="en", at=utcnow(), leave="")
    assert "List-Unsubscribe" not in delivery.message(letter)
