"""PostgreSQL's own programs: found on the PATH or in the folder that PARTNERSHIPS_PG_BIN names."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import URL

from partnerships.keeping.words import Unwell

FOLDER_VARIABLE = "PARTNERSHIPS_PG_BIN"


def found(name: str, connection: Connection) -> str | None:
    """The path of pg_dump or pg_restore, when there is one at least as new as the server; else None."""
    folder = os.environ.get(FOLDER_VARIABLE)
    program = shutil.which(name, path=folder) if folder else shutil.which(name)
    if program is None:
        return None
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"\) (\d+)", told)
    server = (connection.dialect.server_version_info or (0,))[0]
    return program if version and int(version[1]) >= int(server) else None


def dump(program: str, url: URL, snapshot: str, path: Path) -> None:
    """Write a dump in PostgreSQL's custom form, of exactly what a snapshot sees."""
    _run([program, "--format=custom", "--compress=0", "--no-owner", "--no-privileges", f"--snapshot={snapshot}",
          f"--file={path}"], url)


def load(program: str, url: URL, path: Path) -> None:
    """Load such a dump, wholly or not at all."""
    _run([program, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", f"--dbname={url.database}",
          str(path)], url)


def _run(command: list[str], url: URL) -> None:
    """Run a program with the address in its environment: a password is never among the words of a command."""
    asked: dict[str, Any] = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password,
                             "PGDATABASE": url.database}
    asked |= {f"PG{key.upper()}": value for key, value in url.query.items() if key in ("sslmode", "sslrootcert", "host", "port")}
    env = {**os.environ, **{key: str(value) for key, value in asked.items() if value}}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise Unwell(f"{Path(command[0]).name} failed: {last}")
