"""The run command as a new user meets it: it migrates, seeds, serves, keeps everything, and says what is wrong in words."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(folder: Path, *words: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    port = free_port()
    env = {key: value for key, value in os.environ.items() if not key.startswith("PARTNERSHIPS_")}
    env |= {"PARTNERSHIPS_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(
        [sys.executable, "wsgi.py", "--port", str(port), *words],
        cwd=ROOT,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield f"http://127.0.0.1:{port}", server
    finally:
        server.terminate()
        server.communicate(timeout=20)


def wait_for(address: str, server: subprocess.Popen[str]) -> bytes:
    for _ in range(600):
        try:
            with urlopen(f"{address}/healthz", timeout=5) as answer:
                return bytes(answer.read())
        except (URLError, ConnectionError):
            assert server.poll() is None, server.communicate()[0]
            time.sleep(0.1)
    raise AssertionError("the platform did not start in a minute")


def page(address: str) -> str:
    with urlopen(address, timeout=30) as answer:
        return str(answer.read().decode())


def test_starts_with_the_demonstration_and_keeps_it(tmp_path):
    with started(tmp_path) as (address, server):
        assert json.loads(wait_for(address, server))["database"] == "ok"
        assert "Demonstration data" in page(f"{address}/")
    assert {path.name for path in tmp_path.iterdir()} >= {"partnerships.sqlite3", "secret-key"}
    key = (tmp_path / "secret-key").read_text()
    with started(tmp_path, "--no-demo") as (address, server):
        wait_for(address, server)
        assert "Demonstration data" in page(f"{address}/"), "what is there is kept, and still marked"
    assert (tmp_path / "secret-key").read_text() == key


def test_starts_without_the_demonstration(tmp_path):
    with started(tmp_path, "--no-demo") as (address, server):
        wait_for(address, server)
        text = page(f"{address}/")
        assert "Demonstration data" not in text and "Needs" in text


def test_a_port_in_use_is_said_in_words(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        env = {**os.environ, "PARTNERSHIPS_DATA_DIR": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "wsgi.py", "--no-demo", "--port", str(taken.getsockname()[1])],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1 and "cannot be opened" in done.stdout and "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("env", "words"),
    [({"PARTNERSHIPS_ENV": "production"}, "SECRET_KEY"), ({"PARTNERSHIPS_DATA_DIR": "/proc/nowhere"}, "cannot start")],
)
def test_what_keeps_it_from_starting_is_said_in_words(tmp_path, env, words):
    done = subprocess.run(
        [sys.executable, "wsgi.py", "--port", str(free_port())],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PARTNERSHIPS_DATA_DIR": str(tmp_path), **env},
        check=False,
    )
    assert done.returncode == 2 and words in done.stdout and "Traceback" not in done.stdout + done.stderr
