"""The plan: which report runs which notebook with which parameters, and when.

``notebooks/reports.yaml`` is read strictly: every scalar stays the text that was
written, so that ``0110``, ``no`` and ``1e5`` mean what the notebook declares and not what
YAML makes of them; a key given twice, an unknown key, a tag or an alias is an error.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yuyao_lib.errors import PlanError, sentence
from yuyao_lib.reports.cells import parameters_of, read_notebook, refuse_unrunnable
from yuyao_lib.reports.dates import moved
from yuyao_lib.reports.report import (
    DEFAULT_SECONDS,
    MEMORY_MEGABYTES,
    NAME,
    Report,
    choose,
    slug,
)
from yuyao_lib.reports.values import bind, written
from yuyao_lib.vocabulary import Text

__all__ = ["Report", "ad_hoc", "choose", "read_plan", "read_yaml", "slug"]

PLAN_KEYS = ("defaults", "reports")
REPORT_KEYS = (
    "id", "notebook", "title", "parameters", "grid", "schedule",
    "timeout_seconds", "cell_timeout_seconds", "memory_megabytes", "needs",
)  # fmt: skip


def read_yaml(path: Path) -> Any:
    """Read YAML whose scalars stay text.

    Raises
    ------
    PlanError
        If the file is missing, is not YAML, repeats a key, or uses tags or aliases.
    """
    import yaml

    class Strict(yaml.BaseLoader):
        """Keeps scalars as text; refuses what a plan has no use for."""

        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                raise PlanError(f"{path.name}: aliases (*name) are not allowed.")
            event = self.peek_event()
            if getattr(event, "tag", None):
                raise PlanError(f"{path.name}: tags ({event.tag}) are not allowed.")
            return super().compose_node(parent, index)

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            keys = [key.value for key, _ in node.value]
            twice = next((key for key in keys if keys.count(key) > 1), None)
            if twice is not None:
                line = node.start_mark.line + 1
                raise PlanError(f"{path.name}: key {twice!r} stands twice below line {line}.")
            return super().construct_mapping(node, deep=deep)

    text = _text_of(path)
    try:
        return yaml.load(text, Loader=Strict)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or getattr(error, "reason", "it cannot be read")
        raise PlanError(f"{path.name} is not YAML{where}: {problem}.") from error
    except RecursionError as error:
        raise PlanError(f"{path.name} is nested too deep.") from error


def _text_of(path: Path) -> str:
    """Read a text file, or say in one sentence why not."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise PlanError(f"there is no file {path.name} in {path.parent.name}.") from error
    except IsADirectoryError as error:
        raise PlanError(f"{path.name} is a folder, not a file.") from error
    except UnicodeDecodeError as error:
        raise PlanError(sentence(f"{path.name} is not UTF-8 text", allowed="UTF-8")) from error


def read_plan(path: Path) -> list[Report]:
    """Read a plan and hold every report to its notebook.

    Raises
    ------
    PlanError, ParameterError, NotebookError
        Naming the report, what was given and what is allowed.
    """
    held = read_yaml(path)
    _keys(held, PLAN_KEYS, path.name)
    defaults = held.get("defaults") or {}
    _keys(defaults, REPORT_KEYS, "defaults")
    listed = held.get("reports")
    if not isinstance(listed, list) or not listed:
        raise PlanError(sentence(f"{path.name} lists no reports", allowed="a list under reports:"))
    reports = [made for entry in listed for made in _expand(entry, defaults, path.parent)]
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
    """Make one report, or one for each point of its grid."""
    where = f"report {entry.get('id', '?')!r}" if isinstance(entry, dict) else "a report"
    _keys(entry, REPORT_KEYS, where)
    held = {**defaults, **entry}
    parameters = {**(defaults.get("parameters") or {}), **(entry.get("parameters") or {})}
    name = held.get("id", "")
    if not NAME.fullmatch(name):
        allowed = "lower-case letters, digits and _, a letter first"
        raise PlanError(sentence("id of a report", got=name, allowed=allowed))
    for key in ("notebook", "title"):
        if key not in held:
            raise PlanError(f"{where} has no {key}.")
    grid = held.get("grid") or {}
    points = [dict(zip(grid, p, strict=True)) for p in itertools.product(*grid.values())]
    return [_report(held, {**parameters, **p}, p, folder, where) for p in points or [{}]]


def _report(
    held: dict[str, Any], given: dict[str, Any], point: dict[str, Any], folder: Path, where: str
) -> Report:
    """Hold one report to its notebook."""
    title = held["title"]
    if not isinstance(title, dict) or set(title) != {"en", "zh"}:
        raise PlanError(sentence(f"title of {where}", got=title, allowed="{en: ..., zh: ...}"))
    given = {name: moved(value) for name, value in given.items()}
    made = ad_hoc(folder / f"{held['notebook']}.ipynb", given)
    tail = "".join(f"__{key}_{slug(written(value))}" for key, value in point.items())
    end = "".join(f" · {written(value)}" for value in point.values())
    memory = held.get("memory_megabytes", MEMORY_MEGABYTES)
    return Report(
        id=held["id"] + tail,
        notebook=made.notebook,
        title=Text(title["en"] + end, title["zh"] + end),
        values=made.values,
        schedule=held.get("schedule", ""),
        memory_megabytes=int(_positive(memory, where)),
        needs=_packages(held.get("needs", []), where),
        **{k: _positive(held.get(k, v), where) for k, v in DEFAULT_SECONDS.items()},
    )


def _packages(names: Any, where: str) -> tuple[str, ...]:
    """Read the optional packages that a report needs."""
    if not isinstance(names, list) or not all(n.isidentifier() for n in map(str, names)):
        allowed = "a list of packages as they are imported"
        raise PlanError(sentence(f"needs of {where}", got=names, allowed=allowed))
    return tuple(names)


def _positive(text: Any, where: str) -> float:
    """Read a bound."""
    try:
        number = float(text)
    except (TypeError, ValueError):
        number = 0.0
    if not number > 0:
        raise PlanError(sentence(f"a bound of {where}", got=text, allowed="a number above zero"))
    return number
