"""Numbers whose names say that one is about part of the people of another.

Bands of years of schooling may be cut at 12 on one page and at 13 on another, percentiles
asked for in steps of ten from 10 and from 15: what lies between two of them is then told,
however few it is about. Members and others, golden proposals and the other adopted ones,
cohorts of one kind of contract and grades at a quarter make up a whole that is shown beside
them: where one of them is of few, the whole less the others would tell of it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

__all__ = ["Named", "family", "named", "nested_sample"]

BAND = re.compile(
    r"(?<=_)(?:below_(?P<below>\d+)|(?P<low>\d+)_to_(?P<high>\d+)|(?P<more>\d+)_and_more)(?=_|$)"
)
POINT = re.compile(r"(?:^|(?<=[_.]))(?:percentile_|quantile_|p)(?P<point>\d{1,2})(?=_|$)")

# parts of a whole: the two sides of a group, by period or not; those parted by name
SIDES = re.compile(r"^(?P<whole>.+)(?<!grade)(?<!step)(?<!_at)_[01]$")
COHORT = re.compile(r"^(?P<whole>group|cohort|grade(?=_\d+_at_))_\d+(?P<rest>_at_-?\d+)?$")
PARTED = {"golden": "adopted", "plain": "adopted", "with_union": "all", "without_union": "all"}
PARTED_BY = re.compile(rf"^(?P<part>{'|'.join(PARTED)})(?P<rest>_at_-?\d+)?$")
SAMPLE = re.compile(r"^(?P<frame>(?:.*_)?(?:bandwidth|donut))_\d+$")  # each within the next


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


def family(key: str) -> str | None:
    """Return the whole that a number is about a part of; None where its key names none.

    Examples
    --------
    >>> family("gini_2022_0"), family("golden_at_-2"), family("cohort_8085_at_3")
    ('gini_2022', 'adopted_at_-2', 'cohort_at_3')
    >>> family("grade_1_at_3"), family("grade_1"), family("training_at_1"), family("mean")
    ('grade_at_3', None, None, None)
    """
    if (found := PARTED_BY.match(key)) is not None:
        return PARTED[found["part"]] + (found["rest"] or "")
    if (found := COHORT.match(key)) is not None:
        return found["whole"] + (found["rest"] or "")
    found = SIDES.match(key)
    return found["whole"] if found is not None else None


def nested_sample(key: str) -> str | None:
    """Return what names samples that lie one within another; None where a key does not.

    Examples
    --------
    >>> nested_sample("bandwidth_2"), nested_sample("donut_1"), nested_sample("placebo_1")
    ('bandwidth', 'donut', None)
    """
    found = SAMPLE.match(key)
    return None if found is None else found["frame"]
