"""Print what the contract effect costs: ``python tests/benchmarks/contracts.py``.

The same two-way regression (firms, quarters, treated or not, weighted by workers) by cells
in DuckDB, and as pandas and linearmodels would do it from the rows. Each in its own process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time

OURS = """
from yuyao_lib.methods import contracts, grade_contracts
rows = grade_contracts.merge_grades(grade_contracts.firm_cells(data.path("worker_quarters")))
panel = grade_contracts.pay_panel(rows, firms)
fit = contracts.two_way_fixed_effects(panel, outcome="log_gross_wage", unit="employer_id",
    period="period", first_treated="first_contract", weights="workers")
answer = fit.coefficient.estimate
"""
THEIRS = """
import numpy as np
import pandas as pd
from yuyao_lib.schema import quarter_index
pay = pd.read_parquet(data.path("worker_quarters"),
    columns=["employer_id", "quarter", "gross_wage"])
pay["employer_id"] = pay["employer_id"].astype(str)
pay = pay.merge(firms, on="employer_id")
pay["period"] = pay["quarter"].astype(str).map(quarter_index)
pay["y"] = np.log(pay["gross_wage"].astype(float))
pay["d"] = ((pay["first_contract"] > 0) & (pay["period"] >= pay["first_contract"])).astype(float)
pay["firm"] = pd.factorize(pay["employer_id"])[0]
pay = pay.set_index(["firm", "period"])
from linearmodels.iv.absorbing import AbsorbingLS
absorb = pd.DataFrame({"firm": pd.Categorical(pay.index.get_level_values(0)),
    "period": pd.Categorical(pay.index.get_level_values(1))}, index=pay.index)
fit = AbsorbingLS(pay["y"], pay[["d"]], absorb=absorb).fit(cov_type="clustered",
    clusters=pd.Series(pay.index.get_level_values(0), index=pay.index))
answer = float(fit.params["d"])
"""
OPEN = """
import json, resource
import yuyao_lib as yuyao
from yuyao_lib.methods import grade_contracts
data = yuyao.open("simulated", scale={scale})
firms = grade_contracts.match_controls(grade_contracts.contract_firms(
    data.frame("employers"), data.frame("contracts"))).frame
{code}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([answer, peak]))
"""


def measured(code: str, scale: float) -> dict[str, float]:
    """Run code in a fresh process; return the answer, CPU, wall and peak megabytes."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    script = OPEN.format(scale=scale, code=code)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer, peak = json.loads(done.stdout.splitlines()[-1])
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"answer": answer, "cpu": cpu, "wall": time.perf_counter() - start, "peak_mb": peak}


def main() -> None:
    """Measure opening alone, cells, and rows; print the ratio without what both share."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=1.0)
    scale = parser.parse_args().scale
    measured("answer = 0.0", scale)  # builds the register when it is not there
    steps = {
        "open and match": "answer = 0.0",
        "cells in DuckDB": OURS,
        "pandas and linearmodels": THEIRS,
    }
    found = {name: measured(code, scale) for name, code in steps.items()}
    print(f"{'step':<26}{'estimate':>10}{'CPU s':>8}{'wall s':>8}{'peak MB':>9}")
    for name, cost in found.items():
        print(
            f"{name:<26}{cost['answer']:>10.5f}{cost['cpu']:>8.2f}{cost['wall']:>8.2f}"
            f"{cost['peak_mb']:>9.0f}"
        )
    base, ours, theirs = (found[name]["cpu"] for name in steps)
    print(f"ratio of CPU beyond opening: {(theirs - base) / max(ours - base, 0.01):.1f}")


if __name__ == "__main__":
    main()
