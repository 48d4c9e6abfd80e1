"""One attempt: a POST to the very number that was looked at, without redirects or proxies, within ten seconds in all."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from partnerships.webhooks import addresses
from partnerships.webhooks.addresses import Address
from partnerships.webhooks.states import Reason

CONNECT = 5.0  # seconds for a connection
WHOLE = 10.0  # seconds for everything, from the name to the end of the answer
MOST_READ = 4096
MOST_NUMBERS = 4  # of a name with many, so many are tried


@dataclass(frozen=True)
class Answer:
    """What came of an attempt: the status that was answered, and the reason why it failed; None when it did not."""

    status: int | None = None
    reason: Reason | None = None


class _Failed(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class _Pinned(http.client.HTTPConnection):
    """A connection to numbers that were looked at, under the name that they were found by."""

    def __init__(self, address: Address, numbers: list[str], deadline: float) -> None:
        super().__init__(address.host, address.port)
        self.address, self.numbers, self.deadline = address, numbers, deadline
        self.default_port = 443 if address.scheme == "https" else 80

    def connect(self) -> None:
        """Connect to the first number that takes it; with the certificate checked against the name."""
        until, failed = min(self.deadline, time.monotonic() + CONNECT), Reason.CLOSED
        for number in self.numbers[:MOST_NUMBERS]:
            left = until - time.monotonic()
            if left <= 0:
                raise _Failed(Reason.SLOW)
            try:
                self.sock = socket.create_connection((number, self.port), timeout=left)
                break
            except TimeoutError:
                failed = Reason.SLOW
            except OSError:
                failed = Reason.CLOSED
        else:
            raise _Failed(failed)
        self.sock.settimeout(max(self.deadline - time.monotonic(), 0.001))
        if self.address.scheme == "https":
            self.sock = context().wrap_socket(self.sock, server_hostname=self.address.host)


def context() -> ssl.SSLContext:
    """How certificates are checked."""
    return ssl.create_default_context()


def post(address: Address, body: bytes, headers: Mapping[str, str], *, private: bool) -> Answer:
    """Send once. Never raises for what the other side does or fails to do.

    Arguments: private, whether private networks are allowed. Returns: what came of it.
    """
    deadline = time.monotonic() + WHOLE
    try:
        numbers = _numbers(address, deadline, private)
        return _judged(_exchange(_Pinned(address, numbers, deadline), body, headers))
    except _Failed as failed:
        return Answer(reason=failed.reason)


def _numbers(address: Address, deadline: float, private: bool) -> list[str]:
    """The numbers of the host. One that may not be reached refuses them all: a name that leads both ways is a trap."""
    numbers = addresses.resolve(address.host, address.port, min(CONNECT, deadline - time.monotonic()))
    if numbers is None:
        raise _Failed(Reason.SLOW)
    if not numbers:
        raise _Failed(Reason.UNKNOWN_HOST)
    if not all(addresses.may_reach(ip_address(one), private=private) for one in numbers):
        raise _Failed(Reason.PRIVATE)
    return numbers


def _exchange(link: _Pinned, body: bytes, headers: Mapping[str, str]) -> int:
    """Ask and read the answer, of which the status is all that counts. Returns: the status."""
    late = threading.Event()
    watch: threading.Timer | None = None
    try:
        link.connect()

        def cut(held: socket.socket = link.sock) -> None:
            late.set()
            with contextlib.suppress(OSError):  # of the bare connection, whatever speaks over it
                socket.socket.shutdown(held, socket.SHUT_RDWR)

        # Each read alone may take its time; only from outside can an answer in drips be ended.
        watch = threading.Timer(max(link.deadline - time.monotonic(), 0.001), cut)
        watch.daemon = True
        watch.start()
        link.request("POST", link.address.path, body, dict(headers))
        answer = link.getresponse()
        answer.read(MOST_READ)
        if late.is_set():
            raise _Failed(Reason.SLOW)
        return answer.status
    except ssl.SSLCertVerificationError:
        raise _Failed(Reason.CERTIFICATE) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        slow = late.is_set() or isinstance(error, TimeoutError)
        raise _Failed(Reason.SLOW if slow else Reason.CLOSED) from None
    finally:
        if watch is not None:
            watch.cancel()
        link.close()


def _judged(status: int) -> Answer:
    if 200 <= status < 300:
        return Answer(status)
    return Answer(status, Reason.REDIRECT if 300 <= status < 400 else Reason.STATUS)
