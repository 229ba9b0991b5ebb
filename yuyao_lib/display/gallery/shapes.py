"""Fixed numbers for charts, invented and computed without chance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from yuyao_lib.display.bars import Bar
from yuyao_lib.display.charts import Range
from yuyao_lib.display.curves import Line, Mark
from yuyao_lib.display.distributions import Segment
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    from yuyao_lib.methods.adoption import Floats

__all__ = [
    "AGES", "BARS", "BINS", "CURVES", "DENSITIES", "GROUPS", "LORENZ", "MATRIX", "MEDIAN", "MOVED",
    "PARTS", "PATHS", "PEOPLE", "POINTS", "RANGES", "SCORES", "SERIES", "STOCK", "YEARS",
    "around_cutoff", "counted_scores",
]  # fmt: skip

YEARS = tuple(range(2015, 2023))
AGES = (20.0, 30.0, 40.0, 50.0, 60.0)
BINS = tuple(5.0 * i for i in range(21))  # edges of scores from 0 to 100
CUTOFF = 60.0

RANGES = (
    Range(Text("all workers", "全部职工"), 0.084, 0.052, 0.116, strong=True),
    Range(Text("women", "女性"), 0.102, 0.049, 0.155),
    Range(Text("men", "男性"), 0.071, 0.030, 0.112),
    Range(Text("senior workers", "高级工"), -0.018, -0.071, 0.035),
    Range(Text("apprentices", "学徒"), None, None, None),
)

PATHS = tuple(
    Range(Text(str(year), str(year)), 0.01 * slope, 0.01 * slope - 0.02, 0.01 * slope + 0.02)
    for year, slope in zip(YEARS, (0, -0.6, 0.4, 0, 2.4, 4.1, 5.2, 5.6), strict=True)
)

GROUPS = (
    Text("women", "女性"), Text("men", "男性"),
    Text("senior workers", "高级工"), Text("technicians", "技师"),
)  # fmt: skip


def _decay(weeks: int, rate: float) -> tuple[float, ...]:
    """Return a share that falls at a constant rate, week by week."""
    return tuple(round(math.exp(-rate * week), 4) for week in range(weeks))


def _survival(label: Text, rate: float) -> Line:
    """Return a curve of steps with a band that widens, as fewer are left."""
    weeks = 27
    share = _decay(weeks, rate)
    reach = [0.0035 * week * math.sqrt(s) for week, s in enumerate(share)]
    low = [max(0.0, s - r) for s, r in zip(share, reach, strict=True)]
    high = [min(1.0, s + r) for s, r in zip(share, reach, strict=True)]
    return Line(x=range(weeks), y=share, label=label, low=low, high=high, step=True)


CURVES = (
    _survival(Text("with mediation", "经调解"), 0.11),
    _survival(Text("without", "未经调解"), 0.055),
    Line(x=range(27), y=_decay(27, 0.08), label=Text("fitted model", "拟合模型"), dashed=True),
)
MEDIAN = Mark(6.3, 0.5, Text("half have ended after 6.3 weeks", "6.3 周后半数结束"))

PEOPLE = tuple(i / 20 for i in range(21))
LORENZ = (
    (Text("all pay", "全部工资"), tuple(x**1.6 for x in PEOPLE)),
    (Text("pay above the floor", "高于下限的工资"), tuple(x**2.6 for x in PEOPLE)),
)

SERIES = tuple(
    (
        name,
        tuple(
            Range(name, level + rise * i, level + rise * i - 0.03, level + rise * i + 0.03)
            for i in range(len(AGES))
        ),
    )
    for name, level, rise in (
        (Text("members", "会员"), 0.16, -0.02),
        (Text("others", "非会员"), 0.04, 0.025),
    )
)


def _bell(x: float, centre: float, width: float) -> float:
    """Return a normal density."""
    return math.exp(-0.5 * ((x - centre) / width) ** 2) / (width * math.sqrt(2 * math.pi))


POINTS = tuple(1.5 + i / 20 for i in range(71))
DENSITIES = (
    tuple(_bell(x, 3.1, 0.42) for x in POINTS),
    tuple(0.6 * _bell(x, 2.9, 0.3) + 0.4 * _bell(x, 3.7, 0.35) for x in POINTS),
)

PARTS = (
    (Segment(0.062, 0.041, 0.083), Segment(0.048, 0.020, 0.076)),
    (Segment(0.090, 0.066, 0.114), Segment(-0.037, -0.058, -0.016)),
    (Segment(None, None, None), Segment(None, None, None)),
)
MOVED = ((0.42, -0.31, 0.18, None), (0.04, -0.06, 0.02, 0.09))
SCORES = (
    tuple(_bell(b + 2.5, 66, 14) for b in BINS[:-1]),
    tuple(_bell(b + 2.5, 44, 17) for b in BINS[:-1]),
)
BARS = (
    Bar(Text("training", "培训"), 412, 371, 455, strong=True),
    Bar(Text("job service", "就业服务"), 288, 255, 323),
    Bar(Text("legal aid", "法律援助"), 96, 77, 118),
    Bar(Text("mutual aid", "互助保障"), 31, 21, 44),
)
STOCK = (
    Bar(Text("at the start", "期初"), 1200),
    (Bar(Text("joined", "入会"), 340), Bar(Text("left", "退会"), -125)),
    Bar(Text("at the end", "期末"), 1415),
)
MATRIX = ((82.0, 15.5, 2.5), (6.0, 71.4, 22.6), (0.8, 9.2, 90.0), (None, 40.0, 60.0))


def around_cutoff() -> tuple[
    float, tuple[Floats, Floats, Floats, Floats], list[tuple[Floats, Floats]]
]:
    """Return a cut-off, binned means with intervals, and a line on each side.

    Examples
    --------
    >>> cutoff, points, lines = around_cutoff()
    >>> cutoff, len(points[0]), len(lines)
    (60.0, 12, 2)
    """
    import numpy as np

    middle = np.arange(32.5, 90, 5.0)
    mean = 3.0 + 0.1 * (middle >= CUTOFF) + 0.004 * (middle - CUTOFF) + 0.01 * np.sin(middle)
    lines = [np.array([30.0, CUTOFF]), np.array([CUTOFF, 90.0])]
    fitted = [(x, 3.0 + 0.1 * i + 0.004 * (x - CUTOFF)) for i, x in enumerate(lines)]
    return CUTOFF, (middle, mean, mean - 0.035, mean + 0.035), fitted


def counted_scores() -> tuple[float, Floats, Floats, Floats, tuple[float, float]]:
    """Return a cut-off, edges, counts with a heap above it, what is smooth, and a window.

    Examples
    --------
    >>> at, edges, counts, smooth, window = counted_scores()
    >>> int(counts.sum()), len(edges) - len(counts)
    (981, 1)
    """
    import numpy as np

    edges = np.array(BINS)
    smooth = np.array([5000 * _bell(b + 2.5, 58, 20) for b in BINS[:-1]])
    counts = np.round(smooth)
    counts[11] -= 45
    counts[12] += 45
    return CUTOFF, edges, counts, smooth, (55.0, 65.0)
