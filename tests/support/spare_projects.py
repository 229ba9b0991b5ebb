"""A project of a notebook or two, for tests of what happens to a run."""

from pathlib import Path

import nbformat

from yuyao_lib.reports.digests import FileDigests
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.memory import Memory
from yuyao_lib.reports.plan import ad_hoc
from yuyao_lib.reports.runner import run_reports

PARAMETERS = 'value: float = 1.0  # 数值 Value\nname: str = "a"  # 名称 Name'
SHOW = """
from yuyao_lib.display import findings
from yuyao_lib.findings import Design, Estimate
import yuyao_lib as yuyao
data = yuyao.open("record")
class R:
    estimates = (Estimate(key="k", term="mean", method="ols", unit="log_points",
        design=Design.DESCRIPTION, estimate=value, low=value-.1, high=value+.1,
        standard_error=.05, n=100),)
findings(R(), data, topic="t")
"""


def project_in(place: Path):
    """Return what makes notebooks of given cells, and a ledger beside them, in a folder."""

    class Project:
        folder = place / "项目 one"
        ledger = Ledger(folder / "outputs")

        def book(self, name: str, *cells: str, prose: str = "# Title\n\n## The finding") -> Path:
            self.folder.mkdir(exist_ok=True)
            made = nbformat.v4.new_notebook()
            made.metadata["kernelspec"] = {
                "name": "python3", "display_name": "Python 3", "language": "python",
            }  # fmt: skip
            made.cells = [nbformat.v4.new_markdown_cell(prose, id="prose")]
            made.cells.append(nbformat.v4.new_code_cell(PARAMETERS, id="parameters"))
            made.cells[-1].metadata["tags"] = ["parameters"]
            made.cells += [
                nbformat.v4.new_code_cell(c, id=f"c{i}") for i, c in enumerate(cells or (SHOW,))
            ]
            path = self.folder / f"{name}.ipynb"
            nbformat.write(made, path)
            return path

        def files(self) -> FileDigests:
            return FileDigests(self.ledger.cache / "digests.json")

        def run(self, *paths: Path, given=None, **options):
            bounds = options.pop("bounds", {})
            reports = [ad_hoc(p, given or {}, **bounds) for p in paths]
            memory = Memory(self.ledger.cache / "memory.json")  # as the command has one
            made = run_reports(reports, self.ledger, self.files(), jobs=2, memory=memory, **options)
            memory.save()
            return made

        def states(self, result) -> dict[str, str]:
            return {o.report: o.state for o in result.outcomes}

        def published(self) -> dict[str, bytes]:
            if not self.ledger.published.exists():
                return {}
            return {
                p.name: p.read_bytes() for p in self.ledger.published.glob("*.html")
                if not p.name.startswith("index")
            }  # fmt: skip

    return Project()
