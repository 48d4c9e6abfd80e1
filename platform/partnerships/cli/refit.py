"""`flask matching refit`: let the engine's vocabulary read what was published since."""

from __future__ import annotations

import click

from partnerships.suggestions import kept


@click.command("refit")
def command() -> None:
    """Fit the vocabulary anew on public needs and offers; what has not changed is left as it is."""
    share = kept.new_share()
    fitted = kept.refit()
    if fitted:
        click.echo(f"The vocabulary is fitted anew and serves: {share:.0%} of the public texts were new to it.")
    else:
        click.echo("Nothing changed: the same texts were read before.")
