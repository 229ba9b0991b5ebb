"""Symmetric intervals against the tables of both distributions, and without a spread."""

import math

import pytest

from yuyao_lib.methods.wald_intervals import wald

# quantiles and tails as printed in tables of the normal distribution and Student's t
TABLES = [(None, 0.95, 1.959964), (None, 0.90, 1.644854), (10, 0.95, 2.228139), (1, 0.95, 12.7062)]


@pytest.mark.parametrize(("df", "level", "times"), TABLES)
def test_reach_is_the_table_s_quantile(df, level, times) -> None:
    found = wald(1.0, 0.25, level=level, df=df)
    assert found["high"] - 1.0 == pytest.approx(0.25 * times, rel=1e-5)
    assert found["low"] == pytest.approx(2.0 - found["high"])
    at_edge = wald(times * 0.25, 0.25, level=level, df=df)
    assert at_edge["p_value"] == pytest.approx(1 - level, abs=1e-5)
    assert at_edge["low"] == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("error", [0.0, math.nan, math.inf, -1.0])
def test_no_spread_is_no_certainty(error) -> None:
    found = wald(0.3, error, level=0.95, df=5)
    assert found.pop("estimate") == 0.3
    assert found == {"standard_error": None, "low": None, "high": None, "p_value": None}


def test_less_than_one_degree_of_freedom_counts_as_one() -> None:
    assert wald(1, 1, level=0.9, df=0) == wald(1, 1, level=0.9, df=1)


def test_an_error_as_published_is_told_and_the_wider_one_decides() -> None:
    both = wald(1.0, 0.5, level=0.95, published=0.25)
    assert both == {**wald(1.0, 0.5, level=0.95), "standard_error": 0.25}
    assert wald(1.0, 0.5, level=0.95, published=0.0)["standard_error"] is None
