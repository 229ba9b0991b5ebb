"""What many tests share: a browser that opens nothing but what it is told to."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from yuyao_lib.paths import ROOT

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


@pytest.fixture(scope="session")
def outputs(tmp_path_factory) -> Path:
    """Run the default plan once, with the command a user types."""
    folder = tmp_path_factory.mktemp("all reports 全部") / "outputs"
    yuyao = str(Path(sys.executable).with_name("yuyao"))
    done = subprocess.run(
        [yuyao, "run", "--out", str(folder), "--json"],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    states = {r["state"] for r in json.loads(done.stdout)["reports"]}
    assert states == {"made"}
    return folder
