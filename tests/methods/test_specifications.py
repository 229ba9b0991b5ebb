"""A universe of choices: what ran, what failed, and tests of the whole curve."""

import numpy as np
import pandas as pd
import pytest

from yuyao_lib.errors import DataError, InputError
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.specifications import ESTIMATORS, Universe, run


def people(effect=0.3, seed=0, n=80, periods=4):
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame(
        {
            "person": np.repeat(np.arange(n), periods),
            "year": np.tile(np.arange(periods), n),
            "union": rng.integers(0, 2, n * periods).astype(float),
            "age": rng.standard_normal(n * periods),
        }
    )
    level = np.repeat(rng.standard_normal(n), periods)
    noise = rng.standard_normal(len(rows))
    rows["pay"] = level + effect * rows["union"] + 0.2 * rows["age"] + noise
    rows["born"] = np.repeat(rng.standard_normal(n), periods)
    return rows


def universe(**changes):
    given = {
        "treatment": "union",
        "outcomes": {"pay": "pay"},
        "cluster": "person",
        "unit": "person",
        "period": "year",
        "samples": {"all": "", "late": "year >= 2"},
        "controls": {"none": (), "age": ("age",)},
        "estimators": ("pooled", "two_way_fixed_effects", "first_differences"),
    }
    return Universe(**{**given, **changes})


def test_every_choice_is_run_once():
    curve = run(people(), universe=universe())
    assert curve.counts == {"declared": 12, "run": 12, "failed": 0, "undefined": 0}
    frame = curve.to_frame()
    assert frame["estimate"].is_monotonic_increasing
    assert not frame.duplicated(["outcome", "sample", "controls", "estimator"]).any()


def test_estimates_equal_separate_runs():
    from yuyao_lib.methods.inference import clustered

    rows = people()
    frame = run(rows, universe=universe()).to_frame().set_index(["sample", "controls", "estimator"])
    alone = clustered(
        rows[rows["year"] >= 2],
        outcome="pay",
        regressor="union",
        controls=["age"],
        cluster="person",
        unit="person",
        period="year",
    )
    row = frame.loc[("late", "age", "two_way_fixed_effects")]
    assert row["estimate"] == pytest.approx(alone.estimate)
    assert row["standard_error"] == pytest.approx(alone.standard_error)


def test_failures_and_undefined_are_counted_and_say_why():
    choices = universe(
        samples={"all": "", "members": "union == 1", "typo": "yaer > 1", "nobody": "year > 99"},
        controls={"none": (), "lost": ("height",)},
        estimators=("pooled",),
    )
    curve = run(people(), universe=choices)
    assert curve.counts == {"declared": 8, "run": 1, "failed": 6, "undefined": 1}
    reasons = " ".join(curve.failures_frame()["reason"])
    assert "the condition 'yaer > 1' cannot be read" in reasons
    assert "no row meets the condition 'year > 99'" in reasons
    assert "unknown column: got 'height'" in reasons
    assert "nothing is left to compare" in reasons


def test_nothing_to_run_says_so():
    curve = run(people(), universe=universe(samples={"nobody": "year > 99"}))
    assert curve.estimates[0].undefined.en == "no specification could be run"


def test_the_choice_that_moves_most_is_named():
    rows = people(effect=0.0)
    rows["double"] = rows["pay"] + 3 * rows["union"]
    curve = run(rows, universe=universe(outcomes={"pay": "pay", "double": "double"}))
    name, reach = curve.influence[0]
    assert name == "outcome"
    assert reach == pytest.approx(3)


def test_sign_changes_by_hand():
    rows = people(effect=0.0)
    for name, shift in (("a", 1.0), ("b", 2.0), ("c", -1.5)):
        rows[name] = rows["pay"] + shift * rows["union"]
    outcomes = {name: name for name in "abc"}
    curve = run(rows, universe=universe(outcomes=outcomes, samples={"all": ""}))
    shares = {e.key: e.estimate for e in curve.estimates}
    assert shares["sign_changes"] == pytest.approx(1 / 3)
    assert shares["lowest"] < -1 < 1 < shares["highest"]


def test_joint_test_finds_an_effect_and_holds_its_size():
    choices = universe(
        estimators=("pooled",), controls={"none": (), "age": ("age",)}, samples={"all": ""}
    )
    strong = run(people(effect=1.0), universe=choices, permutations=39)
    assert strong.joint.p_value == pytest.approx(1 / 40)
    nulls = [
        run(people(effect=0.0, seed=s, n=30), universe=choices, permutations=9).joint.p_value
        for s in range(20)
    ]
    assert np.mean(np.array(nulls) <= 0.1) <= 0.1 + 2.6 * (0.09 / 20) ** 0.5
    assert "in no specification" in strong.joint.null.en


def test_dealing_keeps_histories_whole():
    from yuyao_lib.methods.specification_joint_test import dealer

    rows = people().sample(frac=1, random_state=1)
    dealt = rows.assign(union=dealer(rows, universe(), np.random.default_rng(0))())

    def histories(frame):
        ordered = frame.sort_values(["person", "year"])
        return sorted(tuple(h) for h in ordered.groupby("person")["union"].agg(list))

    assert histories(rows) == histories(dealt)
    assert not rows["union"].equals(dealt["union"])


def test_own_estimators_are_allowed():
    def half(frame, *, meaning, outcome, treatment, **_):
        return meaning.estimate("effect", "ols", estimate=0.5 * frame[treatment].mean())

    curve = run(people(), universe=universe(estimators={"half": half}))
    assert curve.counts["run"] == 4


def test_wrong_names_are_caught_before_any_run():
    with pytest.raises(InputError, match="Did you mean 'pooled'"):
        run(people(), universe=universe(estimators=("poled",)))
    with pytest.raises(DataError, match="Did you mean 'union'"):
        run(people(), universe=universe(treatment="unoin"))
    with pytest.raises(InputError, match="no choice of controls"):
        run(people(), universe=universe(controls={}))
    assert set(ESTIMATORS) >= {"pooled", "fixed_effects"}


@pytest.mark.parametrize("missing", [False, True])
def test_all_permutations_at_once_equal_one_by_one(monkeypatch, missing):
    from yuyao_lib.methods import specification_joint_test

    rows = people(effect=0.05, n=30)
    if missing:
        rows.loc[rows.index % 17 == 3, "age"] = np.nan
        rows = rows[rows.index % 11 != 5]
    both = {"none": (), "age": ("age", "born")}
    wide = universe(estimators=tuple(ESTIMATORS), controls=both, samples={"late": "year >= 1"})
    fast = run(rows, universe=wide, permutations=9).joint
    monkeypatch.setattr(specification_joint_test, "at_once", lambda *_: False)
    slow = run(rows, universe=wide, permutations=9).joint
    assert fast.p_value == slow.p_value
    assert fast.statistic == pytest.approx(slow.statistic, rel=1e-9)


def test_permutations_one_by_one_where_rows_change_with_the_treatment():
    from yuyao_lib.methods.specification_permutations import at_once

    rows = people(n=20)
    assert at_once(rows, universe())
    assert not at_once(rows.assign(union=rows["union"].where(rows.index > 2)), universe())
    assert not at_once(rows, universe(samples={"members": "union == 1"}))
    assert not at_once(rows, universe(weights="age"))


def test_estimators_within_units_rest_on_those_who_change() -> None:
    rows = pd.DataFrame({"person": np.repeat(range(40), 3), "year": np.tile([1, 2, 3], 40)})
    rows["member"] = (rows["person"] < 20).astype(float)
    rows.loc[(rows["person"] < 4) & (rows["year"] == 1), "member"] = 0.0  # four of them joined
    rows["pay"] = rows["member"] + np.random.default_rng(1).normal(size=len(rows))
    universe = Universe(
        treatment="member", outcomes={"pay": "pay"}, controls={"none": []}, cluster="person",
        unit="person", period="year",
        estimators=("pooled", "fixed_effects", "two_way_fixed_effects", "first_differences"),
    )  # fmt: skip
    meaning = Meaning(term="difference", cluster_unit="persons")
    found = run(rows, universe=universe, meaning=meaning)
    told = {c.estimator: e.persons for c, e in zip(found.choices, found.results, strict=True)}
    assert told.pop("pooled") == 20
    assert told == dict.fromkeys(told, 4) and len(told) == 3
