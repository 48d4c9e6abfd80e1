"""Make the virtual environment, then start the same command again inside it.

Standard library only, because nothing else exists yet when it runs; for the same reason its few lines of
progress are plain English and not translated. ``wsgi.py`` and ``tests/__main__.py`` load this file by path.

The environment is ``.venv`` beside ``wsgi.py``, or the folder named by ``PARTNERSHIPS_VENV``. Small files of
ours in it: ``.p4p-installing`` while work is under way (found later, it means that the work was cut short and
the folder is made anew), and ``.p4p-<lock>`` after a lock was installed (which contents, for which Python).
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NoReturn

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
VENV = Path(os.environ.get("PARTNERSHIPS_VENV") or ROOT / ".venv").absolute()
UNFINISHED = VENV / ".p4p-installing"
AGAIN = "PARTNERSHIPS_BOOTSTRAP_AGAIN"
STARTED = time.monotonic()


class SetupError(Exception):
    """Set-up cannot go on; the message says why and what to do, in words for the person at the keyboard."""


def say(words: str) -> None:
    """Print one line of progress to standard error, with the seconds since the start."""
    print(f"[{time.monotonic() - STARTED:5.1f} s] {words}", file=sys.stderr, flush=True)


def ensure(locks: list[str]) -> None:
    """Return only inside an environment that holds these locks; make it and start again in it otherwise.

    Args:
        locks: names of files in requirements/ without ``.txt``, in the order of installation,
            for example ``["runtime", "test"]``.

    Raises:
        SystemExit: set-up failed (status 1) or was interrupted (status 130), after saying so.
    """
    try:
        if not is_ready(locks):
            leave_stale_environment()
            with one_at_a_time():
                if not is_ready(locks):  # another start may have done the work while this one waited
                    set_up(locks)
    except SetupError as error:
        sys.exit(f"Set-up stopped. {error}")
    except KeyboardInterrupt:
        say("Interrupted. The next start begins the set-up afresh.")
        sys.exit(130)
    if not inside():
        start_again(venv_python())
    os.environ.pop(AGAIN, None)


def inside() -> bool:
    """Tell whether this process runs in the environment."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def venv_python() -> Path:
    """Return where the environment's Python is (it need not exist yet)."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def probe(code: str) -> str | None:
    """Run one line in the environment's Python; return what it printed, or None if that failed."""
    try:
        done = subprocess.run([venv_python(), "-I", "-c", code], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def venv_version() -> str | None:
    """Return the environment's Python as ``cpython-3.11``, or None if it does not run."""
    if inside():
        return f"{sys.implementation.name}-{sys.version_info.major}.{sys.version_info.minor}"
    return probe("import sys; v = sys.version_info; print(f'{sys.implementation.name}-{v.major}.{v.minor}')")


def stamp(lock: str, version: str) -> str:
    """Return what the stamp of an installed lock must say: the lock's SHA-256 and the Python it is for."""
    digest = hashlib.sha256((REQUIREMENTS / f"{lock}.txt").read_bytes()).hexdigest()
    return f"{digest} {version}"


def is_ready(locks: list[str]) -> bool:
    """Tell whether the environment is whole and holds exactly these locks for the Python it runs on."""
    version = venv_version()
    if version is None or UNFINISHED.exists():
        return False
    stamps = [VENV / f".p4p-{lock}" for lock in locks]
    return all(s.is_file() and s.read_text() == stamp(n, version) for n, s in zip(locks, stamps, strict=True))


def is_usable() -> bool:
    """Tell whether packages can be put into the environment as it is: its Python runs and finds its pip."""
    return not UNFINISHED.exists() and probe("import pip") is not None


def leave_stale_environment() -> None:
    """Go back to the Python outside when the environment this process runs in must be made anew.

    Raises:
        SetupError: going back did not help.
    """
    if not inside() or is_usable():
        return
    base = getattr(sys, "_base_executable", None)
    if not base or os.environ.get(AGAIN):
        raise SetupError(f"{VENV} is damaged and in use. Delete it, then run the command again.")
    os.environ[AGAIN] = "1"
    start_again(Path(base))


def start_again(python: Path) -> NoReturn:
    """Replace this process by the same command under another Python."""
    command = [str(python), *sys.orig_argv[1:]]
    sys.stdout.flush()
    if os.name == "nt":  # exec on Windows returns to the prompt before the new process is done
        try:
            sys.exit(subprocess.call(command))
        except KeyboardInterrupt:
            sys.exit(130)
    os.execv(command[0], command)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one start at a time work on the environment; the others wait. A dead holder frees it.

    Raises:
        SetupError: the folder cannot be written to.
    """
    path = VENV.with_name(f"{VENV.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.open("a+b")
    except OSError as error:
        raise SetupError(
            f"{path.parent} cannot be written to ({error.strerror}), and the first start has to put a "
            "virtual environment there. Copy the folder to a place of your own, or name another place for "
            "the environment: PARTNERSHIPS_VENV=/some/folder/venv"
        ) from error
    with handle:
        if not take(handle):
            say("Another start is setting up; waiting for it")
            while not take(handle):
                time.sleep(0.3)
        yield


def take(handle: IO[bytes]) -> bool:
    """Try to lock an open file without waiting; True also where the file system knows no locks."""
    try:
        if sys.platform == "win32":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True


def set_up(locks: list[str]) -> None:
    """Make the environment if needed and install the locks.

    Args:
        locks: as in :func:`ensure`.

    Raises:
        SetupError: in words, whatever went wrong.
    """
    say(f"Setting up {VENV.name} with Python {'.'.join(map(str, sys.version_info[:3]))} (only when needed)")
    try:
        if not is_usable():
            make_environment()
        UNFINISHED.touch()
        install(locks)
        version = venv_version() or ""
        for lock in locks:
            (VENV / f".p4p-{lock}").write_text(stamp(lock, version))
        UNFINISHED.unlink()
    except OSError as error:
        raise SetupError(f"{error.strerror or error}: {error.filename or VENV}") from error
    say("Ready")


def make_environment() -> None:
    """Make an empty environment, in place of a broken or half-made one.

    Raises:
        SetupError: this Python lacks the parts for it, or the place is taken by something else.
    """
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise SetupError(f"This Python cannot make virtual environments. Install that part: {venv_advice()}")
    if VENV.is_symlink() or (VENV.exists() and not VENV.is_dir()):
        raise SetupError(f"{VENV} is not a folder. Move it away, then run the command again.")
    if VENV.exists() and any(VENV.iterdir()):
        ours = VENV == ROOT / ".venv" or UNFINISHED.exists() or (VENV / "pyvenv.cfg").exists()
        if not ours:
            raise SetupError(f"{VENV} holds other files. Name an empty folder in PARTNERSHIPS_VENV.")
        say(f"{VENV.name} is unfinished or belongs to another Python; making it anew")
        shutil.rmtree(VENV)
    say("Making the virtual environment")
    VENV.mkdir(parents=True, exist_ok=True)
    UNFINISHED.touch()
    done = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
    if done.returncode:
        raise SetupError(f"Python could not make {VENV}:\n{done.stdout}{done.stderr}")


def venv_advice() -> str:
    """Return the command that adds the missing part of Python on this machine."""
    if shutil.which("apt-get"):
        sudo = "" if hasattr(os, "geteuid") and os.geteuid() == 0 else "sudo "
        return f"{sudo}apt install python3-venv"
    if shutil.which("dnf"):
        return "sudo dnf install python3-pip"
    return "use the installer of python.org, which has it"


def install(locks: list[str]) -> None:
    """Install the locks by uv, or by pip where uv does not work. Every file is checked against its hash.

    Raises:
        SetupError: neither could.
    """
    files = [part for lock in locks for part in ("-r", str(REQUIREMENTS / f"{lock}.txt"))]
    pip = [str(venv_python()), "-m", "pip", "install", "--require-hashes", "--disable-pip-version-check"]
    uv = venv_python().with_name("uv.exe" if os.name == "nt" else "uv")
    if not uv.exists():
        say("Fetching uv, the installer")
        run([*pip, "--quiet", "-r", str(REQUIREMENTS / "uv.txt")])
    say(f"Installing the packages of {' and '.join(f'requirements/{lock}.txt' for lock in locks)}")
    by_uv = [str(uv), "pip", "install", "--quiet", "--require-hashes", "--python", str(venv_python()), *files]
    if uv.exists() and run(by_uv, uv_environment()):
        return
    say("uv could not; trying pip, which takes about a minute")
    if not run([*pip, "--quiet", *files]):
        UNFINISHED.unlink()  # both installers download first: what was there before is still whole
        raise SetupError(
            "The packages could not be installed (see above). Check the network connection; behind a mirror "
            "or a proxy set PIP_INDEX_URL or HTTPS_PROXY. Then run the command again."
        )


def run(command: list[str], environment: dict[str, str] | None = None) -> bool:
    """Run a command with its output shown on standard error; tell whether it succeeded."""
    try:
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    except OSError as error:
        say(f"{Path(command[0]).name}: {error.strerror}")
        return False
    return done.returncode == 0


def uv_environment() -> dict[str, str]:
    """Return the variables for uv: to use this Python, and to obey pip's settings, which it does not read."""
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_CONFIG": "1"}
    if sys.dont_write_bytecode:  # no start would keep what it compiles, and each would take seconds longer
        environment.setdefault("UV_COMPILE_BYTECODE", "1")
    if "PIP_INDEX_URL" in os.environ:
        environment.setdefault("UV_DEFAULT_INDEX", os.environ["PIP_INDEX_URL"])
    if "PIP_CERT" in os.environ:
        environment.setdefault("SSL_CERT_FILE", os.environ["PIP_CERT"])
    return environment
