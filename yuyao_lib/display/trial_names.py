"""What estimators on trial are called: the route, and how its interval is made."""

from __future__ import annotations

from yuyao_lib.vocabulary import Text

__all__ = ["name_of"]

ROUTES = {
    "group_time": Text("group-time", "组别-时期"),
    "two_way": Text("two-way", "双向固定效应"),
    "imputation": Text("imputation", "插补"),
    "stayers": Text("stayers", "留任者"),
    "cutoff": Text("cut-off", "断点"),
    "hazard": Text("hazard", "风险"),
    "components": Text("wage component", "工资方差分解"),
    "threshold": Text("threshold", "门槛"),
    "training": Text("training", "培训"),
    "rates": Text("rates", "发生率"),
    "promotion": Text("promotion", "晋级"),
    "sitting": Text("sitting an exam", "参加考试"),
    "mediation": Text("mediation", "调解"),
    "organisation": Text("organisation", "组织"),
    "services": Text("services", "服务"),
}
PARTS = {
    "randomisation_inference": Text("randomisation", "随机化"),
    "clustered_errors": Text("clustered", "聚类"),
    "wild_cluster_bootstrap": Text("wild bootstrap", "野自助法"),
    "robust": Text("robust", "稳健"),
    "conventional": Text("conventional", "常规"),
    "settled": Text("settled", "和解"),
    "arbitration": Text("arbitration", "仲裁"),
    "withdrawn": Text("withdrawn", "撤回"),
    "discrete": Text("in discrete time", "离散时间"),
    "firm": Text("employers, corrected", "单位，已修正"),
    "worker": Text("workers, corrected", "职工，已修正"),
    "covariance": Text("twice the covariance, corrected", "两倍协方差，已修正"),
    "plug_in_firm": Text("employers, plug-in", "单位，未修正"),
    "plug_in_worker": Text("workers, plug-in", "职工，未修正"),
    "plug_in_covariance": Text("twice the covariance, plug-in", "两倍协方差，未修正"),
    "grade": Text("grades", "等级"),
    "grade_worker": Text("grades and workers", "等级与职工"),
    "rule": Text("what the rule does", "规则的效果"),
    "fuzzy": Text("what relief does, fuzzy", "帮扶的效果，模糊断点"),
    "difference_in_means": Text("difference in means", "均值之差"),
    "regression_adjusted": Text("regression", "回归调整"),
    "outcome_regression": Text("outcome regression", "结果回归"),
    "propensity_weighting": Text("weighting", "倾向得分加权"),
    "doubly_robust": Text("doubly robust", "双重稳健"),
    "contract": Text("departures under contract", "签约期间离职"),
    "share": Text("a counted share, percent", "计数占比（%）"),
    "accredited": Text("accredited employer", "备案单位"),
    "mentored": Text("mentor", "师傅带教"),
    "contest": Text("contest", "竞赛"),
    "trained": Text("skill course", "技能培训"),
    "limit": Text("share at the legal limit", "法定期限当日比例"),
    "room_opening": Text("one more room", "增设工作室"),
    "settled_weighted": Text("legal aid, weighted", "法律援助，加权"),
    "refund_effect": Text("fee refund", "经费返还"),
    "rate_ratio": Text("cadre allowance", "干部补贴"),
    "jump_at_1": Text("first threshold", "第一门槛"),
    "jump_at_2": Text("second threshold", "第二门槛"),
    "jump_at_1_wide": Text("first threshold, wide", "第一门槛，宽带宽"),
    "jump_at_2_wide": Text("second threshold, wide", "第二门槛，宽带宽"),
    "placement_log_odds": Text("course and placement", "培训与就业"),
    "injury_ratio": Text("rating and injuries", "评分与工伤"),
}


def name_of(estimator: str) -> Text:
    """Return an estimator with its part or the kind of its interval, in words.

    Examples
    --------
    >>> name_of("two_way wild_cluster_bootstrap").en
    'two-way, wild bootstrap'
    >>> name_of("components step_3").zh
    '工资方差分解，等级 3'
    """
    route, _, how = estimator.partition(" ")
    first = ROUTES.get(route, Text(route, route))
    if not how:
        return first
    plain = how.replace("_", " ")
    grade = how.removeprefix("step_")
    other = Text(f"step to grade {grade}", f"等级 {grade}") if grade != how else Text(plain, plain)
    second = PARTS.get(how, other)
    return Text(f"{first.en}, {second.en}", f"{first.zh}，{second.zh}")
