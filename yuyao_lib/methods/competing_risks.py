"""How spells end when they can end in several ways: cumulative incidence and hazards by cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.causes import ONE_WAY, read_causes
from yuyao_lib.methods.coefficients import Told, by_key
from yuyao_lib.methods.packages import undisturbed
from yuyao_lib.methods.samples import check_level
from yuyao_lib.methods.spells import NONE_ENDED, Spells
from yuyao_lib.methods.survival import certain_of, share_after
from yuyao_lib.methods.survival_curves import kaplan_meier
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["CumulativeIncidence", "Incidence", "endings"]

TOPIC = "disputes"
DELTA = Text(
    "variance by the delta method (Marubini and Valsecchi 1995), interval on the scale of"
    " log(-log)",
    "方差用 delta 法（Marubini 与 Valsecchi 1995），log(−log) 尺度",
)


@dataclass(frozen=True, slots=True)
class Incidence:
    """How the share ended in one way grows.

    Attributes
    ----------
    cause
        The way.
    times, share, low, high
        Shape (m,): times, share that has ended in this way by then, pointwise interval.
    ends
        Shape (m,): how many end in this way then.
    """

    cause: str
    times: Floats = field(repr=False)
    share: Floats = field(repr=False)
    low: Floats = field(repr=False)
    high: Floats = field(repr=False)
    ends: Floats = field(repr=False)

    def coarser(self, *, cases: int) -> Incidence:
        """Return a curve whose every step is the end of at least so many, merged from the left.

        Examples
        --------
        >>> import pandas as pd
        >>> days = pd.DataFrame({"days": [float(d) for d in range(1, 26)], "end": "settled"})
        >>> curve = endings(days, duration="days", cause="end").curves[0]
        >>> curve.coarser(cases=10).times.tolist()
        [10.0, 20.0]
        """
        kept, since = [], 0.0
        for place, ends in enumerate(self.ends):
            since += ends
            if since >= cases:
                kept.append(place)
                since = 0.0
        names = ("times", "share", "low", "high", "ends")
        return replace(self, **{name: getattr(self, name)[kept] for name in names})


@dataclass(frozen=True, slots=True)
class CumulativeIncidence:
    """Every way of ending.

    Attributes
    ----------
    curves
        One a cause, in the order of how many ended so.
    estimates
        For each cause the share ended so by the horizon, keyed by the cause; then
        ``still_open``.
    horizon, unit
        The time the estimates are told for, and the vocabulary key of its unit.
    dropped
        Rows left out because a value was missing.
    """

    curves: tuple[Incidence, ...]
    estimates: tuple[Estimate, ...]
    horizon: float | None
    unit: str
    dropped: int

    def estimate(self, key: str) -> Estimate:
        """Return one estimate by its key.

        Raises
        ------
        InputError
            If there is none of this key.
        """
        return by_key(self.estimates, key)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def endings(
    frame: pd.DataFrame,
    *,
    duration: str,
    cause: str | None,
    still_open: Sequence[str] = ("open",),
    horizon: float | None = None,
    level: float = 0.95,
    unit: str = "days",
    n_unit: str = "spells",
) -> CumulativeIncidence:
    r"""Estimate how the share ended in each way grows (Aalen and Johansen 1978).

    :math:`\hat F_k(t) = \sum_{t_i \le t} \hat S(t_{i-1})\, d_{ki}/n_i`. Unlike one minus
    a Kaplan-Meier curve that treats other endings as unseen, the shares of all causes and
    the share still open add up to one.

    Parameters
    ----------
    frame
        One row a spell.
    duration
        As in `read_spells`.
    cause
        Column of words (or numbers) that say how a spell ended; None or an empty name:
        one way of ending, and nothing is estimated.
    still_open
        Values of `cause`, beside missing ones, that mean: had not ended when last seen.
    horizon
        Time the estimates are told for; None: the median time watched.
    level
        Coverage of the intervals.
    unit, n_unit
        Vocabulary keys of the unit of time and of what a spell is.

    Raises
    ------
    DataError, InputError
        If a column, the horizon or the level cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> cases = pd.DataFrame({"days": [2, 4, 6, 8], "end": ["settled", "court", "settled", None]})
    >>> found = endings(cases, duration="days", cause="end", horizon=6)
    >>> [(e.key, round(e.estimate, 6)) for e in found.estimates]
    [('settled', 0.5), ('court', 0.25), ('still_open', 0.25)]
    """
    check_level(level)
    if horizon is not None and not horizon > 0:
        raise InputError(sentence("horizon", got=horizon, allowed="above zero"))
    told = Told(method="aalen_johansen", n=len(frame), n_unit=n_unit, level=level, inference=DELTA)
    if not cause:
        return CumulativeIncidence((), (_missing(told, ONE_WAY),), None, unit, 0)
    spells, codes, names = read_causes(frame, duration, cause, still_open)
    told = Told(method=told.method, n=len(spells.time), n_unit=n_unit, level=level, inference=DELTA)
    if not names:
        return CumulativeIncidence((), (_missing(told, NONE_ENDED),), None, unit, spells.dropped)
    curves, spread = _curves(spells, codes, names, level)
    stop = float(np.median(spells.time)) if horizon is None else horizon
    if stop > float(spells.time.max()):
        allowed = f"up to the longest time watched, {spells.time.max():g}"
        raise InputError(sentence("horizon", got=stop, allowed=allowed))
    made = tuple(_at(c, s, stop, told) for c, s in zip(curves, spread, strict=True))
    left = share_after("still_open", kaplan_meier("", spells, level), told, stop, unit=unit)
    return CumulativeIncidence(curves, (*made, left), stop, unit, spells.dropped)


def _curves(
    spells: Spells, codes: NDArray[np.int64], names: list[str], level: float
) -> tuple[tuple[Incidence, ...], list[Floats]]:
    """Estimate each cause's curve and its standard errors."""
    from scipy import stats
    from statsmodels.duration.survfunc import CumIncidenceRight

    with undisturbed(ignore=(RuntimeWarning,)):  # its own errors divide by zero at the last time
        fit = CumIncidenceRight(spells.time, codes)
    times = np.asarray(fit.times, "float64")
    z = float(stats.norm.ppf((1 + level) / 2))
    made, errors = [], []
    for k, name in enumerate(names):
        share = np.clip(np.asarray(fit.cinc[k]), 0.0, 1.0)
        error = _errors(spells.time, codes, k + 1, times, share)
        with np.errstate(divide="ignore", invalid="ignore"):
            width = z * error / np.abs(share * np.log(share))
            low, high = share ** np.exp(width), share ** np.exp(-width)
        sure = (share <= 0) | (share >= 1)
        low[sure], high[sure] = share[sure], share[sure]
        place = np.searchsorted(times, spells.time[codes == k + 1])
        ends = np.bincount(place, minlength=len(times)).astype("float64")
        made.append(Incidence(name, times, share, low, high, ends))
        errors.append(error)
    return tuple(made), errors


def _errors(
    time: Floats, codes: NDArray[np.int64], code: int, times: Floats, share: Floats
) -> Floats:
    """Return standard errors of one cause's shares (Marubini and Valsecchi 1995, eq. 10.12).

    Where the last spells end together nobody is left; their term is zero, not undefined.
    """
    place = np.searchsorted(times, time)
    risk = len(time) - np.concatenate([[0], np.cumsum(np.bincount(place))[:-1]])
    ends = np.bincount(place, weights=codes > 0)
    own = np.bincount(place, weights=codes == code)
    before = np.concatenate([[1.0], np.cumprod(1 - ends / risk)[:-1]])
    left = np.where(risk > ends, risk - ends, np.inf)
    a = ends / (risk * left)
    b = before**2 * (risk - own) * own / risk**3
    c = before * own / risk**2
    squares = share**2 * np.cumsum(a) - 2 * share * np.cumsum(share * a) + np.cumsum(share**2 * a)
    cross = share * np.cumsum(c) - np.cumsum(share * c)
    return np.sqrt(np.clip(squares + np.cumsum(b) - 2 * cross, 0.0, None))


def _at(curve: Incidence, spread: Floats, time: float, told: Told) -> Estimate:
    """Return the share of one cause at a time."""
    i = int(np.searchsorted(curve.times, time, side="right")) - 1
    parts = (curve.share, curve.low, curve.high, spread)
    values = [float(part[i]) if i >= 0 else 0.0 for part in parts]
    given = certain_of(values)
    by = Text(f"share that ended so within {time:g}", f"{time:g} 之内以此方式结束的比例")
    words = {"term": "cumulative_incidence", "unit": "share", "design": Design.DESCRIPTION}
    return told.given(curve.cause, estimand=by, caveat=None, **given, **words)


def _missing(told: Told, why: Text) -> Estimate:
    """Say why nothing is known about ways of ending."""
    words = {"term": "cumulative_incidence", "unit": "share", "design": Design.DESCRIPTION}
    return told.missing("cause", why, caveat=None, **words)
