"""``yuyao run``: make what is out of date, publish what is whole."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yuyao_lib.cli.chosen import called, chosen, rows
from yuyao_lib.cli.ending import silence
from yuyao_lib.cli.plain import echo
from yuyao_lib.cli.voice import Voice
from yuyao_lib.paths import outputs_folder, project_root
from yuyao_lib.reports.file_digests import FileDigests
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.memory import Memory

if TYPE_CHECKING:
    from yuyao_lib.reports.outcomes import RunResult

__all__ = ["command"]

MOST_SECONDS = 10_000_000  # a third of a year


@click.command("run", short_help="Run reports that are out of date and publish their pages.")
@click.argument("names", nargs=-1, metavar="[REPORT|NOTEBOOK|PATH.ipynb]...")
@click.option("-p", "given", multiple=True, metavar="NAME=VALUE", help="Set a parameter.")
@click.option("-f", "file", type=click.Path(path_type=Path), help="Parameters in a YAML file.")
@click.option("--table", type=click.Path(path_type=Path), help="One run for each row of a CSV.")
@click.option("--name", metavar="NAME", help="Name of the report made of given values.")
@click.option("--jobs", type=click.IntRange(1), help="Reports at a time (default: cores).")
@click.option("--force", is_flag=True, help="Make fresh reports too.")
@click.option("--dry-run", is_flag=True, help="Say what would run, and why.")
@click.option("--wait", is_flag=True, help="Wait for another run of this folder to end.")
@click.option(
    "--engine",
    type=click.Choice(["auto", "kernel"]),
    default="auto",
    show_default=True,
    help="auto: cells in a process forked for the report, where that is safe.",
)
@click.option("--scheduler", metavar="tcp://HOST:PORT", help="Send reports to a Dask cluster.")
@click.option("--only-failed", is_flag=True, help="Only reports whose last try failed.")
@click.option(
    "--cell-timeout", type=click.FloatRange(0, MOST_SECONDS, min_open=True), help="Seconds."
)
@click.option("--out", type=click.Path(path_type=Path), help="Outputs folder.")
@click.option("--rehash", is_flag=True, help="Read every input again, trust no file times.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    told: list[dict[str, Any]] | None,
    names: tuple[str, ...],
    given: tuple[str, ...],
    file: Path | None,
    table: Path | None,
    name: str | None,
    jobs: int | None,
    force: bool,
    dry_run: bool,
    wait: bool,
    engine: str,
    scheduler: str | None,
    only_failed: bool,
    cell_timeout: float | None,
    out: Path | None,
    rehash: bool,
    as_json: bool,
) -> None:
    """Run every planned report that is out of date, or the ones named.

    Values given with -p, -f or --table make reports of their own, named after what was
    changed; they are checked before anything starts.
    """
    root = project_root()
    alone = bool(names) and all(given_name.endswith(".ipynb") for given_name in names)
    ledger = Ledger(outputs_folder(out, notebooks=alone))
    files = FileDigests(ledger.cache / "digests.json", rehash=rehash)
    memory = Memory(ledger.cache / "memory.json", trust=not rehash)
    reports = chosen(root, memory, names, rows(given, file, table), cell_timeout)
    if name is not None:
        reports = called(reports, name, plan=root / "notebooks" / "reports.yaml")
    if only_failed:
        failed = ledger.failed_last()
        unknown = sorted(failed - {report.id for report in reports})
        if unknown and not names:
            echo(f"yuyao: failed, and not in the plan: {', '.join(unknown)}.", err=True)
        reports = [report for report in reports if report.id in failed]
    from yuyao_lib.reports.runner import reasons_to_run, run_reports

    if dry_run:
        _foretell(reasons_to_run(reports, ledger, files, memory, force=force), as_json)
        return
    try:
        with Voice(ledger, quiet=as_json, told=told) as voice:
            result = run_reports(
                reports,
                ledger,
                files,
                jobs=jobs,
                force=force,
                fork=None if engine == "auto" else False,
                wait=wait,
                scheduler=scheduler,
                memory=memory,
                tell=voice.tell,
            )
    finally:
        _remember(files, memory)
    _close(result, as_json)


def _foretell(reasons: dict[str, list[str]], as_json: bool) -> None:
    """Say what would run, and why."""
    if as_json:
        import json

        held = [{"report": name, "stale": bool(why), "why": why} for name, why in reasons.items()]
        echo(json.dumps({"reports": held}, ensure_ascii=False, indent=1))
        return
    for name, why in reasons.items():
        echo(f"{name}: {'; '.join(why) or 'up to date'}")


def _remember(files: FileDigests, memory: Memory) -> None:
    """Keep what was seen for the next command."""
    try:
        files.save()
        memory.save()
    except OSError as error:
        echo(f"yuyao: file digests could not be kept ({error.strerror}).", err=True)


def _close(result: RunResult, as_json: bool) -> None:
    """Say where the pages are, and leave with the run's exit code, whether anybody reads or not."""
    try:
        echo(_in_json(result) if as_json else _in_words(result))
    except BrokenPipeError:
        silence(sys.stdout)
    sys.exit(result.exit_code)


def _in_json(result: RunResult) -> str:
    """Say for machines what became of a run."""
    import json

    return json.dumps(result.to_dict(), ensure_ascii=False, indent=1)


def _in_words(result: RunResult) -> str:
    """Say for people what became of a run, and where the pages are."""
    states = [outcome.state for outcome in result.outcomes]
    counts = {state: states.count(state) for state in dict.fromkeys(states)}
    words = {"made": "made", "fresh": "up to date", "failed": "failed", "refused": "refused"}
    said = ", ".join(f"{n} {words[state]}" for state, n in counts.items())
    return f"{said or 'nothing to run'}\nFindings: {result.index.resolve().as_uri()}"
