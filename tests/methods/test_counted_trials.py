"""Counts of long trials: what is read, what is added up, and what is refused."""

import re

import pandas as pd
import pytest

import yuyao_lib as yuyao
from yuyao_lib import display
from yuyao_lib.display.trial_names import name_of
from yuyao_lib.errors import DataError
from yuyao_lib.findings import Mode
from yuyao_lib.methods import skill_returns
from yuyao_lib.methods.counted_trials import counted_trials
from yuyao_lib.sources.counted_trials import COLUMNS, FILE, TRIALS, open_trials

ROWS = [
    ("skill_ladder", "promotion trained", "0.05", False, 60, 40, 50, 0.01, 0.002, "abc"),
    ("skill_ladder", "promotion trained", "0.05", True, 100, 94, 6, 0.01, 0.002, "abc"),
    ("grade_wage_contract", "quarters at_0", "31 firms", False, 10, 9, 2, 0.0, 0.1, "abc"),
    ("grade_wage_contract", "quarters at_1", "31 firms", False, 10, 10, 2, 0.0, 0.1, "abc"),
    ("wage_components", "components firm", "0.1", False, 20, 19, pd.NA, 0.0, 0.1, "abc"),
]


@pytest.fixture
def folder(tmp_path):
    pd.DataFrame(ROWS, columns=list(COLUMNS)).to_csv(tmp_path / FILE, index=False)
    return tmp_path


def test_counts_with_and_without_effects_stand_in_one_row(folder) -> None:
    data = open_trials(folder)
    assert data.mode is Mode.SIMULATED
    found = counted_trials(data.frame("counts"))
    assert [line.answer for line in found.lines] == [
        "quarters", "promotion trained", "components firm",
    ]  # fmt: skip
    quarters, trained, firm = found.lines
    assert (quarters.draws, quarters.covered, quarters.coverage()) == (20, 19, None)
    assert (firm.draws, firm.null_draws, firm.size()) == (20, 0, None)
    assert (trained.draws, trained.covered, trained.null_draws, trained.rejected) == (
        60,
        40,
        100,
        6,
    )
    low, high = trained.coverage()
    assert low < 40 / 60 < high < 0.95
    # of three exact shares one leaves out the promise
    assert (found.shares, found.beside) == (3, 1)


def test_a_page_shows_shares_by_page_in_both_languages(folder) -> None:
    data = open_trials(folder)
    shown = display.tabulate(counted_trials(data.frame("counts")), data)
    assert "Skill ladder" in shown.html.en
    assert "技能等级阶梯" in shown.html.zh
    assert "0.67" in shown.html.en
    assert shown.csv[0] == "counted_trials_SIMULATED.csv"


def test_a_file_of_another_kind_is_refused(folder) -> None:
    with pytest.raises(DataError, match="does not hold counts of trials"):
        (folder / FILE).write_text("a,b\n1,2\n", encoding="utf-8")
        open_trials(folder).frame("counts")
    wrong = pd.DataFrame(ROWS, columns=list(COLUMNS)).assign(covered=1000)
    wrong.to_csv(folder / FILE, index=False)
    with pytest.raises(DataError, match=r"counts more than was drawn of 'promotion trained'"):
        open_trials(folder).frame("counts")


def test_what_is_kept_covers_every_simulated_page() -> None:
    counts = open_trials(TRIALS).frame("counts")
    assert {
        "dispute_mediation", "grade_wage_contract", "services_relief", "skill_ladder",
        "skill_returns", "union_organisation", "wage_components",
    } <= set(counts["page"])  # fmt: skip
    assert counts["null"].any()
    assert not counts["null"].all()


def test_every_counted_answer_has_a_name_in_both_languages() -> None:
    answers = set(yuyao.open("trials").frame("counts")["answer"]) | {
        f"returns {name}" for name in (*skill_returns.NAMES, *skill_returns.STAYS)
    }
    told = {a: name_of(a).zh.replace("Sun 与 Abraham", "") for a in answers}
    assert {a: zh for a, zh in told.items() if re.search("[a-z]{2}", zh)} == {}
    assert not any("_" in name_of(a).en + name_of(a).zh for a in answers)
