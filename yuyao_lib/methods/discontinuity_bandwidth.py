"""How wide to look around a cut-off: the bandwidth with the least mean squared error.

Lives here: the choice of bandwidths. Does not live here: the jump.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yuyao_lib.methods.local_polynomial import Sides, Weights, side_weights

__all__ = ["Bandwidths", "choose_bandwidths"]

TOPIC = "discontinuity"
RULE = {"triangular": 2.576, "epanechnikov": 2.34, "uniform": 1.843}  # of thumb, to begin with
LEAST_VALUES = 10  # distinct values on each side, for the widths that tell the curve


@dataclass(frozen=True, slots=True)
class Bandwidths:
    """Widths in units of the running variable.

    Attributes
    ----------
    main
        Of the jump.
    bias
        Of the polynomial that tells its bias.
    """

    main: float
    bias: float


def choose_bandwidths(sides: Sides, *, degree: int, kernel: str) -> Bandwidths:
    r"""Choose the widths with the least mean squared error of the jump.

    The error of a jump estimated within h is about :math:`h^{2p+2} B^2 + V/(nh)`, so
    that :math:`h = [V / (2(p+1) B^2)]^{1/(2p+3)} n^{-1/(2p+3)}`. B rests on the (p+1)th
    derivative, which a wider polynomial tells, whose own width follows the same rule one
    degree up; the first width is a rule of thumb. A term for the uncertainty of B keeps
    the width from growing without bound where the curve is nearly straight (Imbens and
    Kalyanaraman 2012; Calonico, Cattaneo and Titiunik 2014, section 4). With repeated
    values the rule of thumb counts distinct ones; the jump keeps at least p + 3 of them
    on each side and the widths behind its bias ten, where there are as many.

    Parameters
    ----------
    sides
        Rows on both sides.
    degree
        Of the polynomial of the jump.
    kernel
        One of `KERNELS`.
    """
    reach = {a: float(np.abs(sides.side(above=a)).max()) for a in (True, False)}
    widest = max(reach.values())
    thumb = max(min(_rule_of_thumb(sides, kernel), widest), _holding(sides, LEAST_VALUES))
    everything = {a: reach[a] * (1 + 1e-8) + 1e-12 for a in reach}
    curve = _best(sides, degree + 2, degree + 2, thumb, everything, kernel, guarded=False)
    curve = max(min(curve, widest), _holding(sides, LEAST_VALUES))
    within = dict.fromkeys(reach, curve)
    bias = _best(sides, degree + 1, degree + 1, thumb, within, kernel)
    bias = max(min(bias, widest), _holding(sides, LEAST_VALUES))
    main = _best(sides, degree, 0, thumb, dict.fromkeys(reach, bias), kernel)
    return Bandwidths(max(min(main, widest), _holding(sides, degree + 3)), bias)


def _rule_of_thumb(sides: Sides, kernel: str) -> float:
    """Return the width that suits a normal running variable."""
    d = sides.distance
    spread = float(np.subtract(*np.percentile(d, [75, 25]))) / 1.349
    scale = min(float(d.std(ddof=1)), spread) if spread > 0 else float(d.std(ddof=1))
    return RULE[kernel] * scale * len(np.unique(d)) ** -0.2


def _holding(sides: Sides, least: int) -> float:
    """Return the width that holds so many distinct values on each side, where there are."""
    found = 0.0
    for above in (True, False):
        values = np.unique(np.abs(sides.side(above=above)))
        found = max(found, float(values[min(least, len(values)) - 1]))
    return found * (1 + 1e-8)


def _best(
    sides: Sides,
    degree: int,
    power: int,
    width: float,
    bias_widths: dict[bool, float],
    kernel: str,
    *,
    guarded: bool = True,
) -> float:
    """Return the best width for one derivative of the jump."""
    lean, doubt, both = 0.0, 0.0, None
    for above in (True, False):
        own = side_weights(
            sides, above=above, bandwidth=width, degree=degree, kernel=kernel, power=power
        )
        bend = side_weights(
            sides, above=above, bandwidth=bias_widths[above], degree=degree + 1, kernel=kernel,
            power=degree + 1,
        )  # fmt: skip
        factor = _constant(sides, own, degree, power, width)
        sign = 1.0 if above else -1.0
        lean += sign * factor * bend.value(sides)
        doubt += 3 * factor**2 * bend.variance(sides)
        both = own.times(sign) if both is None else both + own.times(sign)
    order = 2 * (degree + 1 - power)
    spread = (2 * power + 1) * width ** (2 * power + 1) * both.variance(sides)  # type: ignore[union-attr]
    cost = order * (lean**2 + (doubt if guarded else 0.0))
    if not spread > 0:  # outcomes without any noise: the widest width costs nothing
        return max(bias_widths.values())
    return float((spread / max(cost, 1e-300)) ** (1 / (2 * degree + 3)))


def _constant(sides: Sides, own: Weights, degree: int, power: int, width: float) -> float:
    """Return what the next power of the distance adds to the coefficient, at width one."""
    return float(own.on @ sides.distance ** (degree + 1)) * width ** (power - degree - 1)
