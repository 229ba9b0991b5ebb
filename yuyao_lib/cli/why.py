"""``yuyao why REPORT``: what changed since its page was made."""

from __future__ import annotations

import click

from yuyao_lib.paths import project_root
from yuyao_lib.reports.file_digests import FileDigests
from yuyao_lib.reports.fresh import remembered_plan
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.memory import Memory

__all__ = ["command"]


@click.command("why", short_help="Say what changed since a report's page was made.")
@click.argument("report")
@click.option("--out", type=click.Path(), help="Outputs folder.")
def command(report: str, out: str | None) -> None:
    """Say what would make REPORT run again."""
    from pathlib import Path

    from yuyao_lib.reports.fresh import why_stale
    from yuyao_lib.reports.report import choose

    root = project_root()
    ledger = Ledger(Path(out) if out else root / "outputs")
    files = FileDigests(ledger.cache / "digests.json")
    every = remembered_plan(
        root / "notebooks" / "reports.yaml", Memory(ledger.cache / "memory.json")
    )
    for chosen in choose(every, [report]):
        reasons, _ = why_stale(chosen, ledger, files)
        click.echo(f"{chosen.id}: {'; '.join(reasons) or 'up to date'}")
