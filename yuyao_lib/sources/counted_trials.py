"""Counts of long trials of the simulated pages, kept because they take hours to draw.

One file: ``counts_SIMULATED.csv``, written by ``tests/benchmarks/coverage.py counts``. Each
line says of one answer of a page how many registers were drawn, in how many its interval held
what was set, and in how many it left out no effect, with the commit that drew them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yuyao_lib.errors import DataError, sentence
from yuyao_lib.findings import Mode
from yuyao_lib.paths import DATA
from yuyao_lib.sources.card import FileDigest, SourceCard, digest_file
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "FILE", "TRIALS", "open_trials"]

TRIALS = DATA / "trials"
FILE = "counts_SIMULATED.csv"
COLUMNS = {
    "page": "str", "answer": "str", "register": "str", "null": "bool", "draws": "int64",
    "covered": "int64", "rejected": "Int64", "bias": "float64", "bias_error": "float64",
    "commit": "str",
}  # fmt: skip


def open_trials(path: Path = TRIALS) -> Dataset:
    """Open the counts of long trials.

    Parameters
    ----------
    path
        Folder with the file of counts.

    Returns
    -------
    Dataset
        Table ``counts``: one row an answer of a page and a kind of register.

    Raises
    ------
    DataError
        If the file is not of this kind.

    Examples
    --------
    >>> data = open_trials()
    >>> data.mode.value, data.tables
    ('simulated', ('counts',))
    """
    file = path / FILE

    def counts(columns: Sequence[str] | None) -> pd.DataFrame:
        held = read_counts(file)
        return held if columns is None else held[list(columns)]

    card = SourceCard(**_CARD, files=(FileDigest(FILE, digest_file(file)),))
    return Dataset("trials", mode=Mode.SIMULATED, card=card, loaders={"counts": counts})


def read_counts(file: Path) -> pd.DataFrame:
    """Read a file of counts.

    Raises
    ------
    DataError
        If a column is missing, or more is counted than was drawn.
    """
    import pandas as pd

    try:
        held = pd.read_csv(file, encoding="utf-8").astype(COLUMNS)
    except (KeyError, TypeError, ValueError) as error:
        what = f"{file.name} does not hold counts of trials"
        raise DataError(sentence(what, got=str(error), allowed=list(COLUMNS))) from error
    counted = held[["covered", "rejected"]].max(axis=1)
    wrong = held[(counted > held["draws"]) | (held["draws"] < 1)]
    if len(wrong):
        raise DataError(f"{file.name} counts more than was drawn of {wrong['answer'].iloc[0]!r}.")
    return held


_CARD: dict[str, Any] = {
    "title": Text("Counts of long trials of the simulated pages", "模拟页面长期受检的计数"),
    "publisher": "this project",
    "publisher_zh": "本项目",
    "citation": "docs/trials/coverage.md",
    "licence": "BSD-3-Clause",
    "vintage": "2018-2023",
    "unit_of_record": Text("one answer of a page and kind of register", "一个页面答案与一类登记库"),
    "notes": Text(
        "Counted from registers whose answers were set, drawn before this page was made; every"
        " line names the commit that drew it, and the file says by which command.",
        "由答案已设定的登记库计数而得，抽取早于本页；每行注明抽取时的版本，生成命令见说明文件。",
    ),
}  # fmt: skip
