"""Every notebook that takes a researcher's tables runs on the invented payrolls, in their mode."""

from importlib import import_module
from pathlib import Path

import nbformat
import papermill
import pytest
from own_register import lay_out

import yuyao_lib as yuyao
from yuyao_lib.findings import Mode
from yuyao_lib.paths import DATA, NOTEBOOKS
from yuyao_lib.reports.disclosure import audit_notebook
from yuyao_lib.reports.needs import readiness
from yuyao_lib.reports.page.assembly import findings_in
from yuyao_lib.sources.simulation.register import build
from yuyao_lib.sources.simulation.setting import Setting

pytestmark = pytest.mark.reports
EXAMPLE = DATA / "example_payrolls"
TAKES = [r.notebook for r in readiness({}) if r.takes_tables]
# numbers of resamples and the like, smaller than a page would have
CHEAP = {"wage_structure": {"draws": 99}, "union_premium": {"permutations": 19}}
NEEDS = {n: import_module(f"yuyao_lib.reports.bounds.{n}").NEEDS for n in TAKES}
MIME = "application/vnd.yuyao.display+json"


@pytest.fixture
def key(monkeypatch) -> None:
    monkeypatch.setenv("YUYAO_KEY", "0123456789abcdef" * 4)


def parameters(name: str) -> dict:
    module = import_module(f"yuyao_lib.reports.bounds.{name}")
    given = {**getattr(module, "OWN", {}), **CHEAP.get(name, {}), "dataset": str(EXAMPLE)}
    module.Parameters(**given)
    return given


def run(name: str, given: dict, tmp_path) -> nbformat.NotebookNode:
    out = tmp_path / "out.ipynb"
    papermill.execute_notebook(
        str(NOTEBOOKS / f"{name}.ipynb"), str(out), parameters=given, engine_name="yuyao",
        progress_bar=False,
    )  # fmt: skip
    return nbformat.read(out, as_version=4)


def missing(name: str) -> tuple[str, ...]:
    """Name what the example lacks for a notebook."""
    data = yuyao.open(EXAMPLE)
    held = {t: list(data.frame(t).columns) for t in data.tables}
    return next(r.missing for r in readiness(held) if r.notebook == name)


@pytest.mark.parametrize("name", TAKES)
def test_a_notebook_runs_on_own_payrolls_or_says_which_table_it_lacks(name, key, tmp_path) -> None:
    lacks = missing(name)
    book = run(name, parameters(name), tmp_path)
    found = findings_in(book)
    audit = audit_notebook(name, book, found, opened_own=True)
    assert audit is not None
    assert audit.verdicts == (), "an ordinary page is refused"
    assert {f.origin.mode for f in found} == {Mode.OWN}
    shown = [
        o["data"] for c in book.cells if c.cell_type == "code" for o in c.outputs if "data" in o
    ]
    words = " ".join(d[MIME]["html"]["en"] for d in shown if MIME in d)
    assert "SIMULATED" not in words and "set by us:" not in words
    if name == "skill_ladder":  # nobody is promoted in the example, which would tell of everybody
        (moved,) = (f.estimate for f in found if f.estimate.key == "moved_up")
        assert moved.undefined is not None
        assert "zero or full cell" in moved.undefined.en
        return
    if NEEDS[name] and not lacks:
        assert any(f.estimate.undefined is None for f in found)
        return
    off = [d[MIME]["html"]["en"] for d in shown if MIME in d and d[MIME]["kind"] == "notice"]
    assert off, "a part without its table says so"
    if name == "bargaining_disputes":
        assert lacks == ("disputes",)
        assert "Not run: table disputes missing" in off[0]
    if name == "dispute_mediation":
        assert all("not run: the table of disputes is missing" in w.lower() for w in off[:3])
        assert all(f.estimate.undefined is not None for f in found)


@pytest.fixture(scope="module")
def register(tmp_path_factory) -> tuple[Path, yuyao.Dataset]:
    """Lay a small simulated register out as own tables, so that every table is there."""
    made = tmp_path_factory.mktemp("register")
    folder = lay_out(build(Setting(scale=0.02), made / "made"), made / "own")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YUYAO_KEY", "0123456789abcdef" * 4)
        return folder, yuyao.open(folder)


@pytest.mark.parametrize(
    "name",
    ["dispute_mediation", "services_relief", "skill_ladder", "skill_returns", "union_organisation"],
)
def test_a_page_of_every_own_table_is_not_refused(name, register, monkeypatch, tmp_path):
    folder, opened = register
    monkeypatch.setattr("yuyao_lib.sources.own.open_own", lambda path, **given: opened)
    book = run(name, {"dataset": str(folder)}, tmp_path)
    found = findings_in(book)
    audit = audit_notebook(name, book, found, opened_own=True)
    assert audit is not None
    assert audit.verdicts == ()
    if name == "dispute_mediation":  # seven of its 34 cases had legal aid: no finding is of many
        assert '"kind": "table"' in nbformat.writes(book)
        return
    assert any(f.estimate.undefined is None for f in found), "nothing is left of an ordinary page"
