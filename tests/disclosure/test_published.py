"""From own tables to what is published, or not: whole runs of hostile and ordinary pages."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from small_payrolls import KEY, MAPPING, write_notebook

from yuyao_lib.reports.file_digests import FileDigests
from yuyao_lib.reports.leaks import kinds_in
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.outcomes import RunResult
from yuyao_lib.reports.plan import ad_hoc
from yuyao_lib.reports.runner import run_reports

IDENTITY = "11010519491231002X"
CODE = """
import yuyao_lib as yuyao
from yuyao_lib import display
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.vocabulary import Text
data = yuyao.open(dataset)
frame = data.frame("worker_quarters")
class Result:
    estimates = (Estimate(key="mean", term="mean", method="ols", unit="log_points",
        design=Design.DESCRIPTION, estimate=frame["gross_wage"].mean(), n=len(frame),
        persons=len(frame), employers=frame["employer_id"].nunique(), residual_df=len(frame) - 1),)
display.findings(Result(), data, topic="pay")
"""
SHOWN = {
    "fine": "display.card(yuyao.open('record'))\ndisplay.tabulate(Result(), data)",
    "printed": "print(frame.head())",
    "bare": "frame.describe()",
    "named": f"display.notice(Text('see {IDENTITY}', '见 {IDENTITY}'), data)",
    "by_hand": "from yuyao_lib.display.tables import Column, table\n"
    "table([Column(Text('虚构甲', '虚构甲'))], [['1']], None, caption=Text('a', 'b'), name='a')",
    "warned": f"import sys\n_ = sys.stderr.write('got ' + '{IDENTITY[:9]}' + '{IDENTITY[9:]}')",
}
QUOTES = "float(frame['gross_wage'].iloc[0].astype(str) + '虚构甲')"
RULES = {
    "printed": "output of its own", "bare": "output of its own", "named": "leak: identity number",
    "by_hand": "declared backing",
}  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> tuple[Path, RunResult]:
    """Run one page of each kind from tables outside the project."""
    home = tmp_path_factory.mktemp("home")
    own = home / "private pay"
    own.mkdir()
    (own / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    rows = [f"W{i:05d},E{i % 4:05d},2022Q1,{3000 + i},虚构甲" for i in range(40)]
    text = "\n".join(["工号,单位,季度,应发工资,姓名", *rows])
    (own / "pay.csv").write_text(text, encoding="utf-8")
    for name, shown in {**SHOWN, "quotes": QUOTES}.items():
        write_notebook(home / f"{name}.ipynb", [CODE, shown])
    ledger = Ledger(home / "outputs")
    files = FileDigests(ledger.cache / "digests.json")
    reports = [ad_hoc(home / f"{n}.ipynb", {"dataset": str(own)}, report=n) for n in SHOWN]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YUYAO_KEY", KEY)
        quoted = ad_hoc(home / "quotes.ipynb", {"dataset": str(own)}, report="quotes")
        failed = run_reports([quoted], ledger, files, jobs=1)
        index = (ledger.published / "index.html").read_text(encoding="utf-8")
        (home / "index.html").write_text(index, encoding="utf-8")  # as it was after this run
        (home / "terminal.txt").write_text(str(failed.to_dict()), encoding="utf-8")
        assert failed.folder is not None
        (ledger.published / "summary.json").rename(failed.folder / "summary.json")
        made = run_reports(reports, ledger, files, jobs=2)
    return ledger.root, made


def state_of(run, name: str) -> str:
    return next(o.state for o in run[1].outcomes if o.report == name)


def test_an_ordinary_page_of_a_folder_anywhere_is_published(run) -> None:
    outputs = run[0]
    assert state_of(run, "fine") == "made"
    page = (outputs / "published" / "fine.en.html").read_text(encoding="utf-8")
    assert "private pay" in page
    assert str(outputs.parent) not in page


@pytest.mark.parametrize("name", RULES)
def test_a_page_that_breaks_a_rule_leaves_with_four_and_is_not_published(run, name) -> None:
    outputs, made = run
    assert made.exit_code == 4
    assert state_of(run, name) == "refused"
    assert not list((outputs / "published").glob(f"{name}*"))
    assert not (outputs / "published" / "manifests" / f"{name}.json").exists()
    (audit,) = (outputs / "runs").glob(f"*/{name}/{name}.disclosure.json")
    refused = json.loads(audit.read_text(encoding="utf-8"))["refused"]
    assert {part["rule"] for part in refused} >= {RULES[name]}
    assert all(part["where"] and ";" in part["en"] and "；" in part["zh"] for part in refused)
    summary = json.loads((outputs / "published" / "summary.json").read_text(encoding="utf-8"))
    assert summary["exit_code"] == 4
    index = (outputs / "published" / "index.html").read_text(encoding="utf-8")
    assert name in index


def test_warnings_stay_apart_and_lose_values(run) -> None:
    outputs = run[0]
    assert state_of(run, "warned") == "made"
    (log,) = (p for p in (outputs / "runs").glob("*/run.log") if "[warned]" in p.read_text("utf-8"))
    assert IDENTITY not in log.read_text(encoding="utf-8")


def test_an_error_that_quotes_own_data_is_told_without_them(run) -> None:
    home = run[0].parent
    (folder,) = (run[0] / "runs").glob("*/quotes")
    pages = [folder / "error.html", folder / "error.zh.html", home / "index.html"]
    pages.append(home / "terminal.txt")  # of a schedule, too, it goes to logs and mails
    for path in [*pages, folder.parent / "run.log", folder.parent / "summary.json"]:
        text = path.read_text(encoding="utf-8")
        assert "quotes" in text, path.name
        assert "虚构甲" not in text, path.name


def test_nothing_that_is_published_holds_what_must_not_leave(run) -> None:
    outputs = run[0]
    files = [p for p in (outputs / "published").rglob("*") if p.is_file()]
    assert {p.name for p in files} >= {"index.html", "index.zh.html", "findings.csv",
                                       "summary.json", "fine.json"}  # fmt: skip
    for path in files:
        if path.suffix == ".parquet":
            held = pq.read_table(path).to_pylist()
            text = json.dumps(held, ensure_ascii=False)
        else:
            text = path.read_text(encoding="utf-8")
        assert not list(kinds_in(text)), path.name
        assert str(outputs.parent) not in text, path.name
