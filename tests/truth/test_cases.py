"""Published results come out of the project's public functions.

A case is registered by a function that returns what it expects: name -> (estimate,
standard error or None). What no method covers yet is listed, and the list may only shrink.
"""

import json
import math
from importlib import import_module
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CASES = {c["id"]: c for c in json.loads((HERE / "cases.json").read_text("utf-8"))["cases"]}
FAMILIES = [path.stem for path in sorted((HERE.parent / "support").glob("truth_*.py"))]
REGISTERED = {
    key: function for family in FAMILIES for key, function in import_module(family).CASES.items()
}
PENDING_FAMILIES = {"training", "strikes", "decomposition", "distribution"}


def close(got: float, expected: float, relative: float | None) -> bool:
    return math.isclose(got, expected, rel_tol=relative or 1e-6, abs_tol=1e-12)


@pytest.mark.parametrize("key", sorted(REGISTERED))
def test_case(key: str) -> None:
    case, found = CASES[key], REGISTERED[key]()
    tolerance = case["tolerance"]
    assert set(found) == set(case["expected"])
    for name, expected in case["expected"].items():
        estimate, error = found[name]
        assert close(estimate, expected["estimate"], tolerance["estimate_rel"]), name
        if expected.get("se") is not None:
            assert close(error, expected["se"], tolerance["se_rel"]), name


@pytest.mark.parametrize("key", sorted(REGISTERED))
def test_printed_digits(key: str) -> None:
    found = REGISTERED[key]()
    for name, printed in CASES[key]["published"].items():
        if printed.get("estimate_matches_printed_digits"):
            half = printed["printed_half_unit"]
            value = float(printed["published"].replace(",", ""))
            assert abs(found[name][0] - value) <= half * 1.000001, name


def test_only_known_families_wait() -> None:
    waiting = {CASES[key]["family"] for key in set(CASES) - set(REGISTERED)}
    assert waiting <= PENDING_FAMILIES
    covered = [k for k, c in CASES.items() if c["family"] == "union_premium"]
    assert set(covered) <= set(REGISTERED)


def test_a_wrong_number_would_be_noticed() -> None:
    assert not close(0.0801, 0.08000185534923383, 1e-6)
