"""``yuyao run``: make what is out of date, publish what is whole."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from yuyao_lib.cli.voice import Voice
from yuyao_lib.errors import InputError, ParameterError, sentence
from yuyao_lib.paths import project_root
from yuyao_lib.reports.file_digests import FileDigests
from yuyao_lib.reports.fresh import remembered_plan, remembered_report
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.memory import Memory
from yuyao_lib.reports.report import Report, choose, slug

if TYPE_CHECKING:
    from yuyao_lib.reports.outcomes import RunResult

__all__ = ["command"]

NAME_LENGTH = 100  # characters; a file name holds 255 bytes


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
@click.option("--only-failed", is_flag=True, help="Only reports that failed in the last run.")
@click.option("--cell-timeout", type=click.FloatRange(min=0, min_open=True), help="Seconds.")
@click.option("--out", type=click.Path(path_type=Path), help="Outputs folder.")
@click.option("--rehash", is_flag=True, help="Read every input again, trust no file times.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(  # noqa: PLR0913, PLR0917 - one argument an option
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
    ledger = Ledger(out or root / "outputs")
    files = FileDigests(ledger.cache / "digests.json", rehash=rehash)
    memory = Memory(ledger.cache / "memory.json", trust=not rehash)
    reports = _reports(root, memory, names, _rows(given, file, table), cell_timeout)
    if name is not None:
        reports = _called(reports, name, plan=root / "notebooks" / "reports.yaml")
    if only_failed:
        failed = ledger.failed_last()
        reports = [report for report in reports if report.id in failed]
    from yuyao_lib.reports.runner import reasons_to_run, run_reports

    if dry_run:
        _foretell(reasons_to_run(reports, ledger, files, memory, force=force), as_json)
        return
    voice = Voice(reports, ledger, quiet=as_json)
    _end_on_signals()
    try:
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
        click.echo(json.dumps({"reports": held}, ensure_ascii=False, indent=1))
        return
    for name, why in reasons.items():
        click.echo(f"{name}: {'; '.join(why) or 'up to date'}")


def _rows(given: tuple[str, ...], file: Path | None, table: Path | None) -> list[dict[str, Any]]:
    """Return the sets of parameters given, an empty list if none were."""
    values: dict[str, Any] = {}
    if file is not None:
        from yuyao_lib.reports.plan import read_yaml

        held = read_yaml(file)
        if not isinstance(held, dict):
            raise ParameterError(
                sentence(f"{file.name} is not a mapping", allowed="lines such as name: value")
            )
        values |= held
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ParameterError(sentence("a parameter", got=pair, allowed="NAME=VALUE"))
        if name.strip() in values and file is None:
            raise ParameterError(f"parameter {name.strip()} is given twice.")
        values[name.strip()] = value
    if table is None:
        return [values] if values else []
    import csv

    try:
        with table.open(encoding="utf-8-sig", newline="") as lines:
            read = list(csv.reader(lines, strict=True))
    except FileNotFoundError as error:
        raise InputError(f"there is no table {table.name}.") from error
    except UnicodeDecodeError as error:
        raise InputError(sentence(f"{table.name} is not UTF-8 text", allowed="UTF-8")) from error
    except (csv.Error, IsADirectoryError) as error:
        raise InputError(f"the table {table.name} cannot be read: {error}.") from error
    return [{**values, **row} for row in _of_table(table.name, [row for row in read if row])]


def _of_table(name: str, rows: list[list[str]]) -> list[dict[str, str]]:
    """Return a table's rows by the names in its first."""
    if len(rows) <= 1:
        raise InputError(f"the table {name} has no rows.")
    head = rows[0]
    if len(set(head)) < len(head):
        raise InputError(f"the table {name} has two columns of the same name.")
    for number, row in enumerate(rows[1:], start=1):
        if len(row) != len(head):
            what = f"row {number} of {name} has another number of fields than its header"
            raise InputError(sentence(what, got=len(row), allowed=[len(head)]))
    return [dict(zip(head, row, strict=True)) for row in rows[1:]]


def _reports(
    root: Path,
    memory: Memory,
    names: tuple[str, ...],
    rows: list[dict[str, Any]],
    cell_timeout: float | None,
) -> list[Report]:
    """Return what is to be run: planned reports, or new ones with given values."""
    paths = [Path(name) for name in names if name.endswith(".ipynb")]
    planned = [name for name in names if not name.endswith(".ipynb")]
    bounds: dict[str, Any] = {"cell_timeout_seconds": cell_timeout} if cell_timeout else {}
    chosen: list[Report] = []
    if planned or not paths:
        every = remembered_plan(root / "notebooks" / "reports.yaml", memory)
        chosen = _installed(choose(every, planned) if planned else every, planned)
    if rows:
        notebooks = list(dict.fromkeys([*paths, *(r.notebook for r in chosen)]))
        if len(notebooks) != 1:
            raise ParameterError("parameters can be set for one notebook at a time; name it.")
        return _distinct([_named(notebooks[0], row, bounds, memory) for row in rows])
    if paths:
        chosen = _distinct(chosen + [_named(path, {}, bounds, memory) for path in paths])
    if bounds:
        from dataclasses import replace

        chosen = [replace(report, **bounds) for report in chosen]
    return chosen


def _installed(reports: list[Report], named: list[str]) -> list[Report]:
    """Leave out, with a word, what needs a package that is not there; refuse it if named."""
    kept = []
    for report in reports:
        if not report.missing:
            kept.append(report)
            continue
        what = f"{report.id} needs the package {', '.join(report.missing)}"
        help_ = "pip install 'yuyao-lib[data]' brings the optional data"
        if report.id in named:
            raise InputError(f"{what}; {help_}.")
        click.echo(f"yuyao: left out: {what}; {help_}.", err=True)
    return kept


def _named(notebook: Path, row: dict[str, Any], bounds: dict[str, Any], memory: Memory) -> Report:
    """Make a report of its own for given values."""
    tail = "".join(f"__{name}_{slug(str(value))}" for name, value in sorted(row.items()))
    name = f"{notebook.stem}{tail}"
    if len(name) > NAME_LENGTH:
        name = f"{name[:NAME_LENGTH]}-{slug(name)[-6:]}"
    return remembered_report(notebook.resolve(), row, memory, report=name, **bounds)


def _called(reports: list[Report], name: str, *, plan: Path) -> list[Report]:
    """Give the one report a name of its own."""
    from dataclasses import replace

    from yuyao_lib.reports.plan import read_plan
    from yuyao_lib.reports.report import NAME

    allowed = "lower-case letters, digits and _, a letter first"
    if not NAME.fullmatch(name) or len(name) > NAME_LENGTH:
        raise InputError(sentence("name of the report", got=name, allowed=allowed))
    if len(reports) != 1:
        raise InputError(f"--name is for one report; these are {len(reports)}.")
    if name in {planned.id for planned in read_plan(plan)}:
        raise InputError(f"the plan has a report called {name!r}; choose another name.")
    return [replace(reports[0], id=name)]


def _distinct(reports: list[Report]) -> list[Report]:
    """Refuse reports that would be published under one name."""
    names = [report.id for report in reports]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"two reports would be called {twice!r}; run them into different folders.")
    return reports


def _end_on_signals() -> None:
    """Turn a request to stop into an exception, so that every process is ended on the way."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def _remember(files: FileDigests, memory: Memory) -> None:
    """Keep what was seen for the next command."""
    try:
        files.save()
        memory.save()
    except OSError as error:
        click.echo(f"yuyao: file digests could not be kept ({error.strerror}).", err=True)


def _close(result: RunResult, as_json: bool) -> None:
    """Say where the pages are, and leave with the run's exit code."""
    if as_json:
        import json

        click.echo(json.dumps(result.to_dict(), ensure_ascii=False, indent=1))
    else:
        states = [outcome.state for outcome in result.outcomes]
        counts = {state: states.count(state) for state in dict.fromkeys(states)}
        words = {"made": "made", "fresh": "up to date", "failed": "failed", "refused": "refused"}
        click.echo(", ".join(f"{n} {words[state]}" for state, n in counts.items()))
        click.echo(f"Findings: {result.index.resolve().as_uri()}")
    sys.exit(result.exit_code)
