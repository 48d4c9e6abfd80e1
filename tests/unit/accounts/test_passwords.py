"""What serves as a password: length, lists of common ones, what others know of the person."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from flask import Flask

from partnerships.accounts import passwords
from partnerships.extensions import babel


@pytest.fixture(autouse=True)
def _words():
    """Words need an application."""
    app = Flask(__name__)
    babel.init_app(app)
    with app.test_request_context():
        yield


@pytest.mark.parametrize("password", [
    "short", "elevenmarks", "password1234", "passwordpassword", "qwertyuiop123", "1234567890123", "iloveyou!!!!!!",
    "aaaaaaaaaaaaaaaa", "abababababab", "Sophea2026!!", "partnerships1", "mineauthority", "x" * 1001,
])
def test_what_is_short_common_or_known_is_refused_in_words(password):
    assert passwords.fault(password, "Sophea Chan", "sophea@mineauthority.example")


@pytest.mark.parametrize("password", [
    "river lamp seven green", "correct-horse-battery",
    "\u1788\u17d2\u1798\u17c4\u17c7 \u179a\u1794\u179f\u17cb\u1781\u17d2\u1789\u17bb",
    "Tr0ub4dor&3xyzzy", " leading and trailing "])
def test_long_words_that_nobody_knows_serve_whatever_their_script(password):
    assert passwords.fault(password, "Sophea Chan", "sophea@mineauthority.example") == ""


def test_the_lists_of_common_passwords_are_there_offline():
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    common = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= passwords.SHORTEST]
    assert len(FREQUENCY_LISTS["passwords"]) >= 10_000 and common
    assert all(passwords.fault(word) for word in common[:40])


def test_hashes_are_argon2id_and_grow_with_their_parameters(monkeypatch):
    fresh = PasswordHasher().hash("river lamp seven green")
    assert fresh.startswith("$argon2id$") and passwords.verify(fresh, "river lamp seven green")
    assert not passwords.verify(fresh, "river lamp seven gree") and not passwords.verify("no hash", "x")


def test_what_is_typed_is_taken_as_it_is():
    kept = passwords.hasher.hash(" spaces count ")
    assert passwords.verify(kept, " spaces count ") and not passwords.verify(kept, "spaces count")
