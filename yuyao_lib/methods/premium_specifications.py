"""The premium under every defensible combination of controls, years and route."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from yuyao_lib.findings import Design
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.samples import check_level
from yuyao_lib.methods.specifications import Curve, Universe, run

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["specification_curve", "universe_of"]

TOPIC = "specifications"
WITHIN = ("period_effects", "two_way_fixed_effects", "first_differences")
ACROSS = ("pooled", "period_effects")
ROW = "row_number"


def specification_curve(
    frame: pd.DataFrame,
    *,
    outcome: str,
    member: str,
    controls: Sequence[str] = (),
    worker: str = "worker_id",
    period: str = "calendar_year",
    permutations: int = 99,
    level: float = 0.95,
    seed: int = 1,
) -> Curve:
    """Estimate the premium under every combination of `universe_of`, and test them jointly.

    Parameters
    ----------
    frame, outcome, member, controls, worker, period
        As in `yuyao_lib.methods.premiums.estimate`.
    permutations
        Draws of the joint test, in which histories of membership are dealt to other
        persons seen as often; 0: no test.
    level
        Coverage of the intervals.
    seed
        Of the permutations.

    Examples
    --------
    >>> import yuyao_lib as yuyao
    >>> people = yuyao.open("wagepan").frame("workers")
    >>> curve = specification_curve(people, outcome="log_hourly_wage", member="union_member",
    ...                             controls=["education_years", "married"], permutations=0)
    >>> curve.counts["run"], curve.influence[0][0]
    (36, 'estimator')
    """
    check_level(level)
    followed = worker in frame.columns and bool(frame[worker].duplicated().any())
    rows = frame if followed else frame.assign(**{ROW: range(len(frame))})
    universe = universe_of(
        rows, outcome=outcome, member=member, controls=controls,
        worker=worker if followed else None, period=period,
    )  # fmt: skip
    meaning = Meaning(
        term="union_wage_premium", unit="log_points", design=Design.OBSERVATIONAL, level=level,
        n_unit="person_years" if followed else "persons",
        cluster_unit="persons",
    )  # fmt: skip
    return run(rows, universe=universe, permutations=permutations, seed=seed, meaning=meaning)


def universe_of(
    frame: pd.DataFrame,
    *,
    outcome: str,
    member: str,
    controls: Sequence[str],
    worker: str | None,
    period: str,
) -> Universe:
    """Declare the choices: controls, years, and route.

    Controls: none, all, and all without each in turn (a square goes with what it is the
    square of). Years: all, and each half. Routes: with effects of periods, and, where
    persons are seen again, within persons and in first differences.

    Parameters
    ----------
    frame
        Data that give the halves of the years.
    outcome, member, controls, period
        Columns.
    worker
        Column of persons; None where nobody is seen again.
    """
    sets: dict[str, Sequence[str]] = {"none": (), "all": tuple(controls)}
    for name in controls:
        rest = tuple(c for c in controls if c not in {name, f"{name}_squared"})
        if not name.endswith("_squared") and len(controls) > 1:
            sets[f"without_{name}"] = rest
    years = sorted(frame[period].dropna().unique().tolist())
    samples = {"all_years": ""}
    if len(years) > 1:
        last = years[(len(years) - 1) // 2]
        samples |= {"first_half": f"{period} <= {last!r}", "second_half": f"{period} > {last!r}"}
    several = len(years) > 1
    return Universe(
        treatment=member,
        outcomes={outcome: outcome},
        samples=samples,
        controls=sets if controls else {"none": ()},
        estimators=WITHIN if worker else (ACROSS if several else ACROSS[:1]),
        cluster=worker or ROW,
        unit=worker,
        period=period,
    )
