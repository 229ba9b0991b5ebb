"""Effects by cohort and period with clean controls (Callaway and Sant'Anna 2021)."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from yuyao_lib.errors import DataError
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.adoption import (
    AdoptionPanel,
    Controls,
    Floats,
    Meaning,
    adoption_panel,
    check_choice,
    why_undefined,
)
from yuyao_lib.methods.influence import combine, covariance
from yuyao_lib.methods.packages import undisturbed
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Aggregate", "GroupTime", "group_time"]

TOPIC = "contracts"

Kind = Literal["simple", "group", "calendar", "dynamic"]
KINDS = ("simple", "group", "calendar", "dynamic")
ROUTES = {
    "doubly_robust": "dr",
    "regression": "reg",
    "inverse_probability_weighting": "ipw",
}
INFERENCE = Text(
    "influence function summed within {clusters} clusters, no small-sample factor, normal quantile",
    "影响函数按 {clusters} 个聚类求和，无小样本修正，正态分位数",
)
FEWEST_CONTROLS = 5  # plus one a covariate; csdid and R refuse fewer
NO_CELL = Text(
    "the package could not estimate this cell: too few controls, or the covariates separate"
    " or are collinear",
    "此单元无法估计：对照过少，或协变量完全分离或共线",
)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Group-time effects summed into one overall effect and its parts.

    Attributes
    ----------
    kind
        How they were summed.
    overall
        The one number.
    parts
        By cohort, period or event time; empty for ``simple``.
    labels
        Cohort, period or event time of each part.
    covariance
        Shape (k, k), of the parts.
    """

    kind: str
    overall: Estimate
    parts: tuple[Estimate, ...] = ()
    labels: tuple[float, ...] = ()
    covariance: Floats = field(default_factory=lambda: np.empty((0, 0)), repr=False, compare=False)

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The overall effect, then its parts."""
        return (self.overall, *self.parts)

    def to_frame(self) -> pd.DataFrame:
        """Return one row an estimate; the column ``label`` is empty for the overall one."""
        return rows_of(self.estimates).assign(label=[None, *self.labels])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


@dataclass(frozen=True, slots=True)
class GroupTime:
    """Effects by cohort and period.

    Attributes
    ----------
    estimates
        One a cohort and period, keys ``att_<cohort>_<period>``; a single undefined one
        when there are none.
    groups, times
        Cohort and period of each estimate, as numbers.
    panel
        The units they were estimated from.
    influence
        Shape (N, k).
    meaning
        What the numbers are about.
    undefined
        Why there are none.
    """

    estimates: tuple[Estimate, ...]
    groups: tuple[float, ...]
    times: tuple[float, ...]
    panel: AdoptionPanel = field(repr=False, compare=False)
    influence: Floats = field(repr=False, compare=False)
    meaning: Meaning = field(default_factory=Meaning)
    undefined: Text | None = None

    def to_frame(self) -> pd.DataFrame:
        """Return one row a cohort and period."""
        return rows_of(self.estimates).assign(
            cohort=list(self.groups) or None, period=list(self.times) or None
        )

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)

    def aggregate(self, kind: Kind = "simple") -> Aggregate:
        """Sum the effects.

        Parameters
        ----------
        kind
            ``simple``: every treated cell by its cohort's size; ``group``: by cohort;
            ``calendar``: by period; ``dynamic``: by time since adoption, the overall
            number being the mean from 0 on.

        Raises
        ------
        InputError
            If `kind` is another word.
        """
        check_choice("kind of aggregate", kind, KINDS)
        if self.undefined is not None:
            return Aggregate(kind, _undefined(self.meaning, "overall", self.undefined))
        kept = [i for i, e in enumerate(self.estimates) if e.estimate is not None]
        att = np.array([self.estimates[i].estimate for i in kept], dtype="float64")
        group, time = np.array(self.groups)[kept], np.array(self.times)[kept]
        if not (time >= group).any():
            return Aggregate(kind, _undefined(self.meaning, "overall", NO_CELL))
        found = combine(kind, self.panel, group, time, att, self.influence[:, kept])
        together = np.column_stack([found.overall_influence, found.parts_influence])
        spread = covariance(together, self.panel.clusters)
        names = ["overall", *(_name(kind, self.panel, label) for label in found.labels)]
        values = [found.overall, *found.parts]
        made = [
            _estimate(
                self.meaning, self.panel, name, value, float(np.sqrt(spread[i, i])), kind, treated
            )
            for i, (name, value, treated) in enumerate(
                zip(names, values, self._treated(kind, group, time, found.labels), strict=True)
            )
        ]
        labels = tuple(float(label) for label in found.labels)
        return Aggregate(kind, made[0], tuple(made[1:]), labels, spread[1:, 1:])

    def _treated(self, kind: Kind, group: Floats, time: Floats, labels: Floats) -> list[int]:
        """Return how many clusters adopt in the cells of the overall effect and each part."""
        of = {"group": group, "calendar": time, "dynamic": time - group}.get(kind, group)
        inside = [of == label for label in labels]
        after = [part & (time >= group) if kind == "calendar" else part for part in inside]
        chosen = [time >= group, *after]
        return [self.panel.treated_clusters(group[part].tolist()) for part in chosen]


def group_time(  # noqa: PLR0913 - each is a choice a reader must see
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    period: str,
    first_treated: str,
    controls: Controls = "never",
    covariates: Sequence[str] = (),
    estimator: str = "doubly_robust",
    anticipation: int = 0,
    cluster: str | None = None,
    weights: str | None = None,
    base_period: Literal["varying", "universal"] = "varying",
    meaning: Meaning | None = None,
) -> GroupTime:
    r"""Estimate the effect of adoption for each cohort in each period.

    :math:`ATT(g,t) = E[Y_t - Y_{g-1-a} \mid G=g] - E[Y_t - Y_{g-1-a} \mid C]`, with
    covariates through regression, propensity weighting or both.

    Parameters
    ----------
    frame, outcome, unit, period, first_treated, covariates, cluster, weights
        As in `adoption_panel`; covariates are read in the base period.
    controls
        Never-treated units, or also those not yet treated.
    estimator
        ``doubly_robust``, ``regression`` or ``inverse_probability_weighting``; the same
        without covariates.
    anticipation
        Periods before adoption in which the effect may already begin.
    base_period
        ``varying``: before adoption each period is compared with the one before it;
        ``universal``: always with the last period before adoption.
    meaning
        What the numbers are about.

    Raises
    ------
    DataError, InputError
        If a column, a choice or the number of periods of anticipation cannot be used.

    Notes
    -----
    Point estimates and influence functions come from csdid, which gives the numbers of
    the R package did.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame([(firm, year, firm % 3 + year + (firm < 4) * (year > 2), firm < 4)
    ...                      for firm in range(9) for year in (1, 2, 3)],
    ...                     columns=["firm", "year", "pay", "signs"])
    >>> rows["since"] = rows["signs"] * 3
    >>> effects = group_time(rows, outcome="pay", unit="firm", period="year",
    ...                      first_treated="since")
    >>> round(effects.aggregate("simple").overall.estimate, 6)
    1.0
    """
    meant = meaning or Meaning()
    check_choice("controls", controls, ("never", "not_yet"))
    check_choice("estimator", estimator, tuple(ROUTES))
    check_choice("base period", base_period, ("varying", "universal"))
    if not isinstance(anticipation, int) or anticipation < 0:
        raise DataError(f"anticipation must be a whole number of periods: got {anticipation!r}.")
    panel = adoption_panel(
        frame,
        outcome=outcome,
        unit=unit,
        period=period,
        first_treated=first_treated,
        covariates=covariates,
        cluster=cluster,
        weights=weights,
    )
    why = why_undefined(panel, controls=controls) or _too_few(panel, controls)
    fit = why or _fit(panel, controls, ROUTES[estimator], anticipation, base_period)
    if isinstance(fit, Text):
        nothing = np.empty((len(panel.units), 0))
        return GroupTime((_undefined(meant, "att", fit),), (), (), panel, nothing, meant, fit)
    return _read(fit, panel, meant, anticipation)


def _too_few(panel: AdoptionPanel, controls: Controls) -> Text | None:
    """Say when there are too few never-treated units, by the rule of the package."""
    count = int((panel.first > panel.periods[-1]).sum())
    least = panel.covariates.shape[2] + FEWEST_CONTROLS
    if controls == "not_yet" or count >= least:
        return None
    return Text(
        f"only {count} units are never treated and at least {least} are needed; use those not"
        " yet treated",
        f"从未处理的单位仅 {count} 个，至少需要 {least} 个；请改用尚未处理的单位",
    )


def _fit(
    panel: AdoptionPanel, controls: Controls, route: str, anticipation: int, base: str
) -> dict[str, Any] | Text:
    """Run csdid on the panel, without its printing; say why where it refuses."""
    import pandas as pd

    with undisturbed():
        from csdid.att_gt import ATTgt
    n, t = panel.outcome.shape
    rows = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(n), t),
            "time": np.tile(panel.periods, n),
            "y": panel.outcome.ravel(),
            "first": np.repeat(np.where(np.isfinite(panel.first), panel.first, 0.0), t),
            "weight": np.repeat(panel.weights / panel.weights.mean(), t),
        }
    )
    names = [f"x{k}" for k in range(panel.covariates.shape[2])]
    # without covariates the routes are one and the same, and this needs no propensity scores
    route = route if names else ROUTES["regression"]
    rows[names] = panel.covariates.reshape(n * t, -1)
    try:
        with undisturbed(), warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")  # cells that fail are reported as undefined below
            result = ATTgt(
                yname="y",
                tname="time",
                idname="unit",
                gname="first",
                data=rows,
                control_group="nevertreated" if controls == "never" else "notyettreated",
                xformla=f"y~{'+'.join(names) or '1'}",
                weights_name="weight",
                anticipation=anticipation,
            ).fit(est_method=route, base_period=base, bstrap=False)
    except (ValueError, np.linalg.LinAlgError) as error:
        return Text(
            f"the package csdid refuses these data: {error}",
            f"csdid 软件包拒绝了这些数据：{error}",
        )
    return dict(result.MP)


def _read(
    fit: dict[str, Any], panel: AdoptionPanel, meaning: Meaning, anticipation: int
) -> GroupTime:
    """Turn what csdid returned into estimates; units it dropped have no influence."""
    group, time = np.array(fit["group"], float), np.array(fit["t"], float)
    att = np.array(fit["att"], float)
    raw = np.asarray(fit["inffunc"]["inffunc"], float)
    # csdid drops units that have no period before (anticipated) treatment.
    kept = panel.first > panel.periods[0] + anticipation
    influence = np.zeros((len(panel.units), len(att)))
    influence[kept] = raw * (len(panel.units) / kept.sum())
    errors = np.sqrt(np.diag(covariance(np.nan_to_num(influence), panel.clusters)))
    made = tuple(
        _estimate(
            meaning,
            panel,
            f"att_{panel.label(g)}_{panel.label(t)}",
            value,
            error,
            "cell",
            panel.treated_clusters([g]),
        )
        for g, t, value, error in zip(group, time, att, errors, strict=True)
    )
    return GroupTime(
        made, tuple(group.tolist()), tuple(time.tolist()), panel, np.nan_to_num(influence), meaning
    )


def _estimate(
    meaning: Meaning,
    panel: AdoptionPanel,
    key: str,
    value: float,
    error: float,
    kind: str,
    treated: int,
) -> Estimate:
    """Build one estimate; a cell that could not be computed says so."""
    if not np.isfinite(value):
        return _undefined(meaning, key, NO_CELL)
    return meaning.estimate(
        key,
        "group_time_effects",
        **wald(value, error, level=meaning.level),
        n=panel.outcome.size,
        clusters=panel.n_clusters,
        residual_df=panel.residual_df(len(panel.cohorts) * (len(panel.periods) - 1)),
        treated=treated,
        inference=INFERENCE.format(clusters=panel.n_clusters),
        estimand=ESTIMANDS[kind],
    )


def _undefined(meaning: Meaning, key: str, why: Text) -> Estimate:
    """Return an estimate that says why it has no value."""
    return meaning.estimate(key, "group_time_effects", undefined=why)


def _name(kind: str, panel: AdoptionPanel, label: float) -> str:
    """Return the key of a part."""
    return f"event_{label:+g}" if kind == "dynamic" else f"{kind}_{panel.label(label)}"


ESTIMANDS = {
    "cell": Text("effect on one cohort in one period", "某一批次在某一时期的效应"),
    "simple": Text(
        "mean effect over all treated units and periods", "全部处理单位与处理时期的平均效应"
    ),
    "group": Text("mean over cohorts of their mean effect", "各批次平均效应的加权平均"),
    "calendar": Text("mean over periods of their mean effect", "各时期平均效应的平均"),
    "dynamic": Text(
        "mean over the time since adoption of the effect at that time",
        "按处理后时长计算的效应的平均",
    ),
}
