"""The run command: migrate, seed, serve, and say where and with which sign-ins."""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from flask import Flask

# Seconds: people who have just started the platform want its pages first; then once an hour, as letters may wait that long.
FIRST_RUN, EVERY = 120, 300


def main(argv: Sequence[str]) -> int:
    """Start the platform on this machine.

    Arguments: argv, the words after `wsgi.py`. Returns: the exit status.
    """
    asked = _arguments(argv)
    from partnerships import create_app
    from partnerships.settings import LOCAL_URL, Settings, SettingsError

    try:
        settings = Settings.from_environment()
        settings = settings.with_(demo=not asked.no_demo and not settings.production)
        if settings.public_url == LOCAL_URL:  # nobody named another: letters lead to where this server listens
            host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(asked.host, asked.host)
            settings = settings.with_(public_url=f"http://{host}:{asked.port}")
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        app = create_app(settings)
    except (SettingsError, OSError) as error:
        print(f"The platform cannot start: {error}")
        return 2
    with app.app_context():
        _prepare(app)
    return _serve(app, asked.host, asked.port)


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="wsgi.py", description="Run the Platform for Partnerships on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on (default 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)")
    parser.add_argument("--no-demo", action="store_true", help="without the demonstration's records and sign-ins")
    return parser.parse_args(argv)


def _prepare(app: Flask) -> None:
    from partnerships.core import migrate
    from partnerships.core.db import db
    from partnerships.searches import index
    from partnerships.seeding import demo, reference

    if not migrate.is_current():
        _step("Bringing the database up to date", migrate.upgrade)
    if reference.is_stale():
        _step("Loading the reference data", reference.load_and_stamp)
    settings = app.config["SETTINGS"]
    there = demo.is_there()
    if settings.demo and not there:
        _step("Adding the demonstration", demo.add)
    elif there and not settings.demo:
        # Nothing is lost between starts: removing is a command of its own, and the notice stays while it is there.
        print("This database holds the demonstration. To remove it: .venv/bin/flask --app wsgi seed demo --remove")
        app.config["SETTINGS"] = settings.with_(demo=True)
    if index.is_empty():
        _step("Making the index of words", index.rebuild)
    db.session.commit()


def _step(words: str, work: Callable[[], Any]) -> None:
    started = time.monotonic()
    print(f"{words} ...", end=" ", flush=True)
    work()
    print(f"{time.monotonic() - started:.1f} s", flush=True)


def _serve(app: Flask, host: str, port: int) -> int:
    from waitress import create_server

    try:
        server = create_server(app, host=host, port=port, threads=8, ident=None)
    except OSError as error:
        print(f"Port {port} on {host} cannot be opened ({error.strerror}). Choose another with --port N.")
        return 1
    print(f"\nPlatform for Partnerships: http://{host}:{port}/")
    if app.config["SETTINGS"].demo:
        _print_sign_ins()
    print("Stop with Ctrl-C.", flush=True)
    threading.Thread(target=_warm, args=(app,), daemon=True).start()
    threading.Thread(target=_keep_house, args=(app,), daemon=True).start()
    try:
        server.run()
    except KeyboardInterrupt:
        print("\nStopped.")
    return 0


def _print_sign_ins() -> None:
    from partnerships.seeding import demo

    print(f"Demonstration sign-ins (password for all: {demo.PASSWORD}):")
    for email, role in demo.SIGN_INS:
        print(f"  {email:32} {role.value}")


def _warm(app: Flask) -> None:
    """Make the engine ready while nobody waits: loading it takes a second or two, and the first need's page needs it."""
    from partnerships.core.actor import PUBLIC
    from partnerships.suggestions import engine

    with app.test_request_context():  # as in a GET request, the session only reads
        engine.world(PUBLIC)


def _keep_house(app: Flask, pause: Callable[[float], Any] = time.sleep) -> None:
    """Run the jobs and deliver letters, every five minutes for as long as the server runs; in production cron does it."""
    pause(FIRST_RUN)
    while not app.config["SETTINGS"].production:
        work_through(app)
        pause(EVERY)


def work_through(app: Flask) -> None:
    """Do what is due and deliver what was written, once. A failure is logged and never stops the server."""
    from partnerships.core import delivery, jobs
    from partnerships.webhooks import delivery as webhooks

    try:
        with app.app_context():
            jobs.run_due()
            delivery.deliver()
            webhooks.deliver()
    except Exception:
        structlog.get_logger().exception("the hourly work failed")
