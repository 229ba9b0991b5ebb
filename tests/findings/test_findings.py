"""Findings: values, origins, comparison, disclosure."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuyao_lib.errors import InputError, ModeError, VocabularyError
from yuyao_lib.findings import (
    Design,
    Estimate,
    Finding,
    Mode,
    Origin,
    Rules,
    Status,
    check,
    compare,
)
from yuyao_lib.vocabulary import Text


def estimate(value=0.08, *, se=0.02, **changes) -> Estimate:
    fields = {
        "key": "fixed_effects",
        "term": "union_wage_premium",
        "method": "fixed_effects",
        "unit": "log_points",
        "design": Design.OBSERVATIONAL,
        "estimate": value,
        "low": None if value is None else value - 2 * se,
        "high": None if value is None else value + 2 * se,
        "standard_error": None if value is None else se,
        "n": 4360,
        "n_unit": "person_years",
        "clusters": 545,
        "cluster_unit": "persons",
    }
    return Estimate(**{**fields, **changes})


def finding(value=0.08, *, mode=Mode.PUBLIC, tolerance=None, **changes) -> Finding:
    return Finding(
        id="union_premium.fixed_effects",
        estimate=estimate(value, **changes),
        origin=Origin(mode, "wagepan", ("ab",), "1980-87"),
        tolerance=tolerance,
    )


def test_round_trip_through_json() -> None:
    first = finding(headline := 0.08, p_value=0.01, estimand=Text("men", "男性"))
    again = Finding.from_dict(json.loads(first.to_json()))
    assert again.to_dict() == first.to_dict()
    assert again.estimate.estimate == headline


def test_an_undefined_quantity_says_why() -> None:
    why = Text("no one changed status", "无人改变身份")
    first = finding(None, undefined=why)
    assert Finding.from_dict(first.to_dict()).estimate.undefined == why
    with pytest.raises(InputError, match="either a value or the reason"):
        estimate(None)
    with pytest.raises(InputError, match="either a value or the reason"):
        estimate(0.1, undefined=why)


def test_nan_is_refused() -> None:
    with pytest.raises(InputError, match="estimate of estimate 'fixed_effects' is not a number"):
        estimate(float("nan"), low=0, high=1)


def test_unknown_words_are_refused() -> None:
    with pytest.raises(VocabularyError, match="unknown term: got 'log_point'"):
        estimate(unit="log_point")


def test_simulated_numbers_lose_any_stronger_design() -> None:
    shown = finding(mode=Mode.SIMULATED, caveat=Text("an effect", "效应"))
    assert shown.estimate.design is Design.SIMULATION
    assert "set by us" in shown.to_dict()["caveat"]["en"]


def test_two_modes_never_join() -> None:
    real, made = Origin(Mode.OWN, "payroll"), Origin(Mode.SIMULATED, "register")
    with pytest.raises(ModeError, match="payroll is own data and register is simulated data"):
        real.join(made)


def test_one_mode_joins_and_keeps_both_digests() -> None:
    joined = Origin(Mode.OWN, "a", ("1",), "2021").join(Origin(Mode.OWN, "b", ("2", "1"), "2022"))
    assert joined == Origin(Mode.OWN, "a + b", ("1", "2"), "2021; 2022")


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        (None, finding(), Status.NEW),
        (finding(), finding(), Status.SAME),
        (finding(), finding(0.0899), Status.SAME),
        (finding(), finding(0.095), Status.MOVED),
        (finding(tolerance=0.02), finding(0.095), Status.SAME),
        (finding(), finding(-0.08), Status.SIGN_CHANGED),
        (finding(), finding(0.03), Status.LOST_SIGNIFICANCE),
        (finding(0.03), finding(0.08), Status.GAINED_SIGNIFICANCE),
        (finding(), finding(n=3900), Status.N_FELL),
        (finding(), finding(None, undefined=Text("gone", "无")), Status.UNDEFINED),
        (finding(None, undefined=Text("gone", "无")), finding(), Status.DEFINED),
    ],
)
def test_statuses(before, after, status) -> None:
    changes = compare([before] if before else [], [after])
    assert [c.status for c in changes] == [status]


def test_a_finding_that_vanished_is_listed() -> None:
    (change,) = compare([finding()], [])
    assert change.status is Status.GONE
    assert change.status.concludes_differently
    assert not Status.N_FELL.concludes_differently
    assert all(status.text.zh for status in Status)


@given(st.floats(-5, 5), st.floats(0.001, 2))
def test_any_finding_equals_itself(value: float, se: float) -> None:
    (change,) = compare([finding(value, se=se)], [finding(value, se=se)])
    assert change.status is Status.SAME


def test_small_cells_of_own_data_are_refused_without_their_count() -> None:
    few = {"n": 7, "n_unit": "persons", "clusters": 2, "cluster_unit": "firms", "residual_df": 90}
    verdicts = check([finding(mode=Mode.OWN, **few)])
    assert [v.rule for v in verdicts] == ["minimum persons", "minimum employers"]
    assert "7" not in verdicts[0].why.en
    assert (
        check([finding(mode=Mode.OWN, n=7, clusters=5, residual_df=90)], rules=Rules(persons=5))
        == []
    )
    assert check([finding(mode=Mode.PUBLIC, n=2)]) == []
    assert check([finding(mode=Mode.OWN, n=None, clusters=None)])[0].rule == "minimum persons"
