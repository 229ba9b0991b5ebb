"""What goes with each way of ending: Cox's model by cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.causes import ONE_WAY, read_causes
from yuyao_lib.methods.coefficients import Told
from yuyao_lib.methods.hazard_fits import Ties
from yuyao_lib.methods.hazards import HazardModel, hazard_model
from yuyao_lib.methods.spells import NONE_ENDED
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CauseHazards", "cause_hazards"]

TOPIC = "disputes"


@dataclass(frozen=True, slots=True)
class CauseHazards:
    """Cox's model of each way of ending, the others counted as not yet ended.

    Attributes
    ----------
    models
        Cause -> model.
    undefined
        Why there are none.
    """

    models: Mapping[str, HazardModel]
    undefined: Text | None = None

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Log ratios of every cause, keyed ``<cause>_<covariate>``; or why there are none."""
        if self.undefined is not None:
            told = Told(method="cox_efron", n=0, n_unit="spells", level=0.95)
            return (
                told.missing("cause", self.undefined, term="ending_difference", unit="log_points"),
            )
        return tuple(
            replace(e, key=f"{cause}_{e.key}") for cause, m in self.models.items()
            for e in m.estimates if e.term == "ending_difference"
        )  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """Return one row a cause and covariate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def cause_hazards(
    frame: pd.DataFrame,
    *,
    duration: str,
    cause: str | None,
    covariates: Sequence[str],
    still_open: Sequence[str] = ("open",),
    ties: Ties = "efron",
    cluster: str | None = None,
    level: float = 0.95,
    n_unit: str = "spells",
) -> CauseHazards:
    """Fit Cox's model to each way of ending (Prentice et al. 1978).

    A ratio is about the chance of ending in this way among spells that still go on; it
    says nothing directly about the share that ends so, which depends on the other ways.

    Parameters
    ----------
    frame, duration, cause, still_open
        As in `endings`.
    covariates, ties, cluster, level, n_unit
        As in `cox`.

    Examples
    --------
    >>> import pandas as pd
    >>> cases = pd.DataFrame({"days": [2, 4, 6, 8], "end": "settled"})
    >>> cause_hazards(cases, duration="days", cause="", covariates=[]).undefined.en[:9]
    'no column'
    """
    if not cause:
        return CauseHazards({}, ONE_WAY)
    spells, codes, names = read_causes(frame, duration, cause, still_open, covariates, cluster)
    if not names:
        return CauseHazards({}, NONE_ENDED)

    def of(code: int) -> HazardModel:
        own = replace(spells, ended=codes == code)
        return hazard_model(own, list(covariates), ties=ties, level=level, n_unit=n_unit)

    return CauseHazards({name: of(k) for k, name in enumerate(names, start=1)})
