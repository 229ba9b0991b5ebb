"""Twelve reports in several ways, in one run: print CPU and wall seconds and their ratios.

    python tests/benchmarks/runner.py [REPORTS] [NOTEBOOK ...]

The ways are a shell loop of papermill and nbconvert; a cold ``yuyao run`` (both languages
of every page included), as many reports at once as there are cores, and one at a time; and
a plain script that only computes and draws what the cells do, in one process and in one for
each core. What each costs depends on how much a report computes: by default a light
notebook and a heavy one of the default plan are measured. Two processes beside each other
on the threads of one core take more CPU seconds for the same work, which is why the
script is measured in both ways; compare like with like. Byte code must be present
(``yuyao doctor``), and nothing else may run. Seconds of a whole process tree are counted by
adopting what a finished command leaves behind, memory as the sum of each process's
proportional share (Linux only).
"""

import csv
import ctypes
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ("training_returns", "union_premium")  # a light one and a heavy one
BIN = Path(sys.executable).parent
PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Wait for whatever a command left behind, so that its seconds are counted."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


@contextmanager
def watched(process: subprocess.Popen, most: list[float]) -> Iterator[None]:
    """Note the most megabytes that a process and all it started hold together."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.5):
            held = 0
            for one in (psutil.Process(process.pid), *family(process.pid)):
                try:
                    held += one.memory_full_info().pss
                except psutil.Error:
                    continue
            most[0] = max(most[0], held / 2**20)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def family(pid: int) -> list[psutil.Process]:
    """Return what a process started."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []


def measured(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Run a command; return CPU and wall seconds of it and all it started, and megabytes."""
    before, started, most = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter(), [0.0]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "YUYAO_ROOT": str(ROOT)}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    with watched(process, most):
        code = process.wait()
    wall = time.perf_counter() - started
    adopt_orphans()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert code == 0, f"{command} ended with {code}"
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall, most[0]


def loop(notebook: Path, levels: list[float], folder: Path) -> list[str]:
    """Write the shell loop."""
    lines = ["set -e"]
    for i, level in enumerate(levels):
        out = f"out{i}.ipynb"
        lines.append(f"{BIN}/papermill --no-progress-bar {notebook} {out} -p level {level}")
        lines.append(f"{BIN}/jupyter nbconvert --to html {out}")
    return shell("\n".join(lines), folder)


def shell(lines: str, folder: Path) -> list[str]:
    """Write a shell script."""
    script = folder / "run.sh"
    script.write_text(lines, encoding="utf-8")
    return ["bash", str(script)]


def runner(notebook: Path, levels: list[float], folder: Path, *more: str) -> list[str]:
    """Write the table of a cold run."""
    table = folder / "rows.csv"
    with table.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([["level"], *[[level] for level in levels]])
    command = [str(BIN / "yuyao"), "run", str(notebook), "--table", str(table), *more]
    return [*command, "--out", str(folder / "outputs")]


def one_by_one(notebook: Path, levels: list[float], folder: Path) -> list[str]:
    """Write the same, one report at a time."""
    return runner(notebook, levels, folder, "--jobs", "1")


def plain(notebook: Path, levels: list[float], folder: Path, name: str = "plain.py") -> list[str]:
    """Write the script: the notebook's cells, one process, nothing rendered."""
    import json

    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    body = "\n".join(f"    {line}" for cell in code for line in cell.splitlines())
    body = body.replace("    level: float = 0.95", "    level: float = chosen")
    script = folder / name
    head = f"def report(chosen):\n{body}\n\nfor chosen in {levels}:\n    report(chosen)\n"
    script.write_text(head, encoding="utf-8")
    return [sys.executable, str(script)]


def plain_abreast(notebook: Path, levels: list[float], folder: Path) -> list[str]:
    """Write the script once for each core, and run all at once."""
    n = os.cpu_count() or 1
    parts = [plain(notebook, levels[i::n], folder, f"plain{i}.py") for i in range(n)]
    return shell(" & ".join(" ".join(part) for part in parts) + " & wait", folder)


WAYS = {
    "shell loop": loop,
    "yuyao run": runner,
    "yuyao run --jobs 1": one_by_one,
    "plain script": plain,
    "plain script a core": plain_abreast,
}


def main(n: int, notebook: Path) -> None:
    """Measure the ways for one notebook and print a table."""
    levels = [round(0.90 + i / 200, 4) for i in range(n)]
    found = {}
    with TemporaryDirectory() as name:
        for way, make in WAYS.items():
            folder = Path(name) / way.replace(" ", "_")
            folder.mkdir()
            found[way] = measured(make(notebook, levels, folder), folder)
            if make is runner:
                pages = list((folder / "outputs" / "published").glob("*__level*.html"))
                assert len(pages) == 2 * n, f"{len(pages)} pages of {2 * n}"
                found["unchanged"] = measured(make(notebook, levels, folder), folder)
            shutil.rmtree(folder)
    print(f"{n} reports of {notebook.stem}, {os.cpu_count()} cores")
    for way, (cpu, wall, most) in found.items():
        print(f"{way:20s} {cpu:8.2f} CPU s {wall:8.2f} s {most:8.0f} MB")
    for run, script in (
        ("yuyao run", "plain script a core"),
        ("yuyao run --jobs 1", "plain script"),
    ):
        ratio = found[run][0] / found[script][0]
        print(f"CPU of {run} / {script}: {ratio:.2f}")
    print(f"wall of the loop / yuyao run: {found['shell loop'][1] / found['yuyao run'][1]:.1f}")


if __name__ == "__main__":
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    for chosen in sys.argv[2:] or NOTEBOOKS:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 12, ROOT / "notebooks" / f"{chosen}.ipynb")
