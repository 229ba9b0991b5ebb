"""A payroll of one's own in a folder, a notebook that reads it, and a whole run of both."""

from collections.abc import Sequence
from pathlib import Path

import nbformat
import pytest

from yuyao_lib.reports.file_digests import FileDigests
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.outcomes import RunResult
from yuyao_lib.reports.plan import ad_hoc
from yuyao_lib.reports.runner import run_reports

KEY = "ab" * 32
MAPPING = """
title: {en: Pay of some, zh: 若干人的工资}
publisher: a test
vintage: "2022"
invented: true
tables:
  worker_quarters:
    - file: pay.csv
      columns: {worker_id: 工号, employer_id: 单位, quarter: 季度, gross_wage: 应发工资,
                grade: {value: 五级}}
"""
TITLES = """
  titles:
    - file: titles.csv
      columns: {worker_id: 工号, awarded_on: 日期, title_id: 编号, kind: {value: medal},
                level: {value: county}}
"""


def write_notebook(path: Path, cells: Sequence[str]) -> None:
    """Write a notebook with one parameter, the folder of tables, and some cells."""
    book = nbformat.v4.new_notebook()
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3",
                                   "language": "python"}  # fmt: skip
    tags = {"tags": ["parameters"]}
    book.cells = [
        nbformat.v4.new_markdown_cell("# T\n\n## The finding", id="t"),
        nbformat.v4.new_code_cell('dataset: str = "x"  # 数据 Data', id="p", metadata=tags),
        *(nbformat.v4.new_code_cell(code, id=f"c{i}") for i, code in enumerate(cells)),
    ]
    nbformat.write(book, path)


def run_on(own: Path, notebook: Path, ledger: Ledger, *, report: str) -> RunResult:
    """Make the page of a notebook on own tables, as one run."""
    made = ad_hoc(notebook, {"dataset": str(own)}, report=report)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YUYAO_KEY", KEY)
        return run_reports([made], ledger, FileDigests(ledger.cache / "digests.json"), jobs=1)
