"""`flask backup` and `flask restore`: a verified copy while the platform serves, and its way back into an empty place."""

from __future__ import annotations

import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from partnerships.core.db import current_engine
from partnerships.keeping import backup as keeping
from partnerships.keeping import restore as returning
from partnerships.keeping import sealed
from partnerships.keeping.words import Unwell


@click.command("backup")
@click.option("--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@click.option("--recipient", help=f"The public key (age1...) the copy is for; else {sealed.KEY_VARIABLE} (also a passphrase).")
@click.option("--plain", is_flag=True, help="Do not encrypt. The copy holds everything, restricted records and addresses too.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option("--rows", is_flag=True, help="In the form that SQLite and PostgreSQL both take, without pg_dump.")
@with_appcontext
def backup(output: Path, recipient: str | None, plain: bool, force: bool, rows: bool) -> None:
    """Copy database and documents into one encrypted, verified file, while the platform serves."""
    key = recipient or os.environ.get(sealed.KEY_VARIABLE, "").strip() or None
    try:
        if key is None and not plain:
            raise Unwell(f"There is no key: give --recipient age1... or set {sealed.KEY_VARIABLE}; or say --plain.")
        if key is not None and plain:
            raise Unwell("A key is given, and --plain asks for none. Say one of the two.")
        made = keeping.make(current_engine(), _data_dir(), output.absolute(), key, force=force, as_rows=rows)
    except (Unwell, SQLAlchemyError) as error:
        raise click.ClickException(f"No copy was made. {_words(error)}") from error
    found = made.manifest
    click.echo(f"{output}: {made.size} bytes, {'plain' if key is None else 'encrypted'}; revision {found['revision']}, "
               f"{sum(found['rows'].values())} rows in {len(found['rows'])} tables, {len(found['documents'])} documents, "
               f"{found['audit']['count']} events (head {found['audit']['hash'] or found['audit']['event_id']}).")
    click.echo("Read again and checked, every part." if made.reopened else
               "Every part was checked before it was encrypted; only the secret key can read it again: try a restore.")
    click.echo("PARTNERSHIPS_SECRET_KEY is not in it: keep it apart. Without it people sign in anew, and links in letters end.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--identity", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help=f"The file of the secret key (AGE-SECRET-KEY-1...); else {sealed.KEY_VARIABLE} (a passphrase).")
@with_appcontext
def restore(file: Path, identity: Path | None) -> None:
    """Bring a copy back into an empty place, and check everything."""
    try:
        returning.into(current_engine(), _data_dir(), file, _opener(file, identity), click.echo)
    except (Unwell, SQLAlchemyError) as error:
        raise click.ClickException(f"Nothing was restored. {_words(error)}") from error
    click.echo("Restored, and all is well. Next: flask database upgrade (if this version is newer), then flask seed reference.")


def _opener(file: Path, identity: Path | None) -> str | None:
    """What opens the file; None for a plain one."""
    if not file.is_file():
        raise Unwell(f"There is no file {file}.")
    if not sealed.is_sealed(file):
        return None
    if identity is not None:
        return sealed.identity(identity.read_text(errors="replace"))
    key = os.environ.get(sealed.KEY_VARIABLE, "").strip()
    if not key:
        raise Unwell(f"The copy is encrypted: name its secret key with --identity, or set {sealed.KEY_VARIABLE}.")
    return key


def _data_dir() -> Path:
    folder = Path(current_app.config["SETTINGS"].data_dir)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _words(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
