"""Twelve reports three ways, in one run: print CPU and wall seconds and their ratios.

    python tests/benchmarks/runner.py [REPORTS]

The ways are a shell loop of papermill and nbconvert, a cold ``yuyao run`` (both languages
of every page included), and a plain script that only computes and draws what the cells
do. Byte code must be present (``yuyao doctor``). Seconds of a whole process tree are
counted by adopting what a finished command leaves behind (Linux only).
"""

import csv
import ctypes
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "notebooks" / "union_premium.ipynb"
BIN = Path(sys.executable).parent
PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Wait for whatever a command left behind, so that its seconds are counted."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def measured(command: list[str], folder: Path) -> tuple[float, float]:
    """Run a command; return CPU and wall seconds of it and all it started."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "YUYAO_ROOT": str(ROOT)}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    code = process.wait()
    wall = time.perf_counter() - started
    adopt_orphans()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert code == 0, f"{command} ended with {code}"
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def loop(levels: list[float], folder: Path) -> list[str]:
    """Write the shell loop."""
    lines = ["set -e"]
    for i, level in enumerate(levels):
        out = f"out{i}.ipynb"
        lines.append(f"{BIN}/papermill --no-progress-bar {NOTEBOOK} {out} -p level {level}")
        lines.append(f"{BIN}/jupyter nbconvert --to html {out}")
    script = folder / "loop.sh"
    script.write_text("\n".join(lines), encoding="utf-8")
    return ["bash", str(script)]


def runner(levels: list[float], folder: Path) -> list[str]:
    """Write the table of a cold run."""
    table = folder / "rows.csv"
    with table.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([["level"], *[[level] for level in levels]])
    command = [str(BIN / "yuyao"), "run", str(NOTEBOOK), "--table", str(table)]
    return [*command, "--out", str(folder / "outputs")]


def plain(levels: list[float], folder: Path) -> list[str]:
    """Write the script: the notebook's cells, one process, nothing rendered."""
    import json

    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    body = "\n".join(f"    {line}" for cell in code for line in cell.splitlines())
    body = body.replace("    level: float = 0.95", "    level: float = chosen")
    script = folder / "plain.py"
    head = f"def report(chosen):\n{body}\n\nfor chosen in {levels}:\n    report(chosen)\n"
    script.write_text(head, encoding="utf-8")
    return [sys.executable, str(script)]


def main(n: int) -> None:
    """Measure the three ways and print a table."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    levels = [round(0.90 + i / 200, 4) for i in range(n)]
    found = {}
    ways = {"shell loop": loop, "yuyao run": runner, "plain script": plain}
    with TemporaryDirectory() as name:
        for way, make in ways.items():
            folder = Path(name) / way.replace(" ", "_")
            folder.mkdir()
            found[way] = measured(make(levels, folder), folder)
            if way == "yuyao run":
                pages = list((folder / "outputs" / "published").glob("*__level*.html"))
                assert len(pages) == 2 * n, f"{len(pages)} pages of {2 * n}"
                again = measured(make(levels, folder), folder)
            shutil.rmtree(folder)
    print(f"{n} reports, {os.cpu_count()} cores")
    for way, (cpu, wall) in found.items():
        print(f"{way:14s} {cpu:8.1f} CPU s {wall:8.1f} s")
    print(f"{'unchanged':14s} {again[0]:8.2f} CPU s {again[1]:8.2f} s")
    cpu = found["yuyao run"][0] / found["plain script"][0]
    wall = found["shell loop"][1] / found["yuyao run"][1]
    print(f"CPU of the run / plain script: {cpu:.2f}; wall of the loop / run: {wall:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 12)
