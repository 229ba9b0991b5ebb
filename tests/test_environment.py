"""The three declarations of the environment say the same."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from yuyao_lib.paths import ROOT

CONDA_NAMES = {"matplotlib-base": "matplotlib", "python-duckdb": "duckdb"}


def split(requirement: str) -> tuple[str, str]:
    """Return (name, bounds) of one requirement, spaces removed."""
    name, bounds = re.fullmatch(r"([A-Za-z0-9_.-]+)\s*(.*)", requirement.strip()).groups()
    return CONDA_NAMES.get(name, name), bounds.replace(" ", "")


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def conda(path: Path = ROOT / "environment.yml") -> tuple[list[str], list[str]]:
    """Return (conda, pip) requirements."""
    listed = yaml.safe_load(path.read_text(encoding="utf-8"))["dependencies"]
    pip = next(item["pip"] for item in listed if isinstance(item, dict))
    return [item for item in listed if isinstance(item, str)], pip


def differences(declared: dict, packages: list[str], pip: list[str]) -> set:
    named = dict(split(item) for item in packages + [p for p in pip if p != "-e ."])
    wanted = dict(split(item) for item in declared["dependencies"])
    wanted |= {"python": declared["requires-python"].replace(" ", ""), "pip": ""}
    return set(named.items()) ^ set(wanted.items())


def test_conda_file_equals_pyproject() -> None:
    assert differences(project(), *conda()) == set()


def test_a_drifted_bound_is_noticed() -> None:
    packages, pip = conda()
    drifted = [p.replace("scipy >=1.14", "scipy >=1.0") for p in packages]
    assert drifted != packages
    assert {name for name, _ in differences(project(), drifted, pip)} == {"scipy"}


def test_conda_specs_are_ones_conda_can_read() -> None:
    rattler = pytest.importorskip("rattler")
    packages, _ = conda()
    for spec in packages:
        assert rattler.MatchSpec(spec, strict=True).name is not None


def test_the_package_itself_is_installed_editable_from_conda() -> None:
    assert "-e ." in conda()[1]


def test_lock_is_up_to_date_and_names_public_hosts_only() -> None:
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")
    hosts = set(re.findall(r"https?://([^/\"]+)", lock))
    assert hosts <= {"pypi.org", "files.pythonhosted.org"}
    locked = tomllib.loads(lock)
    own = next(p for p in locked["package"] if p["name"] == "yuyao-lib")
    assert {d["name"] for d in own["dependencies"]} == {
        split(d)[0].lower().replace("_", "-") for d in project()["dependencies"]
    }
    specified = {d["name"]: d.get("specifier", "") for d in own["metadata"]["requires-dist"]}
    for requirement in project()["dependencies"]:
        name, bounds = split(requirement)
        assert set(specified[name.lower()].split(",")) == set(bounds.split(","))


def test_versions_agree() -> None:
    import yuyao_lib

    version = project()["version"]
    assert yuyao_lib.__version__ == version
    assert f"version: {version}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
