"""Time the two-way split of a panel against the same regression with linearmodels.

Run by hand: ``python tests/benchmarks/wage_components.py [scale]``. Both routes take the
panel as pandas read it and return the variance of worker and employer effects as they are
estimated; only ours also takes the noise out. The full register (scale 1) is timed for
ours alone, because the other would not end within minutes.
"""

from __future__ import annotations

import sys
import time

import numpy as np

import yuyao_lib as yuyao
from yuyao_lib.methods.wage_components import wage_components

COLUMNS = ["worker_id", "employer_id", "period", "log_gross_wage"]


def ours(panel) -> tuple[float, float]:
    """Return plug-in variances of employer and worker effects, grades not split."""
    found = wage_components(panel, grade=None)
    return found.of("plug_in_firm").estimate, found.of("plug_in_worker").estimate


def theirs(panel) -> tuple[float, float]:
    """Return the same from AbsorbingLS: quarters as regressors, both effects absorbed."""
    import pandas as pd
    from linearmodels.iv.absorbing import AbsorbingLS

    frame = panel.copy()
    times = pd.get_dummies(frame["period"].astype("category"), drop_first=True, dtype=float)
    effects = frame[["worker_id", "employer_id"]].apply(lambda c: c.astype("category"))
    fit = AbsorbingLS(frame["log_gross_wage"], times, absorb=effects).fit(method="lsmr")
    left = frame["log_gross_wage"] - fit.fitted_values.squeeze()
    both = (
        frame["log_gross_wage"] - times.to_numpy() @ fit.params.to_numpy()[: times.shape[1]] - left
    )
    return _split(both.to_numpy(), effects)


def _split(both: np.ndarray, effects) -> tuple[float, float]:
    """Split the sum of both effects into the two, by least squares."""
    from scipy.sparse import coo_array, hstack
    from scipy.sparse.linalg import lsqr

    rows = np.arange(len(both))
    blocks = []
    for name in ("employer_id", "worker_id"):
        code = effects[name].cat.codes.to_numpy()
        size = (len(both), int(code.max()) + 1)
        blocks.append(coo_array((np.ones(len(both)), (rows, code)), size).tocsr())
    beta = lsqr(hstack(blocks).tocsr(), both - both.mean(), atol=1e-10, btol=1e-10)[0]
    firms = blocks[0].shape[1]
    return float((blocks[0] @ beta[:firms]).var()), float((blocks[1] @ beta[firms:]).var())


def timed(route, panel) -> tuple[float, tuple[float, float]]:
    """Return CPU-seconds and the result."""
    begun = time.process_time()
    found = route(panel)
    return time.process_time() - begun, found


def main() -> None:
    """Print seconds of both routes and their ratio."""
    import resource

    scale = float(sys.argv[1]) if len(sys.argv) > 1 else 0.05
    panel = yuyao.open("simulated", scale=scale).frame("worker_panel", columns=COLUMNS)
    mine, found = timed(ours, panel)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{len(panel):,} rows; ours {mine:.2f} CPU-s, employer and worker {found}, {peak:.2f} GB")
    if scale <= 0.1:
        other, same = timed(theirs, panel)
        print(f"linearmodels {other:.2f} CPU-s, {same}; ratio {other / mine:.1f}")


if __name__ == "__main__":
    main()
