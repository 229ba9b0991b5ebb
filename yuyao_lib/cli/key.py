"""``yuyao key``: the secret key that identity numbers are replaced under."""

from __future__ import annotations

import click

from yuyao_lib.cli.plain import echo

__all__ = ["command"]


@click.command("key", short_help="Make or check the secret key for one's own tables.")
@click.option("--new", is_flag=True, help="Make a key; one that is there is never replaced.")
def command(new: bool) -> None:
    """Say whether there is a usable key. The key itself is never printed.

    It lies in a file that only its owner may read (YUYAO_KEY_FILE names another place),
    or in the environment variable YUYAO_KEY. Keep a copy as safe as the data: without it
    new files cannot be joined to old ones, and deleting it cannot be undone.
    """
    from yuyao_lib.sources.own.keys import find_key, new_key

    if new:
        new_key()
    find_key()
    echo("a key is there and only its owner can read it.")
