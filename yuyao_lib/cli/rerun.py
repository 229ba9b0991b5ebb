"""``yuyao rerun FOLDER``: run a replication package again and compare its findings."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from yuyao_lib.cli.plain import echo
from yuyao_lib.paths import PACKAGE

__all__ = ["command"]


@click.command("rerun", short_help="Run a replication package and compare its findings.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--tolerance", type=click.FloatRange(min=0), default=1e-6, show_default=True,
              help="Relative difference that counts as equal.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(min=1), default=2, show_default=True,
              help="Reports at a time.")  # fmt: skip
def command(folder: Path, tolerance: float, jobs: int) -> None:
    """Exit codes: 0 all findings equal; 1 a report failed; 3 a finding, file or version differs."""
    from yuyao_lib.reports.rerun import rerun

    if PACKAGE.parent != folder.resolve():
        echo("note: run with the library installed here, not with the package's own.")
    made = rerun(folder.resolve(), tolerance=tolerance, jobs=jobs)
    for outcome in made.result.outcomes:
        words = "" if outcome.state == "made" else f": {outcome.why[-1]}"
        echo(f"{outcome.report}: {outcome.state}{words}")
    for d in made.differences:
        echo(f"differs: {d.report} {d.finding} {d.part}: {d.expected} -> {d.found}")
    for said in made.changed:
        echo(f"not as bundled: {said}.")
    for name in made.alone:
        echo(f"{name}: on simulated data, so there are no findings to compare it with.")
    equal = made.compared - len({(d.report, d.finding) for d in made.differences})
    if made.compared or not made.alone:
        echo(f"{equal} of {made.compared} findings came out as expected.")
    sys.exit(made.exit_code)
