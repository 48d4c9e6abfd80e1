"""A platform that can be killed and comes back at once, for tests of what is lost then: nothing.

One process loads the application and forks for each start, so that a start takes a moment; the child that serves is killed
with SIGKILL, in the middle of whatever it does.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

from flask import Flask

FORK = multiprocessing.get_context("fork")


def _serve(make: Callable[[], Flask], port: int, orders: Any, pids: Any) -> None:
    """The parent of the servers: forks one for each order, and tells its number."""
    from waitress import create_server

    app = make()
    while orders.get() == "start":
        pid = os.fork()
        if pid == 0:
            app.extensions["database"].dispose(close=False)
            create_server(app, host="127.0.0.1", port=port, threads=8, ident=None).run()
            os._exit(0)
        pids.put(pid)


class Killable:
    """A server on a port of its own. `kill` ends it without a word, `start` brings it back on the same port and database."""

    def __init__(self, make: Callable[[], Flask]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.orders, self.pids = FORK.Queue(), FORK.Queue()
        self.parent = FORK.Process(target=_serve, args=(make, self.port, self.orders, self.pids), daemon=True)
        self.parent.start()
        self.pid: int | None = None

    @property
    def url(self) -> str:
        """The address of the platform."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start a server and wait until it answers."""
        self.orders.put("start")
        self.pid = self.pids.get(timeout=30)
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise TimeoutError("the platform does not answer")

    def kill(self) -> None:
        """Kill the server at once, wherever it is."""
        if self.pid is not None:
            os.kill(self.pid, signal.SIGKILL)
            self.pid = None

    def close(self) -> None:
        """End everything."""
        self.kill()
        self.orders.put("end")
        self.parent.join(timeout=5)
        self.parent.kill()
