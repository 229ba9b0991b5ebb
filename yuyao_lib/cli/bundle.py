"""``yuyao bundle REPORT...``: write a replication package."""

from __future__ import annotations

from pathlib import Path

import click

from yuyao_lib.cli.plain import echo
from yuyao_lib.paths import project_root

__all__ = ["command"]


@click.command("bundle", short_help="Write a replication package of published reports.")
@click.argument("reports", nargs=-1, required=True, metavar="REPORT...")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), required=True, help="A new folder."
)
@click.option("--out", type=click.Path(path_type=Path), help="Outputs folder.")
def command(reports: tuple[str, ...], folder: Path, out: Path | None) -> None:
    """Write notebooks, code, lock, data that may be passed on, findings and a README.

    A researcher's own tables never enter: the package runs the notebook on simulated
    data in their place. Reports of values given to `yuyao run` are known by their names.
    """
    from yuyao_lib.reports.bundle import write_bundle
    from yuyao_lib.reports.fresh import published_beside_plan
    from yuyao_lib.reports.ledger import Ledger
    from yuyao_lib.reports.plan import choose, read_plan

    root = project_root()
    ledger = Ledger(out or root / "outputs")
    plan = read_plan(root / "notebooks" / "reports.yaml")
    others = published_beside_plan(reports, plan, ledger, root / "notebooks")
    named = [name for name in reports if name not in others]
    chosen = [*(choose(plan, named) if named else []), *others.values()]
    made = write_bundle(chosen, ledger, folder)
    names = ", ".join(part.report.id for part in made.parts)
    echo(f"{made.folder}: {len(made.files)} files for {names}")
    blanks = (made.folder / "README.md").read_text(encoding="utf-8").count("[TO BE WRITTEN")
    echo(f"README.md has {blanks} blanks that a person must write.")
