"""Does a jump survive: other bandwidths, a hole at the cut-off, false cut-offs, other columns.

Lives here: variations of one discontinuity design. Does not live here: the density of the
running variable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from yuyao_lib.errors import DataError, InputError, sentence
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.discontinuity import Discontinuity, Setting, estimate_jump
from yuyao_lib.methods.samples import draw_sample
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text, word

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Variations",
    "covariate_jumps",
    "donuts",
    "named",
    "placebo_cutoffs",
    "vary_bandwidth",
]

TOPIC = "discontinuity"
Kind = Literal["bandwidth", "donut", "placebo", "covariate"]
FACTORS = (0.5, 0.75, 1.0, 1.5, 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variations:
    """One design asked again with one thing changed.

    Attributes
    ----------
    kind
        What changes: ``"bandwidth"``, ``"donut"``, ``"placebo"`` or ``"covariate"``.
    setting
        The design that is varied.
    values
        The bandwidth, radius or cut-off of each; zero for covariates.
    labels
        What each is called.
    estimates
        Robust estimates in the same order.
    base
        The design's own robust estimate; None for covariates.
    """

    kind: Kind
    setting: Setting
    values: tuple[float, ...]
    labels: tuple[Text, ...]
    estimates: tuple[Estimate, ...]
    base: Estimate | None = None

    @property
    def differ(self) -> int:
        """How many have an interval without zero."""
        return sum(e.differs_from_zero is True for e in self.estimates)

    @property
    def known(self) -> int:
        """How many could be estimated."""
        return sum(e.undefined is None for e in self.estimates)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a variation."""
        found = rows_of(self.estimates)
        found.insert(0, "value", list(self.values))
        found.insert(0, "label", [label.en for label in self.labels])
        return found

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def vary_bandwidth(
    frame: pd.DataFrame, found: Discontinuity, *, factors: Sequence[float] = FACTORS
) -> Variations:
    """Ask again within narrower and wider bandwidths, the bias bandwidth in proportion.

    Parameters
    ----------
    frame
        The rows the design was estimated on.
    found
        The design; nothing is varied if it has no bandwidth.
    factors
        Times the design's bandwidth.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from yuyao_lib.methods.discontinuity import discontinuity
    >>> rng = np.random.default_rng(0)
    >>> x = rng.uniform(-1, 1, 2000)
    >>> rows = pd.DataFrame({"x": x, "y": x + 0.5 * (x >= 0) + rng.normal(0, 0.1, 2000)})
    >>> base = discontinuity(rows, outcome="y", running="x", cutoff=0)
    >>> vary_bandwidth(rows, base, factors=[0.5, 2]).differ
    2
    """
    if any(not f > 0 for f in factors):
        raise InputError(sentence("factors", got=list(factors), allowed="above zero"))
    if found.bandwidth is None or found.bias_bandwidth is None:
        return _nothing("bandwidth", found)
    widths = [f * found.bandwidth for f in factors]
    bias = [f * found.bias_bandwidth for f in factors]
    settings = [
        replace(found.setting, bandwidth=w, bias_bandwidth=b)
        for w, b in zip(widths, bias, strict=True)
    ]
    labels = [
        Text(f"{w:.3g} ({f:g}×)", f"{w:.3g}（{f:g} 倍）")
        for f, w in zip(factors, widths, strict=True)
    ]
    return _asked("bandwidth", found, [(frame, s) for s in settings], widths, labels)


def donuts(frame: pd.DataFrame, found: Discontinuity, *, radii: Sequence[float]) -> Variations:
    """Ask again without those so close to the cut-off that they may have been moved across it.

    Parameters
    ----------
    frame, found
        As in `vary_bandwidth`.
    radii
        Rows closer than this to the cut-off are left out.
    """
    setting = found.setting
    _has(frame, setting.running)
    distance = (frame[setting.running] - setting.cutoff).abs()
    asked = [(frame[~(distance < r)], setting) for r in radii]
    labels = [Text(f"without those closer than {r:g}", f"剔除距离小于 {r:g} 者") for r in radii]
    return _asked("donut", found, asked, radii, labels)


def placebo_cutoffs(
    frame: pd.DataFrame, found: Discontinuity, *, cutoffs: Sequence[float]
) -> Variations:
    """Look for jumps where the rule has none, on one side of the true cut-off at a time.

    Parameters
    ----------
    frame, found
        As in `vary_bandwidth`.
    cutoffs
        False cut-offs, none equal to the true one.

    Raises
    ------
    InputError
        If a false cut-off is the true one.
    """
    setting = found.setting
    if setting.cutoff in [float(c) for c in cutoffs]:
        raise InputError(f"{setting.cutoff:g} is the cut-off itself; name other values.")
    _has(frame, setting.running)
    above = frame[setting.running] >= setting.cutoff
    sharp = replace(setting, treatment=None)
    asked = [
        (frame[above] if c > setting.cutoff else frame[~above], replace(sharp, cutoff=float(c)))
        for c in cutoffs
    ]
    told = [f"{c:g}".replace("-", "\N{MINUS SIGN}") for c in cutoffs]
    labels = [Text(f"cut-off {c}", f"临界点 {c}") for c in told]
    return _asked("placebo", found, asked, cutoffs, labels)


def covariate_jumps(
    frame: pd.DataFrame, found: Discontinuity, *, covariates: Mapping[str, str] | Iterable[str]
) -> Variations:
    """Look for jumps of what was settled before the rule could matter.

    Parameters
    ----------
    frame, found
        As in `vary_bandwidth`.
    covariates
        Columns, or columns with the vocabulary key of their unit; one that does not vary
        gives an estimate that says so.
    """
    units = (
        covariates if isinstance(covariates, Mapping) else dict.fromkeys(covariates, "own_units")
    )
    sharp = replace(found.setting, treatment=None, bandwidth=None, bias_bandwidth=None)
    asked, labels = [], []
    for name, unit in units.items():
        draw_sample(frame, numeric=[name])
        asked.append((frame, replace(sharp, outcome=name, unit=unit)))
        labels.append(named(name))
    made = _asked("covariate", found, asked, [0.0] * len(asked), labels)
    keyed = (replace(e, key=name) for name, e in zip(units, made.estimates, strict=True))
    return replace(made, base=None, estimates=tuple(keyed))


def _asked(
    kind: Kind,
    found: Discontinuity,
    asked: Sequence[tuple[pd.DataFrame, Setting]],
    values: Iterable[float],
    labels: Iterable[Text],
) -> Variations:
    """Estimate every variation."""
    made = []
    for place, (frame, setting) in enumerate(asked):
        robust = estimate_jump(frame, setting).estimate("robust") if len(frame) else _empty(setting)
        made.append(replace(robust, key=f"{kind}_{place + 1}"))
    return Variations(
        kind=kind, setting=found.setting, values=tuple(float(v) for v in values),
        labels=tuple(labels), estimates=tuple(made), base=found.estimate("robust"),
    )  # fmt: skip


def _empty(setting: Setting) -> Estimate:
    """Return an estimate of no rows."""
    from yuyao_lib.findings import Design

    return Estimate(
        key="robust", term=setting.term, method="regression_discontinuity", unit=setting.unit,
        design=Design.QUASI, n_unit=setting.n_unit, level=setting.level,
        undefined=Text("no row is left", "没有剩下的行"),
    )  # fmt: skip


def _nothing(kind: Kind, found: Discontinuity) -> Variations:
    """Return variations of a design that has no estimate."""
    return Variations(
        kind=kind, setting=found.setting, values=(), labels=(), estimates=(),
        base=found.estimate("robust"),
    )  # fmt: skip


def _has(frame: pd.DataFrame, name: str) -> None:
    """Refuse a frame without the running variable."""
    if name not in frame.columns:
        raise DataError(sentence("unknown column", got=name, allowed=list(frame.columns)))


def named(column: str) -> Text:
    """Return the words of a column, where the vocabulary has them."""
    from yuyao_lib.errors import VocabularyError

    try:
        return Text(word(column, "en"), word(column, "zh"))
    except VocabularyError:
        plain = column.replace("_", " ")
        return Text(plain, plain)
