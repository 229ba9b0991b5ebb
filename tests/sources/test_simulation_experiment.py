"""Draws for the check of estimators: fast, stamped, and true to what they are told."""

import numpy as np
import pytest

from yuyao_lib.errors import DataError, InputError
from yuyao_lib.findings import Mode
from yuyao_lib.sources.simulation import draw_experiment
from yuyao_lib.sources.validation import validate

REPLICATIONS = 12


def group_time_did(experiment) -> float:
    """Average the stayers' change since the last quarter before, less that of never treated."""
    data = experiment.data
    panel = data.frame("worker_quarters", columns=["worker_id", "employer_id", "gross_wage"])
    contracts = data.frame("contracts").query("kind == 'grade_wage' and round == 1")
    effective = contracts.set_index("employer_id").effective_on.dt
    first = ((effective.year - 2018) * 4 + (effective.month - 1) // 3).reindex(
        panel.employer_id.cat.categories
    )
    start = first.fillna(99).to_numpy()[panel.employer_id.cat.codes[::22]].astype(int)
    wage = np.log(panel.gross_wage.to_numpy()).reshape(-1, 22)
    worker = panel.worker_id.cat.codes.to_numpy().reshape(-1, 22)
    total = n = 0
    for g in np.unique(start[start < 99]):
        for t in range(g, 22):
            stays = worker[:, t] == worker[:, g - 1]
            change = wage[:, t] - wage[:, g - 1]
            treated, control = stays & (start == g), stays & (start == 99)
            total += treated.sum() * (change[treated].mean() - change[control].mean())
            n += treated.sum()
    return total / n


def errors(**options) -> np.ndarray:
    draws = [draw_experiment(seed, **options) for seed in range(REPLICATIONS)]
    return np.array([group_time_did(d) - d.truth["stayers"]["att"] for d in draws])


@pytest.fixture(scope="module")
def draw():
    return draw_experiment(1)


def test_shape(draw) -> None:
    employers = draw.data.frame("employers")
    contracts = draw.data.frame("contracts")
    firms = contracts.loc[contracts.kind == "grade_wage", "employer_id"]
    assert firms.nunique() == 31 and len(employers) == 31 * 6
    panel = draw.data.frame("worker_quarters")
    assert 350_000 < len(panel) < 900_000 and len(panel) % 22 == 0
    assert set(panel.employer_id) == set(employers.employer_id)
    for name in draw.data.tables:
        assert validate(draw.data.frame(name), name).ok


def test_stamped_and_without_potential_outcomes(draw) -> None:
    assert draw.data.mode is Mode.SIMULATED
    assert "31 contract firms" in draw.data.origin.vintage
    with pytest.raises(DataError, match="unknown table"):
        draw.data.frame("potential_outcomes")
    with pytest.raises(DataError, match="Did you mean 'gross_wage'"):
        draw.data.frame("worker_quarters", columns=["gros_wage"])


def test_same_seed_same_draw(draw) -> None:
    again = draw_experiment(1)
    assert again.truth == draw.truth
    assert again.data.frame("worker_quarters").equals(draw.data.frame("worker_quarters"))
    assert draw_experiment(2).truth != draw.truth


def test_estimates_are_unbiased_without_firm_shocks() -> None:
    error = errors(firm_shock_sd=0.0)
    assert abs(error.mean()) < 4 * 0.003 / np.sqrt(REPLICATIONS)
    assert error.std() < 0.006


def test_firm_shocks_make_the_design_less_precise() -> None:
    assert errors(firm_shock_sd=0.06).std() > 1.8 * errors(firm_shock_sd=0.0).std()


def test_effect_scales_and_pretrend_biases() -> None:
    one, twice, none = (draw_experiment(3, effect=e).truth["all_cells"]["att"] for e in (1, 2, 0))
    assert twice == pytest.approx(2 * one, rel=1e-5) and none == 0 and 0.01 < one < 0.025
    drifting = errors(effect=0.0, firm_shock_sd=0.0, pretrend=0.002).mean()
    assert 0.003 < drifting < 0.012


def test_leaving_under_a_contract_is_as_asked() -> None:
    draws = [draw_experiment(2, worker_share=0.05, leaving=x) for x in (5.0, None, 0.2)]
    assert [d.leaving for d in draws] == [5.0, 0.9, 0.2]
    left = [d.data.frame("worker_quarters", columns=["separated"]).separated.sum() for d in draws]
    assert left[0] > left[1] > left[2]


@pytest.mark.parametrize("n", [6, 120])
def test_number_of_contract_firms(n) -> None:
    draw = draw_experiment(1, n_treated=n, controls_per_firm=1, worker_share=0.05)
    contracts = draw.data.frame("contracts").query("kind == 'grade_wage'")
    assert contracts.employer_id.nunique() == n


@pytest.mark.parametrize(
    "wrong",
    [
        {"n_treated": 5},
        {"controls_per_firm": 0},
        {"worker_share": 0},
        {"pretrend": 1},
        {"leaving": 0},
    ],
)
def test_out_of_range_is_named(wrong) -> None:
    (name,) = wrong
    with pytest.raises(InputError, match=f"{name} out of range"):
        draw_experiment(1, **wrong)
