"""`flask documents check`: whether every document has its file, unchanged, and every file its document."""

from __future__ import annotations

from typing import Any

import click

from partnerships.cli.group import Commands
from partnerships.core import storage
from partnerships.documents import queries
from partnerships.releases import queries as releases

group = Commands("documents", help="Files attached to records.")


@group.command("check")
@click.option("--remove-orphans", is_flag=True, help="Delete files that no document names. Run it while nobody uploads.")
def check(remove_orphans: bool) -> None:
    """Compare the folder of files with the register. Ends with status 1 when a file is missing or was changed."""
    kept: list[Any] = [*queries.stored(), *releases.stored()]
    wrong = 0
    for document in kept:
        found = storage.digest(document.stored_as)
        if found != document.sha256:
            wrong += 1
            click.echo(f"{document.ref}: the file {'is missing' if found is None else 'was changed'}.")
    orphans = sorted(storage.names() - {document.stored_as for document in kept})
    for name in orphans:
        click.echo(f"{name}: no document names this file{', it is deleted' if remove_orphans else ''}.")
        if remove_orphans:
            storage.remove(name)
    click.echo(f"{len(kept)} documents, {wrong} with a wrong file; {len(orphans)} files without a document.")
    if wrong:
        raise click.exceptions.Exit(1)
