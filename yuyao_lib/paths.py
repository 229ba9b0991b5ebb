"""Where things lie: the project folder, its notebooks, data and outputs.

All paths follow from this file or from the folder a command was started in, so
that a clone may lie anywhere and be moved.
"""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["DATA", "NOTEBOOKS", "OUTPUTS", "PACKAGE", "ROOT", "TERMS", "project_root"]

PACKAGE = Path(__file__).resolve().parent
TERMS = PACKAGE / "vocabulary" / "terms"


def project_root(start: Path | None = None) -> Path:
    """Return the nearest folder that holds ``notebooks/reports.yaml``.

    Looks upwards from `start` (default: the environment variable ``YUYAO_ROOT``,
    else the current folder) and falls back to the checkout this package lies in.
    """
    named = os.environ.get("YUYAO_ROOT")
    first = Path(start or named or Path.cwd()).resolve()
    for folder in (first, *first.parents):
        if (folder / "notebooks" / "reports.yaml").is_file():
            return folder
    return PACKAGE.parent


ROOT = PACKAGE.parent
DATA = ROOT / "data"
NOTEBOOKS = ROOT / "notebooks"
OUTPUTS = ROOT / "outputs"
