"""The outbox: one letter a key, claimed and sent once, tried again when it fails, safe against forged headers."""

from __future__ import annotations

import smtplib
import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from sqlalchemy import select

from partnerships.core import delivery, mail
from partnerships.core.actor import Role
from partnerships.core.db import db, utcnow
from partnerships.core.mail import Mail
from partnerships.settings import Settings, SettingsError


class Server:
    """A mail server that keeps what it is given; `fails` names the addresses it refuses."""

    def __init__(self, fails: tuple[str, ...] = ()) -> None:
        self.taken: list = []
        self.fails, self.said = fails, []

    def __call__(self, host: str, port: int, **_options: object) -> Server:
        self.said.append((host, port))
        return self

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_error: object) -> None:
        self.said.append("quit")

    def starttls(self, context: object) -> None:
        self.said.append("starttls")

    def login(self, user: str, password: str) -> None:
        self.said.append((user, password))

    def send_message(self, letter) -> None:
        if letter["To"] in self.fails:
            raise smtplib.SMTPRecipientsRefused({letter["To"]: (550, b"no such person")})
        self.taken.append(letter)


@pytest.fixture
def posted(app, monkeypatch):
    """A mail server in the place of smtplib's, named by the settings."""
    server = Server()
    monkeypatch.setattr(smtplib, "SMTP", server)
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(smtp_url="smtp://127.0.0.1:2525")
    return server


def letter(account, key="a-key", **values) -> bool:
    done = mail.write(account, key=key, kind="test", **{"subject": "A subject", "body": "Words.\n", **values})
    db.session.commit()
    return done


def kept() -> list[Mail]:
    db.session.expire_all()
    found = list(db.session.scalars(select(Mail).order_by(Mail.id)))
    db.session.commit()
    return found


def test_a_key_is_written_once(make):
    account = make.account()
    assert letter(account)
    assert not letter(account, subject="Another")
    assert letter(account, key="x" * 500)
    assert not letter(account, key="x" * 500)
    assert letter(account, key="x" * 499 + "y")
    assert [one.subject for one in kept()] == ["A subject"] * 3


def test_a_letter_dies_with_its_transaction(make):
    account = make.account()
    mail.write(account, key="k", kind="test", subject="s", body="b")
    db.session.rollback()
    assert kept() == []


def test_a_closed_account_gets_none(make):
    assert not letter(make.account(active=False))
    assert kept() == []


def test_marks_that_cannot_be_kept_are_taken_out(make):
    assert letter(make.account(), subject="A\r\nBcc: x@y.example\0" + "z" * 400, body="one\0two\ud800\u202e")
    one, = kept()
    assert one.subject.startswith("A Bcc: x@y.example") and len(one.subject) == 300
    assert one.body == "onetwo?"


def test_it_is_sent_once_with_its_headers(make, posted):
    account = make.account(Role.FOCAL_POINT)
    letter(account, subject="Überblick: mines\nX-Evil: 1", body="Line one\nLine two\n")
    assert delivery.deliver() == delivery.Delivered(1, 0)
    assert delivery.deliver() == delivery.Delivered(0, 0)
    sent, = posted.taken
    read = message_from_bytes(sent.as_bytes(), policy=default)
    assert read["To"] == account.email
    assert read["Subject"] == "Überblick: mines X-Evil: 1"
    assert read["X-Evil"] is None
    assert read["Auto-Submitted"] == "auto-generated" and read["Content-Language"] == "en"
    assert read["Message-ID"].endswith("@localhost>")
    assert read.get_body(("plain",)).get_content().split() == ["Line", "one", "Line", "two"]
    assert "<p>Line one" in read.get_body(("html",)).get_content()
    one, = kept()
    assert one.sent_at and one.attempts == 1 and one.error == ""


def test_the_message_id_follows_the_key(app):
    def of(key):
        return delivery.message(Mail(key=key, address="a@b.example", subject="s", body="b", language="en", at=utcnow()))
    assert of("one")["Message-ID"] == of("one")["Message-ID"] != of("two")["Message-ID"]


def test_an_address_that_is_not_one_is_refused(app):
    for address in ("a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "nobody", "", "a @b.example"):
        with pytest.raises(ValueError, match="one e-mail address"):
            delivery.message(Mail(key="k", address=address, subject="s", body="b", language="en", at=utcnow()))


def test_a_failure_is_kept_and_tried_again_six_times(make, posted, monkeypatch):
    account, other = make.account(), make.account()
    posted.fails = (account.email,)
    letter(account)
    letter(other, key="other")
    assert delivery.deliver() == delivery.Delivered(1, 1)
    assert delivery.deliver() == delivery.Delivered(0, 0), "not before the pause"
    monkeypatch.setattr(delivery, "PAUSE", timedelta(seconds=-1))
    for _ in range(8):
        delivery.deliver()
    first, second = kept()
    assert first.attempts == delivery.MOST_ATTEMPTS and first.sent_at is None
    assert "no such person" in first.error
    assert second.attempts == 1 and [one["To"] for one in posted.taken] == [other.email]


def test_each_further_attempt_waits_twice_as_long(make, posted):
    account, start = make.account(), datetime(2026, 5, 4, 9, tzinfo=UTC)
    posted.fails = (account.email,)
    with time_machine.travel(start, tick=False) as clock:
        letter(account)
        tried = []
        for minute in range(1, 400, 3):
            clock.move_to(start + timedelta(minutes=minute))
            tried += [minute] if delivery.deliver().failed else []
    assert tried == [1, 13, 34, 76, 157, 319], "10, 20, 40, 80 and 160 minutes at least"


def test_a_server_that_does_not_answer_holds_nothing_up(make, posted, monkeypatch):
    def refuse(*_args, **_options):
        raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr(smtplib, "SMTP", refuse)
    for key in "abc":
        letter(make.account(), key=key)
    assert delivery.deliver() == delivery.Delivered(0, 1)
    assert [one.attempts for one in kept()] == [1, 0, 0]


def test_two_processes_at_once_send_each_letter_once(app, make, posted):
    for number in range(12):
        letter(make.account(), key=str(number))
    gate, done = threading.Barrier(3, timeout=20), []

    def work() -> None:
        with app.app_context():
            gate.wait()
            done.append(delivery.deliver())

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sum(one.sent for one in done) == 12 and not any(one.failed for one in done)
    assert len(posted.taken) == 12 == len({one["Message-ID"] for one in posted.taken})
    assert {one.attempts for one in kept()} == {1}


def test_without_a_server_letters_are_files(app, make):
    letter(make.account(), body="Kept here.\n")
    assert delivery.deliver() == delivery.Delivered(1, 0)
    one, = kept()
    path = Path(app.config["SETTINGS"].data_dir) / "mail" / f"{one.id:06d}.eml"
    assert message_from_bytes(path.read_bytes(), policy=default).get_body(("plain",)).get_content().strip() == "Kept here."
    path.unlink()


def test_a_demonstration_letter_never_leaves_the_machine(make, posted):
    letter(make.account(is_demo=True))
    assert delivery.deliver() == delivery.Delivered(1, 0)
    assert posted.taken == [] and posted.said == []
    assert kept()[0].sent_at


def test_a_password_travels_over_tls_only(app, monkeypatch):
    server = Server()
    monkeypatch.setattr(smtplib, "SMTP", server)
    monkeypatch.setattr(smtplib, "SMTP_SSL", server)
    for url, said in {"smtp+starttls://me%40x:p%2Fw@post.example": [("post.example", 587), "starttls", ("me@x", "p/w"), "quit"],
                      "smtps://me:pw@post.example": [("post.example", 465), ("me", "pw"), "quit"],
                      "smtp://post.example:26": [("post.example", 26), "quit"]}.items():
        server.said = []
        app.config["SETTINGS"] = app.config["SETTINGS"].with_(smtp_url=url)
        with delivery.server():
            pass
        assert server.said == said
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(smtp_url="smtp://me:pw@post.example")
    with pytest.raises(ValueError, match="in the clear"), delivery.server():
        pass


def test_a_link_comes_from_the_settings_and_never_from_the_request(app):
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(public_url="https://mines.example/base")
    assert mail.link("needs.detail", ref="KHM-2026-001", _anchor="top") == "https://mines.example/base/needs/KHM-2026-001#top"
    with app.test_request_context(base_url="https://evil.example"):
        assert mail.link("pages.home") == "https://mines.example/base/"
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(public_url="")
    with pytest.raises(RuntimeError, match="PARTNERSHIPS_PUBLIC_URL"):
        mail.link("pages.home")


@pytest.mark.parametrize(("name", "value"), [
    ("PARTNERSHIPS_SMTP_URL", "post.example:25"), ("PARTNERSHIPS_SMTP_URL", "http://post.example"),
    ("PARTNERSHIPS_SMTP_URL", "smtp://post.example:notaport"), ("PARTNERSHIPS_PUBLIC_URL", "mines.example"),
    ("PARTNERSHIPS_PUBLIC_URL", "javascript:alert(1)")])
def test_settings_that_cannot_be_are_refused_at_the_start(tmp_path, name, value):
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({name: value, "PARTNERSHIPS_DATA_DIR": str(tmp_path)})


def test_settings_of_mail(tmp_path):
    found = Settings.from_environment({"PARTNERSHIPS_DATA_DIR": str(tmp_path), "PARTNERSHIPS_PUBLIC_URL": "https://m.example/",
                                       "PARTNERSHIPS_SMTP_URL": "smtps://u:p@post.example:465"})
    assert (found.public_url, found.smtp_url) == ("https://m.example", "smtps://u:p@post.example:465")


def test_the_page_shows_ones_own_letters_only(make, sign_in):
    me, other = make.account(), make.account()
    for number in range(23):
        letter(me, key=f"me{number}", subject=f"For me {number}", body="Read <b>this</b>")
    letter(other, key="other", subject="For somebody else")
    client = sign_in(me)
    text = client.get("/accounts/mails").get_data(as_text=True)
    assert "For me 22" in text and "For me 2<" not in text and "1 to 20 of 23" in text
    assert "Read &lt;b&gt;this" in text
    assert "For somebody else" not in text
    assert "For me 2<" in client.get("/accounts/mails?page=2").get_data(as_text=True)


def test_the_page_asks_to_sign_in(visitor):
    assert "/accounts/sign-in" in visitor.get("/accounts/mails").headers["Location"]


def test_any_account_will_do(app):
    """`write` asks of an account only what `Reader` names."""
    stranger = SimpleNamespace(id=7, email="s@x.example", language="en", active=True, is_demo=False)
    assert letter(stranger)
    assert kept()[0].account_id == 7
