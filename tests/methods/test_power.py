"""Power by formula, by simulation, and against the design of 31 firms."""

import numpy as np
import pytest

from yuyao_lib.errors import InputError
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.power import (
    FirmDesign,
    analytic_power,
    design_error,
    detectable,
    minimum_detectable_effect,
    simulated_power,
)
from yuyao_lib.methods.power_simulation import _sample

SMALL = FirmDesign(treated=20, controls=40, before=3, after=3)


def test_prototype_of_31_firms():
    """A standard deviation of 0.0073 means 2.0 % can be found, and power 0.69 at 1.8 %."""
    assert detectable(0.0073) == pytest.approx(0.0204, abs=2e-4)


def test_formula_equals_the_spread_of_simulated_estimates():
    rng = np.random.default_rng(0)
    for baseline in ("all", "last"):
        design = FirmDesign(treated=20, controls=40, before=4, after=4, baseline=baseline)
        values = []
        for _ in range(400):
            panel = _sample(design, rng)
            after = panel.periods >= 5
            change = panel.outcome[:, after].mean(axis=1) - panel.outcome[:, ~after].mean(axis=1)
            values.append(change[:20].mean() - change[20:].mean())
        assert np.std(values) == pytest.approx(design_error(design), rel=0.12)


@pytest.mark.parametrize("test", ["clustered", "wild"])
def test_simulated_power_equals_formula(test):
    effects = [0.0, 0.01, 0.02]
    drawn = simulated_power(SMALL, effects=effects, test=test, samples=300, draws=99)
    exact = analytic_power(SMALL, effects=effects)
    for one, other in zip(drawn.powers, exact.powers, strict=True):
        assert one == pytest.approx(other, abs=2.8 * max((other * (1 - other) / 300) ** 0.5, 0.01))
    smallest = [p.estimates[0].estimate for p in (drawn, exact)]
    assert smallest[0] == pytest.approx(smallest[1], rel=0.12)


def test_more_firms_and_smaller_shocks_give_more_power():
    def at(**changes):
        return analytic_power(
            FirmDesign(**{"treated": 31, "controls": 155, **changes}), effects=[0.018]
        ).powers[0]

    assert at(treated=10) < at() < at(treated=60)
    assert at(shock_sd=0.05) < at() < at(shock_sd=0.01)
    assert at(size_sd=1.0) < at()


def test_persistent_shocks_hide_less_than_their_size():
    """Shocks that never fade cancel; independent ones do so least with one base period."""
    slow = FirmDesign(treated=31, controls=155, persistence=0.999)
    fast = FirmDesign(treated=31, controls=155, persistence=0.5)
    assert design_error(slow) < design_error(fast)


def test_one_sided_designs_say_why():
    for design in (FirmDesign(treated=0, controls=9), FirmDesign(treated=9, controls=0)):
        for found in (
            analytic_power(design, effects=[0.1]),
            simulated_power(design, effects=[0.1]),
        ):
            assert "there is nothing to compare" in found.estimates[0].undefined.en
    still = FirmDesign(treated=3, controls=3, shock_sd=0.0)
    assert "no standard error" in analytic_power(still, effects=[0.1]).estimates[0].undefined.en


def finding(**values):
    return Estimate(
        key="e",
        term="adoption_effect",
        method="ols",
        unit="log_points",
        design=Design.QUASI,
        **values,
    )


def test_from_an_estimate():
    with_error = minimum_detectable_effect(finding(estimate=0.01, standard_error=0.0073))
    assert with_error.estimate == pytest.approx(detectable(0.0073))
    half = 1.959964 * 0.0073
    from_interval = minimum_detectable_effect(finding(estimate=0.01, low=-half, high=half))
    assert from_interval.estimate == pytest.approx(with_error.estimate, rel=1e-5)
    assert minimum_detectable_effect(finding(estimate=0.01)).undefined is not None


def test_wrong_designs_are_named():
    with pytest.raises(InputError, match="persistence: got 1.5; allowed: between -1 and 1"):
        FirmDesign(treated=3, controls=3, persistence=1.5)
    with pytest.raises(InputError, match="treated firms: got -1; allowed: 0 or more"):
        FirmDesign(treated=-1, controls=3)
    with pytest.raises(InputError, match="at least 20"):
        simulated_power(SMALL, effects=[0], samples=5)
    with pytest.raises(InputError, match="above 0"):
        detectable(0.0)
