"""Tables of what `coverage.py` drew: how often each interval held what was set."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

NOMINAL = 0.95
VERDICTS = tuple(f"trend {v}" for v in ("effect", "no_effect", "cannot_tell", "undefined"))
HEAD = """# How often intervals hold what was set

Printed by `python tests/benchmarks/coverage.py table` from files of draws; counts, not promises.
Every section names the commit and the command that made its draws, so that they can be made
again. One line is one answer of a simulated page, over registers (or firms) drawn anew. An
interval of 95 % should hold its truth in 95 of 100 draws, and where nothing was set leave out
nothing in 5 of 100. `covered` and `rejected` are shares, each followed by its exact interval;
a star marks a share whose interval leaves out the nominal one: among so many lines one in
twenty is starred by chance. `bias` is the mean of the estimate less the truth, of ratios of
their logs, with its standard error.

Known causes:

- `naive_gap`, `weighted_level` and `difference_in_means` are shown to be wrong: who is chosen for
  a contract or a course was paid more before, and ability is not measured.
- `clustered_errors` and most of the `route`s with six contract firms, as at a twentieth of the
  register: too few; the page chooses randomisation there, and says so. A cohort of one firm is
  fitted without error by its own columns, which no clustered error can see: until 6451cce
  `sun_abraham` and `extended_twfe` left out nothing in 21 and 17 of the same 57 draws. Since then
  their intervals hold such a cohort against the mean effect.
- The verdict. A trend of 0.002 a quarter without any effect ends in `cannot_tell` in each of 84
  draws (60 and 24 below), but so do all of 64 draws without trend and effect, and of 64 with the
  effect and no trend: 31 firms cannot tell an effect of that size. What differs is why. In ten
  draws each, paths that already parted were named three times with the trend, once without, once
  with the effect; an interval that holds zero ten, ten and eight times. With four times the firms
  and three times the effect it says `effect` in 4 of 4 draws, with 120 firms and the effect as it
  is in none of 4, as trends may part by the half of their largest step before
  (`draw_experiment(n_treated=120, effect=3)`).
- Without effects (`--null`) contract firms drawn alone are left as often as others. At commits
  before 842230b they were left a tenth less, as with effects; pay never knew of it.
- `cohorts` rest on three firms or more of unequal size: their interval errs on the wide side.
  They are several in a draw, so that the shown interval of their share is too narrow.
- Quarters before the contract share the quarter they are held against, so that one unlucky
  quarter moves all of them. Over the draws below they average -0.0015 (0.0008); over 240 others
  (`--first 1001`) -0.0005 (0.0005), by differences of weighted means, which in 60 draws were the
  same as the page's to the fifth digit. Shocks are no cause, as none knows of a contract: without
  those of firms (`--shock 0`) -0.0006 (0.0006), without those of workers and their ability too
  -0.0001 (0.0004). Nor is the choice of controls, which looks at size and industry and never at
  pay, so that none falls back to its mean: with all of twice as many firms 0.0004 (0.0010). Held
  against the sixth quarter before, they average -0.0002 (0.0003). It is chance.
- Lines of the contract page are counted with fewer draws of its deals (99 or 199) than it has.
- Whole pages at a twentieth of the register have six contract firms and few workers with a
  mentor: ratios are told only with ten events on either side, which favours large ones, so that
  `mentored` is too large on average among the draws that tell it.
- Promotion is held against what was set for accreditation and mentors alone. Over twelve full
  registers the log ratio of promotion was too large by 0.047 (error 0.012) after contests and
  0.029 (0.007) after courses, as much as the shares that pass are (0.046, 0.030): those who
  take part are abler. Of sitting an exam it was too large by 0.004 (0.012) and 0.000 (0.005),
  of promotion by accreditation by 0.005 (0.006).
- Jumps at a cut-off hold the truth a little less often than promised at the bandwidth that was
  chosen: of relief (some seventy files on a side within it) 561 of 599 below, at the pass mark
  460 of 493 (0.933) other draws in memory of a tenth of the register. The interval takes the
  bandwidth as given, although it was chosen from the same rows: among the quarter of draws with
  the narrowest one 0.81 held, with the widest 0.99. The package rdrobust (2.1.1) gives the same
  jumps on the same 150 draws (correlation 0.998) and holds the truth as often (0.913 and 0.913);
  with its bandwidth for coverage, a third narrower, 0.947, its intervals a ninth wider.
- `pass_mark` was too large by 0.0042 (0.0019) in the 60 draws below by chance: the same code on
  493 other seeds is off by -0.0009 (0.0007), on 300 without effects by 0.0001 (0.0009), and the 60
  drawn in memory are the same as the page's to the seventh digit. What could move it, without
  noise, over twenty full registers: those who leave the employer before the next quarter, who are
  in the truth and not in the comparison, -0.0003 (0.0001); the contract's higher allowance of the
  new grade 0.0001 (0.0000); courses in the same quarter 0.0000; grades that differ between
  the sides 0.0001 (0.0003). Scores are not heaped unless asked for."""
TREND = "grade_wage_contract_trend"
PART_OF = {
    "promotion": "skill_ladder", "sitting": "skill_ladder", "mediation": "dispute_mediation",
    "components": "wage_components", "organisation": "union_organisation",
    "services": "services_relief", "returns": "skill_returns",
    "trend": TREND, "training": "estimators alone",
}  # fmt: skip


def lines(file: Path) -> list[dict]:
    """Every answer of a file."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def row(held: list[dict], *, null: bool) -> str:
    """One line of the table."""
    from scipy import stats

    part, _, name = held[0]["estimator"].partition(" ")
    n, inside, _, off, error = counted(held)
    hits, nominal = (n - inside, 1 - NOMINAL) if null else (inside, NOMINAL)
    low, high = stats.binomtest(hits, n).proportion_ci(0.95, method="exact")
    mark = "" if low <= nominal <= high else " *"
    told_error = f" ({error:.2g})" if error is not None else ""
    share = f"{hits / n:.3f}{mark} | {low:.3f} to {high:.3f}"
    return f"| {part} {name} | {n} | {share} | {off:.2g}{told_error} |"


def section(file: Path) -> str:
    """The tables of one file, with how its draws were made."""
    held = lines(file)
    null = bool(held[0]["null"]) and not held[0]["pretrend"]
    groups = told(held)
    pages = dict.fromkeys(PART_OF.get(e.split()[0], "grade_wage_contract") for e in groups)
    if not held[0]["pretrend"] and TREND in pages:
        pages = {"grade_wage_contract, its verdict": None}
    seeds = len({one["seed"] for one in held})
    made = dict.fromkeys(f"`{o['command']}` at {o['commit']}" for o in held if "command" in o)
    said = "; ".join(made) or "made before commits were written down"
    title = f"{', '.join(pages)}{', no effects' if null else ''} ({held[0]['scale']})"
    known = [g for _, g in sorted(groups.items())]
    empty = [g for g in known if null and is_null(g)]
    tables = [rows(empty, null=True), rows([g for g in known if g not in empty], null=False)]
    parts = [f"## {title}", f"{seeds} draws: {said}.", told_verdicts(held), *tables]
    return "\n" + "\n\n".join(part for part in parts if part)


def rows(groups: list[list[dict]], *, null: bool) -> str:
    """One table: rejections where nothing was set, else coverage."""
    if not groups:
        return ""
    head = f"| finding | draws | {'rejected' if null else 'covered'} | interval | bias (error) |"
    return "\n".join([head, "|---|---|---|---|---|", *(row(g, null=null) for g in groups)])


def counts(files: Sequence[Path]) -> None:
    """Print one line an answer and file as CSV, for the page on trials."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["page", "answer", "register", "null", "draws", "covered", "rejected", "bias",
                     "bias_error", "commit"])  # fmt: skip
    for (register, null), held in sorted(by_kind(files).items()):
        for name, group in sorted(told(held).items()):
            page = PART_OF.get(name.split()[0], "grade_wage_contract")
            if not page.startswith("estimators") and (not null or is_null(group)):
                commits = " ".join(dict.fromkeys(o.get("commit", "") for o in group)).strip()
                n, inside, outside, off, error = counted(group)
                told_error = f"{error:.3g}" if error is not None else None
                writer.writerow([page, name, register, null, n, inside, outside, f"{off:.3g}",
                                 told_error, commits])  # fmt: skip


def by_kind(files: Sequence[Path]) -> dict[tuple[str, bool], list[dict]]:
    """Answers by kind of register; where two files hold the same draw, those of the later."""
    draws: dict[tuple, tuple[Path, list[dict]]] = {}
    for file, one in ((path, one) for path in files for one in lines(path)):
        null = bool(one["null"]) and not one["pretrend"]
        key = (str(one["scale"]), null, one["pretrend"], one["seed"], one["estimator"])
        if key not in draws or draws[key][0] != file:
            draws[key] = (file, [])
        draws[key][1].append(one)
    kinds: dict[tuple[str, bool], list[dict]] = {}
    for (register, null, *_), (_, held) in draws.items():
        kinds.setdefault((register, null), []).extend(held)
    return kinds


def told(held: list[dict]) -> dict[str, list[dict]]:
    """The answers that had an interval, by name."""
    groups: dict[str, list[dict]] = {}
    for one in held:
        if one["low"] is not None and one["high"] is not None:
            groups.setdefault(one["estimator"], []).append(one)
    return groups


def counted(group: list[dict]) -> tuple[int, int, int | None, float, float | None]:
    """Draws, intervals that hold the truth, those that leave out nothing, bias and its error."""
    inside = sum(o["low"] <= o["truth"] <= o["high"] for o in group)
    known = [o for o in group if o["nothing"] is not None]
    outside = sum(not o["low"] <= o["nothing"] <= o["high"] for o in known) if known else None
    off = bias(group)
    error = off.std(ddof=1) / len(off) ** 0.5 if len(off) > 1 else None
    return len(group), inside, outside, float(off.mean()), error


def bias(group: list[dict]) -> np.ndarray:
    """Estimates less their truth, of ratios in logs."""
    off = np.array([o["estimate"] - o["truth"] for o in group])
    if all(o["nothing"] == 1 for o in group):  # a ratio
        off = np.array([np.log(o["estimate"] / o["truth"]) for o in group])
    return off


def told_verdicts(held: list[dict]) -> str:
    """Say how often each verdict was told, where one was asked for."""
    told = [o["estimator"].removeprefix("trend ") for o in held if o["estimator"] in VERDICTS]
    if not told:
        return ""
    counts = ", ".join(f"`{name}` {told.count(name)}" for name in dict.fromkeys(told))
    return f"Verdicts with which the page ended, of {len(told)}: {counts}."


def table(files: Sequence[Path]) -> None:
    """Print a table a file, with what is to be known of them."""
    print(HEAD)
    for file in files:
        print(section(file))


def is_null(held: list[dict]) -> bool:
    """Whether the answer of a finding is that there is nothing."""
    return all(o["nothing"] is not None and o["truth"] == o["nothing"] for o in held)
