"""A researcher opens JupyterLab, changes a parameter, runs all, and sees the finding change."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

from yuyao_lib.findings import FINDING_MIME
from yuyao_lib.paths import NOTEBOOKS, ROOT

pytestmark = pytest.mark.browser
TOKEN = "lab"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Serve copies of the notebooks in a JupyterLab with nobody's settings."""
    tmp_path = tmp_path_factory.mktemp("lab")
    work = tmp_path / "work"
    shutil.copytree(NOTEBOOKS, work / "notebooks")
    shutil.copytree(ROOT / "docs", work / "docs", ignore=shutil.ignore_patterns("reference"))
    shutil.copytree(ROOT / "data" / "example_payrolls", work / "data" / "example_payrolls")
    shutil.copy(NOTEBOOKS / "union_premium.ipynb", work)
    leave_out_the_page(work / "docs" / "tutorial.ipynb")
    port = free_port()
    homes = {
        name: str(tmp_path / name.lower())
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    homes |= {"JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings")}
    homes |= {"JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "workspaces"), "HOME": str(tmp_path)}
    homes |= {"YUYAO_ROOT": str(work)}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--port={port}", "--ip=127.0.0.1", f"--IdentityProvider.token={TOKEN}"]
    with (tmp_path / "server.log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            command, cwd=work, env={**os.environ, **homes}, stdout=log, stderr=log
        )
        try:
            wait_until(lambda: answers(port), 60, "JupyterLab does not answer")
            yield f"http://127.0.0.1:{port}", work / "union_premium.ipynb"
        finally:
            server.terminate()
            server.wait(timeout=20)


def leave_out_the_page(path: Path) -> None:
    """Let the tutorial end before its last cell's page, which the test of the guides makes."""
    text = path.read_text(encoding="utf-8")
    assert "share: bool = True" in text
    path.write_text(text.replace("share: bool = True", "share: bool = False"), encoding="utf-8")


def answers(port: int) -> bool:
    try:
        ask(f"http://127.0.0.1:{port}", "status")
    except OSError:
        return False
    return True


def ask(base: str, what: str, body: bytes | None = None, path: str = "api", method: str = "PUT"):
    request = urllib.request.Request(
        f"{base}/{path}/{what}", data=body, headers={"Authorization": f"token {TOKEN}"}
    )
    if body is not None:
        request.method = method
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def wait_until(true, seconds: float, otherwise: str):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.3)
    raise AssertionError(otherwise)


def kernel_is_idle(base: str) -> bool:
    sessions = ask(base, "sessions")
    return any(
        s["kernel"]["connections"] > 0 and s["kernel"]["execution_state"] == "idle"
        for s in sessions
    )


def read(path: Path):
    return nbformat.read(path, as_version=4)


def headline(path: Path) -> dict | None:
    """Return the headline finding saved in a notebook."""
    for cell in read(path).cells:
        for output in cell.get("outputs", []):
            held = output.get("data", {}).get(FINDING_MIME)
            for finding in (held or {}).get("findings", []):
                if finding["headline"]:
                    return finding
    return None


def finished(path: Path) -> bool:
    code = [c for c in read(path).cells if c.cell_type == "code"]
    return all(c.execution_count for c in code)


def run_all(page, base: str, path: Path) -> dict:
    page.click("text=Run", position={"x": 5, "y": 5})
    page.click('.lm-Menu-item[data-command="runmenu:run-all"]')
    page.wait_for_timeout(1500)
    wait_until(lambda: kernel_is_idle(base), 120, "the kernel does not come to rest")

    def saved() -> dict | None:
        page.keyboard.press("Control+s")
        page.wait_for_timeout(700)
        return headline(path) if finished(path) else None

    return wait_until(saved, 90, "not every cell was run")


def opened(chromium, base: str, name: str):
    """Open a notebook and wait for its kernel."""
    ask(base, "@jupyterlab/notebook-extension:tracker", _settings(), "lab/api/settings")
    page = chromium.new_page(viewport={"width": 1400, "height": 900})
    page.goto(f"{base}/lab/tree/{name}?token={TOKEN}&reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    wait_until(lambda: kernel_is_idle(base), 60, "no kernel connects")
    page.wait_for_timeout(1500)
    return page


@pytest.mark.parametrize("name", ["tutorial", "welcome"])
def test_the_guides_run_from_top_to_bottom(lab, chromium, name) -> None:
    base, path = lab
    path = path.parent / "docs" / f"{name}.ipynb"
    page = opened(chromium, base, f"docs/{name}.ipynb")
    assert run_all(page, base, path)["headline"]
    outputs = [o for cell in read(path).cells for o in cell.get("outputs", [])]
    assert [o for o in outputs if o.output_type == "error"] == []
    assert [o.text for o in outputs if o.output_type == "stream" and o.text.strip()] == []
    if name == "welcome":
        an_error_is_one_sentence_over_a_folded_trace(page)
    page.close()


def an_error_is_one_sentence_over_a_folded_trace(page) -> None:
    sources = page.locator(".jp-CodeCell .cm-content").all_inner_texts()
    cell = page.locator(".jp-CodeCell").nth(sources.index("gap.fall"))
    cell.locator(".cm-line").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text('data.frame("workers", columns=["log_hourly_wagee"])')
    page.keyboard.press("Control+Enter")
    fold = cell.locator("details")
    fold.wait_for(timeout=30_000)
    said = cell.locator('[data-mime-type="application/vnd.jupyter.stderr"]').inner_text()
    assert "Did you mean 'log_hourly_wage'" in said
    assert len(said.strip().splitlines()) <= 2
    assert "cell line 1" in said
    assert not fold.evaluate("e => e.open")
    fold.locator("summary").click()
    assert "dataset.py" in fold.locator("pre").inner_text()


def test_change_a_parameter_and_run_all(lab, chromium) -> None:
    base, path = lab
    page = opened(chromium, base, path.name)
    assert page.locator("text=Would you like to get notified").count() == 0

    before = run_all(page, base, path)
    cell = page.locator(".jp-CodeCell .cm-content").first
    line = cell.locator(".cm-line", has_text="level: float")
    line.click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    page.keyboard.insert_text("level: float = 0.5  # 置信水平 Confidence level")
    after = run_all(page, base, path)

    assert before["estimate"] == pytest.approx(after["estimate"])
    assert (before["level"], after["level"]) == (0.95, 0.5)
    width = [f["high"] - f["low"] for f in (before, after)]
    assert width[1] < width[0] / 2
    assert page.locator(".jp-OutputArea-output").count() > 5


def test_jupyter_scheduler_runs_a_notebook_with_parameters(lab) -> None:
    pytest.importorskip("jupyter_scheduler")
    base, path = lab
    (environment, *_) = ask(base, "runtime_environments", path="scheduler")
    order = {
        "input_uri": path.name, "name": "classical", "output_formats": ["ipynb"],
        "runtime_environment_name": environment["name"],
        "parameters": {"errors": "'classical'", "level": "0.9"},  # pasted as Python
    }  # fmt: skip
    made = ask(base, "jobs", json.dumps(order).encode(), path="scheduler", method="POST")
    job = f"jobs/{made['job_id']}"

    def ended() -> str:
        status = ask(base, job, path="scheduler")["status"]
        assert status != "FAILED"
        return status if status == "COMPLETED" else ""

    wait_until(ended, 150, "the job does not end")
    ask(base, f"{job}/download_files", path="scheduler")
    pattern = f"jobs/*{made['job_id']}*/{path.stem}-*.ipynb"

    def whole() -> Path | None:
        done = next(iter(path.parent.glob(pattern)), None)
        try:
            return done if done and headline(done) else None
        except nbformat.reader.NotJSONError:  # being written
            return None

    finding = headline(wait_until(whole, 30, "nothing can be downloaded"))
    assert finding is not None and finding["level"] == 0.9
    assert finding["estimate"] == pytest.approx(0.0800, abs=5e-5)
    assert finding["standard_error"] == pytest.approx(0.0193, abs=5e-5)


def _settings() -> bytes:
    return json.dumps({"raw": json.dumps({"windowingMode": "none"})}).encode()
