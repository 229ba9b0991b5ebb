"""Which reports a command line asks for: planned ones, or new ones of given values."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from yuyao_lib.cli.plain import echo
from yuyao_lib.errors import InputError, ParameterError, sentence
from yuyao_lib.reports.fresh import remembered_plan, remembered_report
from yuyao_lib.reports.memory import Memory
from yuyao_lib.reports.report import Report, choose

__all__ = ["called", "chosen", "installed", "rows"]


def rows(given: tuple[str, ...], file: Path | None, table: Path | None) -> list[dict[str, Any]]:
    """Return the sets of parameters given, an empty list if none were.

    Values of the command line win over those of a file; a table has columns of its own.

    Raises
    ------
    ParameterError
        If a value is given twice, or not as one is given.
    InputError, PlanError
        If the file or the table cannot be read.
    """
    values: dict[str, Any] = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ParameterError(sentence("a parameter", got=pair, allowed="NAME=VALUE"))
        if name.strip() in values:
            raise ParameterError(f"parameter {name.strip()} is given twice.")
        values[name.strip()] = value
    if file is not None:
        values = {**_of_file(file), **values}
    if table is None:
        return [values] if values else []
    from yuyao_lib.reports.points import read_table

    read = read_table(table)
    twice = next((name for name in read[0] if name in values), None)
    if twice is not None:
        raise ParameterError(f"parameter {twice} is given twice, once in {table.name}.")
    return [{**values, **row} for row in read]


def _of_file(file: Path) -> dict[str, Any]:
    """Return the values of a YAML file, as text."""
    from yuyao_lib.reports.strict_yaml import read_yaml

    held = read_yaml(file)
    if not isinstance(held, dict):
        what = f"{file.name} is not a mapping"
        raise ParameterError(sentence(what, allowed="lines such as name: value"))
    return held


def chosen(
    root: Path,
    memory: Memory,
    names: tuple[str, ...],
    given: list[dict[str, Any]],
    cell_timeout: float | None,
) -> list[Report]:
    """Return what is to be run: planned reports, or new ones with given values.

    Parameters
    ----------
    root, memory
        The project, and what earlier looks found.
    names
        Reports, notebooks and paths of notebooks; none: the whole plan.
    given
        Sets of parameters, as `rows` returns them.
    cell_timeout
        Seconds a cell may take, where the plan's bound is not wanted.

    Raises
    ------
    InputError
        If there is no such report, a value is not one, a package is missing, or the notebook
        of one that was named cannot be run.
    """
    paths = [Path(name) for name in names if name.endswith(".ipynb")]
    planned = [name for name in names if not name.endswith(".ipynb")]
    if cell_timeout is not None and math.isnan(cell_timeout):
        raise InputError(sentence("--cell-timeout", got="nan", allowed="a number above zero"))
    bounds: dict[str, Any] = {"cell_timeout_seconds": cell_timeout} if cell_timeout else {}
    found: list[Report] = []
    if planned or not paths:
        every = remembered_plan(root / "notebooks" / "reports.yaml", memory)
        found = installed(choose(every, planned) if planned else every, planned)
        _runnable(found if planned else [])
    if given:
        notebooks = list(dict.fromkeys([*paths, *(r.notebook for r in found)]))
        if len(notebooks) != 1:
            raise ParameterError("parameters can be set for one notebook at a time; name it.")
        return _distinct([_named(notebooks[0], row, bounds, memory) for row in given])
    if paths:
        found = _distinct(found + [_named(path, {}, bounds, memory) for path in paths])
    if bounds:
        from dataclasses import replace

        found = [replace(report, **bounds) for report in found]
    return found


def _runnable(named: list[Report]) -> None:
    """Refuse what was named and cannot be run, before anything starts."""
    broken = dict.fromkeys(report.broken for report in named if report.broken)
    if broken:
        raise InputError("\n".join(broken))


def installed(reports: list[Report], named: list[str]) -> list[Report]:
    """Leave out, with a word, what needs a package that is not there; refuse it if named.

    Raises
    ------
    InputError
        If one that was named needs it.
    """
    kept = []
    for report in reports:
        if not report.missing:
            kept.append(report)
            continue
        what = f"{report.id} needs the package {', '.join(report.missing)}"
        help_ = "pip install 'yuyao-lib[data]' brings the optional data"
        if report.id in named:
            raise InputError(f"{what}; {help_}.")
        echo(f"yuyao: left out: {what}; {help_}.", err=True)
    return kept


def _named(notebook: Path, row: dict[str, Any], bounds: dict[str, Any], memory: Memory) -> Report:
    """Make a report of its own for given values."""
    from yuyao_lib.reports.points import named

    name = named(notebook.stem, dict(sorted(row.items())))
    return remembered_report(notebook.resolve(), row, memory, report=name, **bounds)


def called(reports: list[Report], name: str, *, plan: Path) -> list[Report]:
    """Give the one report a name of its own.

    Raises
    ------
    InputError
        If there are several, or the name is not one, or is one of the plan's.
    """
    from dataclasses import replace

    from yuyao_lib.reports.plan import read_plan
    from yuyao_lib.reports.report import ID_BYTES, NAME
    from yuyao_lib.vocabulary import Text

    allowed = "lower-case letters, digits and _, a letter first"
    if not NAME.fullmatch(name) or len(name) > ID_BYTES:
        raise InputError(sentence("name of the report", got=name, allowed=allowed))
    if len(reports) != 1:
        raise InputError(f"--name is for one report; these are {len(reports)}.")
    if name in {planned.id for planned in read_plan(plan, strict=False)}:
        raise InputError(f"the plan has a report called {name!r}; choose another name.")
    (made,) = reports
    title = Text(name, name) if made.title.en == made.title.zh else made.title
    return [replace(made, id=name, title=title)]


def _distinct(reports: list[Report]) -> list[Report]:
    """Refuse reports that would be published under one name."""
    names = [report.id for report in reports]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"two reports would be called {twice!r}; run them into different folders.")
    return reports
