"""An ordinary next month is shown without the few numbers that would tell of few."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from published_numbers import isolating
from small_payrolls import MAPPING, TITLES, run_on, write_notebook

from yuyao_lib.findings.differencing import Release
from yuyao_lib.findings.held_back import HeldBack, held_back, holding_back
from yuyao_lib.findings.people import PeopleSet
from yuyao_lib.findings.rules import Verdict
from yuyao_lib.methods.absence import absent
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.released import to_hold_back

PAYROLL = MAPPING.replace("{value: 五级}", "{from: 等级, order: ladder}") + TITLES
CODE = """
import yuyao_lib as yuyao
from yuyao_lib import display
from yuyao_lib.methods import structure
from yuyao_lib.methods.absence import absent
data = yuyao.open(dataset)
names = ["worker_id", "employer_id", "period", "log_gross_wage", "grade"]
pay, titles = data.frame("worker_panel", columns=names), data.optional("titles", columns=["kind"])
found = structure.inequality(pay, outcome="log_gross_wage", by=["grade"], measures=["gini"])
display.findings(found, data, topic="pay")
"""
SHOW_TITLES = "display.tabulate(absent(titles=titles) or found, data)"


def pay_of(sizes: dict[int, int]) -> pd.DataFrame:
    """Return a quarter's pay of so many persons of each grade, in twelve firms."""
    grades = np.repeat([*sizes], [*sizes.values()])
    order = np.concatenate([np.arange(n) for n in sizes.values()])
    return pd.DataFrame({
        "工号": [f"W{g}{i:04d}" for g, i in zip(grades, order, strict=True)],
        "单位": [f"E{i % 12:05d}" for i in order], "季度": "2022Q1",
        "应发工资": 3000 + 37 * order % 5000 + 400 * grades, "等级": grades,
    })  # fmt: skip


@pytest.fixture
def page(tmp_path):
    """Return a function that makes the page of a month, and how it ended."""
    write_notebook(tmp_path / "pay.ipynb", [CODE, SHOW_TITLES])
    ledger = Ledger(tmp_path / "outputs")

    def make(month: str, sizes: dict[int, int], *, titled: int = 60):
        own = tmp_path / month
        own.mkdir(exist_ok=True)
        (own / "mapping.yaml").write_text(PAYROLL, encoding="utf-8")
        rows = pay_of(sizes)
        rows.to_csv(own / "pay.csv", index=False)
        titles = pd.DataFrame({"工号": rows["工号"][:titled], "日期": "2022-01-05"})
        titles.assign(编号=range(titled)).to_csv(own / "titles.csv", index=False)
        return run_on(own, tmp_path / "pay.ipynb", ledger, report=f"pay_{month}")

    return make, ledger


def told(ledger: Ledger, month: str) -> dict[str, bool]:
    """Say of each number of a month whether it is told."""
    (held,) = [m for m in ledger.all_manifests() if m.report == f"pay_{month}"]
    return {f.id: f.estimate.undefined is None for f in held.found()}


def test_an_ordinary_next_month_is_told_without_the_grade_that_one_came_to(page) -> None:
    make, ledger = page
    assert make("may", {1: 200, 2: 150, 3: 100, 4: 60}).outcomes[0].state == "made"
    june = make("june", {1: 240, 2: 180, 3: 120, 4: 61})
    assert june.outcomes[0].state == "made"
    assert all(told(ledger, "may").values())
    # the next smallest goes with it, or all less the others would tell it
    shown = {f"pay.gini_{g}": g in "12" for g in "1234"}
    assert told(ledger, "june") == {**shown, "pay.difference_gini": False}
    audit = json.loads((ledger.published / "pay_june.disclosure.json").read_text("utf-8"))
    assert {"differencing", "secondary"} <= {r for part in audit["shown"] for r in part["hidden"]}
    assert "made once more without" in (june.folder / "run.log").read_text("utf-8")
    assert isolating(ledger.published, ledger.published) == set()


def test_a_table_to_which_one_row_came_is_kept_back(page) -> None:
    make, ledger = page
    assert make("may", {1: 200, 2: 150}).outcomes[0].state == "made"
    assert make("june", {1: 240, 2: 180}, titled=61).outcomes[0].state == "made"
    words = (ledger.published / "pay_june.en.html").read_text("utf-8")
    assert "Not run: table titles kept back, so that nobody can be singled out" in words
    assert all(told(ledger, "june").values())


def test_a_page_of_which_little_would_be_left_is_refused(page) -> None:
    make, ledger = page
    assert make("may", {1: 200, 2: 150}).outcomes[0].state == "made"
    june = make("june", {1: 201, 2: 151}, titled=61)
    assert june.outcomes[0].state == "refused"
    assert "differ by too few" in june.outcomes[0].why[-1]
    assert not (ledger.published / "pay_june.en.html").exists()


def counts(*keys: str) -> list[Release]:
    return [Release(key=k, report="a", persons=50, employers=9, rows=50, dataset="d") for k in keys]


PERSON_TIMES = PeopleSet(table="counts of person-times", of="persons", size=50, cells=(),
                         report="a")  # fmt: skip


@pytest.mark.parametrize(
    ("broken", "held"),
    [
        ([], None),
        (["p table t: x"], HeldBack(("p table t: x",))),
        (["p table t: x", "titles of a"], HeldBack(("p table t: x",), ("titles",))),
        (["p table t: x", "p table t: y"], None),
        (["titles of a", "workers of a"], None),
        ([PERSON_TIMES.where], HeldBack((), (), (PERSON_TIMES.mark,))),
        (["counts of person-times (another) of a"], None),
        (["p table t: x", "released.jsonl"], None),
    ],
)
def test_what_a_page_can_be_shown_without(broken, held) -> None:
    verdicts = [Verdict.of(where, "difference") for where in broken]
    people = [PeopleSet(table=t, of="persons", size=50, cells=(), report="a")
              for t in ("titles", "workers")]  # fmt: skip
    shown = counts("p table t: x", "p table t: y", "p table t: z")
    assert to_hold_back(verdicts, "a", [], shown, [*people, PERSON_TIMES]) == held


def test_what_is_held_back_is_known_while_a_page_is_made_and_no_longer(tmp_path: Path) -> None:
    held = HeldBack(("p table t: 乡镇 (2)", "p chart of cell 7: mean", "p.sum"), ("titles",))
    with holding_back(held, folder=tmp_path):
        assert held_back() == held
        assert held_back().numbers == {"乡镇", "mean", "sum"}
        assert held_back().shows("table", "t", {"乡镇"})
        assert not held_back().shows("table", "u", {"乡镇"})
        assert held_back().shows("chart", None, {"mean"})
        assert not held_back().shows("chart", None, {"sum"})
        assert "kept back" in absent(titles=None).why.en
        assert "missing" in absent(rooms=None).why.en
    assert held_back() == HeldBack()
    assert "missing" in absent(titles=None).why.en
