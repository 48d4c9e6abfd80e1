"""Find a Chromium for the browser tests, or put one on the machine.

Playwright names its own Chromium even where it is absent, so a place is believed only after a launch. A
missing browser is a failure with the command that mends it, never a reason to skip.

``python -m tests.support.browser`` prints the launch arguments that work, as JSON, or fails with status 1.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# No graphics card, no small /dev/shm of a container, and no traffic but the tests' own.
ARGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
ON_PATH = ("chromium", "chromium-browser", "google-chrome")
# libatomic1: Playwright's driver is linked to it, and small Debian systems lack it.
APT_INSTALL = ["apt-get", "install", "-y", "--no-install-recommends", "chromium", "libatomic1"]
PLAYWRIGHT_INSTALL = ["-m", "playwright", "install", "chromium"]
# The outcome of the first look, for the rest of the run: JSON, null for "none, and none could be installed".
FOUND = "PARTNERSHIPS_TEST_BROWSER"


class BrowserMissing(Exception):
    """No Chromium starts on this machine; the message is the command that installs one."""


def launch_args() -> dict[str, Any]:
    """Return the arguments for Playwright's ``chromium.launch``.

    Looks, in this order, at ``$CHROMIUM``, Playwright's own Chromium, chromium, chromium-browser and
    google-chrome on PATH, then installed Chrome and Edge; if none starts, installs one.

    Returns:
        ``args``, and ``executable_path`` or ``channel`` where one is needed.

    Raises:
        BrowserMissing: none starts and none could be installed.
    """
    return {**_find_or_install(), "args": list(ARGS)}


def prepare(say: Callable[[str], None]) -> None:
    """Make sure of a browser before pytest starts, where the person can see what takes long.

    A failure is only announced here: each browser test then fails with the same words.

    Args:
        say: prints one line of progress.
    """
    try:
        _find_or_install(say)
    except BrowserMissing as error:
        say(str(error))


def candidates() -> Iterator[dict[str, str]]:
    """Give the launch arguments worth trying, best first."""
    named = os.environ.get("CHROMIUM")
    if named:  # somebody chose: nothing else is tried
        yield {"executable_path": named}
        return
    yield {}
    for name in ON_PATH:
        path = shutil.which(name)
        if path:
            yield {"executable_path": path}
    yield {"channel": "chrome"}
    yield {"channel": "msedge"}


def find() -> dict[str, str] | None:
    """Return the first candidate that starts, or None.

    Launches in a process of its own: in this one pytest-playwright may already run an event loop.
    """
    command = [sys.executable, "-m", "tests.support.browser"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    found: dict[str, str] = json.loads(done.stdout)
    return found


def how_to_install() -> str:
    """Return the command that installs a Chromium on this machine, in a sentence."""
    command = " ".join([sys.executable, *PLAYWRIGHT_INSTALL[:-1], "--with-deps", "chromium"])
    if shutil.which("apt-get"):
        sudo = "" if _is_root() else "sudo "
        command = f"{sudo}{' '.join(APT_INSTALL)}` or `{command}"
    named = os.environ.get("CHROMIUM")
    first = f"CHROMIUM={named} does not start" if named else "No Chromium starts on this machine"
    return f"{first}, and the browser tests need one. Run `{command}`, or set CHROMIUM to the path of one."


def _find_or_install(say: Callable[[str], None] = lambda words: None) -> dict[str, str]:
    """Find or install, once a run; raise BrowserMissing with the command otherwise."""
    if FOUND not in os.environ:
        found = find()
        os.environ[FOUND] = json.dumps(_install(say) if found is None else found)
    remembered: dict[str, str] | None = json.loads(os.environ[FOUND])
    if remembered is None:
        raise BrowserMissing(how_to_install())
    return remembered


def _install(say: Callable[[str], None]) -> dict[str, str] | None:
    """Install a browser, by the first way that works; return its launch arguments, or None."""
    if os.environ.get("CHROMIUM"):  # another browser would not be the one that was asked for
        return None
    for what, commands in _installations():
        say(f"No Chromium starts yet. {what}")
        if all(_run(command) for command in commands):
            found = find()
            if found is not None:
                return found
    return None


def _installations() -> Iterator[tuple[str, list[list[str]]]]:
    """Give the ways to install a browser here: what to say, and the commands."""
    yield "Asking Playwright for its own (about 180 MB)", [[sys.executable, *PLAYWRIGHT_INSTALL]]
    if _is_root() and shutil.which("apt-get"):
        yield "Installing Debian's (about 200 MB, one minute)", [["apt-get", "update"], APT_INSTALL]


def _run(command: list[str]) -> bool:
    """Run an installer; show its output only if it fails; tell whether it succeeded."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        return False
    if done.returncode:
        print("\n".join(done.stdout.splitlines()[-5:]), file=sys.stderr)
    return done.returncode == 0


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def main() -> int:
    """Try the candidates; print the first that starts as JSON; return the exit status."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        for candidate in candidates():
            try:
                playwright.chromium.launch(args=ARGS, **candidate).close()  # type: ignore[arg-type]
            except Error:
                continue
            print(json.dumps(candidate))
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
