"""The same page of tables that differ a little: whole runs into one folder of outputs."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from published_numbers import isolating, numbers_in
from small_payrolls import MAPPING, TITLES, run_on, write_notebook

from yuyao_lib.findings.people import left_over, singled_out
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.sources.people import _sets, rows_set

CODE = """
import yuyao_lib as yuyao
from yuyao_lib import display
from yuyao_lib.methods import structure
data = yuyao.open(dataset)
pay = data.frame("worker_panel", columns=["worker_id", "employer_id", "period", "log_gross_wage"])
found = structure.inequality(pay, outcome="log_gross_wage", measures=["gini"])
display.findings(found, data, topic="pay")
"""


def pay_of(n: int = 240) -> pd.DataFrame:
    """Return a quarter's pay of persons in twelve firms."""
    draw = np.random.default_rng(3)
    return pd.DataFrame({
        "工号": [f"W{i:05d}" for i in range(n)], "单位": [f"E{i % 12:05d}" for i in range(n)],
        "季度": "2022Q1", "应发工资": draw.integers(3000, 9000, n),
    })  # fmt: skip


def raised(few: int) -> pd.DataFrame:
    rows = pay_of()
    return rows.assign(应发工资=rows["应发工资"] + 4000 * (rows.index < few))


def moved(few: int) -> pd.DataFrame:
    rows = pay_of()
    return rows.assign(单位=rows["单位"].where(rows.index >= few, "E00011"))


def swapped(few: int) -> pd.DataFrame:
    rows = pay_of(240 + few)
    return rows[rows.index >= few]


REFUSED = {
    "one_hired": pay_of(241), "one_left": pay_of(239), "one_hired_as_one_left": swapped(1),
    "one_raised": raised(1), "nine_raised": raised(9), "one_moved": moved(1),
}  # fmt: skip
THROUGH = {
    "unchanged": pay_of(), "in_another_order": pay_of().sample(frac=1, random_state=1),
    "many_raised": raised(200), "many_hired": pay_of(280),
}  # fmt: skip


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Return a function that makes the page of a file, and what stands published then."""
    home = tmp_path_factory.mktemp("months")
    for name in ("pay", "other"):
        write_notebook(home / f"{name}.ipynb", [CODE])

    def make(rows, outputs: Path, *, month: str, notebook="pay", rounds=False, titles=None) -> str:
        own = home / month
        own.mkdir(exist_ok=True)
        mapping = MAPPING + ("" if titles is None else TITLES)
        mapping = "small_counts: round\n" * rounds + mapping
        (own / "mapping.yaml").write_text(mapping, encoding="utf-8")
        if titles is not None:
            titles.to_csv(own / "titles.csv", index=False)
        rows.to_csv(own / "pay.csv", index=False)
        made = run_on(own, home / f"{notebook}.ipynb", Ledger(outputs), report=notebook)
        return made.outcomes[0].state

    return make


def told_in(outputs: Path) -> dict:
    """Return every number that stands published, but those about the run."""
    told = numbers_in(outputs / "published")
    return {place: value for place, value in told.items() if not str(place[0]).startswith("index")}


def test_a_reader_of_both_months_works_out_whose_pay_was_raised(page, tmp_path) -> None:
    may, june = tmp_path / "may", tmp_path / "june"  # no folder knows of the other
    assert page(pay_of(), may, month="may") == "made"
    assert page(raised(1), june, month="june") == "made"
    assert isolating(may / "published", june / "published") == {"pay.gini"}
    assert page(raised(1), may, month="june") == "refused"
    assert isolating(may / "published", may / "published") == set()


def test_next_month_goes_through_only_where_many_have_changed(page, tmp_path) -> None:
    assert page(pay_of(), tmp_path, month="may") == "made"
    before = told_in(tmp_path)
    for month, rows in REFUSED.items():
        assert page(rows, tmp_path, month=month) == "refused", month
        assert told_in(tmp_path) == before, month
    for month, rows in THROUGH.items():
        assert page(rows, tmp_path, month=month) == "made", month


def test_rounded_counts_do_not_let_a_mean_tell_whose_pay_was_raised(page, tmp_path) -> None:
    assert page(pay_of(), tmp_path, month="may", rounds=True) == "made"
    assert page(raised(1), tmp_path, month="june", rounds=True) == "refused"


def test_another_question_of_a_file_with_one_raised_is_refused(page, tmp_path) -> None:
    assert page(pay_of(), tmp_path, month="may") == "made"
    assert page(raised(1), tmp_path, month="june", notebook="other") == "refused"
    assert page(pay_of(), tmp_path, month="may", notebook="other") == "made"


def test_a_table_that_no_page_reads_may_change_a_little(page, tmp_path) -> None:
    titles = pd.DataFrame(
        {"工号": [f"W{i:05d}" for i in range(40)], "日期": "2022-01-05", "编号": range(40)}
    )
    assert page(pay_of(), tmp_path, month="may", titles=titles.head(39)) == "made"
    assert page(raised(200), tmp_path, month="june", titles=titles) == "made"


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "Int8"])
def test_what_rows_say_is_told_whatever_a_column_is_stored_as(dtype) -> None:
    may = pd.DataFrame({"worker_id": [f"W{i}" for i in range(60)], "grade": 3, "town": "T"})
    june = may.assign(grade=may["grade"].where(may.index > 0, 4).astype(dtype)).sample(frac=1)
    june["town"] = june["town"].astype("category")
    kept = [rows_set(f, "worker_id", table="t", of="persons_with_rows") for f in (may, june)]
    assert left_over([(1, kept[0]), (-1, kept[1])], most=19) == 2
    assert [v.rule for v in singled_out(kept[1:], kept[:1])] == ["differencing"]


@pytest.mark.parametrize("column", ["worker_id", "household_id", "cadre_id", "union_id"])
def test_a_table_is_compared_by_whoever_it_is_about(column) -> None:
    may = pd.DataFrame({column: [f"X{i}" for i in range(60)], "amount": 500.0})
    june = may.assign(amount=may["amount"].where(may.index > 0, 900.0))
    many = may.assign(amount=may["amount"] + 5)
    before, now, later = (_sets("table", frame) for frame in (may, june, many))
    assert {v.rule for v in singled_out(now, before)} == {"differencing"}
    assert singled_out(later, before) == singled_out(before, before) == []
