"""Pay that was not seen as it was: imputed for those who did not answer, or cut at a cap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from yuyao_lib.errors import DataError, InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.linearised import Linear, PayRows, Saying, pay_rows, weighted_fit
from yuyao_lib.methods.linearised import weighted_mean as mean_of
from yuyao_lib.methods.panel_routes import independent
from yuyao_lib.methods.samples import ALIKE, alike
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MatchBias", "TopCoded", "match_bias", "raise_top_code"]

TOPIC = "structure"
NO_FLAG = Text("no column says whose pay was imputed", "没有列标明哪些人的工资是插补的")
MATCHED = Text(
    "pay was imputed from people of the same group, so this gap has no match bias to correct",
    "插补取自同组的人，因此该差距没有匹配偏差需要纠正",
)
NONE_HERE = Text("there is no row of this kind, or all have the same status",
                 "没有此类的行，或身份全部相同")  # fmt: skip
ALL_IMPUTED = Text("all pay was imputed", "全部工资均为插补")


@dataclass(frozen=True, slots=True)
class MatchBias:
    """A gap with imputed pay as it stands, without it, and corrected for it.

    Attributes
    ----------
    estimates
        Keys ``all_rows``, ``reported_only``, ``imputed_only``, ``match_bias_corrected``
        and ``share_reported``.
    dropped
        Rows left out because a value was missing.
    """

    estimates: tuple[Estimate, ...]
    dropped: int

    def of(self, name: str) -> Estimate:
        """Return one estimate.

        Raises
        ------
        InputError
            If there is no such estimate.
        """
        known = {e.key: e for e in self.estimates}
        if name not in known:
            raise InputError(sentence("no such estimate", got=name, allowed=list(known)))
        return known[name]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


@dataclass(frozen=True, slots=True)
class TopCoded:
    """Rows with pay at the cap raised.

    Attributes
    ----------
    frame
        The rows, the outcome replaced.
    at_cap
        Period (None without) -> rows at the cap.
    factor
        What pay at the cap was multiplied by.
    """

    frame: pd.DataFrame
    at_cap: dict[object, int]
    factor: float


KEYS = ("all_rows", "reported_only", "imputed_only", "match_bias_corrected")


def match_bias(
    frame: pd.DataFrame,
    *,
    outcome: str,
    group: str,
    controls: Sequence[str] = (),
    imputed: str | None = None,
    matched: bool = False,
    weights: str | None = None,
    worker: str = "worker_id",
    level: float = 0.95,
) -> MatchBias:
    r"""Show what imputed pay does to a gap, and undo it in two ways.

    Where pay is imputed from a donor who need not be of the same group, the gap among
    those imputed is near zero, and with a share :math:`\Omega` of them least squares on
    all rows tends to :math:`(1-\Omega)\,\Gamma` instead of the gap :math:`\Gamma`
    (Hirsch and Schumacher 2004, Journal of Labor Economics 22, 689-722; Bollinger and
    Hirsch 2006, Journal of Labor Economics 24, 483-519). Dividing by the share reported
    undoes that when those who answer and those who do not are alike and imputed as often
    in both groups; leaving imputed rows out needs the first only.

    Parameters
    ----------
    frame
        One row a person, or a person and period.
    outcome, group, controls
        Columns of log pay, of 0 and 1, and of numbers.
    imputed
        Column that is 1 where pay was imputed; None where nobody says.
    matched
        Whether donors were of the same group; then nothing is corrected.
    weights, worker, level
        As in `inequality`.

    Raises
    ------
    DataError
        If a column cannot be used.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(0)
    >>> people = pd.DataFrame({"u": rng.integers(0, 2, 4000), "i": rng.random(4000) < 0.3})
    >>> people["y"] = np.where(people["i"], 0.1, 0.2 * people["u"]) + rng.normal(0, 0.2, 4000)
    >>> people["i"] = people["i"].astype(int)
    >>> found = match_bias(people, outcome="y", group="u", imputed="i")
    >>> [round(found.of(key).estimate, 1) for key in ("all_rows", "match_bias_corrected")]
    [0.1, 0.2]
    """
    flags = [imputed] if imputed else []
    numeric = [outcome, group, *controls, *flags]
    binary = [group, *flags]
    rows = pay_rows(frame, numeric=numeric, binary=binary, weights=weights, worker=worker)
    say = Saying(rows, level=level)
    whole = _gap(rows, rows.everyone, outcome, group, controls)
    if imputed is None:
        held: list[Linear | Text] = [whole, NO_FLAG, NO_FLAG, NO_FLAG, NO_FLAG]
    else:
        seen = ~rows.where(imputed, 1.0)
        share = mean_of(rows, rows.everyone, seen.astype("float64"))
        parts = [_gap(rows, side, outcome, group, controls) for side in (seen, ~seen)]
        held = [whole, *parts, _corrected(whole, share, matched), share]
    found = [_say(say, value, key) for key, value in zip(KEYS, held, strict=False)]
    last = say.estimate(
        held[-1], key="share_reported", term="share_reported", method="sample_measure",
        unit="share", tested=False,
    )  # fmt: skip
    return MatchBias((*found, last), rows.dropped)


def _corrected(whole: Linear | Text, share: Linear, matched: bool) -> Linear | Text:
    """Divide by the share reported."""
    if isinstance(whole, Text):
        return whole
    if share.value == 0:
        return ALL_IMPUTED
    return MATCHED if matched else whole.over(share)


def _gap(
    rows: PayRows, mask: np.ndarray, outcome: str, group: str, controls: Sequence[str]
) -> Linear | Text:
    """Return the coefficient of the group in some rows."""
    columns = list(dict.fromkeys(c for c in controls if c != group))
    frame = rows.frame.loc[mask, [group, *columns]].assign(Intercept=1.0)
    names = independent(frame, ["Intercept", *columns, group]) if len(frame) else []
    if group not in names or len(frame) <= len(names):
        return NONE_HERE
    if alike(rows.column(outcome)[mask]):
        return ALIKE
    y, x = rows.column(outcome)[mask], frame[names].to_numpy(dtype="float64")
    values, influence = weighted_fit(rows, mask, y, x)
    left = x.shape[0] - x.shape[1]
    member = rows.where(group, 1.0)
    sides = (mask & member, mask & ~member)
    return Linear(float(values[-1]), influence[:, -1], mask, sides, left)


def _say(say: Saying, found: Linear | Text, key: str) -> Estimate:
    """Tell one gap."""
    return say.estimate(found, key=key, term="wage_premium", method=key)


def raise_top_code(
    frame: pd.DataFrame,
    *,
    outcome: str,
    factor: float,
    cap: float | None = None,
    period: str | None = None,
    logs: bool = True,
    workers: str = "worker_id",
    least: int = 10,
) -> TopCoded:
    r"""Raise pay that stands at a cap, as if those at it earned `factor` times as much.

    :math:`w^* = f\,w` where :math:`w \ge c`, in logs :math:`\ln w + \ln f` (Lemieux 2006,
    American Economic Review 96, 461-498, takes f = 1.4). A factor of one changes nothing.

    Parameters
    ----------
    frame
        One row a person, or a person and period; it is not changed.
    outcome
        Column of log pay, or of pay when not `logs`.
    factor
        At least one.
    cap
        Pay from which it is raised, in the outcome's unit; None for the highest value of
        each period.
    period
        Column of years.
    logs
        Whether the column holds logs.
    workers
        Column of persons; where it is there, pay that fewer than `least` of them reach is
        somebody's pay and no cap, and is left as it is.
    least
        See `workers`.

    Raises
    ------
    InputError
        If the factor is below one.
    DataError
        If a column cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> found = raise_top_code(pd.DataFrame({"pay": [5.0, 9.0, 9.0]}), outcome="pay",
    ...                        factor=1.5, logs=False)
    >>> found.frame["pay"].tolist(), found.at_cap
    ([5.0, 13.5, 13.5], {None: 2})
    """
    if factor < 1:
        raise InputError(sentence("top-code factor", got=factor, allowed="1 or more"))
    for name in [outcome, *([period] if period else [])]:
        if name not in frame.columns:
            raise DataError(sentence("unknown column", got=name, allowed=list(frame.columns)))
    rows = pay_rows(frame, numeric=[outcome], keys=[period] if period else [], worker="")
    values: list[object] = rows.levels(period) if period else [None]
    raised = frame[outcome].astype("float64").copy()
    at_cap: dict[object, int] = {}
    for value in values:
        here = frame[period] == value if period else raised.notna()
        limit = raised[here].max() if cap is None else cap
        capped = here & (frame[outcome] >= limit)
        at_cap[value] = int(capped.sum())
        if workers in frame and frame[workers][capped].nunique() < least:
            continue
        moved = raised[capped] + np.log(factor) if logs else raised[capped] * factor
        raised = raised.where(~capped, moved)
    return TopCoded(frame.assign(**{outcome: raised}), at_cap, factor)
