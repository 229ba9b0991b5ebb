"""Fixed results of methods for tables and cards, none of them estimated from anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from yuyao_lib.display.hidden_counts import HIDDEN
from yuyao_lib.display.tables import Alarm, Cell, Column
from yuyao_lib.findings import Design, Estimate, Mode
from yuyao_lib.methods.balance import Balance, BalanceRow
from yuyao_lib.methods.hypotheses import Hypotheses, Hypothesis
from yuyao_lib.methods.scorecard import Measures, measures
from yuyao_lib.methods.specification_universe import Choice
from yuyao_lib.methods.specifications import Curve
from yuyao_lib.methods.training_recovery import Recovery
from yuyao_lib.methods.training_routes import TrainingEffects
from yuyao_lib.sources.card import SourceCard
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.sources.record import Check, Record
from yuyao_lib.vocabulary import Text

__all__ = [
    "BALANCE", "CHECKS", "COLUMNS", "COUNT_COLUMNS", "CURVE", "GROUPS", "NOT_ASKED",
    "PERSONS", "RECOVERY", "ROUTES", "ROWS", "SMALL", "TESTS", "Routes", "count_rows",
    "gallery_data", "printed_figures",
]  # fmt: skip

NOT_ASKED = Text(
    "Not shown: the table of contracts is absent, so nothing can be said of coverage.",
    "未予显示：缺少合同表，无法说明覆盖面。",
)
NOT_IDENTIFIED = Text("nobody changes status", "无人改变身份")
CLUSTERED = Text("errors clustered by person", "标准误按人聚类")


def gallery_data() -> Dataset:
    """Return the data set that invented numbers come from, marked as simulated.

    Examples
    --------
    >>> gallery_data().mode.value
    'simulated'
    """
    card = SourceCard(
        title=Text("Invented numbers of the gallery", "图表样例的虚构数字"),
        publisher="yuyao_lib",
        citation="yuyao_lib, gallery of charts and tables",
        licence="BSD-3-Clause",
        vintage="",
        unit_of_record=Text("one invented number", "一个虚构的数字"),
        notes=Text(
            "These numbers are of no worker, firm or place; they show how results look.",
            "这些数字不对应任何职工、企业或地点，仅用于展示结果的样式。",
        ),
    )
    return Dataset("gallery", mode=Mode.SIMULATED, card=card, loaders={})


def printed_figures(record: Record) -> Measures:
    """Return the printed figures of one area of the record: few enough to look at."""
    return measures(record).of_area("skill_development")


def _estimate(key: str, value: float | None, error: float = 0.0, **more: Any) -> Estimate:
    """Return one estimate with its interval, or one that says why there is none."""
    reach: dict[str, Any] = {"undefined": NOT_IDENTIFIED}
    if value is not None:
        reach = {"estimate": value, "low": value - 1.96 * error, "high": value + 1.96 * error,
                 "standard_error": error, "p_value": more.pop("p_value", None)}  # fmt: skip
    kinds: dict[str, Any] = {"term": "union_wage_premium", "method": key, "unit": "log_points",
             "design": Design.SIMULATION, "n": 4360, "n_unit": "person_years",
             "inference": CLUSTERED}  # fmt: skip
    return Estimate(key=key, **{**kinds, **reach, **more})


@dataclass(frozen=True, slots=True)
class Routes:
    """The same question answered in several ways."""

    estimates: tuple[Estimate, ...]


ROUTES = Routes(
    (
        _estimate("pooled_ols", 0.184, 0.027, p_value=0.0000004),
        _estimate("between", 0.263, 0.041, p_value=0.0002),
        _estimate("fixed_effects", 0.083, 0.023, p_value=0.0004),
        _estimate("first_differences", None),
    )
)


def _effect(method: str, value: float, error: float) -> Estimate:
    """Return an effect of training in US dollars."""
    return _estimate(method, value, error, term="training_effect", unit="usd", n=445,
                     n_unit="persons")  # fmt: skip


RECOVERY = Recovery(
    yardstick=_effect("difference_in_means", 1794.0, 671.0),
    effects=TrainingEffects(
        (
            _effect("regression_adjusted", 1210.0, 740.0),
            _effect("propensity_weighting", 2050.0, 810.0),
            _effect("doubly_robust", -850.0, 583.0),
        ),
        185, 260, 0,
    ),
)  # fmt: skip

BALANCE = Balance(
    rows=(
        BalanceRow("age_years", 25.8, 34.9, 26.1, -1.26, -0.04, 0.42),
        BalanceRow("education_years", 10.3, 12.1, 10.4, -0.88, -0.02, 0.46),
        BalanceRow("married", 0.19, 0.87, 0.21, -1.73, -0.06, 1.33),
        BalanceRow("black", 0.84, 0.25, 0.81, 1.61, 0.09, 0.71),
    ),
    n_trained=185,
    n_untrained=2490,
)

TESTS = Hypotheses(
    (
        Hypothesis(
            Text("Hausman", "Hausman 检验"),
            Text("effects have nothing to do with joining", "个体效应与入会无关"),
            21.4, 6, 0.0015,
        ),
        Hypothesis(
            Text("pre-trend", "事前趋势"),
            Text("no change before adoption", "采用前无变化"),
            undefined=Text("only one period before adoption", "采用前只有一期"),
        ),
    )
)  # fmt: skip

CHECKS = (
    Check(Text("parts add up to the whole", "分项之和等于合计"), holds=True),
    Check(Text("members do not exceed the workforce", "会员不多于职工"), holds=False),
)

COLUMNS = (
    Column(Text("Quantity", "项目"), "text"),
    Column(Text("Members", "会员")),
    Column(Text("Others", "非会员")),
    Column(Text("What is said of it", "说明"), "text"),
)
ROWS: tuple[tuple[Cell, ...], ...] = (
    (Text("pay, CNY a month", "月工资（元）"), "6,214", "5,870", Text("agrees", "一致")),
    (Text("change, %", "变化（%）"), "+4.2", "−1.3", Text("agrees", "一致")),
    (Text("grade", "技能等级"), "2.9", "2.4", Alarm("does not agree", "不一致")),
    (Text("hours a week", "每周工时"), "–", "41.5", Text("not asked of members", "未询问会员")),
)
GROUPS = ((0, Text("Pay", "工资")), (2, Text("Work", "工作")))

PERSONS = {"junior": 812, "intermediate": 640, "senior": 94, "technician": 7}
SMALL = ("technician", "senior")  # too few, and the one that would give it away
COUNT_COLUMNS = (
    Column(Text("Skill grade", "技能等级"), "text"),
    Column(Text("People", "人数")),
    Column(Text("As own data would show it", "自备数据的显示方式")),
)
GRADES = {
    "junior": Text("junior", "初级工"),
    "intermediate": Text("intermediate", "中级工"),
    "senior": Text("senior", "高级工"),
    "technician": Text("technician", "技师"),
}


def count_rows(written: Mapping[str, str]) -> list[list[Cell]]:
    """Return each count as written, and as it would stand if these people were one's own."""
    hidden = {name: HIDDEN if name in SMALL else text for name, text in written.items()}
    return [[GRADES[name], text, hidden[name]] for name, text in written.items()]


def _curve() -> Curve:
    """Return a specification curve of eight combinations."""
    every = [
        Choice("pay", sample, controls, estimator)
        for sample, controls, estimator in product(
            ("all_years", "first_half"), ("none", "all"), ("pooled", "fixed_effects")
        )
    ]
    values = (0.19, 0.09, 0.15, 0.08, 0.14, 0.03, 0.11, -0.01)
    made = [
        (choice, _estimate("fixed_effects", value, 0.02))
        for choice, value in zip(every, values, strict=True)
    ]
    made.sort(key=lambda pair: pair[1].estimate or 0.0)
    spread = {"median": 0.10, "lowest": -0.01, "highest": 0.19}
    shares = {"sign_changes": 0.125, "significant": 0.75}
    told = [_summary(key, value) for key, value in spread.items()]
    told += [_summary(key, value, unit="share") for key, value in shares.items()]
    influence = (("estimator", 0.10), ("sample", 0.06), ("controls", 0.03), ("outcome", 0.0))
    return Curve(
        tuple(c for c, _ in made), tuple(e for _, e in made), (), (), tuple(told), influence,
        declared=tuple(every),
    )  # fmt: skip


def _summary(key: str, value: float, *, unit: str = "log_points") -> Estimate:
    """Return one number about the whole curve."""
    return Estimate(key=key, term="specification_curve", method="specification_curve", unit=unit,
                    design=Design.SIMULATION, estimate=value)  # fmt: skip


CURVE = _curve()
