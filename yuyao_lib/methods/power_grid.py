"""Power over the number of treated firms and the size of their shocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.power_designs import FirmDesign
from yuyao_lib.methods.power_simulation import Test, simulated_power
from yuyao_lib.methods.proportions import clopper_pearson
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PowerGrid", "power_grid"]

Map = Callable[..., Iterable[Any]]
NOTHING = Text("this design has no firms to compare", "该设计没有可比较的企业")


@dataclass(frozen=True, slots=True)
class PowerGrid:
    """Share of samples in which an effect, and in which nothing, is found.

    Attributes
    ----------
    estimates
        One a cell, with its binomial interval, keyed ``power_<treated>_<shocks>``.
    sizes
        The same cells without an effect.
    treated, shock_sds
        Numbers of treated firms and standard deviations of shocks: of each cell.
    effect
        The effect, log points.
    samples
        Samples of each cell.
    """

    estimates: tuple[Estimate, ...]
    sizes: tuple[Estimate, ...]
    treated: tuple[int, ...]
    shock_sds: tuple[float, ...]
    effect: float
    samples: int

    def to_frame(self) -> pd.DataFrame:
        """Return one row a cell."""
        sizes = [e.estimate for e in self.sizes]
        return rows_of(self.estimates).assign(
            treated=list(self.treated), shock_sd=list(self.shock_sds), size=sizes
        )

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def power_grid(
    *,
    treated: Sequence[int] = (6, 12, 31, 60),
    shock_sds: Sequence[float] = (0.02, 0.03, 0.05),
    effect: float = 0.018,
    controls_per_firm: int = 5,
    test: Test = "wild",
    samples: int = 100,
    draws: int = 99,
    seed: int = 1,
    over: Map = map,
) -> PowerGrid:
    """Return how often a test finds an effect, by firms treated and size of shocks.

    Parameters
    ----------
    treated, shock_sds
        Numbers of treated firms; standard deviations of firm-quarter shocks, log points.
    effect
        Log points.
    controls_per_firm
        Firms without a contract for each one with.
    test, samples, draws, seed
        As in `simulated_power`.
    over
        As in `run_trials`: the cells may be drawn beside each other.

    Raises
    ------
    InputError
        If there is no number of firms or no size of shocks.

    Examples
    --------
    >>> found = power_grid(treated=[6, 40], shock_sds=[0.02], samples=40, test="clustered")
    >>> few, many = (e.estimate for e in found.estimates)
    >>> few < many
    True
    """
    for name, values in (("numbers of treated firms", treated), ("sizes of shocks", shock_sds)):
        if not values:
            raise InputError(sentence(name, got=list(values), allowed="one or more"))
    cells = [(n, sd) for sd in shock_sds for n in treated]
    designs = [
        FirmDesign(treated=n, controls=controls_per_firm * n, shock_sd=sd) for n, sd in cells
    ]
    shares = partial(
        _shares, effects=(0.0, effect), test=test, samples=samples, draws=draws, seed=seed
    )
    sizes, powers = zip(*over(shares, designs), strict=True)
    return PowerGrid(
        tuple(_share("power", n, sd, p, samples) for (n, sd), p in zip(cells, powers, strict=True)),
        tuple(_share("size", n, sd, p, samples) for (n, sd), p in zip(cells, sizes, strict=True)),
        tuple(n for n, _ in cells), tuple(sd for _, sd in cells), effect, samples,
    )  # fmt: skip


def _shares(design: FirmDesign, **options: Any) -> tuple[float | None, ...]:
    """Return the share of samples in which each effect is found, wherever this is."""
    found = simulated_power(design, **options, meaning=Meaning(design=Design.SIMULATION))
    return tuple(found.powers)


def _share(kind: str, n: int, sd: float, share: float | None, samples: int) -> Estimate:
    """Return a share of samples with its exact interval."""
    key = f"{kind}_{n}_{sd:g}".replace(".", "_")
    meant = Meaning(term="trial_rejections", unit="share", n_unit="replications",
                    design=Design.SIMULATION)  # fmt: skip
    if share is None:
        return meant.estimate(key, "replication", undefined=NOTHING)
    low, high = clopper_pearson(round(share * samples), samples)
    return meant.estimate(key, "replication", estimate=share, low=low, high=high, n=samples)
