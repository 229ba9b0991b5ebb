"""What many tests share: a browser that opens nothing but what it is told to."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from filelock import FileLock
from hypothesis import settings

from yuyao_lib.paths import ROOT
from yuyao_lib.reports.threads import BLAS_THREADS

settings.register_profile("project", deadline=None)  # seconds depend on the machine
settings.load_profile("project")

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",  # letters of the same shape on every machine
    "--force-color-profile=srgb",
]


@pytest.fixture(scope="session")
def chromium():
    """Return headless Chromium; its absence is a failure where CI promises it."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    path = path or shutil.which("google-chrome")
    if path is None:
        message = "Chromium is not installed; the browser tests need it"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


# what the default plan is run with in tests: everything, on a tenth of the simulated people
SMALL = {"scale": "0.1"}
OTHERWISE = {
    "estimator_check": {"replications": "4", "scale": "0.03"},
    "grade_wage_contract": {"draws": "199"},
    # with a tenth of the people some of their figures are notices, for want of cases
    "services_relief": {"scale": "0.25"}, "dispute_mediation": {"scale": "0.25"},
}  # fmt: skip


# sums in another number of threads differ in their last digits; other tests may set these
ONE_THREAD = dict.fromkeys((*BLAS_THREADS, "OMP_NUM_THREADS"), "1")


@pytest.fixture
def one_thread(monkeypatch) -> None:
    """Let what is started do its sums as the default plan does here."""
    for name, value in ONE_THREAD.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session")
def shared(tmp_path_factory, worker_id) -> Path:
    """Return a folder that all processes of this test run share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "all reports 全部"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def plan(shared) -> Path:
    """Return a project of the default plan, its simulated reports on fewer people."""
    with FileLock(shared / ".plan.lock"):
        if not (shared / "notebooks" / "reports.yaml").is_file():
            made = shared / "notebooks.part"
            shutil.rmtree(made, ignore_errors=True)
            shutil.copytree(ROOT / "notebooks", made)
            held = yaml.load((made / "reports.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
            for report in held["reports"]:
                _shrink(report, made / f"{report['notebook']}.ipynb")
            text = yaml.safe_dump(held, allow_unicode=True, sort_keys=False)
            (made / "reports.yaml").write_text(text, encoding="utf-8")
            made.rename(shared / "notebooks")
    return shared


def _shrink(report: dict, notebook: Path) -> None:
    """Give a planned report the smaller values of the parameters that its notebook has."""
    words = notebook.read_text(encoding="utf-8")
    less = {name: value for name, value in SMALL.items() if f"{name}: float" in words}
    less |= OTHERWISE.get(report["notebook"], {})
    report["parameters"] = {**report.get("parameters", {}), **less}


@pytest.fixture(scope="session")
def outputs(plan) -> Path:
    """Run the default plan once for all processes, with the command a user types."""
    folder = plan / "outputs"
    with FileLock(plan / ".outputs.lock"):
        if not (plan / "done.json").is_file():
            done = subprocess.run(
                [str(Path(sys.executable).with_name("yuyao")), "run", "--json"],
                check=False, capture_output=True, text=True, cwd=plan,
                env={**os.environ, **ONE_THREAD},
            )  # fmt: skip
            (plan / "done.json").write_text(done.stdout + done.stderr, encoding="utf-8")
    said = (plan / "done.json").read_text(encoding="utf-8")
    made = {r["report"]: r["state"] for r in json.loads(said)["reports"]}
    assert set(made.values()) == {"made"}, said
    return folder


@pytest.fixture(scope="session")
def gallery(shared) -> Path:
    """Return a folder with both pages of the gallery, made once for all processes."""
    folder = shared / "gallery"
    with FileLock(shared / ".gallery.lock"):
        if not (folder / "gallery.zh.html").is_file():
            folder.mkdir(exist_ok=True)
            _make_gallery(folder)
    return folder


def _make_gallery(folder: Path) -> None:
    """Run the notebook and render its pages, as a report is."""
    import nbformat
    import papermill

    from yuyao_lib.reports.page import PageMeta, render_page
    from yuyao_lib.vocabulary import LANGUAGES

    executed = folder / "gallery.ipynb"
    papermill.execute_notebook(
        str(ROOT / "docs" / "gallery.ipynb"), str(executed), engine_name="yuyao",
        progress_bar=False, cwd=str(ROOT),
    )  # fmt: skip
    book = nbformat.read(executed, as_version=4)
    meta = PageMeta(report="gallery", notebook="gallery")
    for language in LANGUAGES:
        html = render_page(book, language=language, meta=meta)
        (folder / f"gallery.{language}.html").write_text(html, encoding="utf-8")


def pytest_addoption(parser) -> None:
    """Let the pictures of the gallery be made anew, after a look at them."""
    parser.addoption(
        "--renew-pictures", action="store_true", help="write tests/browser/pictures anew"
    )
