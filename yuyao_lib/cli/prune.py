"""``yuyao prune``: remove old runs, never what published pages came from."""

from __future__ import annotations

from pathlib import Path

import click

from yuyao_lib.cli.plain import echo
from yuyao_lib.paths import outputs_folder

__all__ = ["command"]


@click.command("prune", short_help="Remove old runs, never what published pages came from.")
@click.option("--keep", type=int, default=10, show_default=True, help="Newest runs to keep.")
@click.option("--out", type=click.Path(path_type=Path), help="Outputs folder.")
def command(keep: int, out: Path | None) -> None:
    """Remove all but the newest runs from the outputs folder."""
    from yuyao_lib.reports.ledger import Ledger
    from yuyao_lib.reports.retention import prune

    gone = prune(Ledger(outputs_folder(out)), keep=keep)
    echo(f"{len(gone)} runs removed" + (f": {', '.join(gone)}" if gone else ""))
