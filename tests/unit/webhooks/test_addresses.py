"""Which addresses a webhook may have, and which numbers a name may lead to: whatever way they are written."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from partnerships.settings import Settings, SettingsError
from partnerships.webhooks import addresses
from partnerships.webhooks.addresses import Unfit, may_reach, read

PRODUCTION = Settings(environment="production", secret_key="x" * 40, database_url="", data_dir=Path(), demo=False,
                      secure_cookies=True, public_url="https://here.example")
LAPTOP = PRODUCTION.with_(environment="development")
PRIVATE = LAPTOP.with_(webhook_private=True)


@pytest.fixture(autouse=True, scope="module")
def _words():
    app = Flask(__name__)
    Babel(app)
    with app.app_context():
        yield


@pytest.mark.parametrize(("typed", "kept"), [
    ("https://hooks.ministry.example/in", "https://hooks.ministry.example/in"),
    ("HTTPS://Hooks.Ministry.Example", "https://hooks.ministry.example/"),
    ("https://hooks.ministry.example:443/in?key=a%20b", "https://hooks.ministry.example/in?key=a%20b"),
    ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
])
def test_an_address_is_kept_in_one_way(typed, kept):
    assert read(typed, PRODUCTION).text == kept
    assert read(kept, PRODUCTION).text == kept


BAD = [
    "", "hooks.example", "http://hooks.example/", "ftp://hooks.example/", "file:///etc/passwd", "javascript:alert(1)",
    "gopher://hooks.example/", "//hooks.example/", "https:hooks.example", "https:/hooks.example", "https:///path", "https://",
    "https://user@hooks.example/", "https://user:word@hooks.example/", "https://hooks.example@127.0.0.1/", "https://@hooks.example/",
    "https://hooks.example/#part", "https://hooks.example#@127.0.0.1/", "https://hooks.example./", "https://hooks.example..",
    "https://.hooks.example/", "https://localhost/", "https://intranet/", "https://127.0.0.1/", "https://127.1/", "https://0/",
    "https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://017700000001/",
    "https://10.0.0.1/", "https://169.254.169.254/latest/meta-data/", "https://[::1]/", "https://[::ffff:127.0.0.1]/",
    "https://[fe80::1%25eth0]/", "https://[64:ff9b::7f00:1]/", "https://[::1/", "https://1.2.3.4/", "https://8.8.8.8/",
    "https://hooks.example:80/", "https://hooks.example:8443/", "https://hooks.example:0/", "https://hooks.example:99999/",
    "https://hooks.example:x/", "https://hooks.example:/", "https://hooks.example:-1/", "https://bücher.example/",
    "https://ｅｘａｍｐｌｅ.org/", "https://①②⑦.⓪.⓪.①/", "https://127。0。0。1/", "https://hooks.example\\@127.0.0.1/",
    "https://hooks.example/a b", "https://hooks.example/\t", "https://hooks.example/\r\nHost: x", "https://hooks.example/ü",
    "https://hooks.example/\x00", "https://hooks_x.example/", "https://-hooks.example/", "https://hooks-.example/",
    "https://hooks.example%2f@x/", "https://hooks.example%00.x/", f"https://{'a' * 64}.example/", f"https://{'a.' * 127}example/",
    f"https://hooks.example/{'x' * 500}", "https://example.123/", "https://a.b.0x7f/", " https://hooks.example/",
]


@pytest.mark.parametrize("typed", BAD)
def test_what_no_webhook_may_have_is_refused_in_words(typed):
    with pytest.raises(Unfit) as refused:
        read(typed, PRODUCTION)
    assert len(str(refused.value)) > 20
    if not typed.startswith(("http://", "https://intranet/")):
        with pytest.raises(Unfit):
            read(typed, LAPTOP)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_kept_plain_or_refused(text):
    for typed in (text, f"https://{text}", f"https://hooks.example/{text}"):
        try:
            kept = read(typed, PRODUCTION).text
        except Unfit:
            continue
        assert kept.isascii() and kept.startswith("https://") and not set(kept) & set(" \r\n\t\0#\\")
        assert "@" not in urlsplit(kept).netloc  # in a path it names nobody


def test_further_ports_and_private_networks_only_when_set():
    assert read("https://hooks.example:8443/", PRODUCTION.with_(webhook_ports=(443, 8443))).port == 8443
    assert read("http://127.0.0.1:5000/x", PRIVATE).text == "http://127.0.0.1:5000/x"
    assert read("http://[::1]:5000/", PRIVATE).text == "http://[::1]:5000/" and read("http://localhost/", PRIVATE).port == 80
    assert read("http://hooks.example/", LAPTOP).port == 80
    for typed in ("http://127.0.0.1/", "https://2130706433/", "https://user@127.0.0.1/"):
        with pytest.raises(Unfit):
            read(typed, PRIVATE.with_(environment="production"))
    found = Settings.from_environment({"PARTNERSHIPS_DATA_DIR": "/nowhere", "PARTNERSHIPS_SECRET_KEY": "x",
                                       "PARTNERSHIPS_WEBHOOK_PRIVATE": "1", "PARTNERSHIPS_WEBHOOK_PORTS": "8443 9443"})
    assert found.webhook_private and found.webhook_ports == (443, 8443, 9443)
    for wrong in ("x", "0", "70000", "-1", "²"):
        with pytest.raises(SettingsError):
            Settings.from_environment({"PARTNERSHIPS_SECRET_KEY": "x", "PARTNERSHIPS_WEBHOOK_PORTS": wrong})


@pytest.mark.parametrize("number", [
    "127.0.0.1", "127.255.0.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "192.0.2.1",
    "198.18.0.1", "203.0.113.5", "::1", "fc00::1", "fd12:3456::1", "2001:db8::1"])
def test_private_networks_only_when_set(number):
    assert not may_reach(ip_address(number), private=False)


@pytest.mark.parametrize("number", [
    "0.0.0.0", "169.254.169.254", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "fe80::1", "fe80::1%eth0",
    "ff02::1", "fec0::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::808:808", "64:ff9b:1::a00:1", "2002:7f00:1::1", "2002:a00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2a00:1450::5efe:7f00:1", "2a00:1450::200:5efe:a00:1"])
def test_never_whatever_is_set(number):
    assert not may_reach(ip_address(number), private=False) and not may_reach(ip_address(number), private=True)


@pytest.mark.parametrize("number", ["8.8.8.8", "1.1.1.1", "193.134.1.1", "2a00:1450:4001::200e", "2606:4700::1111"])
def test_public_numbers(number):
    assert may_reach(ip_address(number), private=False)
    assert may_reach(ip_address("127.0.0.1"), private=True) and may_reach(ip_address("::1"), private=True)


def test_a_resolver_that_never_answers_is_not_waited_for(monkeypatch):
    import threading

    hold = threading.Event()
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_args, **_more: hold.wait(5) and [])
    assert addresses.resolve("hooks.example", 443, 0.1) is None
    hold.set()
