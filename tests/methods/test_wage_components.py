"""Wage components: every number by a second route, and what was set comes back."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from yuyao_lib.methods import wage_components as components
from yuyao_lib.methods.leave_out import FORMS, forms, leave_out_firms
from yuyao_lib.methods.matches import make_matches
from yuyao_lib.methods.wage_components import _with_steps


def small(seed: int = 0) -> tuple[np.ndarray, ...]:
    """Draw a small set of matches that stays connected."""
    rng = np.random.default_rng(seed)
    rows = []
    for who in range(40):
        many = rng.choice([1, 2, 3], p=[0.4, 0.4, 0.2])
        rows += [(who, f, rng.integers(1, 6)) for f in rng.choice(6, many, replace=False)]
    worker, firm, n = (np.array(c) for c in zip(*rows, strict=True))
    kept = leave_out_firms(worker, firm, n.astype(float))
    return worker[kept], firm[kept], n[kept].astype(float), rng.normal(size=kept.sum())


def test_forms_equal_those_of_the_whole_design_matrix() -> None:
    worker, firm, n, pay = small()
    found = forms(worker, firm, n, [pay])[0]
    who, where = (np.unique(c, return_inverse=True)[1] for c in (worker, firm))
    people, places = who.max() + 1, where.max() + 1
    x = np.zeros((len(n), people + places))
    x[np.arange(len(n)), who] = 1
    x[np.arange(len(n)), people + where] = 1
    x = x[:, :-1]
    solve = np.linalg.inv(x.T @ (x * n[:, None])) @ (x * n[:, None]).T
    y = pay - np.average(pay, weights=n)
    theta, p = solve @ y, np.diag(x @ solve)
    np.testing.assert_allclose(found.leverage, p, atol=1e-12)
    alone = {
        "worker": x * (np.arange(x.shape[1]) < people),
        "firm": x * (np.arange(x.shape[1]) >= people),
    }
    share = n / n.sum()
    moving = np.bincount(who)[who] > 1
    assert moving.any() and not moving.all()
    each = y * (y - x @ theta) / np.where(moving, 1 - p, 1.0)
    for form in FORMS:
        left, right = (
            (alone["worker"], alone["firm"]) if form == "covariance" else [alone[form]] * 2
        )
        a = (left - share @ left).T @ ((right - share @ right) * share[:, None])
        assert found.plug_in[form] == pytest.approx(theta @ a @ theta)
        noise = np.einsum("im,ij,jm->m", solve, a, solve)
        # what is left of the correction is the noise of stayers, who tell nothing of employers
        gap = found.plug_in[form] - found.corrected[form] - noise[moving] @ each[moving]
        assert (gap == pytest.approx(0.0)) == (form != "worker")


def test_bridges_are_those_whose_loss_disconnects() -> None:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    from yuyao_lib.methods.leave_out import _bridges

    rng = np.random.default_rng(2)
    left, right = rng.integers(0, 15, 30), rng.integers(15, 40, 30)
    edges = np.unique(np.column_stack([left, right]), axis=0)
    left, right = edges.T

    def parts(kept: np.ndarray) -> int:
        graph = coo_array((np.ones(kept.sum()), (left[kept], right[kept])), (40, 40))
        return connected_components(graph, directed=False)[0]

    every = np.ones(len(left), bool)
    cut = [parts(every & (np.arange(len(left)) != i)) > parts(every) for i in range(len(left))]
    assert _bridges(left, right, 40).tolist() == cut
    assert any(cut) and not all(cut)


def drawn(seed: int, workers: int = 1500, firms: int = 60) -> tuple[pd.DataFrame, dict]:
    """Draw a panel with noise that lasts within a match, and say what is true of it."""
    rng = np.random.default_rng(seed)
    ability, pays = 0.3 * rng.normal(size=workers), 0.15 * rng.normal(size=firms)
    rows = []
    for who in range(workers):
        jobs = rng.choice(firms, 2, replace=False) if rng.random() < 0.5 else [rng.integers(firms)]
        grade, periods = int(rng.random() < 0.3), np.array_split(np.arange(8), len(jobs))
        for job, times in zip(jobs, periods, strict=True):
            noise = 0.0
            for t in times:
                noise = 0.7 * noise + 0.1 * rng.normal()
                grade = min(grade + int(rng.random() < 0.08), 2)
                rows.append((who, job, t, grade, ability[who] + pays[job] + noise))
    frame = pd.DataFrame(rows, columns=["worker_id", "employer_id", "period", "grade", "y"])
    frame["log_gross_wage"] = frame.pop("y") + 0.1 * frame.grade + 0.02 * frame.period
    a, f = ability[frame.worker_id], pays[frame.employer_id]
    cov = 2 * float(np.cov(a, f)[0, 1])
    return frame, {"worker": a.var(), "firm": f.var(), "covariance": cov}


def test_the_correction_takes_out_what_noise_adds() -> None:
    plain, corrected, inside = [], [], []
    for seed in range(12):
        frame, truth = drawn(seed)
        found = components.wage_components(frame)
        for part in ("worker", "firm", "covariance"):
            e = found.of(part)
            inside.append(e.low <= truth[part] <= e.high)
        corrected.append([found.of(p).estimate - truth[p] for p in truth])
        plain.append([found.of(f"plug_in_{p}").estimate - truth[p] for p in truth])
    bias, raw = np.mean(corrected, axis=0), np.mean(plain, axis=0)
    error = np.std(corrected, axis=0, ddof=1) / np.sqrt(12)
    assert np.all(np.abs(bias) < 3.5 * error)
    assert raw[0] > 8 * error[0]  # without it the truth is missed
    assert raw[1] > bias[1] and raw[2] < bias[2]
    assert np.mean(inside) > 0.8


def test_parts_add_up_and_leaving_grades_in_moves_them() -> None:
    frame, _ = drawn(1)
    found = components.wage_components(frame)
    parts = ("worker", "firm", "covariance", "grade", "grade_worker", "grade_firm", "residual")
    for before in ("", "plug_in_"):
        total = sum(found.of(f"{before}{p}").estimate for p in parts)
        assert total == pytest.approx(found.total)
    whole = found.without_grades
    assert whole.of("worker").estimate > found.of("worker").estimate
    assert all(not e.key.startswith("share_grade") for e in whole.estimates)
    none = components.wage_components(frame.drop(columns="grade"))
    assert none.of("worker").estimate == pytest.approx(whole.of("worker").estimate, rel=0.01)


def test_steps_are_those_of_a_regression_with_match_effects() -> None:
    pyfixest = pytest.importorskip("pyfixest")
    frame, _ = drawn(3, workers=400)
    frame["match"] = frame.worker_id * 1000 + frame.employer_id
    fit = pyfixest.feols("log_gross_wage ~ i(grade) | match + period", frame)
    made = make_matches(frame)
    np.testing.assert_allclose(made.steps, fit.coef().to_numpy(), atol=1e-6)
    clustered = fit.vcov({"CRV1": "match"}).se().to_numpy()
    np.testing.assert_allclose(made.step_errors, clustered, rtol=0.05)


def test_a_step_that_few_take_holds_what_was_set() -> None:
    rng = np.random.default_rng(6)
    who, t = np.repeat(np.arange(60), 6), np.tile(np.arange(6), 60)
    grade = ((who < 6) & (t > 2)).astype(int)  # six workers rise, the others never
    frame = pd.DataFrame({"worker_id": who, "employer_id": 0, "period": t, "grade": grade})
    assert make_matches(frame.assign(log_gross_wage=t + who)).step_parts == pytest.approx(
        6, abs=0.1
    )
    steps = [
        components.wage_components(
            frame.assign(log_gross_wage=0.1 * grade + rng.normal(0, 0.2, len(who)))
        ).of("step_1")
        for _ in range(300)
    ]
    inside = sum(e.low <= 0.1 <= e.high for e in steps)
    assert inside >= 300 * 0.95 - 3 * np.sqrt(300 * 0.05 * 0.95)  # 260 by the normal law
    one = frame.assign(grade=((who < 1) & (t > 2)).astype(int), log_gross_wage=rng.normal(size=360))
    alone = components.wage_components(one).of("step_1")
    assert alone.estimate is not None and alone.low is None


def test_too_few_movers_are_said() -> None:
    frame, _ = drawn(0, workers=30)
    frame["employer_id"] = 0
    found = components.wage_components(frame)
    assert "too few workers change employer" in found.of("firm").undefined.en
    assert found.of("step_1").estimate is not None


def test_premia_are_those_of_a_regression_on_workers() -> None:
    import statsmodels.formula.api as smf

    frame, _ = drawn(4, workers=300, firms=12)
    cells = components.grade_cells(frame)
    premia = components.grade_premia(cells)
    rows = frame[frame.period == 3]
    groups = {"cov_type": "cluster", "cov_kwds": {"groups": rows.employer_id}}
    for within, formula in {
        "all": "log_gross_wage ~ C(grade)",
        "employers": "log_gross_wage ~ C(grade) + C(employer_id)",
    }.items():
        fit = smf.ols(formula, rows).fit(**groups)
        for grade in (1, 2):
            told = dict(premia.series(within, grade))[3]
            assert told.estimate == pytest.approx(fit.params[f"C(grade)[T.{grade}]"])
            # statsmodels also multiplies by (n - 1) / (n - k)
            assert told.standard_error == pytest.approx(fit.bse[f"C(grade)[T.{grade}]"], rel=0.04)


def test_cells_hold_the_workers_sums() -> None:
    frame, _ = drawn(5, workers=200)
    cells = components.grade_cells(frame)
    assert cells.n.sum() == len(frame)
    y = frame.log_gross_wage - frame.log_gross_wage.mean()
    assert cells.squares.sum() == pytest.approx((y**2).sum())


def test_contracts_that_steepen_pay_are_seen_between_grades() -> None:
    rng = np.random.default_rng(6)
    rows = []
    for firm in range(60):
        grade = rng.integers(0, 4, 80)
        who = 0.2 * rng.normal(size=80)
        for t in range(8):
            raised = 0.04 * grade * (firm < 20) * (t >= 4)
            pay = who + 0.1 * grade + raised + 0.05 * rng.normal(size=80)
            rows.append(pd.DataFrame({"employer_id": firm, "period": t + 1, "grade": grade,
                                      "log_gross_wage": pay}))  # fmt: skip
    frame = pd.concat(rows, ignore_index=True)
    frame["period"] += 4 * 2020
    cells = components.grade_cells(frame)
    signed = pd.DataFrame(
        {"employer_id": [*range(20), 30, 99], "kind": ["grade_wage"] * 20 + ["collective"] * 2,
         "effective_on": "2021-04-01"}
    )  # fmt: skip
    starts = components.contract_starts(signed, frame["employer_id"])
    assert starts == {f: 4 * 2021 + 1 for f in range(20)}
    found = components.contract_dispersion(cells, starts, fewest=50)
    between, within = found.estimates
    implied = found.implied({"1": 0.04, "2": 0.08, "3": 0.12})
    assert implied == pytest.approx(1.25 * (0.14**2 - 0.1**2), rel=0.1)
    assert abs(between.estimate - implied) < 3 * between.standard_error
    assert between.low > 0
    assert within.low < 0 < within.high
    assert (found.treated, found.controls) == (20, 40)


def test_parts_without_their_table_say_so() -> None:
    frame, _ = drawn(7, workers=100)
    cells = components.grade_cells(frame)
    none = components.contract_dispersion(
        cells, components.contract_starts(None, frame.employer_id)
    )
    assert "no grade-wage contract" in none.estimates[0].undefined.en
    assert components.grade_premia(None).estimates == ()
    assert (
        "grades are not known" in components.contract_dispersion(None, {}).estimates[0].undefined.en
    )
    large = components.contract_dispersion(cells, {1: 3}, fewest=500)
    assert "500 workers" in large.estimates[0].undefined.en


def test_what_grades_are_paid_adds_its_error_to_the_workers_part() -> None:
    made = SimpleNamespace(n=np.ones(2), shares=np.array([[1.0], [0.0]]),
                           step_spread=np.array([[0.04]]))  # fmt: skip
    split = SimpleNamespace(alpha=np.array([1.0, -1.0]), error={"worker": 0.3})
    found = _with_steps(made, np.array([0, 1]), split)
    assert found["worker"] == pytest.approx(np.sqrt(0.3**2 + 0.2**2))  # a slope of -1
