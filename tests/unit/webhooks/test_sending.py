"""One attempt, against receivers of every kind: within its time, to the number that was looked at, without redirects."""

from __future__ import annotations

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from partnerships.webhooks import addresses, sending
from partnerships.webhooks.addresses import Address
from partnerships.webhooks.states import Reason
from tests.support.receiver import Receiver

TIME = 0.5


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(sending, "WHOLE", TIME)
    monkeypatch.setattr(sending, "CONNECT", TIME / 2)


@pytest.fixture
def receiver():
    one = Receiver()
    yield one
    one.close()


def _send(receiver, host="127.0.0.1", *, private=True, scheme="http", path="/hook?key=1"):
    return sending.post(Address(scheme, host, receiver.port, path), b'{"id":"1"}', {"webhook-id": "msg_1"}, private=private)


@pytest.mark.parametrize(("way", "status", "reason"), [
    ("ok", 200, None), ("empty", 204, None), ("huge", 200, None), ("error", 500, Reason.STATUS), ("gone", 410, Reason.STATUS),
    ("redirect", 302, Reason.REDIRECT), ("closed", None, Reason.CLOSED), ("nonsense", None, Reason.CLOSED),
    ("endless-head", None, Reason.CLOSED), ("never", None, Reason.SLOW), ("drip", None, Reason.SLOW),
    ("drip-body", None, Reason.SLOW)])
def test_each_kind_of_answer_ends_in_time(receiver, way, status, reason):
    receiver.way, begun = way, time.monotonic()
    answer = _send(receiver)
    assert (answer.status, answer.reason) == (status, reason)
    assert time.monotonic() - begun < TIME + 0.9
    assert len(receiver.got) == 1, "no redirect is followed, nothing is sent twice"
    path, headers, body = receiver.got[0]
    assert path == "/hook?key=1" and headers["host"] == f"127.0.0.1:{receiver.port}" and headers["webhook-id"] == "msg_1"
    assert body == b'{"id":"1"}'


def test_nothing_reaches_a_private_network_unless_set(receiver, monkeypatch):
    assert _send(receiver, private=False).reason is Reason.PRIVATE
    assert _send(receiver, "localhost", private=False).reason is Reason.PRIVATE

    def both(host, port, **_more):
        return [(socket.AF_INET, 1, 6, "", (number, port)) for number in ("193.134.1.1", "127.0.0.1")]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", both)
    assert _send(receiver, "hooks.example", private=False).reason is Reason.PRIVATE, "a name that leads both ways"
    assert receiver.got == []


def test_a_name_is_asked_once_and_its_number_is_kept(receiver, monkeypatch):
    asked = []

    def rebound(host, port, **_more):
        asked.append(host)
        return [(socket.AF_INET, 1, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.9.9.9", port))]

    monkeypatch.setattr(addresses, "socket", type("Resolver", (), {**vars(socket), "getaddrinfo": staticmethod(rebound)}))
    assert _send(receiver, "hooks.example").status == 200 and asked == ["hooks.example"]
    assert receiver.got[0][1]["host"] == f"hooks.example:{receiver.port}"


def test_no_proxy_of_the_environment_is_asked(receiver, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert _send(receiver).status == 200


def test_nobody_listens_and_nobody_is_called_so(receiver, monkeypatch):
    receiver.close()
    assert _send(receiver).reason is Reason.CLOSED
    monkeypatch.setattr(addresses, "resolve", lambda *_args: [])
    assert _send(receiver, "nobody.example").reason is Reason.UNKNOWN_HOST
    monkeypatch.setattr(addresses, "resolve", lambda *_args: None)
    assert _send(receiver, "nobody.example").reason is Reason.SLOW


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of hooks.example that signs itself: (the file, the file of its key)."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(
        1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(9)).add_extension(
            x509.SubjectAlternativeName([x509.DNSName("hooks.example")]), critical=False).add_extension(
                x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(key, hashes.SHA256())
    folder = tmp_path_factory.mktemp("certificate")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return str(folder / "cert.pem"), str(folder / "key.pem")


def test_the_certificate_is_checked_against_the_name_not_the_number(certificate, monkeypatch):
    receiver = Receiver(certificate)
    monkeypatch.setattr(addresses, "resolve", lambda *_args: ["127.0.0.1"])
    assert _send(receiver, "hooks.example", scheme="https").reason is Reason.CERTIFICATE, "nobody we trust signed it"
    monkeypatch.setattr(sending, "context", lambda: ssl.create_default_context(cafile=certificate[0]))
    assert _send(receiver, "hooks.example", scheme="https").status == 200
    assert receiver.names[-1] == "hooks.example"
    assert _send(receiver, "other.example", scheme="https").reason is Reason.CERTIFICATE
    receiver.way = "drip"
    assert _send(receiver, "hooks.example", scheme="https").reason is Reason.SLOW
    receiver.way = "never"
    assert _send(receiver, "hooks.example", scheme="https").reason is Reason.SLOW
    assert len(receiver.got) == 3
    receiver.close()
