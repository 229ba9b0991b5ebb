"""Trials of single estimators: each draw is a small table whose answer was set."""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated,attr-defined"

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from yuyao_lib.methods.estimator_trials import Outcome, Trial
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "components_trial",
    "hazard_trial",
    "rates_trial",
    "small_trials",
    "threshold_trial",
    "training_trial",
]

Once = Callable[..., list[Outcome]]
ROUTES = ("regression_adjusted", "outcome_regression", "propensity_weighting", "doubly_robust")
QUARTERS = 8  # over which discrete-time hazards are watched


def small_trials() -> tuple[Trial, ...]:
    """Return every trial of this module, with an effect and without one."""
    return (
        hazard_trial(ratio=1.5),
        hazard_trial(ratio=1.0),
        components_trial(),
        threshold_trial(jump=0.2),
        threshold_trial(jump=0.0),
        training_trial(gain=1.0),
        training_trial(gain=0.0),
        rates_trial(ratio=1.5),
        rates_trial(ratio=1.0),
    )


def _trial(key: str, en: str, zh: str, once: Once, null: bool, **options: Any) -> Trial:
    """Declare a trial; its key names its options."""
    named = "_".join(f"{value:g}" for value in options.values())
    words = Text(en, zh)
    return Trial(f"{key}_{named}" if named else key, words, partial(once, **options), null=null,
                 part="single")  # fmt: skip


def hazard_trial(*, ratio: float = 1.5, n: int = 300) -> Trial:
    """Return a trial of hazards: Cox, cause-specific, and in discrete time.

    Parameters
    ----------
    ratio
        Hazard ratio of the treated for the first of two ways of ending; the other is alike.
    n
        Spells a draw.
    """
    en = f"hazard ratio {ratio:g}, {n} spells, two ways of ending"
    zh = f"风险比 {ratio:g}，{n} 个持续期，两种结束方式"
    return _trial("hazard", en, zh, _hazards, ratio == 1, ratio=ratio, n=n)


def _hazards(seed: int, *, ratio: float, n: int) -> list[Outcome]:
    """Draw spells that compete, and promotions in firms, and fit each model."""
    import pandas as pd

    from yuyao_lib.methods.cause_hazards import cause_hazards

    rng = np.random.default_rng(seed)
    n = int(n)
    t, x = rng.integers(0, 2, n), rng.standard_normal(n)
    rates = np.column_stack([0.06 * ratio**t * np.exp(0.3 * x), np.full(n, 0.03)])
    days = rng.exponential(1 / rates)
    first, until = days.argmin(axis=1), np.minimum(days.min(axis=1), 30.0)
    way = np.where(days.min(axis=1) > 30, "open", np.where(first == 0, "settled", "arbitration"))
    rows = pd.DataFrame({"days": until, "way": way, "t": t, "x": x})
    log = float(np.log(ratio))
    both = cause_hazards(rows, duration="days", cause="way", covariates=["t", "x"])
    held = {e.key: e for e in both.estimates}
    return [
        Outcome.of("hazard settled", log, held["settled_t"]),
        Outcome.of("hazard arbitration", 0.0, held["arbitration_t"]),
        Outcome.of("hazard discrete", log, _discrete(rng, ratio)),
    ]


def _discrete(rng: np.random.Generator, ratio: float) -> Any:
    """Draw promotions quarter by quarter in firms of their own pace, and fit their hazard."""
    import pandas as pd

    from yuyao_lib.methods.promotion_hazards import promotion_hazards

    firms = 40
    size = rng.integers(10, 60, (firms, 2))  # without and with a mentor
    pace = 0.04 * np.exp(rng.normal(0, 0.3, firms))
    rows = []
    for quarter in range(QUARTERS):
        hazard = -np.expm1(-pace[:, None] * np.array([1.0, ratio]))
        up = rng.binomial(size, hazard)
        for mentored in (0, 1):
            held = {"at_risk": size[:, mentored].copy(), "promoted": up[:, mentored]}
            rows.append(
                pd.DataFrame(
                    {"employer_id": np.arange(firms), "year": quarter // 4, "grade": 0, **held}
                ).assign(mentored=mentored)
            )
        size = size - up
    cells = pd.concat(rows, ignore_index=True)
    cells = cells[cells["at_risk"] > 0]
    return promotion_hazards(cells, covariates=["mentored"], strata=["grade"]).estimates[0]


def components_trial(*, firms: int = 40, workers: int = 1200) -> Trial:
    """Return a trial of variance components, as estimated and with noise taken out.

    Parameters
    ----------
    firms, workers
        How many; each worker has two employers on average.
    """
    en = f"variance components, {workers} workers in {firms} firms"
    zh = f"方差分解，{firms} 家企业 {workers} 名职工"
    return _trial("components", en, zh, _components, False, firms=firms, workers=workers)


def _components(seed: int, *, firms: int, workers: int) -> list[Outcome]:
    """Draw pay of workers and firms with sorting, and split its variance."""
    import pandas as pd

    from yuyao_lib.methods.wage_components import wage_components

    rng = np.random.default_rng(seed)
    firms, workers = int(firms), int(workers)
    psi, alpha = rng.normal(0, 0.2, firms), rng.normal(0, 0.3, workers)
    likes = 1.5 * alpha[:, None] * psi / (0.3 * 0.2) * 0.3 + rng.gumbel(size=(workers, firms))
    order = np.argsort(-likes, axis=1)[:, :2]
    when = rng.integers(2, 7, workers)  # of eight quarters, the one of the move
    who = np.repeat(np.arange(workers), 8)
    t = np.tile(np.arange(8), workers)
    firm = order[who, (t >= when[who]).astype(int)]
    pay = alpha[who] + psi[firm] + rng.normal(0, 0.15, len(who))
    columns = {"worker_id": who, "employer_id": firm, "period": t, "log_gross_wage": pay}
    found = wage_components(pd.DataFrame(columns), grade=None)
    truth = {
        "firm": float(psi[firm].var()),
        "worker": float(alpha[who].var()),
        "covariance": 2 * float(np.cov(alpha[who], psi[firm])[0, 1]),
    }
    return [
        Outcome.of(f"components {kind}{part}", value, found.of(f"{kind}{part}"), nothing=None)
        for part, value in truth.items()
        for kind in ("", "plug_in_")
    ]


def threshold_trial(*, jump: float = 0.2, n: int = 1500) -> Trial:
    """Return a trial of a rule that some do not follow, with an outcome of yes and no.

    Parameters
    ----------
    jump
        Effect of relief on the share that leaves hardship.
    n
        Households a draw.
    """
    en = f"relief at a threshold, effect {jump:g}, {n} households"
    zh = f"门槛处的帮扶，效应 {jump:g}，{n} 户"
    return _trial("threshold", en, zh, _threshold, jump == 0, jump=jump, n=n)


def _threshold(seed: int, *, jump: float, n: int) -> list[Outcome]:
    """Draw incomes, relief that mostly follows the rule, and exits."""
    import pandas as pd

    from yuyao_lib.methods.discontinuity import discontinuity

    rng = np.random.default_rng(seed)
    x = rng.normal(0.1, 0.6, int(n))
    given = (rng.random(len(x)) < np.where(x >= 0, 0.9, 0.2)).astype(float)
    left = (rng.random(len(x)) < 0.35 + 0.15 * x / 2 + jump * given).astype(float)
    rows = pd.DataFrame({"income": x, "relief": given, "left": left})
    shared: dict[str, Any] = {"outcome": "left", "running": "income", "cutoff": 0.0}
    sharp = discontinuity(rows, **shared, unit="share").estimate("robust")
    fuzzy = discontinuity(rows, treatment="relief", **shared, unit="share").estimate("robust")
    return [
        Outcome.of("threshold rule", 0.7 * jump, sharp),
        Outcome.of("threshold fuzzy", jump, fuzzy),
    ]


def training_trial(*, gain: float = 1.0, n: int = 400) -> Trial:
    """Return a trial of what training is worth where those with less take it.

    Parameters
    ----------
    gain
        Mean effect on the trained.
    n
        Persons a draw.
    """
    en = f"training worth {gain:g}, {n} persons who chose it"
    zh = f"培训收益 {gain:g}，{n} 名自选参训者"
    return _trial("training", en, zh, _training, gain == 0, gain=gain, n=n)


def _training(seed: int, *, gain: float, n: int) -> list[Outcome]:
    """Draw people trained by what they earned before, and compare them every way."""
    from yuyao_lib.methods.training_routes import effects

    rows = _trainees(np.random.default_rng(seed), gain, int(n))
    routes = ["difference_in_means", *ROUTES]
    found = effects(rows, outcome="y", covariates=["x"], routes=routes)
    return [Outcome.of(f"training {e.key}", gain, e) for e in found.estimates]


def _trainees(rng: np.random.Generator, gain: float, n: int) -> pd.DataFrame:
    """Return people with an unequal spread of pay."""
    import pandas as pd

    x = rng.standard_normal(n)
    trained = (rng.random(n) < 1 / (1 + np.exp(1 + 0.6 * x))).astype(int)
    spread = (0.4 + 0.3 * np.abs(x)) * rng.standard_normal(n)
    y = 1 + x + trained * (gain + 0.3 * rng.standard_normal(n)) + spread
    return pd.DataFrame({"y": y, "x": x, "trained": trained})


def rates_trial(*, ratio: float = 1.5, firms: int = 60) -> Trial:
    """Return a trial of rates: departures under a contract, and shares that were counted.

    Parameters
    ----------
    ratio
        Rate of departures under a contract over that without.
    firms
        Firms a draw, a third of them under contract in the end.
    """
    en = f"rate ratio {ratio:g}, {firms} firms"
    zh = f"发生率之比 {ratio:g}，{firms} 家企业"
    return _trial("rates", en, zh, _rates, ratio == 1, ratio=ratio, firms=firms)


def _rates(seed: int, *, ratio: float, firms: int) -> list[Outcome]:
    """Draw departures of firms that sign at different dates, and a share of moves upwards."""
    import pandas as pd

    from yuyao_lib.methods.proportions import proportion
    from yuyao_lib.methods.rate_ratios import rate_ratio

    rng = np.random.default_rng(seed)
    firms = int(firms)
    since = np.where(np.arange(firms) < firms // 3, rng.integers(4, 9, firms), 0)
    size = rng.integers(40, 200, firms)
    t = np.arange(1, 13)
    on = (since[:, None] > 0) & (t >= since[:, None])
    rate = 0.05 * np.exp(rng.normal(0, 0.3, (firms, 1))) * ratio**on * np.exp(0.02 * t)
    gone = rng.poisson(rate * size[:, None] * rng.gamma(8, 1 / 8, (firms, len(t))))
    columns = {
        "employer_id": np.repeat(np.arange(firms), len(t)), "period": np.tile(t, firms),
        "workers": np.repeat(size, len(t)).astype(float), "left": gone.ravel().astype(float),
        "first_contract": np.repeat(since, len(t)),
    }  # fmt: skip
    found = rate_ratio(pd.DataFrame(columns), events="left")
    moved = int(rng.binomial(120, 0.08))
    share = proportion("moved", moved, 120, term="moved_up_share", n_unit="person_years",
                       estimand=Text("moved up", "晋级"))  # fmt: skip
    return [
        Outcome.of("rates contract", ratio, found, nothing=1.0),
        Outcome.of("rates share", 8.0, share, nothing=None),
    ]
