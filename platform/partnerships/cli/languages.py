"""Commands for translators: what is missing in a language, and taking it in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from babel.messages.catalog import Catalog, Message

from partnerships.cli.group import Commands
from partnerships.core import catalogues

LANGUAGE = click.Choice(catalogues.LANGUAGES)
group = Commands("languages", help="Catalogues of the interface: what is missing, taking translations in.")


@group.command("status")
def status() -> None:
    """Say how complete each catalogue is; exit 1 when one is not."""
    messages = catalogues.template()
    whole = len([message for message in messages if message.id])
    lacking = {language: len(catalogues.missing(language, messages)) for language in catalogues.LANGUAGES}
    for language, count in lacking.items():
        click.echo(f"{language}: {whole - count} of {whole}")
    if any(lacking.values()):
        raise SystemExit(1)


@group.command("pending")
@click.argument("language", type=LANGUAGE)
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), required=True, help="A folder for the files.")
@click.option("--size", type=click.IntRange(1), default=120, show_default=True, help="Messages a file.")
def pending(language: str, into: Path, size: int) -> None:
    """Write what is not translated yet as JSON files, each message with where it stands."""
    messages = catalogues.template()
    found = sorted(catalogues.missing(language, messages), key=lambda one: (_places(messages, one), str(one.id)))
    into.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(found), size):
        part = {catalogues.key_of(one): _described(messages, one) for one in found[start:start + size]}
        path = into / f"{language}-{start // size + 1:02}.json"
        path.write_text(json.dumps(part, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    click.echo(f"{language}: {len(found)} messages to translate.")


def _places(messages: Catalog, message: Message) -> str:
    kept = messages.get(message.id, message.context)
    return str(kept.locations[0][0]) if kept is not None and kept.locations else ""


def _described(messages: Catalog, message: Message) -> dict[str, Any]:
    words: dict[str, Any] = ({"text": message.id} if isinstance(message.id, str)
                             else {"one": message.id[0], "many": message.id[1]})
    return {**words, **({"context": message.context} if message.context else {}), "at": _places(messages, message)}


@group.command("fill")
@click.argument("language", type=LANGUAGE)
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--check", is_flag=True, help="Only say what cannot stand; keep nothing.")
def fill(language: str, files: tuple[Path, ...], check: bool) -> None:
    """Take translations in: JSON files of {key: words}, a list of forms for a plural. What cannot stand is said and left out."""
    catalogue = catalogues.current(language, catalogues.template())
    by_key = {catalogues.key_of(message): message for message in catalogue if message.id}
    taken = refused = 0
    for path in files:
        for key, given in json.loads(path.read_text(encoding="utf-8")).items():
            message = by_key.get(key)
            strings = [given] if isinstance(given, str) else list(given)
            why = ["no such message"] if message is None else catalogues.faults(catalogue, message, strings)
            if why or message is None:
                refused += 1
                click.echo(f"{path.name}: {key}: {'; '.join(why)}", err=True)
                continue
            message.string = strings[0] if isinstance(message.id, str) else tuple(strings)
            message.flags.discard("fuzzy")
            taken += 1
    if not check:
        catalogues.write(language, catalogue)
    click.echo(f"{language}: {taken} taken, {refused} refused.")
    if refused:
        raise SystemExit(1)
