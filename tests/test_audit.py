"""The look for weak packages never looks green where nothing was looked up."""

import json
import subprocess
import sys
import zipfile

import package_audit as audit
import pytest

WEAK = {
    "id": "PYSEC-1", "modified": "2026-01-02T00:00:00Z",
    "affected": [{"package": {"ecosystem": "PyPI", "name": "Some_Thing"},
                  "ranges": [{"type": "ECOSYSTEM", "events": [
                      {"introduced": "0"}, {"fixed": "2.0"}, {"introduced": "3.0"},
                      {"last_affected": "3.1"}]}]}],
}  # fmt: skip


def answered(*dependencies: dict) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


CLEAN = {"name": "a", "version": "1", "vulns": []}
SKIPPED = {"name": "b", "skip_reason": "Dependency not found on PyPI"}
BAD = {"name": "c", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}


@pytest.mark.parametrize(
    ("told", "code", "words"),
    [
        ((CLEAN,), 0, "1 of 1 locked packages were looked up: no known weakness."),
        ((CLEAN, SKIPPED), 2, "NOT LOOKED UP: 1 of 2 locked packages (b)"),
        ((SKIPPED,), 2, "so this proves nothing"),
        ((CLEAN, SKIPPED, BAD), 1, "c 1: CVE-1 (mended in 2)"),
    ],
)
def test_what_was_skipped_is_no_clean_bill(told, code, words, capsys) -> None:
    script = f"print({answered(*told)!r})"
    assert audit.main([sys.executable, "-c", script]) == code
    assert words in capsys.readouterr().out


def test_a_service_that_cannot_be_reached_fails_in_words(capsys) -> None:
    script = "import sys; sys.exit('ConnectionError: no way to the index')"
    assert audit.main([sys.executable, "-c", script]) == 2
    said = capsys.readouterr().out
    assert "no way to the index" in said
    assert "NOT LOOKED UP" in said


@pytest.mark.parametrize(
    ("version", "weak"), [("1.9", True), ("2.0", False), ("3.1", True), ("3.2", False)]
)
def test_a_copy_of_the_advisories_serves_without_the_index(version, weak) -> None:
    found, newest = audit.compared({"some-thing": version}, [WEAK])
    assert (bool(found), newest) == (weak, "2026-01-02")


def test_a_copy_of_few_advisories_is_no_clean_bill(tmp_path, capsys) -> None:
    (tmp_path / "a.json").write_text(json.dumps({**WEAK, "affected": []}), encoding="utf-8")
    assert audit.main(["--advisories", str(tmp_path)]) == 2
    assert "NOT LOOKED UP: a whole copy holds more than 1,000." in capsys.readouterr().out


def test_the_verb_reads_a_copy(tmp_path) -> None:
    own = {**WEAK, "id": "PYSEC-2", "affected": [{
        "package": {"ecosystem": "PyPI", "name": "numpy"},
        "versions": [audit.locked()["numpy"]]}]}  # fmt: skip
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as held:
        held.writestr("PYSEC-2.json", json.dumps(own))
    done = subprocess.run(
        [sys.executable, audit.__file__, "--advisories", str(tmp_path / "all.zip")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "1 advisories, the newest of 2026-01-02." in done.stdout
    assert "PYSEC-2" in done.stdout
