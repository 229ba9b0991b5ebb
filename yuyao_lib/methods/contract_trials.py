"""The contract page on trial: each of its answers, with where the truth of a register holds it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from yuyao_lib import schema
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.known_answers import Answer, KnownAnswers
from yuyao_lib.vocabulary import term

if TYPE_CHECKING:
    import pandas as pd

    from yuyao_lib.sources.dataset import Dataset

__all__ = ["COLUMNS", "DRAWS", "LAGS", "LEADS", "TRUE", "contract_page", "dispute_answers",
           "judged_at", "pay_answers", "trial_tables"]  # fmt: skip

Tables: TypeAlias = "tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]"

TRUE, DISPUTES = "truths/contract/all_cells", "truths/ratios/disputes_contract"
QUARTERS = ("2018Q1", "2023Q2")  # of the register
COLUMNS: dict[str, Any] = {
    "outcome": "log_gross_wage", "unit": "employer_id", "period": "period",
    "first_treated": "first_contract", "weights": "workers",
}  # fmt: skip
LEADS, LAGS = 12, 7  # quarters, as the page shows them
DRAWS = 99
MATCHED = 5  # controls of each contract firm


def contract_page(data: Dataset, *, draws: int = DRAWS) -> dict[str, KnownAnswers]:
    """Ask the contract page everything whose answer is set.

    Parameters
    ----------
    data
        A simulated register.
    draws
        Deals and bootstrap samples of each interval.

    Returns
    -------
    dict
        ``contract``: the effect, every interval of it, the gap between firms, stayers, and
        every other estimator; ``quarters``, ``cohorts``, ``grades``; ``outcomes``: leaving
        and disputes; ``unions``: the difference by strength of the union, whose answer is
        known where nothing has an effect.
    """
    from yuyao_lib.sources.simulation import read_truth

    tables = trial_tables(data)
    null = bool(read_truth(data)["null"])
    return {
        **pay_answers(data, draws=draws, tables=tables),
        "outcomes": _outcomes(data, tables[2]),
        "unions": _unions(tables[2]) if null else KnownAnswers(()),
    }


def pay_answers(
    data: Dataset,
    *,
    draws: int = DRAWS,
    tables: Tables | None = None,
    parts: Sequence[str] = ("contract", "quarters", "grades"),
) -> dict[str, KnownAnswers]:
    """Ask the contract page what it says of pay alone, as where contract firms alone are drawn.

    Parameters
    ----------
    data, draws
        As in `contract_page`; no tables but pay, employers and contracts are needed.
    tables
        Cells, matched firms and their panel, if they are made already.
    parts
        What is asked: ``contract`` is slow, ``quarters`` (with cohorts) is quick, and so is
        ``turnover``, which stands with the other outcomes.
    """
    cells, firms, rows = tables or trial_tables(data)
    return {
        **({"contract": _whole(data, cells, firms, rows, draws)} if "contract" in parts else {}),
        **(_in_time(rows) if "quarters" in parts else {}),
        **({"grades": _grades(cells, firms, draws)} if "grades" in parts else {}),
        **({"outcomes": judged_at([_left(rows)])} if "turnover" in parts else {}),
    }


def dispute_answers(data: Dataset) -> dict[str, KnownAnswers]:
    """Ask the contract page about disputes alone, where nobody's pay is drawn.

    Parameters
    ----------
    data
        Tables ``employers``, ``contracts``, ``disputes`` and ``unions``; each employer is
        taken to have the workers of its headcount in every quarter.
    """
    import pandas as pd

    from yuyao_lib.methods import grade_contracts as page

    firms = page.contract_firms(data.frame("employers"), data.frame("contracts"))
    matched = page.match_controls(firms, per_firm=MATCHED).frame
    first, last = (schema.quarter_index(q) for q in QUARTERS)
    rows = matched.merge(pd.DataFrame({"period": range(first, last + 1)}), how="cross")
    rows = rows.assign(workers=rows["log_headcount"].map(math.exp))
    return {"outcomes": judged_at([(_filed(data, rows), DISPUTES)])}


def trial_tables(data: Dataset) -> Tables:
    """Return cells, the matched firms and their panel, as the page makes them."""
    from yuyao_lib.methods import grade_contracts as page

    cells = page.firm_cells(data.path("worker_quarters") or data.frame("worker_quarters"))
    unions = data.frame("unions") if data.has("unions") else None
    firms = page.contract_firms(data.frame("employers"), data.frame("contracts"), unions=unions)
    matched = page.match_controls(firms, per_firm=MATCHED).frame
    return cells, matched, page.pay_panel(page.merge_grades(cells), matched)


def _whole(
    data: Dataset, cells: pd.DataFrame, matched: pd.DataFrame, rows: pd.DataFrame, draws: int
) -> KnownAnswers:
    """Ask for the mean effect in every way."""
    from yuyao_lib.methods import contracts
    from yuyao_lib.methods import grade_contracts as page
    from yuyao_lib.methods.inference_choice import choose_interval

    pay = data.path("worker_quarters") or data.frame("worker_quarters")
    grouped = choose_interval(rows, **COLUMNS, draws=draws)
    static = choose_interval(
        rows, **COLUMNS, estimator="two_way_fixed_effects", draws=draws
    )  # fmt: skip
    cohorts = dict(zip(matched["employer_id"], matched["first_contract"], strict=True))
    firms = matched[["employer_id", "first_contract"]]
    changes = page.stayer_changes(pay, cohorts=cohorts).merge(firms, on="employer_id")
    unmatched = page.contract_firms(data.frame("employers"), data.frame("contracts"))
    gap = page.naive_gap(page.merge_grades(cells), unmatched)
    named = [
        *((f"chosen {grouped.chosen.method}", e) for e in (grouped.chosen,)),
        *((f"group_time {e.method}", e) for e in grouped.estimates),
        *((f"two_way {e.method}", e) for e in static.estimates),
        *((f"route {e.key}", e) for e in contracts.compare_estimators(rows, **COLUMNS).estimates),
        ("naive_gap", gap),
    ]
    made = [(_keyed(e, name), f"{TRUE}/att") for name, e in named]
    stay = page.stayers_effect(changes)
    return judged_at([*made, (stay, "truths/contract/stayers/att")])


def _in_time(rows: pd.DataFrame) -> dict[str, KnownAnswers]:
    """Ask for the effect by quarter since the contract and by its first quarter."""
    from yuyao_lib.methods import contracts
    from yuyao_lib.methods.event_windows import parts_by_firms

    effects = contracts.group_time(rows, **COLUMNS, base_period="universal")
    path = parts_by_firms(effects, "dynamic", first=-LEADS, last=LAGS)
    quarters = [
        (_keyed(e, f"at_{int(k)}"), f"{TRUE}/by_event_time/{int(k)}" if k >= 0 else "0")
        for k, e in zip(path.labels, path.parts, strict=True)
        if k != -1
    ]
    cohorts = parts_by_firms(effects, "group")
    starts = [
        (_keyed(e, "cohort"), f"{TRUE}/by_cohort/{schema.quarter_name(int(g))}")
        for g, e in zip(cohorts.labels, cohorts.parts, strict=True)
    ]
    return {"quarters": judged_at(quarters), "cohorts": judged_at(starts)}


def _grades(cells: pd.DataFrame, firms: pd.DataFrame, draws: int) -> KnownAnswers:
    """Ask for the effect by skill grade."""
    from yuyao_lib.methods.contract_effects import effects_by_grade

    found = effects_by_grade(cells, firms, draws=draws)
    pairs = zip(found.labels, found.estimates, strict=True)
    return judged_at([(e, f"{TRUE}/by_grade/{label}") for label, e in pairs])


def _outcomes(data: Dataset, rows: pd.DataFrame) -> KnownAnswers:
    """Ask for leaving and disputes under a contract."""
    return judged_at([_left(rows), (_filed(data, rows), DISPUTES)])


def _left(rows: pd.DataFrame) -> tuple[Estimate, str]:
    """Ask for leaving under a contract, beside the place of its answer."""
    from yuyao_lib.methods.adoption import Meaning
    from yuyao_lib.methods.rate_ratios import rate_ratio

    meaning = Meaning(n_unit="firm_quarters", unit="ratio", term="contract_turnover_ratio")
    left = rate_ratio(rows, events="separations", meaning=meaning)
    return _keyed(left, "turnover"), "truths/ratios/separation_contract"


def _filed(data: Dataset, rows: pd.DataFrame) -> Estimate:
    """Ask for disputes under a contract."""
    from yuyao_lib.methods.adoption import Meaning
    from yuyao_lib.methods.rate_ratios import event_counts, rate_ratio

    meaning = Meaning(n_unit="firm_quarters", unit="ratio", term="contract_dispute_ratio")
    counted = event_counts(data.frame("disputes"), rows, date="filed_on")
    return _keyed(rate_ratio(counted, events="events", meaning=meaning), "disputes")


def _unions(rows: pd.DataFrame) -> KnownAnswers:
    """Ask whether the effect differs by strength of the union."""
    from yuyao_lib.methods.contract_effects import union_interaction

    return judged_at([(e, "0") for e in union_interaction(rows).estimates])


def _keyed(e: Estimate, key: str) -> Estimate:
    """Return an estimate under the name it has on trial."""
    from dataclasses import replace

    return replace(e, key=key.replace(" ", "_"))


def judged_at(made: Sequence[tuple[Estimate, str]]) -> KnownAnswers:
    """Put estimates beside the place of their answer."""
    return KnownAnswers(
        tuple(Answer(e.estimand or term(e.term).text, e, place) for e, place in made)
    )
