"""Numbers whose names say that one is about part of the people of another.

Bands of years of schooling may be cut at 12 on one page and at 13 on another, percentiles
asked for in steps of ten from 10 and from 15: what lies between two of them is then told,
however few it is about.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

__all__ = ["Named", "named"]

BAND = re.compile(
    r"(?<=_)(?:below_(?P<below>\d+)|(?P<low>\d+)_to_(?P<high>\d+)|(?P<more>\d+)_and_more)(?=_|$)"
)
POINT = re.compile(r"(?:^|(?<=[_.]))(?:percentile_|quantile_|p)(?P<point>\d{1,2})(?=_|$)")


@dataclass(frozen=True, slots=True)
class Named:
    """What a key says of the people it is about.

    Attributes
    ----------
    frame
        The key with a blank in place of its band or percentile.
    low, high
        Ends of the band, or twice the percentile as a share.
    point
        Whether it is a percentile.
    """

    frame: str
    low: float
    high: float
    point: bool

    def within(self, other: Named) -> bool:
        """Whether this band is a part of another that ends where it ends."""
        shares = self.low == other.low or self.high == other.high
        inside = other.low <= self.low and self.high <= other.high
        return not self.point and self != other and shares and inside


def named(key: str) -> Named | None:
    """Read a band or a percentile from a key; None where it names none.

    Examples
    --------
    >>> named("pay.premium_below_12_1985"), named("pay.percentile_10").low
    (Named(frame='pay.premium_*_1985', low=-inf, high=11.0, point=False), 0.1)
    >>> named("premium_below_12").within(named("premium_below_13")), named("mean")
    (True, None)
    """
    if (found := POINT.search(key)) is not None:
        share = int(found["point"]) / 100
        return Named(f"{key[: found.start()]}*{key[found.end() :]}", share, share, point=True)
    if (found := BAND.search(key)) is None:
        return None
    low = next((float(found[n]) for n in ("low", "more") if found[n]), -math.inf)
    high = float(found["high"]) if found["high"] else math.inf
    high = float(found["below"]) - 1 if found["below"] else high
    return Named(f"{key[: found.start()]}*{key[found.end() :]}", low, high, point=False)
