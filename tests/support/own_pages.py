"""Pages of invented own data for attacks on them: estimates, displays, findings, verdicts."""

import json
from dataclasses import dataclass

import nbformat
import numpy as np
import pandas as pd

from yuyao_lib.display.shown import Shown
from yuyao_lib.findings import Design, Estimate, Finding, Mode, Origin
from yuyao_lib.reports.disclosure import audit_notebook
from yuyao_lib.sources.card import SourceCard
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

WORDS = Text("payroll", "工资表")
CARD = SourceCard(
    title=WORDS, publisher="a union", citation="none", licence="closed", vintage="2022",
    unit_of_record=WORDS, notes=WORDS, files=(), set_aside=(),
)  # fmt: skip


def payroll(sizes: list[int], mode: Mode = Mode.OWN) -> Dataset:
    """Return a data set of firms of given sizes, two quarters a person."""
    rng = np.random.default_rng(1)
    firm = np.repeat(np.arange(len(sizes)), sizes)
    n = len(firm)
    people = pd.DataFrame({
        "worker_id": np.tile(np.arange(n), 2), "employer_id": np.tile(firm, 2),
        "calendar_year": np.repeat([2021, 2022], n), "union_member": rng.integers(0, 2, 2 * n),
        "log_wage": rng.normal(8, 0.3, 2 * n), "female": rng.integers(0, 2, 2 * n),
    })  # fmt: skip

    def read(columns):
        return people if columns is None else people[list(columns)]

    return Dataset("payroll", mode=mode, card=CARD, loaders={"workers": read})


def estimate(key="mean", **given) -> Estimate:
    fields = {
        "key": key, "term": "mean", "method": "ols", "unit": "log_points", "n": 200,
        "n_unit": "persons", "design": Design.DESCRIPTION, "estimate": 8.1234, "low": 8.0,
        "high": 8.2, "employers": 5, "residual_df": 90,
    }  # fmt: skip
    return Estimate(**fields | given)


@dataclass(frozen=True)
class Result:
    estimates: tuple[Estimate, ...]


def page_of(*shown, foreign=()) -> nbformat.NotebookNode:
    """Return an executed notebook that shows these things."""
    cell = nbformat.v4.new_code_cell("shown", execution_count=1)
    cell.outputs = [
        nbformat.v4.new_output("display_data", data=json.loads(json.dumps(s._repr_mimebundle_())))
        for s in shown
    ]
    cell.outputs += [nbformat.v4.new_output(**output) for output in foreign]
    book = nbformat.v4.new_notebook()
    book.cells = [nbformat.v4.new_markdown_cell("# T\n\n## The finding\n\nx"), cell]
    return book


def rules_broken(*shown, foreign=(), opened_own=False) -> list[str]:
    book = page_of(*shown, foreign=foreign)
    findings = [f for s in shown for f in s.findings]
    audit = audit_notebook("r", book, findings, opened_own=opened_own)
    assert audit is not None
    return [v.rule for v in audit.verdicts]


def said_by(shown: Shown) -> str:
    return json.dumps(shown._repr_mimebundle_(), ensure_ascii=False)


DATA = payroll([40, 40, 40, 40, 40])


def finding(n: int, *, dataset="payroll_2022_06", key="pay.mean", employers=5) -> Finding:
    origin = Origin(Mode.OWN, dataset, (dataset,))
    return Finding(id=key, estimate=estimate(n=n, employers=employers), origin=origin)
