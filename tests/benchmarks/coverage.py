"""Count over seeds how often the intervals of every simulated page hold what was set.

    python tests/benchmarks/coverage.py draw FILE [--seeds 40] [--scale 0.05] [--null]
        [--pretrend 0.002] [--pages NAME ...]
    python tests/benchmarks/coverage.py table FILE ... > docs/coverage.md

``draw`` builds one register a seed, asks the pages as `page_trials` does, and adds one line
of JSON an answer to FILE, so that a run that was cut off goes on where it stood. ``table``
counts: coverage of each finding on registers with effects and, on registers without, how
often an interval leaves out what is true (rejections). Shares carry exact binomial
intervals; those whose interval leaves out the nominal share are marked.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

NOMINAL = 0.95
PART_OF = {
    "promotion": "skill_ladder", "sitting": "skill_ladder", "mediation": "dispute_mediation",
    "components": "wage_components", "organisation": "union_organisation",
    "services": "services_relief", "returns": "skill_returns",
    "trend": "grade_wage_contract_trend",
}  # fmt: skip


def done(file: Path) -> set[int]:
    """Seeds that a file holds."""
    if not file.is_file():
        return set()
    return {json.loads(line)["seed"] for line in file.read_text("utf-8").splitlines()}


def draw(asked: argparse.Namespace) -> None:
    """Ask the pages on one register a seed, and write down what they say."""
    from yuyao_lib.methods.page_trials import page_trial

    setting = {"scale": asked.scale, "null": asked.null, "pretrend": asked.pretrend}
    trial = page_trial(pages=asked.pages, **setting)
    held = done(asked.file)
    for seed in range(asked.first, asked.first + asked.seeds):
        if seed in held:
            continue
        found = [{"seed": seed, **setting, **asdict(o)} for o in trial.once(seed)]
        with asked.file.open("a", encoding="utf-8") as out:
            out.write("".join(f"{json.dumps(one)}\n" for one in found))
        print(f"seed {seed}: {len(found)} answers", file=sys.stderr, flush=True)


def lines(files: Iterable[Path]) -> Iterator[dict]:
    """Every answer of every file that has an interval."""
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            one = json.loads(line)
            if one["low"] is not None and one["high"] is not None:
                yield one


def counted(files: Iterable[Path]) -> dict[tuple, list[dict]]:
    """Answers by whether effects were on, scale and finding."""
    groups: dict[tuple, list[dict]] = {}
    for one in lines(files):
        key = (one["null"] and not one["pretrend"], one["scale"], one["estimator"])
        groups.setdefault(key, []).append(one)
    return groups


def row(key: tuple, held: list[dict]) -> str:
    """One line of the table."""
    from scipy import stats

    null, scale, estimator = key
    part, _, name = estimator.partition(" ")
    n, inside = len(held), sum(o["low"] <= o["truth"] <= o["high"] for o in held)
    hits, nominal = (n - inside, 1 - NOMINAL) if null else (inside, NOMINAL)
    low, high = stats.binomtest(hits, n).proportion_ci(0.95, method="exact")
    mark = "" if low <= nominal <= high else " *"
    mean = sum(o["estimate"] - o["truth"] for o in held) / n
    page = PART_OF.get(part, "grade_wage_contract")
    share = f"{hits / n:.3f}{mark} | {low:.3f} to {high:.3f}"
    return f"| {page} | {part} {name} | {scale:g} | {n} | {share} | {mean:.3g} |"


def table(asked: argparse.Namespace) -> None:
    """Print the table of shares."""
    groups = counted(asked.files)
    for null, title, word in ((False, "Coverage", "covered"), (True, "No effects", "rejected")):
        keys = sorted((k for k in groups if bool(k[0]) is null), key=lambda k: (k[2], k[1]))
        keys = [k for k in keys if not null or is_null(groups[k])]
        if keys:
            print(f"\n## {title}\n\n| page | finding | scale | draws | {word} | interval | bias |")
            print("|---|---|---|---|---|---|---|")
            print("\n".join(row(k, groups[k]) for k in keys))


def is_null(held: list[dict]) -> bool:
    """Whether the answer of a finding is that there is nothing."""
    return all(o["nothing"] is not None and o["truth"] == o["nothing"] for o in held)


def main() -> None:
    """Draw, or count."""
    parser = argparse.ArgumentParser()
    ways = parser.add_subparsers(required=True)
    one = ways.add_parser("draw")
    one.add_argument("file", type=Path)
    one.add_argument("--seeds", type=int, default=40)
    one.add_argument("--first", type=int, default=1)
    one.add_argument("--scale", type=float, default=0.05)
    one.add_argument("--null", action="store_true")
    one.add_argument("--pretrend", type=float, default=0.0)
    one.add_argument("--pages", nargs="+")
    one.set_defaults(run=draw)
    two = ways.add_parser("table")
    two.add_argument("files", type=Path, nargs="+")
    two.set_defaults(run=table)
    asked = parser.parse_args()
    asked.run(asked)


if __name__ == "__main__":
    main()
