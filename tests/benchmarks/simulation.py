"""Print what the full register costs: ``python tests/benchmarks/simulation.py``.

Each step runs in its own process, so that peaks do not add up. CPU counts all threads.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COLUMNS = ("worker_id", "quarter", "gross_wage")


def measured(code: str) -> dict[str, float]:
    """Run `code` in a fresh process; return seconds of CPU and wall, and peak megabytes."""
    start = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    script = (
        f"import resource, json\n{code}\n"
        "print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    wall = time.perf_counter() - start
    return {"cpu": cpu, "wall": wall, "peak_mb": json.loads(done.stdout.splitlines()[-1])}


def main() -> None:
    """Build, open, read and aggregate."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=1.0)
    scale = parser.parse_args().scale
    folder = Path(tempfile.mkdtemp()) / "register"
    of = f"from yuyao_lib.sources.simulation import *\nwhere = {str(folder)!r}\n"
    opened = f"{of}data = open_simulated(path=where)\n"
    table = f"{str(folder / 'worker_quarters.parquet')!r}"
    steps = {
        "import only": of,
        "build all 24 tables": f"{of}from pathlib import Path\nbuild(Setting(scale={scale}),"
        " Path(where))",
        "check every total": f"{of}from pathlib import Path\n"
        f"check_targets(Path(where), Setting(scale={scale}))",
        "open": opened,
        "read three columns": f"{opened}data.frame('worker_quarters', columns={COLUMNS})",
        "read all columns": f"{opened}data.frame('worker_quarters')",
        "mean wage by quarter in DuckDB": "import duckdb\nduckdb.sql("
        f'"SELECT quarter, avg(gross_wage) FROM {table} GROUP BY 1").fetchall()',
    }
    print(f"{'step':<32}{'CPU s':>8}{'wall s':>8}{'peak MB':>9}")
    for name, code in steps.items():
        cost = measured(code)
        print(f"{name:<32}{cost['cpu']:>8.2f}{cost['wall']:>8.2f}{cost['peak_mb']:>9.0f}")
    size = sum(file.stat().st_size for file in folder.iterdir()) / 2**20
    print(f"{'on disk, MB':<32}{size:>8.0f}")
    shutil.rmtree(folder.parent)


if __name__ == "__main__":
    main()
