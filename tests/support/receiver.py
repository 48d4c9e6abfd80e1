"""A receiver of webhooks on this machine, that answers well, badly, slowly, in drips, elsewhere, or never."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from typing import Any

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
ANSWERS = {
    "ok": OK, "empty": b"HTTP/1.1 204 No Content\r\n\r\n", "error": b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",
    "gone": b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", "closed": b"", "nonsense": b"\x00\x01 not HTTP at all\r\n\r\n",
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
    "huge": b"HTTP/1.1 200 OK\r\nContent-Length: 300000000\r\n\r\n" + b"x" * 200_000,
    "endless-head": b"HTTP/1.1 200 OK\r\n" + b"X-Word: y\r\n" * 5000,
}


class Receiver:
    """Listens on a port of its own. `way` is how it answers; `got` holds (path, headers, body) of what came."""

    def __init__(self, certificate: tuple[str, str] | None = None) -> None:
        self.way, self.got = "ok", []
        self.names: list[str | None] = []
        self.tls: ssl.SSLContext | None = None
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*certificate)
            self.tls.sni_callback = lambda _socket, name, _context: self.names.append(name)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.ended = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def address(self) -> str:
        """The address of the receiver."""
        return f"http://127.0.0.1:{self.port}/hook"

    def close(self) -> None:
        """End it, with everybody who waits."""
        self.ended.set()
        with contextlib.suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)  # wakes whoever waits for somebody to come
        self.listening.close()

    def _listen(self) -> None:
        while not self.ended.is_set():
            try:
                link, _from = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link: socket.socket) -> None:
        with contextlib.suppress(OSError), link, (self.tls.wrap_socket(link, server_side=True) if self.tls else link) as held:
            self._take(held)
            if self.way == "never":
                self.ended.wait(30)
            elif self.way == "drip":
                self._drip(held, b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 2000)
            elif self.way == "drip-body":
                self._drip(held, OK.replace(b": 2", b": 4000") + b"x" * 3998)
            else:
                held.sendall(ANSWERS[self.way])

    def _drip(self, held: Any, text: bytes) -> None:
        for mark in text:
            if self.ended.is_set():
                return
            held.sendall(bytes([mark]))
            time.sleep(0.05)

    def _take(self, held: Any) -> None:
        text = b""
        while b"\r\n\r\n" not in text:
            part = held.recv(65536)
            if not part:
                return
            text += part
        head, _gap, body = text.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        while len(body) < int(headers.get("content-length", 0)):
            body += held.recv(65536)
        self.got.append((first.split(" ")[1], headers, body))
