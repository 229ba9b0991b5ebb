"""Count over seeds how often the intervals of every simulated page hold what was set.

    python tests/benchmarks/coverage.py draw FILE [--seeds 40] [--scale 0.05] [--null]
        [--pretrend 0.002] [--pages NAME ...] [--small [bare] | --trial training_1_400
        | --firms 31 [--parts contract quarters grades turnover verdict] [--shock 0]
        [--jobs 0.15]]
    python tests/benchmarks/coverage.py table FILE ... > docs/trials/coverage.md
    python tests/benchmarks/coverage.py counts FILE ... > data/trials/counts_SIMULATED.csv

``draw`` builds one register a seed, asks the pages as `page_trials` does, and adds one line
of JSON an answer to FILE, so that a run that was cut off goes on where it stood. With
``--small`` the tables without pay are drawn in memory, which makes the full register (scale
1) a matter of seconds for the pages that need no pay (``--small bare`` leaves out working
lives too, and with them job services: a second a draw); with ``--firms`` so many contract firms
and their controls are drawn with a share of their jobs (the part ``verdict``, which a trend
asks for by itself, asks whether the page can tell). The page ``skill_cutoffs`` asks the jumps
of `skill_returns` alone, by grade too and without their checks, and ``skill_jobs`` who stays.
``table`` counts: coverage of each
finding on registers with effects and, on registers without, how often an interval leaves out
what is true (rejections). Shares carry exact binomial intervals; those whose interval leaves
out the nominal share are marked. Known causes are told with them. ``counts`` writes the same
counts for the page on trials.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from coverage_table import counts, table

if TYPE_CHECKING:
    from yuyao_lib.sources.simulation.parameters import Parameters
    from yuyao_lib.sources.simulation.setting import Effects, Setting

NO_PAY = ("dispute_mediation", "union_organisation", "services_relief")


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
        seed, n_treated=asked.firms, worker_share=asked.jobs, effect=0.0 if asked.null else 1.0,
        pretrend=asked.pretrend, leaving=1.0 if asked.null else None, firm_shock_sd=asked.shock,
    )  # fmt: skip
    truths = {"contract": drawn.truth, "ratios": {"separation_contract": drawn.leaving}}
    truth = {"truths": truths, "parameters": [], "pretrend": asked.pretrend}
    if not (asked.pretrend or "verdict" in asked.parts):
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


def small_trial(key: str) -> Callable[[int], list]:
    """Find a trial of estimators alone by its key, or a smaller one of training."""
    from yuyao_lib.methods.small_trials import small_trials, training_trial

    trials = (*small_trials(), training_trial(gain=1.0, n=150), training_trial(gain=0.0, n=150))
    return {t.key: t for t in trials}[key].once


def commit() -> str:
    """The commit whose code draws."""
    asked = ["git", "describe", "--always", "--dirty"]
    here = Path(__file__).parent
    return subprocess.run(
        asked, cwd=here, capture_output=True, text=True, check=True
    ).stdout.strip()


def command() -> str:
    """What was asked, without the file that keeps it and how many draws."""
    words = sys.argv[1:]
    for name in ("--first", "--seeds"):
        if name in words:
            at = words.index(name)
            del words[at : at + 2]
    return " ".join([words[0], *words[2:]])


def draw(asked: argparse.Namespace) -> None:
    """Ask the pages on one draw a seed, and write down what they say."""
    from yuyao_lib.methods.page_trials import page_trial

    setting = {"scale": asked.scale, "null": asked.null, "pretrend": asked.pretrend}
    trial = partial(few_firms if asked.firms else without_pay, asked=asked)
    if asked.trial:
        trial, setting["scale"] = small_trial(asked.trial), asked.trial
    elif asked.firms:
        loud = "" if asked.shock is None else f", shocks {asked.shock:g}"
        whole = "" if asked.jobs < 1 else ", all their jobs"
        setting["scale"] = f"{asked.firms} firms{whole}{loud}"
    elif not asked.small:
        trial = page_trial(pages=asked.pages, **setting).once
    held, made = done(asked.file), {"commit": commit(), "command": command()}
    for seed in range(asked.first, asked.first + asked.seeds):
        if seed in held:
            continue
        found = [{"seed": seed, **setting, **made, **asdict(o)} for o in trial(seed)]
        with asked.file.open("a", encoding="utf-8") as out:
            out.write("".join(f"{json.dumps(one)}\n" for one in found))
        print(f"seed {seed}: {len(found)} answers", file=sys.stderr, flush=True)


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
    one.add_argument("--shock", type=float)
    one.add_argument("--jobs", type=float, default=0.15)
    one.add_argument("--trial")
    one.add_argument("--parts", nargs="+", default=["contract", "quarters", "grades"])
    one.set_defaults(run=draw)
    two = ways.add_parser("table")
    two.add_argument("files", type=Path, nargs="+")
    two.set_defaults(run=lambda asked: table(asked.files))
    three = ways.add_parser("counts")
    three.add_argument("files", type=Path, nargs="+")
    three.set_defaults(run=lambda asked: counts(asked.files))
    asked = parser.parse_args()
    asked.run(asked)


if __name__ == "__main__":
    main()
