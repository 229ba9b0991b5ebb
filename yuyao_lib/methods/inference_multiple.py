"""Many tests at once: p-values that allow for having looked several times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import check_choice
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Adjusted", "adjust", "benjamini_hochberg", "holm"]

TOPIC = "contracts"
MEANS = {
    "holm": Text(
        "Holm: at most {size:.0%} chance of even one false finding among the {count}",
        "Holm 法：{count} 个检验中出现任何误判的概率至多 {size:.0%}",
    ),
    "benjamini_hochberg": Text(
        "Benjamini-Hochberg: of the findings among the {count}, at most {size:.0%} are expected"
        " to be false",
        "Benjamini-Hochberg 法：{count} 个检验的显著结果中预期误判比例至多 {size:.0%}",
    ),
}


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Estimates with their p-values before and after allowing for each other.

    Attributes
    ----------
    estimates
        Those that have a p-value, as given.
    p_values
        Adjusted, in the same order.
    left_out
        Keys of estimates without a p-value.
    means
        What the adjustment promises.
    """

    estimates: tuple[Estimate, ...]
    p_values: tuple[float, ...]
    left_out: tuple[str, ...]
    means: Text

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        import pandas as pd

        rows = [
            {"key": e.key, "estimate": e.estimate, "p_value": e.p_value, "adjusted_p_value": p}
            for e, p in zip(self.estimates, self.p_values, strict=True)
        ]
        return pd.DataFrame(rows, columns=["key", "estimate", "p_value", "adjusted_p_value"])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return Holm's p-values in the order given.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    p = _checked(p_values)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return _back(stepped, order)


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Return the Benjamini-Hochberg p-values in the order given.

    Examples
    --------
    >>> [round(p, 3) for p in benjamini_hochberg([0.01, 0.04, 0.03])]
    [0.03, 0.04, 0.04]
    """
    p = _checked(p_values)
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    return _back(np.minimum.accumulate(scaled[::-1])[::-1], order)


def _checked(p_values: Sequence[float]) -> np.ndarray:
    """Refuse what is no p-value."""
    p = np.asarray(p_values, dtype="float64")
    bad = p[~((p >= 0) & (p <= 1))]
    if len(bad):
        raise InputError(sentence("p-value", got=float(bad[0]), allowed="0 to 1"))
    return p


def _back(values: np.ndarray, order: np.ndarray) -> list[float]:
    """Undo a sort; no p-value exceeds one."""
    out = np.empty(len(values))
    out[order] = np.minimum(values, 1.0)
    return [float(value) for value in out]


def adjust(
    estimates: Sequence[Estimate],
    *,
    by: Literal["holm", "benjamini_hochberg"] = "holm",
    size: float = 0.05,
) -> Adjusted:
    """Adjust the p-values of several estimates for each other.

    Parameters
    ----------
    estimates
        Any; those without a p-value are left out by name.
    by
        ``holm`` bounds the chance of one false finding, ``benjamini_hochberg`` the
        share of false ones.
    size
        Only used in the sentence that says what is promised.

    Raises
    ------
    InputError
        If `by` is another word.
    """
    check_choice("adjustment", by, tuple(MEANS))
    tested = tuple(e for e in estimates if e.p_value is not None)
    p = [e.p_value for e in tested if e.p_value is not None]
    found = holm(p) if by == "holm" else benjamini_hochberg(p)
    left = tuple(e.key for e in estimates if e.p_value is None)
    means = MEANS[by].format(count=len(tested), size=size)
    return Adjusted(tested, tuple(found), left, means)
