"""The plan: which report runs which notebook with which parameters, and when.

``notebooks/reports.yaml`` is read strictly: every scalar stays the text that was written
(`yuyao_lib.reports.strict_yaml`), and an unknown key or a value of another kind is an error
that names its report. Parameters inherit downwards: from the notebook, the plan's defaults,
the entry, to the points of its grid or the rows of its table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from yuyao_lib.errors import NotebookError, ParameterError, PlanError, sentence
from yuyao_lib.reports.cells import parameters_of, read_notebook, refuse_unrunnable
from yuyao_lib.reports.dates import moved
from yuyao_lib.reports.points import named, points_of
from yuyao_lib.reports.report import (
    DEFAULT_SECONDS,
    MEMORY_MEGABYTES,
    NAME,
    Report,
    choose,
    slug,
)
from yuyao_lib.reports.strict_yaml import read_yaml
from yuyao_lib.reports.values import bind, written
from yuyao_lib.vocabulary import Text

__all__ = ["Report", "ad_hoc", "choose", "read_plan", "read_yaml", "slug"]

PLAN_KEYS = ("defaults", "reports")
REPORT_KEYS = (
    "id", "notebook", "title", "parameters", "grid", "table", "schedule",
    "timeout_seconds", "cell_timeout_seconds", "memory_megabytes", "needs",
)  # fmt: skip
OWN_KEYS = {"id", "title"}  # no two reports share them, so they have no default
NUMBER = re.compile(r"\d{1,8}(\.\d{1,6})?")


def read_plan(path: Path, *, strict: bool = True) -> list[Report]:
    """Read a plan and hold every report to its notebook.

    Parameters
    ----------
    path
        The file.
    strict
        Whether a notebook that cannot be run is an error. Else its report says so, and the
        others are as they would be: only what the plan itself says is an error then.

    Raises
    ------
    PlanError, ParameterError, NotebookError
        Naming the report, what was given and what is allowed; values that do not fit are
        all told at once.
    """
    held = read_yaml(path)
    _keys(held, PLAN_KEYS, path.name)
    defaults = held.get("defaults") or {}
    shared = tuple(key for key in REPORT_KEYS if key not in OWN_KEYS)
    _keys(defaults, shared, "defaults")
    _mapping(defaults, "parameters", "defaults")
    listed = held.get("reports")
    if not isinstance(listed, list) or not listed:
        raise PlanError(sentence(f"{path.name} lists no reports", allowed="a list under reports:"))
    reports, problems = [], []
    for entry in listed:
        try:
            reports += _expand(entry, defaults, path.parent)
        except ParameterError as error:
            problems.append(str(error))
    if problems:
        raise ParameterError("\n".join(problems))
    if strict and (broken := next((report for report in reports if report.broken), None)):
        raise NotebookError(broken.broken)
    names = [report.id for report in reports]
    for name in names:
        if names.count(name) > 1:
            raise PlanError(f"two reports are called {name!r}.")
    return reports


def ad_hoc(notebook: Path, given: Mapping[str, Any], *, report: str = "", **bounds: Any) -> Report:
    """Make a report of any notebook that is not in the plan."""
    book = read_notebook(notebook)
    refuse_unrunnable(book, name=notebook.stem)
    values = bind(parameters_of(book, name=notebook.stem), given, notebook=notebook.stem)
    name = report or notebook.stem
    return Report(id=name, notebook=notebook, title=Text(name, name), values=values, **bounds)


def _keys(held: Any, allowed: tuple[str, ...], where: str) -> None:
    """Refuse anything but a mapping with known keys."""
    if not isinstance(held, dict):
        raise PlanError(sentence(f"{where} is not a mapping", got=held, allowed=allowed))
    for key in held:
        if key not in allowed:
            raise PlanError(sentence(f"unknown key in {where}", got=key, allowed=allowed))


def _expand(entry: Any, defaults: dict[str, Any], folder: Path) -> list[Report]:
    """Make one report, or one for each point of its grid or row of its table."""
    where = f"report {entry.get('id', '?')!r}" if isinstance(entry, dict) else "a report"
    _keys(entry, REPORT_KEYS, where)
    held = {**defaults, **entry}
    for key in ("id", "notebook", "title"):
        if key not in held:
            raise PlanError(f"{where} has no {key}.")
    for key in ("id", "notebook", "schedule"):
        if not isinstance(held.get(key, ""), str):
            raise PlanError(sentence(f"{key} of {where}", got=held[key], allowed="text"))
    if not NAME.fullmatch(held["id"]):
        allowed = "lower-case letters, digits and _, a letter first"
        raise PlanError(sentence("id of a report", got=held["id"], allowed=allowed))
    common = {
        **_mapping(defaults, "parameters", "defaults"),
        **_mapping(entry, "parameters", where),
    }
    points, table = points_of(held, folder, where)
    made = [_report(held, common, point, folder, where) for point in points]
    return [replace(report, table=table) for report in made]


def _mapping(held: Mapping[str, Any], key: str, where: str) -> dict[str, Any]:
    """Return what stands under a key, which is a mapping where it stands at all."""
    found = held.get(key) or {}
    if not isinstance(found, dict):
        allowed = "a mapping, name: value"
        raise PlanError(sentence(f"{key} of {where}", got=found, allowed=allowed))
    return found


def _report(
    held: dict[str, Any], common: dict[str, Any], point: dict[str, Any], folder: Path, where: str
) -> Report:
    """Hold one report to its notebook."""
    given = {name: moved(value) for name, value in {**common, **point}.items()}
    notebook, name = folder / f"{held['notebook']}.ipynb", named(held["id"], point)
    try:
        made = ad_hoc(notebook, given, report=name)
    except ParameterError as error:
        told = "\n".join(f"{where}: {line}" for line in str(error).splitlines())
        if not (own := _own_problem(notebook)):
            raise ParameterError(told) from error
        made = _broken(notebook, name, own)
    except NotebookError as error:
        if not notebook.is_file():  # the plan's mistake
            raise
        made = _broken(notebook, name, str(error))
    bounds = {key: _bound(held, key, usual, where) for key, usual in DEFAULT_SECONDS.items()}
    return replace(
        made,
        title=_title(held["title"], [written(given[name]) for name in point], where),
        schedule=held.get("schedule", ""),
        memory_megabytes=int(_bound(held, "memory_megabytes", MEMORY_MEGABYTES, where)),
        needs=_packages(held.get("needs", []), where),
        timeout_seconds=bounds["timeout_seconds"],
        cell_timeout_seconds=bounds["cell_timeout_seconds"],
    )


def _own_problem(notebook: Path) -> str:
    """Say what is wrong with a notebook's defaults, before a plan gives it values."""
    try:
        ad_hoc(notebook, {})
    except ParameterError as error:
        return f"a default of {notebook.name} is not allowed; {error}"
    return ""


def _broken(notebook: Path, name: str, why: str) -> Report:
    """Stand for a report whose notebook cannot be run."""
    return Report(id=name, notebook=notebook, title=Text(name, name), broken=why)


def _title(title: Any, values: list[str], where: str) -> Text:
    """Read a title, with the values that tell its report from the others of its entry."""
    good = isinstance(title, dict) and set(title) == {"en", "zh"}
    if not good or not all(isinstance(words, str) and words.strip() for words in title.values()):
        raise PlanError(sentence(f"title of {where}", got=title, allowed="{en: ..., zh: ...}"))
    end = "".join(f" · {value}" for value in values)
    return Text(title["en"] + end, title["zh"] + end)


def _packages(names: Any, where: str) -> tuple[str, ...]:
    """Read the optional packages that a report needs."""
    if not isinstance(names, list) or not all(n.isidentifier() for n in map(str, names)):
        allowed = "a list of packages as they are imported"
        raise PlanError(sentence(f"needs of {where}", got=names, allowed=allowed))
    return tuple(names)


def _bound(held: Mapping[str, Any], key: str, usual: float, where: str) -> float:
    """Read a bound: seconds, or whole megabytes."""
    text = str(held.get(key, usual))
    number = float(text) if NUMBER.fullmatch(text) and text.isascii() else 0.0
    if not number > 0 or (key == "memory_megabytes" and number < 1):
        raise PlanError(sentence(f"{key} of {where}", got=text, allowed="a number above zero"))
    return number
