"""Opening what lies beside the tables: the truth, and the potential outcomes.

Potential outcomes lie in a file of their own that a `Dataset` does not list; only the
check of estimators may open it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yuyao_lib.errors import DataError, ModeError, sentence
from yuyao_lib.findings import Mode
from yuyao_lib.sources.card import digest_file
from yuyao_lib.sources.simulation.files import read_manifest

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.sources.dataset import Dataset

__all__ = [
    "POTENTIAL_OUTCOMES",
    "TRUTH",
    "folder_of",
    "open_potential_outcomes",
    "read_truth",
    "write_truth",
]

TRUTH = "truth.json"
POTENTIAL_OUTCOMES = "potential_outcomes.parquet"
PURPOSES = ("estimator_check",)


def write_truth(truth: dict[str, Any], folder: Path) -> None:
    """Write ``truth.json``."""
    text = json.dumps(truth, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / TRUTH).write_text(text + "\n", encoding="utf-8")


def read_truth(data: Dataset) -> dict[str, Any]:
    """Return what is true of an opened simulated register.

    Raises
    ------
    ModeError
        If the data set is not simulated.
    """
    return json.loads(_sealed(data, TRUTH).read_text(encoding="utf-8"))


def open_potential_outcomes(data: Dataset, *, purpose: str) -> pd.DataFrame:
    """Return both log wages of every worker-quarter in the contract firms.

    Parameters
    ----------
    data
        A simulated register.
    purpose
        Must be ``"estimator_check"``: no page that estimates an effect may look.

    Raises
    ------
    ModeError
        If the data set is not simulated, or the purpose is another.
    """
    if purpose not in PURPOSES:
        what = "potential outcomes are not opened for this purpose"
        raise ModeError(sentence(what, got=purpose, allowed=PURPOSES))
    import pandas as pd

    return pd.read_parquet(_sealed(data, POTENTIAL_OUTCOMES))


def folder_of(data: Dataset) -> Path:
    """Return the folder of an opened simulated register."""
    if data.mode is not Mode.SIMULATED:
        raise ModeError(sentence("only a simulated register has a truth", got=data.mode.value))
    path = data.path("worker_quarters")
    if path is None:
        raise DataError(f"{data.name} does not lie in a folder.")
    return path.parent


def _sealed(data: Dataset, name: str) -> Path:
    """Return a file beside the tables that is still as the generator wrote it."""
    folder = folder_of(data)
    file = folder / name
    told = read_manifest(folder)["sealed"][name]
    if not file.is_file() or digest_file(file) != told:
        raise DataError(f"{name} is not the one this register was built with.")
    return file
