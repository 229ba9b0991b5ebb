"""``yuyao why REPORT``: what changed since its page was made."""

from __future__ import annotations

from pathlib import Path

import click

from yuyao_lib.cli.chosen import chosen, rows
from yuyao_lib.cli.plain import echo
from yuyao_lib.paths import outputs_folder, project_root
from yuyao_lib.reports.file_digests import FileDigests
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.memory import Memory
from yuyao_lib.reports.report import Report

__all__ = ["command"]


@click.command("why", short_help="Say what changed since a report's page was made.")
@click.argument("names", nargs=-1, required=True, metavar="REPORT|NOTEBOOK|PATH.ipynb...")
@click.option("-p", "given", multiple=True, metavar="NAME=VALUE", help="As it was run with.")
@click.option("-f", "file", type=click.Path(path_type=Path), help="As it was run with.")
@click.option("--table", type=click.Path(path_type=Path), help="As it was run with.")
@click.option("--out", type=click.Path(path_type=Path), help="Outputs folder.")
def command(
    names: tuple[str, ...],
    given: tuple[str, ...],
    file: Path | None,
    table: Path | None,
    out: Path | None,
) -> None:
    """Say what would make a report run again.

    A report that was made of given values can be named as its page is, or by what it was
    run with.
    """
    from yuyao_lib.reports.fresh import published_beside_plan, remembered_plan, why_stale

    root = project_root()
    ledger = Ledger(outputs_folder(out))
    files = FileDigests(ledger.cache / "digests.json")
    memory = Memory(ledger.cache / "memory.json")
    made: dict[str, Report] = {}
    if not (given or file or table):
        plan = remembered_plan(root / "notebooks" / "reports.yaml", memory)
        made = published_beside_plan(names, plan, ledger, root / "notebooks")
    others = tuple(name for name in names if name not in made)
    asked = chosen(root, memory, others, rows(given, file, table), None) if others else []
    for report in [*asked, *made.values()]:
        reasons, _ = why_stale(report, ledger, files)
        echo(f"{report.id}: {'; '.join(reasons) or 'up to date'}")
