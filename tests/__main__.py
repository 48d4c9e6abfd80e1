"""``python3 tests [pytest arguments]``: set up what the tests need, then run them all, or those asked for.

Needs nothing but Python, like ``python3 wsgi.py``: the same set-up, the test lock on top, and a Chromium.
The exit status is pytest's own. ``python3 tests tests/unit -k deadline`` runs a part.
"""

import os
import sys
from importlib import util
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

if sys.version_info < (3, 11):
    sys.exit("Python 3.11 or newer is needed; this is Python %d.%d." % sys.version_info[:2])


def load_bootstrap():
    """Return the set-up module, loaded by its file: importing the package would ask for Flask too early."""
    path = ROOT / "platform" / "partnerships" / "bootstrap.py"
    spec = util.spec_from_file_location("partnerships_bootstrap", path)
    module = util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def wants_browser(argv):
    """Tell whether these pytest arguments may run a browser test: they name no path, or one with some."""
    paths = [Path(word.split("::")[0]).resolve() for word in argv if not word.startswith("-")]
    paths = [path for path in paths if path.exists()]
    browser = ROOT / "tests" / "browser"
    return not paths or any(p == browser or p in browser.parents or browser in p.parents for p in paths)


def in_parallel(argv):
    """Add "-n": one worker a core (four at most), unless the caller says how, names tests, or debugs."""
    if os.cpu_count() == 1 or any(word.startswith(("-n", "--pdb", "--numprocesses", "tests")) for word in argv):
        return argv
    return ["-n", str(min(4, os.cpu_count() or 1)), *argv]


def main(argv):
    """Set up if needed, then run pytest.

    Args:
        argv: arguments for pytest; none means every test.

    Returns:
        pytest's exit status.
    """
    # Workers, and the platforms that tests start, load the same files: what one has compiled the others read.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    bootstrap = load_bootstrap()
    bootstrap.ensure(["runtime", "test"])
    # Python put tests/ first on the path for running this file: `import unit` must not find tests/unit.
    here = str(ROOT / "tests")
    sys.path[:] = [str(ROOT)] + [entry for entry in sys.path if os.path.realpath(entry or ".") != here]
    browser_wanted = wants_browser(argv)
    os.chdir(ROOT)
    if browser_wanted:
        from tests.support import browser

        browser.prepare(bootstrap.say)
    import pytest

    return int(pytest.main(in_parallel(argv)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
