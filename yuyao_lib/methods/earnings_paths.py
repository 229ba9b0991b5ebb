"""Earnings seen several times: mean paths, and change against change before and after training.

Change against change is right if the trained would have gained as others did. Between two
dates before training nobody had been trained, so there it must find nothing: a dip among
those who are about to be trained (Ashenfelter 1978) shows here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.samples import alike, check_level, draw_sample
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.training_routes import effects
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EarningsPaths", "Path", "earnings_paths"]

TOPIC = "training"
YEAR = re.compile(r"(\d{4})$")
GROUPS = ("trained", "untrained_by_lot", "survey")
NO_SPREAD = Text(
    "these people are too few or all earn the same, so their mean has no uncertainty to tell",
    "人数过少或收入完全相同，均值的不确定性无法说明",
)
MEAN = Text("standard error of the mean, Student's t", "均值的标准误，t 分布")


@dataclass(frozen=True, slots=True)
class Path:
    """Mean earnings of one group.

    Attributes
    ----------
    group
        ``trained``, ``untrained_by_lot`` or ``survey``.
    means
        One a date, in the order of the dates.
    """

    group: str
    means: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class EarningsPaths:
    """Paths of mean earnings, and changes against changes between each two dates.

    Attributes
    ----------
    labels
        The dates.
    paths
        One a group.
    estimates
        Change of the trained less change of others, keyed
        ``<comparison>_<from>_<to>``; all but those that end at the last date are where
        the truth is zero.
    """

    labels: tuple[str, ...]
    paths: tuple[Path, ...]
    estimates: tuple[Estimate, ...]

    @property
    def placebos(self) -> tuple[Estimate, ...]:
        """Changes between dates before training, where the truth is zero."""
        return tuple(e for e in self.estimates if e.term == "change_before_training")

    @property
    def failed(self) -> tuple[Estimate, ...]:
        """Placebos whose interval leaves out zero."""
        return tuple(e for e in self.placebos if e.differs_from_zero)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a change against change."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def earnings_paths(
    people: pd.DataFrame,
    comparison: pd.DataFrame,
    *,
    earnings: Sequence[str],
    trained: str = "trained",
    level: float = 0.95,
    unit: str = "usd",
) -> EarningsPaths:
    """Follow mean earnings of the trained, of the experiment's untrained and of a survey.

    Parameters
    ----------
    people
        The experiment, one row a person.
    comparison
        Trained and untrained people, the untrained from elsewhere.
    earnings
        Columns in order of date, the last of them after training; each ends in a year.
    trained
        Column of 0 and 1.
    level, unit
        Coverage of the intervals; vocabulary key of the unit.

    Raises
    ------
    InputError
        If fewer than two columns are given or one ends in no year.
    DataError
        If a column cannot be used.

    References
    ----------
    Ashenfelter, O. (1978). Estimating the effect of training programs on earnings. Review of
    Economics and Statistics 60, 47-57.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> men, survey = (yuyao.open(n).frame("workers") for n in ("nsw", "nsw_psid"))
    >>> found = earnings_paths(men, survey, earnings=["earnings_1975", "earnings_1978"])
    >>> round(found.estimates[0].estimate)
    1529
    """
    check_level(level)
    labels = _labels(earnings)
    shared = {"trained": trained, "level": level, "unit": unit}
    made = []
    for name, frame, design in (
        ("lot", people, Design.RANDOMISED), ("survey", comparison, Design.OBSERVATIONAL),
    ):  # fmt: skip
        for (first, then), (a, b) in zip(pairwise(earnings), pairwise(labels), strict=True):
            found = effects(
                frame, outcome=then, before=first, routes=["change_in_means"], design=design,
                **shared,  # type: ignore[arg-type]
            )  # fmt: skip
            last = then == earnings[-1]
            term = "training_effect" if last else "change_before_training"
            made.append(replace(found.estimates[0], key=f"{name}_{a}_{b}", term=term))
    rows = {
        "trained": people[people[trained] == 1],
        "untrained_by_lot": people[people[trained] == 0],
        "survey": comparison[comparison[trained] == 0],
    }
    paths = tuple(Path(g, _means(rows[g], earnings, labels, level, unit)) for g in GROUPS)
    return EarningsPaths(labels, paths, tuple(made))


def _labels(earnings: Sequence[str]) -> tuple[str, ...]:
    """Read the year off each column."""
    if len(earnings) < 2:
        what = "earnings must be seen at two dates or more"
        raise InputError(sentence(what, got=list(earnings)))
    labels = []
    for name in earnings:
        year = YEAR.search(name)
        if year is None:
            raise InputError(sentence("a column of earnings must end in its year", got=name))
        labels.append(year[1])
    return tuple(labels)


def _means(
    rows: pd.DataFrame, earnings: Sequence[str], labels: Sequence[str], level: float, unit: str
) -> tuple[Estimate, ...]:
    """Return the mean at each date with its interval."""
    held = draw_sample(rows, numeric=list(earnings)).frame
    n = len(held)
    made = []
    for name, label in zip(earnings, labels, strict=True):
        told: dict[str, Any] = {
            "key": f"mean_{label}", "term": "mean_earnings", "method": "mean", "unit": unit,
            "design": Design.DESCRIPTION, "level": level, "n": n,
        }  # fmt: skip
        if alike(held[name]):
            made.append(Estimate(**told, undefined=NO_SPREAD))
            continue
        value, error = float(held[name].mean()), float(held[name].std(ddof=1)) / n**0.5
        interval = wald(value, error, level=level, df=n - 1, tested=False)
        made.append(Estimate(**told, **interval, inference=MEAN))
    return tuple(made)
