"""The page on staggered policies takes the words of the table it is given."""

import nbformat
import papermill
import pytest

from yuyao_lib.errors import ParameterError
from yuyao_lib.paths import NOTEBOOKS
from yuyao_lib.reports.page.assembly import findings_in
from yuyao_lib.reports.plan import ad_hoc, choose, read_plan

pytestmark = pytest.mark.reports
BOOK = NOTEBOOKS / "staggered_policy.ipynb"


def test_states_and_not_counties_are_what_adopts(tmp_path) -> None:
    pytest.importorskip("moderndid")
    (report,) = choose(read_plan(NOTEBOOKS / "reports.yaml"), ["staggered_policy_minimum_wage"])
    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(
        str(BOOK), str(out), parameters={**report.values, "draws": 99},
        engine_name="yuyao", progress_bar=False,
    )  # fmt: skip
    found = findings_in(nbformat.read(out, as_version=4))[0].estimate
    assert found.term == "teen_employment_change"
    assert found.estimate == pytest.approx(-0.0400, abs=5e-5)  # Callaway and Sant'Anna 2021
    assert (found.clusters, found.n, found.n_unit) == (29, 2500, "county_years")
    assert found.low < -0.064 and found.high > -0.016  # wider than with counties as independent


def test_a_word_that_is_not_in_the_vocabulary_is_refused() -> None:
    with pytest.raises(ParameterError, match="Did you mean 'outcome_change'"):
        ad_hoc(BOOK, {"effect": "outcome_chang"})
