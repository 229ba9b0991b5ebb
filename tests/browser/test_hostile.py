"""Values that would like to run, hide or mislead: wherever one can enter, the page shows text."""

import csv
import io
import json
import re
from dataclasses import replace
from urllib.parse import unquote

import nbformat
import pytest

from yuyao_lib.reports.file_digests import FileDigests
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.plan import ad_hoc
from yuyao_lib.reports.runner import run_reports
from yuyao_lib.vocabulary import Text

pytestmark = pytest.mark.browser
MARKUP = "\"'><img src=x onerror=window.ran=1><script>window.ran=1</script></style></title>{{7*7}}"
LINK = "[see](javascript:window.ran=1) <a href='javascript:window.ran=1'>see</a>"
FORMULAS = (
    "=1+1",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    " =1+1",
)
HIDDEN = "abc\u200b\x00\x07\x1b[31m"
TURNED = "abc\u202edcba\u2066x"  # read in another order than it is written
MAPPING = f"""
title: {{en: {json.dumps(MARKUP)}, zh: {json.dumps(MARKUP)}}}
publisher: {json.dumps(LINK)}
citation: {json.dumps(MARKUP)}
licence: {json.dumps(LINK)}
vintage: "<b>2022</b>"
invented: true
tables:
  worker_quarters:
    - file: pay.csv
      columns: {{worker_id: 工号, employer_id: 单位, quarter: 季度, gross_wage: 应发工资,
                grade: {{value: 五级}}}}
"""
CODE = f"""
from dataclasses import replace
import yuyao_lib as yuyao
from yuyao_lib import display
from yuyao_lib.display.charts import chart
from yuyao_lib.display.tables import Column, table
from yuyao_lib.findings import Backing, Design, Estimate
from yuyao_lib.vocabulary import Text
data = yuyao.open(dataset)
n = len(data.frame("worker_quarters"))
def both(words): return Text(words, words)
MARKUP, LINK, FORMULAS, HIDDEN = {MARKUP!r}, {LINK!r}, {FORMULAS!r}, {HIDDEN!r}
backed = (Backing(what=MARKUP, persons=n, employers=4),) * 12
class Result:
    estimates = (Estimate(key="mean", term="mean", method="ols", unit="log_points",
        design=Design.DESCRIPTION, estimate=1.5, n=n, persons=n, employers=4, residual_df=n - 1,
        estimand=both(MARKUP), inference=both(LINK), caveat=both(MARKUP)),)
display.findings(Result(), data, topic="pay")
"""
CELLS = (
    "display.card(data)",
    "display.tabulate(Result(), data)",
    "rows = [[both(w), w] for w in (MARKUP, LINK, *FORMULAS, HIDDEN, 'x' * 3000)]\n"
    "made = table([Column(both(MARKUP), 'text'), Column(both(LINK))], rows, data,"
    " caption=both(MARKUP), notes=[both(LINK)], name='towns')\n"
    "replace(made, backing=backed)",
    "def bar(axes, language): axes.bar([MARKUP, LINK], [1, 2]); axes.set_xlabel(MARKUP)\n"
    "drawn = chart(bar, data, title=both(MARKUP), alt=both(MARKUP), note=both(LINK))\n"
    "replace(drawn, backing=backed)",
    "display.notice(both(MARKUP + HIDDEN), data)",
    "display.provenance(data)",
)


def book_of(*cells: str) -> nbformat.NotebookNode:
    made = nbformat.v4.new_notebook()
    made.metadata["kernelspec"] = {
        "name": "python3", "display_name": "Python 3", "language": "python"}  # fmt: skip
    made.metadata["title"] = MARKUP
    parameters = 'dataset: str = "x"  # 数据 Data\nlabel: str = "x"  # 名 Label'
    made.cells = [
        nbformat.v4.new_markdown_cell("# T\n\n## The finding", id="t"),
        nbformat.v4.new_code_cell(parameters, id="p", metadata={"tags": ["parameters"]}),
        *(nbformat.v4.new_code_cell(c, id=f"c{i}") for i, c in enumerate(cells)),
    ]
    return made


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """Run a page of hostile values and one that fails with them."""
    home = tmp_path_factory.mktemp("hostile")
    own = home / "<img src=x onerror=window.ran=1>"
    own.mkdir()
    (own / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    rows = [f"W{i:05d},E{i % 4:05d},2022Q1,{3000 + i}" for i in range(40)]
    (own / "pay.csv").write_text("\n".join(["工号,单位,季度,应发工资", *rows]), encoding="utf-8")
    nbformat.write(book_of(CODE, *CELLS), home / "shown.ipynb")
    nbformat.write(book_of(f"raise ValueError({MARKUP!r})"), home / "failed.ipynb")
    turned = f"display.notice(both({TURNED!r}), data)"
    nbformat.write(book_of(CODE, turned), home / "turned.ipynb")
    values = {"dataset": str(own), "label": MARKUP + LINK}
    reports = [
        replace(ad_hoc(home / f"{n}.ipynb", values, report=n), title=Text(MARKUP, MARKUP))
        for n in ("shown", "failed", "turned")
    ]
    ledger = Ledger(home / "outputs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YUYAO_KEY", "ab" * 32)
        made = run_reports(reports, ledger, FileDigests(ledger.cache / "d.json"), jobs=1)
    states = {o.report: o.state for o in made.outcomes}
    assert states == {"shown": "made", "failed": "failed", "turned": "refused"}
    return ledger.root


def test_nothing_hostile_runs_on_any_page(outputs, visit) -> None:
    published = [*(outputs / "published").rglob("*.html")]
    failed = [*(outputs / "runs").glob("*/failed/*.html")]
    assert len(published) >= 4
    assert failed
    for path in published + failed:
        page = visit(path)
        for control in page.query_selector_all("summary"):
            control.click(force=True)
        assert page.evaluate("window.ran") is None, path.name
        assert page.query_selector("img[src=x]") is None
        assert page.query_selector("a[href^='javascript']") is None
        assert page.noted == [], path.name
        text = path.read_text(encoding="utf-8")
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x07\x1b]", text), path.name


def test_hostile_words_are_still_read_as_text(outputs, visit) -> None:
    page = visit(outputs / "published" / "shown.en.html")
    said = page.inner_text("body")
    for words in ("<script>window.ran=1</script>", "{{7*7}}", "[see](javascript:window.ran=1)"):
        assert words in said
    assert page.evaluate("document.documentElement.scrollWidth") <= 1290  # nor long words


def test_no_cell_of_a_csv_starts_a_formula(outputs) -> None:
    text = (outputs / "published" / "shown.en.html").read_text(encoding="utf-8")
    files = [unquote(found) for found in re.findall(r'href="data:text/csv[^,]*,([^"]*)"', text)]
    files.append((outputs / "published" / "findings.csv").read_text(encoding="utf-8-sig"))
    assert len(files) >= 3
    number = re.compile(r"-?[\d.]+(?:e-?\d+)?")
    for held in files:
        for row in csv.reader(io.StringIO(held.lstrip("\ufeff"))):
            risky = [c for c in row if c.strip()[:1] in set("=+-@＝|") and not number.fullmatch(c)]
            assert risky == []
