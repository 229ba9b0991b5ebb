"""Share a fixed total out in whole units: largest remainders, with floors and caps."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from yuyao_lib.errors import InputError, sentence

__all__ = ["allocate", "allocate_money"]


def allocate(
    total: int, weights: ArrayLike, *, lower: ArrayLike = 0, upper: ArrayLike | None = None
) -> NDArray[np.int64]:
    """Share `total` in proportion to `weights`, exactly, between `lower` and `upper`.

    Every place first receives its `lower`; the rest is shared by weight. What a cap
    refuses goes to the places that still have room, and the last units go to the
    largest remainders (ties: first place first).

    Parameters
    ----------
    total
        Whole number to be shared.
    weights
        Non-negative weights, shape (n,). All zero means equal.
    lower, upper
        Least and most a place may receive, one number or shape (n,).

    Returns
    -------
    ndarray of int64, shape (n,), summing to `total`.

    Raises
    ------
    InputError
        If no allocation between the bounds has this sum.

    Examples
    --------
    >>> allocate(10, [1, 1, 2]).tolist()
    [3, 2, 5]
    >>> allocate(10, [1, 1, 2], upper=[9, 9, 4]).tolist()
    [3, 3, 4]
    """
    weight = np.asarray(weights, dtype=np.float64)
    floor = np.broadcast_to(np.asarray(lower, dtype=np.int64), weight.shape)
    cap = np.broadcast_to(
        np.asarray(total if upper is None else upper, dtype=np.int64), weight.shape
    )
    room = cap - floor
    rest = int(total) - int(floor.sum())
    if rest < 0 or (room < 0).any() or rest > int(room.sum()):
        ends = f"a total from {floor.sum()} to {cap.sum()}"
        raise InputError(sentence("a total that cannot be shared out", got=total, allowed=ends))
    return floor + _fill(rest, weight, room)


def _fill(rest: int, weight: NDArray[np.float64], room: NDArray[np.int64]) -> NDArray[np.int64]:
    """Share `rest` by weight without exceeding `room`, in whole units."""
    shares = _level(rest, weight, room)
    got = np.minimum(np.floor(shares).astype(np.int64), room)
    left = rest - int(got.sum())
    while left > 0:
        open_ = got < room
        order = np.argsort(np.where(open_, got - shares, np.inf), kind="stable")
        taken = order[: min(left, int(open_.sum()))]
        got[taken] += 1
        left -= len(taken)
    return got


def _level(rest: int, weight: NDArray[np.float64], room: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return exact shares; what full places refuse is shared by weight among the others."""
    full = room == 0
    while not full.all():
        active = np.where(full, 0.0, weight)
        if active.sum() <= 0:
            active = (~full).astype(np.float64)
        shares = (rest - room[full].sum()) * (active / active.sum())
        over = ~full & (shares > room)
        if not over.any():
            return np.where(full, room, shares)
        full |= over
    return room.astype(np.float64)


def allocate_money(
    total_cny: float,
    weights: ArrayLike,
    *,
    lower_cny: ArrayLike = 0.0,
    upper_cny: ArrayLike | None = None,
) -> NDArray[np.float64]:
    """Share an amount exactly to the fen, between bounds that are whole fen.

    Examples
    --------
    >>> allocate_money(1.0, [1, 1, 1]).tolist()
    [0.34, 0.33, 0.33]
    """
    caps = None if upper_cny is None else _fen(upper_cny)
    return allocate(int(_fen(total_cny)), weights, lower=_fen(lower_cny), upper=caps) / 100


def _fen(cny: ArrayLike) -> NDArray[np.int64]:
    """Return amounts as whole fen."""
    return np.round(np.asarray(cny, dtype=np.float64) * 100).astype(np.int64)
