"""The way in: ``python3 wsgi.py`` runs the platform; ``gunicorn wsgi:app`` and ``flask --app wsgi`` use it.

Run as a program it needs nothing but Python: it makes .venv from the hashed locks, starts itself again inside
it, then migrates, seeds and serves. Imported, it expects the dependencies to be there and offers ``app``.
The lines above ``main`` use no modern syntax, so that an old Python can still say that it is too old.
"""

import sys
from importlib import util
from pathlib import Path

ROOT = Path(__file__).resolve().parent
PLATFORM = ROOT / "platform"

if sys.version_info < (3, 11):
    sys.exit("Python 3.11 or newer is needed; this is Python %d.%d." % sys.version_info[:2])

if str(PLATFORM) not in sys.path:
    sys.path.insert(0, str(PLATFORM))


def load_bootstrap():
    """Return the set-up module, loaded by its file: importing the package would ask for Flask too early."""
    spec = util.spec_from_file_location("partnerships_bootstrap", PLATFORM / "partnerships" / "bootstrap.py")
    module = util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def main(argv):
    """Set up if needed, then run the platform.

    Args:
        argv: the arguments after ``wsgi.py``, for example ``["--port", "8080", "--no-demo"]``.

    Returns:
        The exit status.
    """
    load_bootstrap().ensure(["runtime"])
    from partnerships.serve import main as serve

    return serve(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
else:
    from partnerships import create_app

    app = create_app()
