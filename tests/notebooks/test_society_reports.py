"""The pages on organisation and services run on a researcher's own tables, absent parts off."""

import nbformat
import papermill
import pytest

from yuyao_lib.findings import Mode
from yuyao_lib.paths import DATA, NOTEBOOKS
from yuyao_lib.reports.bounds.services_relief import Parameters
from yuyao_lib.reports.disclosure import audit_notebook
from yuyao_lib.reports.page import PageMeta, render_page
from yuyao_lib.reports.page.assembly import findings_in

pytestmark = pytest.mark.reports
META = PageMeta(report="r", notebook="n", run_at="2026-01-02T03:04:05Z", key="abc")


def run(name: str, parameters: dict, tmp_path):
    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(
        str(NOTEBOOKS / f"{name}.ipynb"), str(out), parameters=parameters, engine_name="yuyao",
        progress_bar=False,
    )  # fmt: skip
    book = nbformat.read(out, as_version=4)
    kinds = {
        c.id: [
            o.data["application/vnd.yuyao.display+json"]["kind"] for o in c.outputs if "data" in o
        ]
        for c in book.cells
        if c.cell_type == "code"
    }
    return book, {f.id.partition(".")[2]: f for f in findings_in(book)}, kinds


def cells_of(book, *starts: str) -> set[int]:
    """Return the numbers of code cells whose ids begin so, counted as the audit counts."""
    code = [c for c in book.cells if c.cell_type == "code"]
    return {n for n, c in enumerate(code, start=1) if c.id.startswith(starts)}


@pytest.fixture
def payrolls(monkeypatch, tmp_path) -> str:
    monkeypatch.setenv("YUYAO_KEY", "0123456789abcdef" * 4)
    return str(DATA / "example_payrolls")


def test_organisation_on_own_payrolls_and_contracts(payrolls, tmp_path) -> None:
    book, found, kinds = run("union_organisation", {"dataset": payrolls}, tmp_path)
    assert {f.origin.mode for f in found.values()} == {Mode.OWN}
    assert 0 < found["contracts_any"].estimate.estimate <= 100
    for cell in ("flow-chart", "ladder", "moves", "forms-chart", "cadres-table"):
        assert kinds[cell] == ["notice"], cell
    assert kinds["density-table"] == ["table"] and kinds["record-ladder"] == ["chart"]
    audit = audit_notebook("r", book, list(found.values()))
    assert not [v for v in audit.verdicts if v.rule == "undeclared"]  # real parts are not own data
    assert {part["cell"] for part in audit.shown}.isdisjoint(cells_of(book, "record-", "countries"))
    page = render_page(book, language="en", meta=META)
    assert page.count('class="stamp"') >= 3 and "SIMULATED" not in page.replace("simulated", "")


def test_services_on_own_payrolls_have_nothing_to_say_and_say_so(payrolls, tmp_path) -> None:
    _, found, kinds = run("services_relief", {"dataset": payrolls}, tmp_path)
    assert all(f.estimate.undefined is not None for f in found.values())
    assert all(kinds[c] == ["notice"] for c in ("hardship-chart", "jobs-chart", "sites-table"))


def test_sections_of_real_data_can_be_left_out(tmp_path) -> None:
    given = {"scale": 0.02, "record": "", "countries": ""}
    _, found, kinds = run("union_organisation", given, tmp_path)
    assert kinds["record-ladder"] == [] and kinds["countries"] == ["notice"]
    assert found["closing_members"].estimate.estimate == 8008


def test_a_day_must_be_a_day() -> None:
    with pytest.raises(ValueError, match="until"):
        Parameters(until="June 2023")
