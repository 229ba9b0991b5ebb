"""Published estimates of what training and certificates go with, as a data set of its own.

Lives here: which rows of the calibration are about returns to skill, and their words. They
are printed figures of others, stamped as such, so that they never pass for simulated data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.findings import Mode
from yuyao_lib.sources.card import FileDigest, SourceCard, digest_file
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["WORDS", "published_returns"]

WORDS: dict[str, Text] = {
    "training_return_cees": Text(
        "Training, Chinese firms 2015 (matching)", "培训：中国企业 2015 年（匹配）"
    ),
    "training_return_my_th": Text(
        "Training, Malaysia and Thailand (matching)", "培训：马来西亚与泰国（匹配）"
    ),
    "cert_premium_ols": Text(
        "Any certificate, China (least squares)", "任一证书：中国（最小二乘）"
    ),
    "cert_premium_iv": Text("Any certificate, China (instruments)", "任一证书：中国（工具变量）"),
    "return_schooling_year": Text(
        "A year of schooling, Chinese firms 2016 (within firms)",
        "一年教育：中国企业 2016 年（企业内）",
    ),
}
COLUMNS = ("id", "low", "high", "source", "source_year", "url")


def published_returns() -> Dataset:
    """Open published estimates: a row each, as shares of pay.

    Examples
    --------
    >>> frame = published_returns().frame("estimates")
    >>> frame.loc[frame["id"] == "training_return_cees", ["low", "high"]].values.tolist()
    [[0.063, 0.073]]
    """
    from yuyao_lib.sources.simulation.parameters import FILE

    file = FileDigest(FILE.name, digest_file(FILE), len(WORDS))
    card = SourceCard(
        title=Text("Published estimates of returns to skill", "已发表的技能回报估计"),
        publisher="The authors named in each row",
        publisher_zh="各行所列作者",
        citation="See the rows.",
        licence="Figures are facts; no sentence is reproduced.",
        licence_zh="数字属于事实；不转载任何语句。",
        vintage="2012-2020",
        unit_of_record=Text("one published estimate", "一项已发表的估计"),
        notes=Text(
            "Read in abstracts, summaries and reprints at the addresses given. All but the one by"
            " instruments rest on what was measured.",
            "据所列网址的摘要、综述与转载读取。除工具变量一项外，均依赖于已测量的特征。",
        ),
        files=(file,),
    )
    return Dataset("published_returns", mode=Mode.RECORD, card=card, loaders={"estimates": _load})


def _load(columns: Sequence[str] | None) -> pd.DataFrame:
    """Return the rows with the ends of what was printed."""
    import pandas as pd

    from yuyao_lib.sources.simulation.parameters import parameters

    known = parameters()
    rows = []
    for name in WORDS:
        row = known.row(name)
        ends = [float(v) for v in (row.low, row.high) if v] or list(row.numbers)
        source = known.row("cert_premium_ols").source if row.source == "same" else row.source
        rows.append([name, min(ends), max(ends), source, row.source_year, row.url])
    return pd.DataFrame(rows, columns=list(COLUMNS))
