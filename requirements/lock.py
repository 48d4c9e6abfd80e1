"""Make the hashed locks again from setup.cfg: ``python3 requirements/lock.py [--upgrade]``.

Standard library and uv only. The people's list is setup.cfg (``install_requires`` and the ``test`` extra);
runtime.txt, test.txt and uv.txt are made from it and never edited by hand. The locks are universal: one file
serves Linux, macOS and Windows on every Python from the oldest that setup.cfg allows.
"""

from __future__ import annotations

import argparse
import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
HEAD = "# Made by `python3 requirements/lock.py` from setup.cfg. Do not edit by hand.\n"


def find_uv() -> str:
    """Return the path of uv: the virtual environment's own, else the one on PATH.

    Raises:
        SystemExit: if there is none, with what to do.
    """
    folder = ROOT / ".venv" / ("Scripts" if os.name == "nt" else "bin")
    found = shutil.which("uv", path=str(folder)) or shutil.which("uv")
    if found is None:
        raise SystemExit("uv is not installed. Run `python3 wsgi.py` once, which installs it in .venv.")
    return found


def compile_lock(uv: str, wanted: str, out: Path, python: str, extra: list[str]) -> None:
    """Write one lock.

    Args:
        uv: path of the uv program.
        wanted: requirement lines, one a line, as in setup.cfg.
        out: the lock to write; what it already pins is kept unless ``--upgrade`` is in ``extra``.
        python: oldest Python version the lock must serve, for example "3.11".
        extra: more arguments for ``uv pip compile``.

    Raises:
        SystemExit: if uv cannot find versions that fit together.
    """
    command = [uv, "pip", "compile", "-", "--quiet", "--universal", "--generate-hashes", "--no-header"]
    command += ["--python-version", python, "--no-emit-index-url", "--no-emit-find-links", "--no-config"]
    command += ["--output-file", str(out), *extra]
    done = subprocess.run(command, input=wanted, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(f"uv could not make {out.name} (see above)")
    body = "".join(line for line in out.read_text().splitlines(True) if not line.startswith("#"))
    out.write_text(HEAD + body, encoding="utf-8", newline="\n")
    print(f"{out.relative_to(ROOT)}: {len(re.findall(r'(?m)^[A-Za-z0-9]', body))} packages")


def main(argv: list[str]) -> int:
    """Make the three locks; return the exit status."""
    parser = argparse.ArgumentParser(description="Make requirements/*.txt again from setup.cfg.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    options = parser.parse_args(argv)
    more = ["--upgrade"] if options.upgrade else []
    setup = configparser.ConfigParser(interpolation=None)
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    python = setup["options"]["python_requires"].removeprefix(">=").strip()
    uv = find_uv()
    runtime = HERE / "runtime.txt"
    compile_lock(uv, setup["options"]["install_requires"], runtime, python, more)
    tests = setup["options.extras_require"]["test"]
    compile_lock(uv, tests, HERE / "test.txt", python, ["--constraint", str(runtime), *more])
    compile_lock(uv, "uv", HERE / "uv.txt", python, more)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
