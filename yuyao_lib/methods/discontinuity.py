"""What changes at a cut-off: sharp and fuzzy regression discontinuity.

Lives here: the jump and its robust interval. Does not live here: the checks of the design
(``discontinuity_checks``), the density of the running variable, plots.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.discontinuity_bandwidth import Bandwidths, choose_bandwidths
from yuyao_lib.methods.discontinuity_freedom import freedom
from yuyao_lib.methods.discontinuity_reasons import (
    CONSTANT,
    FLAT_TREATMENT,
    INFERENCE,
    no_one,
    too_few,
    weak_first_stage,
)
from yuyao_lib.methods.discontinuity_results import Discontinuity, Setting, nothing, told
from yuyao_lib.methods.local_polynomial import (
    KERNELS,
    Sides,
    Weights,
    jump_weights,
    nearest_residuals,
)
from yuyao_lib.methods.samples import check_level, draw_sample
from yuyao_lib.methods.wald_intervals import wald
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.methods.adoption import Floats

__all__ = ["Discontinuity", "Setting", "discontinuity", "estimate_jump"]

TOPIC = "discontinuity"
LEAST_ROWS = 20
WORKER = "worker_id"
SLOPES = 6  # level, slope and bend on either side: what the corrected jump rests on


def discontinuity(
    frame: pd.DataFrame,
    *,
    outcome: str,
    running: str,
    cutoff: float,
    treatment: str | None = None,
    cluster: str | None = None,
    degree: int = 1,
    kernel: str = "triangular",
    bandwidth: float | None = None,
    level: float = 0.95,
    unit: str = "log_points",
    n_unit: str = "persons",
) -> Discontinuity:
    r"""Estimate what changes at a cut-off of a running variable.

    The jump is the difference of two local polynomials at the cut-off c,
    :math:`\hat\tau = \hat\mu_+(c) - \hat\mu_-(c)`, each fitted within the bandwidth with
    weights that fall with distance. Because the best bandwidth leaves a bias that an
    ordinary interval ignores, the interval is the robust one of Calonico, Cattaneo and
    Titiunik (2014): centred at the jump less its estimated bias, with a standard error that
    counts the uncertainty of that estimate. In a fuzzy design the jump of the outcome is
    divided by the jump of treatment, with the linearised ratio in place of the outcome.

    Parameters
    ----------
    frame
        One row a person (or another unit), with complete rows used.
    outcome, running
        Columns of numbers.
    cutoff
        The rule treats those at or above it.
    treatment
        Column of what was received, in a fuzzy design; None: the rule was followed.
    cluster
        Column within whose values rows may depend on each other, also across the cut-off.
    degree
        Of the local polynomials; one is a line.
    kernel
        ``"triangular"``, ``"epanechnikov"`` or ``"uniform"``.
    bandwidth
        In units of `running`; None: the one with the least mean squared error, and a wider
        one for the bias. A given bandwidth is used for both.
    level
        Coverage of the intervals.
    unit, n_unit
        Vocabulary keys of the outcome's unit and of what a row is.

    Raises
    ------
    DataError, InputError
        If a column, the kernel, a bandwidth or the level cannot be used.

    Notes
    -----
    All this takes the running variable as continuous. With few distinct values near the
    cut-off the polynomials bridge gaps that no data fill, and no standard error knows it
    (Kolesar and Rothe 2018): `Discontinuity.coarse` and the estimate's caveat say so.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> score = rng.uniform(40, 80, 2000)
    >>> pay = 8 + 0.01 * score + 0.1 * (score >= 60) + rng.normal(0, 0.1, 2000)
    >>> found = discontinuity(pd.DataFrame({"score": score, "pay": pay}),
    ...     outcome="pay", running="score", cutoff=60)
    >>> robust = found.estimate("robust")
    >>> bool(robust.low < 0.1 < robust.high)
    True
    """
    setting = Setting(
        outcome=outcome, running=running, cutoff=float(cutoff), treatment=treatment,
        cluster=cluster, degree=degree, kernel=kernel, bandwidth=bandwidth, level=level,
        unit=unit, n_unit=n_unit,
    )  # fmt: skip
    return estimate_jump(frame, setting)


def estimate_jump(frame: pd.DataFrame, setting: Setting) -> Discontinuity:
    """Estimate the jump that a setting asks for."""
    check_setting(setting)
    numeric = [setting.outcome, setting.running]
    numeric += [setting.treatment] if setting.treatment else []
    keys = [setting.cluster] if setting.cluster else []
    sample = draw_sample(frame, numeric=list(dict.fromkeys(numeric)), keys=keys, beside=[WORKER])
    held = sample.frame
    distance = held[setting.running].to_numpy() - setting.cutoff
    groups = None if not keys else _codes(held[setting.cluster])
    people = _codes(held[WORKER]) if WORKER in held else None
    why = _unusable(distance, held[setting.outcome].to_numpy(), setting)
    if why is not None:
        return Discontinuity(
            setting=setting, dropped=sample.dropped, estimates=nothing(setting, why)
        )
    outcome = _sides(distance, held[setting.outcome].to_numpy(), groups, people)
    if setting.treatment is None:
        made, sides, width = _sharp(outcome, setting)
    else:
        treated = held[setting.treatment].to_numpy()
        made, sides, width = _fuzzy(outcome, _sides(distance, treated, groups, people), setting)
    return _counted(made, sides, width, setting, sample.dropped)


def check_setting(setting: Setting) -> None:
    """Refuse what cannot be asked."""
    check_level(setting.level)
    if setting.kernel not in KERNELS:
        raise InputError(sentence("unknown kernel", got=setting.kernel, allowed=KERNELS))
    if setting.degree not in (0, 1, 2, 3):
        raise InputError(sentence("degree", got=setting.degree, allowed=[0, 1, 2, 3]))
    for name in ("bandwidth", "bias_bandwidth"):
        value = getattr(setting, name)
        if value is not None and not value > 0:
            raise InputError(sentence(name.replace("_", " "), got=value, allowed="above zero"))


def _codes(column: Any) -> NDArray[np.int64]:
    """Number the clusters."""
    return column.factorize(use_na_sentinel=False)[0].astype("int64")


Codes: TypeAlias = "NDArray[np.int64] | None"


def _sides(distance: Floats, outcome: Floats, groups: Codes, people: Codes) -> Sides:
    """Return the rows of both sides."""
    nearest = nearest_residuals(distance, outcome, above=distance >= 0)
    return Sides(distance, outcome, groups, nearest, people)


def _unusable(distance: Floats, outcome: Floats, setting: Setting) -> Text | None:
    """Say why no jump can be estimated from these rows."""
    for above in (True, False):
        side = distance[(distance >= 0) == above]
        if not len(side):
            return no_one(above=above)
        if len(side) < LEAST_ROWS or len(np.unique(side)) < setting.degree + 3:
            return too_few(above=above, rows=len(side), values=len(np.unique(side)))
    return CONSTANT if np.ptp(outcome) == 0 else None


def _widths(sides: Sides, setting: Setting) -> Bandwidths:
    """Return the bandwidths that were given or are best."""
    if setting.bandwidth is not None:
        return Bandwidths(setting.bandwidth, setting.bias_bandwidth or setting.bandwidth)
    best = choose_bandwidths(sides, degree=setting.degree, kernel=setting.kernel)
    return best if setting.bias_bandwidth is None else replace(best, bias=setting.bias_bandwidth)


Made = tuple[tuple[Estimate, ...], Sides, Bandwidths]


def _sharp(sides: Sides, setting: Setting) -> Made:
    """Estimate a sharp jump."""
    width = _widths(sides, setting)
    why = _thin(sides, width, setting)
    if why is not None:
        return nothing(setting, why), sides, width
    return _pair(sides, width, setting, told(setting, sides, width)), sides, width


def _fuzzy(outcome: Sides, treated: Sides, setting: Setting) -> Made:
    """Estimate the effect of a treatment that jumps by less than one."""
    width = _widths(outcome, setting)
    why = FLAT_TREATMENT if np.ptp(treated.outcome) == 0 else _thin(outcome, width, setting)
    if why is not None:
        return nothing(setting, why), outcome, width
    first, jump = _weights(treated, width, setting), _weights(outcome, width, setting)
    shared, plain = told(setting, outcome, width), first[0].value(treated)
    stage = _told(first[1], treated, shared, key="first_stage", term="treatment_jump", unit="share")
    rest = (stage, _told(jump[1], outcome, shared, key="reduced_form"))
    if not (stage.differs_from_zero or _followed(treated, width)):
        return (*nothing(setting, weak_first_stage(plain)), *rest), outcome, width
    ratio = jump[0].value(outcome) / plain
    line = (outcome.outcome - ratio * treated.outcome) / plain
    linear = _sides(outcome.distance, line, outcome.groups, outcome.people)
    width = _widths(linear, setting)
    return (*_pair(linear, width, setting, shared, base=ratio), *rest), linear, width


def _followed(treated: Sides, width: Bandwidths) -> bool:
    """Say whether all near the cut-off followed the rule, which leaves the jump no error."""
    near = np.abs(treated.distance) < width.bias
    values = [np.unique(treated.outcome[near & (treated.above == side)]) for side in (True, False)]
    return all(len(v) == 1 for v in values) and values[0][0] != values[1][0]


def _weights(sides: Sides, width: Bandwidths, setting: Setting) -> tuple[Weights, Weights]:
    """Return the weights of the jump, plain and corrected."""
    return jump_weights(
        sides, bandwidth=width.main, bias_bandwidth=width.bias, degree=setting.degree,
        kernel=setting.kernel,
    )  # fmt: skip


def _thin(sides: Sides, width: Bandwidths, setting: Setting) -> Text | None:
    """Say which side has too few rows within the bandwidth."""
    for above in (True, False):
        side = np.abs(sides.side(above=above))
        near, bend = side[side < width.main], side[side < width.bias]
        few = len(np.unique(near)) < setting.degree + 2
        if few or len(near) < LEAST_ROWS or len(np.unique(bend)) < setting.degree + 3:
            return too_few(above=above, rows=len(near), values=len(np.unique(near)))
    return None


def _pair(
    sides: Sides, width: Bandwidths, setting: Setting, shared: dict[str, Any], *, base: float = 0.0
) -> tuple[Estimate, ...]:
    """Return the robust and the conventional estimate."""
    plain, corrected = _weights(sides, width, setting)
    return (
        _told(corrected, sides, shared, key="robust", base=base),
        _told(plain, sides, {**shared, "inference": INFERENCE[0]}, key="conventional", base=base),
    )


def _told(
    weights: Weights, sides: Sides, shared: dict[str, Any], *, key: str, base: float = 0.0,
    **words: str,
) -> Estimate:  # fmt: skip
    """Return a jump as an estimate with a symmetric interval of Student's t."""
    value, error = base + weights.value(sides), float(np.sqrt(weights.variance(sides)))
    interval = wald(value, error, level=shared["level"], df=freedom(weights, sides))
    return Estimate(
        key=key, **interval, residual_df=max(shared["n"] - SLOPES, 0), **{**shared, **words},
    )  # fmt: skip


def _counted(
    made: tuple[Estimate, ...], sides: Sides, width: Bandwidths, setting: Setting, dropped: int
) -> Discontinuity:
    """Return the result with its counts."""
    near = np.abs(sides.distance) < width.main
    d, above = sides.distance[near], sides.above[near]
    return Discontinuity(
        setting=setting, estimates=made, bandwidth=width.main, bias_bandwidth=width.bias,
        n_below=int((~above).sum()), n_above=int(above.sum()),
        values_below=len(np.unique(d[~above])), values_above=len(np.unique(d[above])),
        dropped=dropped,
    )  # fmt: skip
