"""Where things lie: the project folder, its notebooks, data and outputs.

All paths follow from this file or from the folder a command was started in, so
that a clone may lie anywhere and be moved.
"""

from __future__ import annotations

import os
from pathlib import Path

__all__ = [
    "DATA",
    "NOTEBOOKS",
    "OUTPUTS",
    "PACKAGE",
    "ROOT",
    "TERMS",
    "outputs_folder",
    "project_around",
    "project_root",
]

PACKAGE = Path(__file__).resolve().parent
TERMS = PACKAGE / "vocabulary" / "terms"


def project_root(start: Path | None = None) -> Path:
    """Return the nearest folder that holds ``notebooks/reports.yaml``.

    Looks upwards from `start` (default: the environment variable ``YUYAO_ROOT``,
    else the current folder) and falls back to the checkout this package lies in.
    """
    return project_around(start) or PACKAGE.parent


def outputs_folder(out: Path | None = None, *, notebooks: bool | None = None) -> Path:
    """Return where pages are put and looked for.

    Parameters
    ----------
    out
        The folder, where it is given.
    notebooks
        Whether it is for notebooks that no plan names; None: for what is there.

    Returns
    -------
    Path
        The project's ``outputs``. Outside of any project a notebook's pages lie in
        ``outputs`` of the current folder, not where this package is installed.
    """
    here = Path.cwd() / "outputs"
    if out is not None:
        return out
    if project_around() is None and (notebooks or (notebooks is None and here.is_dir())):
        return here
    return project_root() / "outputs"


def project_around(start: Path | None = None) -> Path | None:
    """Return the nearest folder upwards that holds a plan, if there is one.

    Parameters
    ----------
    start
        As in `project_root`.
    """
    first = Path(start or os.environ.get("YUYAO_ROOT") or Path.cwd()).resolve()
    folders = (first, *first.parents)
    return next((f for f in folders if (f / "notebooks" / "reports.yaml").is_file()), None)


ROOT = PACKAGE.parent
DATA = ROOT / "data"
NOTEBOOKS = ROOT / "notebooks"
OUTPUTS = ROOT / "outputs"
