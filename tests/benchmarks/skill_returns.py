"""Time the comparison of the trained with their colleagues against pandas and linearmodels.

Run by hand: ``python tests/benchmarks/skill_returns.py [scale]``. Both routes start from the
tables on disk and end with the mean change of pay after a first skill course less that of
colleagues, with its error by employer. The other lays every treated worker and colleague of
every quarter out in one long frame and absorbs its cells; its treated and controls weigh the
same in a cell, so that the coefficient is the same number. The full register (scale 1) is
timed for ours alone, because the other's frame would not fit into memory.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

import yuyao_lib as yuyao
from yuyao_lib.methods import skill_returns
from yuyao_lib.sources.pay_spells import first_events, pay_spells

LAGS = 8
BANDS = (4, 12, 40)
COLUMNS = ["worker_id", "employer_id", "quarter", "gross_wage"]


def ours(data) -> tuple[float, float]:
    """Return estimate and standard error of the page's own route."""
    spells = pay_spells(data)
    studies = skill_returns.event_studies(
        spells, {"training": first_events(data, spells)["training"]}, leads=1, lags=LAGS
    )
    course = skill_returns.part(studies, "training").pooled
    return course.estimate, course.standard_error


def theirs(data) -> tuple[float, float]:
    """Return the same from one regression on stacked changes with absorbed cells."""
    from linearmodels.iv.absorbing import AbsorbingLS

    rows = stacked(pay_of(data))
    cell = pd.DataFrame({"cell": pd.Categorical(rows["cell"])})
    fit = AbsorbingLS(rows["change"], rows[["treated"]], absorb=cell, weights=rows[["weight"]]).fit(
        cov_type="clustered", clusters=rows[["employer"]], method="lsmr"
    )
    return float(fit.params["treated"]), float(fit.std_errors["treated"])


def pay_of(data) -> pd.DataFrame:
    """Return pay by worker, employer and quarter with the quarter of the first course."""
    rows = data.frame("worker_quarters", columns=COLUMNS)
    quarter = rows.pop("quarter").astype(str)
    rows["q"] = quarter.str[:4].astype(int) * 4 + quarter.str[-1].astype(int) - 1
    rows["y"] = np.log(rows.pop("gross_wage").astype("float64"))
    for name in ("worker_id", "employer_id"):
        rows[name] = rows[name].astype(str)
    courses = data.frame("training", columns=["worker_id", "start_on", "kind"])
    courses = courses[courses["kind"].astype(str) == "skill"]
    first = _quarter(courses["start_on"]).groupby(courses["worker_id"].astype(str)).min()
    rows["first"] = rows["worker_id"].map(first).fillna(np.inf)
    people = data.frame("workers", columns=["worker_id", "entry_on"])
    entered = _quarter(people["entry_on"]).set_axis(people["worker_id"].astype(str))
    seen = rows.groupby(["worker_id", "employer_id"])["q"].transform("min")
    opened = rows.groupby("employer_id")["q"].transform("min")
    before = np.minimum(rows["worker_id"].map(entered), seen)
    rows["start"] = np.where(seen > opened, seen, before)
    return rows


def _quarter(day: pd.Series) -> pd.Series:
    """Return the quarter of a date, counted from the year zero."""
    return day.dt.year * 4 + day.dt.quarter - 1


def stacked(rows: pd.DataFrame) -> pd.DataFrame:
    """Return treated and colleagues of every quarter and quarter since, one row each."""
    rows = rows.assign(
        employer=rows["employer_id"].factorize()[0],
        spell=rows.groupby(["worker_id", "employer_id"], sort=False).ngroup(),
    )
    by_quarter = {q: part.set_index("spell") for q, part in rows.groupby("q")}
    made = []
    for g in sorted(set(by_quarter))[1:]:
        base = by_quarter[g - 1]
        base = base[base["first"] >= g]
        years = g - 1 - base["start"]
        band = np.where(years.isna(), len(BANDS) + 1, np.digitize(years.fillna(0), BANDS))
        base = base.assign(cell=base["employer"] * 8 + band, treated=(base["first"] == g) * 1.0)
        base = base[base.groupby("cell")["treated"].transform("max") > 0]
        for k in range(1, LAGS + 1):
            later = by_quarter.get(g + k)
            if later is not None:
                made.append(_differences(base, later["y"], g, k))
    return pd.concat(made, ignore_index=True)


def _differences(base: pd.DataFrame, later: pd.Series, g: int, k: int) -> pd.DataFrame:
    """Return changes of one quarter, with weights by which both sides of a cell count alike."""
    found = base.join(later.rename("after"), how="inner")
    found = found[(found["treated"] == 1) | (found["first"] > g + k)]
    sides = found.groupby("cell")["treated"].agg(["sum", "size"])
    whole = sides[(sides["sum"] > 0) & (sides["size"] > sides["sum"])]
    found = found[found["cell"].isin(whole.index)]
    count, every = (found["cell"].map(whole[c]) for c in ("sum", "size"))
    return pd.DataFrame({
        "change": found["after"] - found["y"], "treated": found["treated"],
        "employer": found["employer"], "cell": (found["cell"] * 4096 + (g % 64) * 64 + k),
        "weight": np.where(found["treated"] == 1, 1.0, count / (every - count)),
    })  # fmt: skip


def timed(route, data) -> tuple[float, tuple[float, float]]:
    """Return CPU-seconds and the result."""
    begun = time.process_time()
    found = route(data)
    return time.process_time() - begun, found


def main() -> None:
    """Print seconds of both routes and their ratio."""
    import resource

    scale = float(sys.argv[1]) if len(sys.argv) > 1 else 0.1
    data = yuyao.open("simulated", scale=scale)
    ours(yuyao.open("simulated", scale=0.02))  # imports are not part of either
    mine, found = timed(ours, data)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"scale {scale}: ours {mine:.2f} CPU-s, estimate and error {found}, {peak:.2f} GB")
    if scale <= 0.2:
        other, same = timed(theirs, data)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(f"pandas and linearmodels {other:.2f} CPU-s, {same}, {peak:.2f} GB;"
              f" ratio {other / mine:.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
