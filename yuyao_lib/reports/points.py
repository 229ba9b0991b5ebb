"""Reports of one entry of the plan: the points of a grid, or the rows of a table.

The same table serves the command line (``yuyao run NOTEBOOK --table rows.csv``): a CSV
file with a column a parameter and a row a report, whose fields stay the text they are.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yuyao_lib.errors import InputError, PlanError, sentence
from yuyao_lib.reports.report import slug
from yuyao_lib.reports.values import written

__all__ = ["named", "points_of", "read_table"]

NAME_BYTES = 150  # a file name holds 255, and a page's has more than the report's


def points_of(
    held: Mapping[str, Any], folder: Path, where: str
) -> tuple[list[dict[str, Any]], Path | None]:
    """Return the values in which the reports of an entry differ, and the table they come from.

    Parameters
    ----------
    held
        The entry, with ``grid`` (name -> list of values) or ``table`` (a CSV file).
    folder
        Where the plan lies; a table is named from there.
    where
        What to call the entry in errors.

    Raises
    ------
    PlanError
        If the grid is not one, is empty, or stands beside a table.
    InputError
        If the table cannot be read.
    """
    if "grid" in held and "table" in held:
        raise PlanError(f"{where} has a grid and a table; it can have one of them.")
    if "table" in held:
        if not isinstance(held["table"], str) or not held["table"]:
            allowed = "a CSV file, named from the folder of the plan"
            raise PlanError(sentence(f"table of {where}", got=held["table"], allowed=allowed))
        path = folder / held["table"]
        return list(read_table(path)), path
    if "grid" not in held:
        return [{}], None
    grid, allowed = held["grid"], "a mapping of names to lists, name: [value, value]"
    if not isinstance(grid, dict) or not grid:
        raise PlanError(sentence(f"grid of {where}", got=grid, allowed=allowed))
    for name, values in grid.items():
        if not isinstance(values, list) or not values:
            raise PlanError(sentence(f"grid of {where}, {name}", got=values, allowed=allowed))
    points = itertools.product(*grid.values())
    return [dict(zip(grid, point, strict=True)) for point in points], None


def named(stem: str, point: Mapping[str, Any]) -> str:
    """Name a report after the values in which it differs from the others.

    Examples
    --------
    >>> named("premium", {"level": "0.9"})
    'premium__level_0-9'
    """
    name = stem + "".join(f"__{key}_{slug(written(value))}" for key, value in point.items())
    if not point or len(name.encode("utf-8", "surrogatepass")) <= NAME_BYTES:
        return name
    cut = name.encode("utf-8", "surrogatepass")[: NAME_BYTES - 7].decode("utf-8", "ignore")
    return f"{cut}-{slug(f'{name}...')[-6:]}"


def read_table(path: Path) -> list[dict[str, str]]:
    """Read a table of parameters: names in its first row, a report in each of the others.

    Raises
    ------
    InputError
        If there is no such file, or it is not a table in UTF-8 with rows of one length.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = [row for row in csv.reader(lines, strict=True) if row]
    except FileNotFoundError as error:
        raise InputError(f"there is no table {path.name}.") from error
    except UnicodeDecodeError as error:
        raise InputError(sentence(f"{path.name} is not UTF-8 text", allowed="UTF-8")) from error
    except (csv.Error, IsADirectoryError) as error:
        raise InputError(f"the table {path.name} cannot be read: {error}.") from error
    if len(rows) <= 1:
        raise InputError(f"the table {path.name} has no rows.")
    head = rows[0]
    if len(set(head)) < len(head):
        raise InputError(f"the table {path.name} has two columns of the same name.")
    for number, row in enumerate(rows[1:], start=1):
        if len(row) != len(head):
            what = f"row {number} of {path.name} has another number of fields than its header"
            raise InputError(sentence(what, got=len(row), allowed=[len(head)]))
    return [dict(zip(head, row, strict=True)) for row in rows[1:]]
