"""Published results: numbers in print, each with the packaged data sets it is made from.

Two files: ``cases.json`` (what is in print) and ``data_sets.csv`` (which packaged data
sets each result reads). A data set whose package is not installed is listed as such, so
that a page can say what it could not run.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
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

__all__ = ["PUBLISHED", "open_published", "read_cases"]

PUBLISHED = DATA / "published"
PLAIN = {
    "case_id": "id", "family": "family", "title": "title", "package": "package",
    "dataset": "dataset", "sample": "sample", "specification": "spec",
    "estimator": "estimator", "errors": "se_type", "source": "source",
}  # fmt: skip


def open_published(path: Path = PUBLISHED) -> Dataset:
    """Open a folder of published results.

    Parameters
    ----------
    path
        Folder with ``cases.json`` and, if the results read other packaged data than those
        of this project, ``data_sets.csv``.

    Returns
    -------
    Dataset
        Tables ``cases`` (one row a number in print) and ``data_sets`` (one row a result
        and data set it reads).

    Raises
    ------
    DataError
        If the file is not of this kind.

    Examples
    --------
    >>> data = open_published()
    >>> data.mode.value, data.frame("cases")["case_id"].nunique()
    ('public', 55)
    """
    sets = _data_sets(path)
    digest = FileDigest("cases.json", digest_file(path / "cases.json"))
    files = (
        digest,
        *(
            _digest_of(*pair)
            for pair in dict.fromkeys((package, name) for _, package, name in sets)
        ),
    )

    def cases(columns: Sequence[str] | None) -> pd.DataFrame:
        return read_cases(path)

    def data_sets(columns: Sequence[str] | None) -> pd.DataFrame:
        import pandas as pd

        frame = pd.DataFrame(sets, columns=["case_id", "package", "dataset"])
        return frame.assign(installed=[_installed(package) for package in frame["package"]])

    card = SourceCard(**_CARD, files=files)
    loaders = {"cases": cases, "data_sets": data_sets}
    return Dataset("published", mode=Mode.PUBLIC, card=card, loaders=loaders)


def read_cases(path: Path = PUBLISHED) -> pd.DataFrame:
    """Read published results as a table, one row a number in print.

    Raises
    ------
    DataError
        If the file is not of this kind.

    Examples
    --------
    >>> read_cases().query("case_id == 'U03'")["quantity"].tolist()
    ['union', 'married', 'expersq']
    """
    import pandas as pd

    file = path / "cases.json"
    try:
        held = json.loads(file.read_text(encoding="utf-8"))["cases"]
        return pd.DataFrame([row for case in held for row in _rows(case)])
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        what = "cases.json does not hold published results as expected"
        raise DataError(sentence(what, got=str(error), allowed=sorted(PLAIN.values()))) from error


def _rows(case: dict[str, Any]) -> list[dict[str, Any]]:
    """Lay out one result, one row a number."""
    first = {name: str(case[held]) for name, held in PLAIN.items()}
    limits = case["tolerance"]
    rows = []
    for quantity, aim in case["expected"].items():
        shown = case["published"].get(quantity, {})
        rows.append(
            first
            | {
                "quantity": quantity,
                "expected": aim["estimate"],
                "expected_standard_error": aim.get("se"),
                "tolerance": limits["estimate_rel"],
                "standard_error_tolerance": limits["se_rel"],
                "printed": shown.get("published"),
                "printed_half_unit": shown.get("printed_half_unit"),
                "printed_agrees": bool(shown.get("estimate_matches_printed_digits")),
                "printed_read": bool(shown.get("value_checked_at_url")),
            }
        )
    return rows


def _data_sets(path: Path) -> list[list[str]]:
    """Return each result with each packaged data set it reads."""
    file = path / "data_sets.csv"
    held = file if file.is_file() else PUBLISHED / "data_sets.csv"
    with held.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))[1:]


@cache
def _installed(package: str) -> bool:
    """Whether a package is there, found without loading it."""
    return find_spec(package) is not None


@cache
def _digest_of(package: str, dataset: str) -> FileDigest:
    """Digest a packaged data set; one that is not there says so."""
    from yuyao_lib.sources.public import digest_frame, read_packaged

    name = f"{package}:{dataset}"
    if not _installed(package):
        return FileDigest(name, "not installed")
    frame = read_packaged(package, dataset)
    return FileDigest(name, digest_frame(frame), len(frame))


_CARD: dict[str, Any] = {
    "title": Text("Published results, with the data sets they are made from",
                  "已发表结果及其所用数据集"),
    "publisher": "authors of the papers and textbooks named with each result",
    "publisher_zh": "各项结果所注论文与教科书的作者",
    "citation": "named with each result",
    "licence": (
        "figures are facts; the data sets are read from installed packages, which state no"
        " licence for the data themselves"
    ),
    "licence_zh": "数字属于事实；数据集读自已安装的软件包，数据本身的许可未予说明",
    "vintage": "1950-2007",
    "unit_of_record": Text("one number in print", "一个已发表的数字"),
    "notes": Text(
        "Each number is held to the full precision that independent packages give on the same"
        " data, and to the digits in print where these were read in the source. Results whose"
        " package is not installed are listed and not run.",
        "每个数字均与其他软件包在同一数据上所得的完整精度比较；原文可查者，另与其印出的位数比较。"
        "所需软件包未安装的结果会列出，但不运行。",
    ),
}  # fmt: skip
