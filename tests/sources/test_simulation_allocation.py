"""Sharing out a total: exact, within bounds, and as near to the weights as units allow."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuyao_lib.errors import InputError
from yuyao_lib.sources.simulation.allocation import allocate, allocate_money

weights = st.lists(st.floats(0, 1e6, allow_nan=False), min_size=1, max_size=30)


@st.composite
def problems(draw):
    """Draw weights, floors, caps and a total that fits between them."""
    weight = draw(weights)
    n = len(weight)
    lower = draw(st.lists(st.integers(0, 50), min_size=n, max_size=n))
    room = draw(st.lists(st.integers(0, 1000), min_size=n, max_size=n))
    upper = [low + extra for low, extra in zip(lower, room, strict=True)]
    total = draw(st.integers(sum(lower), sum(upper)))
    return total, weight, lower, upper


@given(problems())
def test_exact_and_within_bounds(problem) -> None:
    total, weight, lower, upper = problem
    got = allocate(total, weight, lower=lower, upper=upper)
    assert got.sum() == total
    assert (got >= lower).all() and (got <= upper).all()


@given(st.integers(0, 10**9), weights)
def test_without_bounds_nobody_is_a_unit_off(total, weight) -> None:
    got = allocate(total, weight)
    share = np.array(weight) if sum(weight) > 0 else np.ones(len(weight))
    exact = total * (share / share.sum())
    assert got.sum() == total
    assert (np.abs(got - exact) < 1 + 1e-6 * (1 + exact)).all()


@given(problems())
def test_more_weight_never_gets_less(problem) -> None:
    total, weight, _, _ = problem
    got = allocate(total, weight)
    order = np.argsort(weight, kind="stable")
    assert (np.diff(got[order]) >= -1).all()


@given(st.integers(0, 10**11), weights)
def test_money_is_exact_to_the_fen(fen, weight) -> None:
    got = allocate_money(fen / 100, weight)
    assert int(np.round(got * 100).astype(np.int64).sum()) == fen


def test_what_a_cap_refuses_goes_to_the_others() -> None:
    assert allocate(100, [98, 1, 1], upper=[10, 60, 60]).tolist() == [10, 45, 45]


@pytest.mark.parametrize(("total", "upper"), [(11, [5, 5]), (-1, [5, 5])])
def test_an_impossible_total_is_refused(total, upper) -> None:
    with pytest.raises(InputError, match=f"cannot be shared out: got {total}; allowed: a total"):
        allocate(total, [1, 1], upper=upper)
