"""Count over seeds how often the intervals of every simulated page hold what was set.

    python tests/benchmarks/coverage.py draw FILE [--seeds 40] [--scale 0.05] [--null]
        [--pretrend 0.002] [--pages NAME ...] [--small [bare] | --firms 31]
    python tests/benchmarks/coverage.py table FILE ... > docs/trials/coverage.md

``draw`` builds one register a seed, asks the pages as `page_trials` does, and adds one line
of JSON an answer to FILE, so that a run that was cut off goes on where it stood. With
``--small`` the tables without pay are drawn in memory, which makes the full register (scale
1) a matter of seconds for the pages that need no pay (``--small bare`` leaves out working
lives too, and with them job services: a second a draw); with ``--firms`` so many contract firms
and their controls are drawn with a sample of their jobs. ``table`` counts: coverage of each
finding on registers with effects and, on registers without, how often an interval leaves out
what is true (rejections). Shares carry exact binomial intervals; those whose interval leaves
out the nominal share are marked. Known causes are told with them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yuyao_lib.sources.simulation.parameters import Parameters
    from yuyao_lib.sources.simulation.setting import Effects, Setting

NOMINAL = 0.95
JOBS = 0.15  # share of each contract firm's jobs that is drawn
NO_PAY = ("dispute_mediation", "union_organisation", "services_relief")
HEAD = """# How often intervals hold what was set

Printed by `tests/benchmarks/coverage.py table` from draws of several runs, some of them made
before the last mends of other lines; counts, not promises. One line is one answer of
a simulated page, over registers (or firms, where the column of the scale says so) drawn anew.
An interval of 95 % should hold its truth in 95 of 100 draws, and where nothing was set leave
out nothing in 5 of 100. `covered` and `rejected` are shares, each followed by its exact
interval; a star marks a share whose interval leaves out the nominal one. Among so many lines
one in twenty is starred by chance. Registers with and without effects use the same seeds and
share their luck: what misses in one misses in the other.

Known causes:

- `naive_gap` and `weighted_level` are shown to be wrong: who is chosen for a contract or a course
  was paid more before, and ability is not measured.
- `clustered_errors`, `sun_abraham` and `extended_twfe` with six contract firms: too few; the
  page chooses randomisation there, and says so. A cohort of one firm is fitted without error
  by its own columns, which no clustered error can see.
- `cohorts` rest on three firms or more of unequal size: their interval errs on the wide side.
  They are several in a draw, so that the shown interval of their share is too narrow.
- Lines of the contract page are counted with fewer draws of its deals (99 or 199) than it has.
- Whole pages at a twentieth of the register have six contract firms and some 75 cases of
  mediation: parts that need more say so and are not counted."""
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


def without_pay(seed: int, asked: argparse.Namespace) -> list:
    """Draw the tables without pay, and ask the pages that need no other."""
    from yuyao_lib.methods import page_trials
    from yuyao_lib.methods.contract_trials import dispute_answers
    from yuyao_lib.sources.simulation.columns import arrow_table
    from yuyao_lib.sources.simulation.experiment import _dataset
    from yuyao_lib.sources.simulation.parameters import parameters
    from yuyao_lib.sources.simulation.setting import Setting, effects_of

    setting, known = Setting(scale=asked.scale, seed=seed, null=asked.null), parameters()
    effects = effects_of(setting, known)
    tables = (without_lives if asked.small == "bare" else small)(setting, known, effects)
    data = _dataset({n: arrow_table(n, t) for n, t in tables.items()}, f"seed {seed}")
    truths = {
        "ratios": {
            "settlement_standard": effects.settlement, "disputes_contract": effects.disputes,
        },
        "hardship": {"jump_at_1": effects.hardship_first, "jump_at_2": effects.hardship_second},
        "refunds": {"headcount_log_points": 0.0}, "cadres": {"allowance_rate_ratio": 1.0},
        "placement": {"log_odds": known["true_placement_effect"]},
        "employer_years": {"injury_rate_ratio": 1.0},
    }  # fmt: skip
    truth = {"truths": truths, "parameters": known.to_list()}
    asks = {**page_trials.PAGES, "contract_disputes": dispute_answers}
    parts = [asks[name](data) for name in asked.pages or NO_PAY]
    return judged({name: part for made in parts for name, part in made.items()}, truth)


def small(setting: Setting, known: Parameters, effects: Effects) -> dict:
    """Draw every table but that of pay."""
    from yuyao_lib.sources.simulation.careers import live
    from yuyao_lib.sources.simulation.population import build_population
    from yuyao_lib.sources.simulation.tables import small_tables

    population = build_population(setting, known)
    careers = live(setting, known, effects, population)
    return small_tables(setting, known, effects, population, careers).tables


def without_lives(setting: Setting, known: Parameters, effects: Effects) -> dict:
    """Draw the tables that follow from employers alone, the same as `small` draws them."""
    from yuyao_lib.sources.simulation import organisation
    from yuyao_lib.sources.simulation.contracts import contracts_table
    from yuyao_lib.sources.simulation.disputes import disputes_tables, risks_table
    from yuyao_lib.sources.simulation.population import build_population
    from yuyao_lib.sources.simulation.relief import aid_table

    population = build_population(setting, known)
    rooms, disputes, _ = disputes_tables(setting, known, effects, population)
    return {
        "unions": organisation.unions_table(population),
        "employers": organisation.employers_table(population),
        "contracts": contracts_table(setting, known, population),
        "employer_years": organisation.employer_years_table(setting, population),
        "cadres": organisation.cadres_table(setting, population),
        "refunds": organisation.refunds_table(setting, known, population),
        "rooms": rooms,
        "disputes": disputes,
        "risks": risks_table(setting, population),
        "aid_cases": aid_table(setting, known, effects),
    }


def few_firms(seed: int, asked: argparse.Namespace) -> list:
    """Draw contract firms and controls with a sample of their jobs, and ask about pay."""
    from yuyao_lib.methods import contract_trials as page
    from yuyao_lib.methods import trend_trials
    from yuyao_lib.methods.estimator_trials import Outcome
    from yuyao_lib.sources.simulation import draw_experiment

    drawn = draw_experiment(
        seed, n_treated=asked.firms, worker_share=JOBS, effect=0.0 if asked.null else 1.0,
        pretrend=asked.pretrend,
    )  # fmt: skip
    truth = {"truths": {"contract": drawn.truth}, "parameters": [], "pretrend": asked.pretrend}
    if not asked.pretrend:
        return judged(page.pay_answers(drawn.data, draws=99, parts=asked.parts), truth)
    answers, verdict = trend_trials.ask_trend(drawn.data, draws=99)
    said = Outcome(f"trend {verdict.answer}", 0.0, None, None, None, None)
    return [*judged({"trend": answers}, truth), said]


def judged(parts: dict, truth: dict) -> list:
    """Lay the answers of parts beside what was set."""
    from yuyao_lib.methods.known_answers import answer_at
    from yuyao_lib.methods.page_trials import outcome_of

    return [
        outcome_of(name, answer, told)
        for name, held in parts.items()
        for answer in held.answers
        if (told := answer_at(truth, answer.place)) is not None
    ]


def draw(asked: argparse.Namespace) -> None:
    """Ask the pages on one draw a seed, and write down what they say."""
    from yuyao_lib.methods.page_trials import page_trial

    setting = {"scale": asked.scale, "null": asked.null, "pretrend": asked.pretrend}
    if not (asked.firms or asked.small):
        trial = page_trial(pages=asked.pages, **setting).once
    else:
        trial = partial(few_firms if asked.firms else without_pay, asked=asked)
        setting["scale"] = f"{asked.firms} firms" if asked.firms else asked.scale
    held = done(asked.file)
    for seed in range(asked.first, asked.first + asked.seeds):
        if seed in held:
            continue
        found = [{"seed": seed, **setting, **asdict(o)} for o in trial(seed)]
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
    return f"| {page} | {part} {name} | {scale} | {n} | {share} | {mean:.3g} |"


def table(asked: argparse.Namespace) -> None:
    """Print the tables of shares, with what is to be known of them."""
    groups = counted(asked.files)
    print(HEAD)
    for null, title, word in ((False, "Coverage", "covered"), (True, "No effects", "rejected")):
        keys = sorted((k for k in groups if bool(k[0]) is null), key=lambda k: (k[2], str(k[1])))
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
    one.add_argument("--small", nargs="?", const="whole", choices=["whole", "bare"])
    one.add_argument("--firms", type=int, default=0)
    one.add_argument("--parts", nargs="+", default=["contract", "quarters", "grades"])
    one.set_defaults(run=draw)
    two = ways.add_parser("table")
    two.add_argument("files", type=Path, nargs="+")
    two.set_defaults(run=table)
    asked = parser.parse_args()
    asked.run(asked)


if __name__ == "__main__":
    main()
