"""Addresses of webhooks: which may be written, and which numbers a name may lead to.

A platform that calls addresses which others give can be made to call its own neighbours. So the address is read strictly, its
name is resolved by us, every number it leads to is looked at, and the connection goes to one of these very numbers.
"""

from __future__ import annotations

import queue
import re
import socket
import threading
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from flask_babel import gettext as _

from partnerships.settings import Settings

LONGEST = 500
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?:{_LABEL}\.)+(?:xn--[a-z0-9-]{{1,59}}|[a-z]{{2,63}})")
_PATH = re.compile(r"/[!-~]*")
# Numbers that carry an IPv4 number inside: what they lead to depends on routers we do not know.
_CARRIERS = tuple(IPv6Network(one) for one in (
    "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"))
Number = IPv4Address | IPv6Address


class Unfit(ValueError):
    """An address that no webhook may have; the message is in words for the person."""


@dataclass(frozen=True)
class Address:
    """An address in its parts. `path` has the query with it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def text(self) -> str:
        """The address as it is kept: the same for all ways of writing it."""
        usual = self.port == (443 if self.scheme == "https" else 80)
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{'' if usual else f':{self.port}'}{self.path}"


def read(typed: str, settings: Settings) -> Address:
    """Read an address strictly. Raises: Unfit, in words."""
    schemes = ("https",) if settings.production else ("https", "http")
    if not re.match(rf"(?:{'|'.join(schemes)})://", typed, re.IGNORECASE):
        raise Unfit(_("Begin the address with https://."))
    if any(mark <= " " or mark == "\x7f" for mark in typed):  # urlsplit would leave some of them out
        raise Unfit(_("This cannot be read as an address."))
    try:
        parts = urlsplit(typed)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise Unfit(_("This cannot be read as an address.")) from None
    if "@" in parts.netloc or "#" in typed:
        raise Unfit(_("Leave out names, passwords and what follows a # mark: an address is a host and a path."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if len(typed) > LONGEST or not _PATH.fullmatch(path) or "\\" in typed or parts.netloc.endswith(":"):
        raise Unfit(_("This cannot be read as an address."))
    _check_host(host, settings)
    number = port if port is not None else 443 if parts.scheme == "https" else 80
    usual = (*settings.webhook_ports, 80) if parts.scheme == "http" else settings.webhook_ports
    if number == 0 or not (settings.webhook_private or number in usual):
        raise Unfit(_("Only these ports can be used: %(ports)s.", ports=", ".join(str(one) for one in settings.webhook_ports)))
    return Address(parts.scheme, host, number, path)


def _check_host(host: str, settings: Settings) -> None:
    """Raises: Unfit for what is no name in the one way that leads to one place only."""
    if settings.webhook_private and (host == "localhost" or _as_number(host) is not None):
        return
    if len(host) > 253 or not _NAME.fullmatch(host):
        raise Unfit(_("The host must be a full name in plain letters (an international one in its xn-- form), without a dot at its "
                      "end; numbers are no names."))


def _as_number(host: str) -> Number | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def may_reach(number: Number, *, private: bool) -> bool:
    """Whether a webhook may connect to this number. Arguments: private, whether private networks are allowed."""
    if isinstance(number, IPv6Address) and (number.scope_id or any(number in one for one in _CARRIERS if not _is_loopback(number))):
        return False
    if number.is_multicast or number.is_unspecified or number.is_link_local or (number.is_reserved and not number.is_loopback):
        return False
    if isinstance(number, IPv6Address) and (number.is_site_local or number.packed[8:12] in (b"\0\0\x5e\xfe", b"\2\0\x5e\xfe")):
        return False  # ISATAP carries an IPv4 number too
    return private or number.is_global


def _is_loopback(number: IPv6Address) -> bool:
    return number == IPv6Address("::1")


def resolve(host: str, port: int, seconds: float) -> list[str] | None:
    """The numbers that a name leads to, in the system's order; none when it leads nowhere, None when that took too long.

    In a thread of its own, for the system's resolver knows no deadline.
    """
    found: queue.SimpleQueue[list[str]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.put(list(dict.fromkeys(str(row[4][0]) for row in rows)))
        except (OSError, UnicodeError):
            found.put([])

    threading.Thread(target=ask, daemon=True).start()
    try:
        return found.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        return None
