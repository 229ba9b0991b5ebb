"""``yuyao compare RUN_A RUN_B``: what two runs found differently."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from yuyao_lib.cli.plain import echo
from yuyao_lib.paths import outputs_folder

__all__ = ["command"]


@click.command("compare", short_help="Compare the findings of two runs.")
@click.argument("before")
@click.argument("after")
@click.option("--out", type=click.Path(path_type=Path), help="Outputs folder.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(before: str, after: str, out: Path | None, as_json: bool) -> None:
    """Compare two runs by the names of their folders; exit 3 if a conclusion moved."""
    from yuyao_lib.reports.history import compare_runs
    from yuyao_lib.reports.ledger import Ledger
    from yuyao_lib.reports.outcomes import change_to_dict

    found = compare_runs(Ledger(outputs_folder(out)), before, after)
    if as_json:
        held = {report: [change_to_dict(c) for c in cs] for report, cs in found.items()}
        echo(json.dumps(held, ensure_ascii=False, indent=1))
    else:
        for report, made in found.items():
            for c in made:
                values = " -> ".join("none" if v is None else f"{v:g}" for v in (c.before, c.after))
                echo(f"{report}  {c.id}: {values}  {c.status.value}")
    moved = any(c.status.concludes_differently for cs in found.values() for c in cs)
    sys.exit(3 if moved else 0)
