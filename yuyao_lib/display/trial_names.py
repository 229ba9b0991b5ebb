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
    "courses": Text("courses", "培训课程"),
    "contract": Text("contract", "合同"),
    "quarters": Text("contract by quarter", "合同分季度"),
    "cohorts": Text("contract by start", "合同分批次"),
    "grades": Text("contract by grade", "合同分等级"),
    "outcomes": Text("contract, other outcomes", "合同的其他结果"),
    "unions": Text("contract and union", "合同与工会"),
    "returns": Text("returns to skill", "技能回报"),
    "trend": Text("contract, trend before", "合同，事前趋势"),
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
    "colleagues": Text("against colleagues", "与同事比较"),
    "colleagues, fourth quarter": Text(
        "against colleagues, fourth quarter", "与同事比较，第四季度"
    ),
    "gap": Text("gap as it stands", "直接差距"),
    "naive_gap": Text("gap as it stands", "直接差距"),
    "stayers": Text("stayers", "留任者"),
    "chosen_randomisation_inference": Text("as the page tells it", "页面所示"),
    "chosen_clustered_errors": Text("as the page tells it", "页面所示"),
    "group_time_randomisation_inference": Text("group-time, randomisation", "组别-时期，随机化"),
    "group_time_clustered_errors": Text("group-time, clustered", "组别-时期，聚类"),
    "two_way_randomisation_inference": Text("two-way, randomisation", "双向固定效应，随机化"),
    "two_way_clustered_errors": Text("two-way, clustered", "双向固定效应，聚类"),
    "two_way_wild_cluster_bootstrap": Text("two-way, wild bootstrap", "双向固定效应，野自助法"),
    "route_group_time_effects": Text("beside others: group-time", "并列比较：组别-时期"),
    "route_imputation_estimator": Text("beside others: imputation", "并列比较：插补"),
    "route_extended_twfe": Text("beside others: extended two-way", "并列比较：扩展双向固定效应"),
    "route_sun_abraham": Text("beside others: Sun and Abraham", "并列比较：Sun 与 Abraham"),
    "route_two_way_fixed_effects": Text("beside others: two-way", "并列比较：双向固定效应"),
    "cohort": Text("every start", "各批次"),
    "turnover": Text("leaving", "离职"),
    "disputes": Text("disputes", "争议"),
    "with_union": Text("starred union", "星级工会"),
    "without_union": Text("all others", "其他企业"),
    "difference": Text("difference", "二者之差"),
    "weighted_level": Text("course, weighted pay", "培训，加权工资"),
    "weighted_change": Text("course, weighted change", "培训，加权变化"),
    "pass_mark": Text("pass mark", "及格线"),
    "prize_cutoff": Text("last prize", "末名获奖处"),
    "title_cutoff": Text("score of a title", "荣誉分数线"),
    "training": Text("course, against colleagues", "培训，与同事比较"),
    "prize": Text("prize, against colleagues", "获奖，与同事比较"),
    "title": Text("title, against colleagues", "荣誉，与同事比较"),
    "degree": Text("degree, against colleagues", "学历资助，与同事比较"),
    "adopted": Text("adopted proposal, against colleagues", "采纳的建议，与同事比较"),
    "proposal": Text("proposal, adopted less rejected", "建议，采纳减未采纳"),
    "degree_quota": Text("degree, at the quota", "学历资助，名额处"),
    "golden": Text("golden proposal, against colleagues", "金点子，与同事比较"),
    "golden_less": Text("proposal, golden less other adopted", "建议，金点子减其他采纳"),
    "mentor": Text("mentor, against colleagues", "师傅，与同事比较"),
    "stays_training": Text("course, still with the employer", "培训，留任"),
    "stays_degree": Text("degree, still with the employer", "学历资助，留任"),
    "stays_title": Text("title, still with the employer", "荣誉，留任"),
    "stays_prize": Text("prize, still with the employer", "获奖，留任"),
    "stays_mentor": Text("mentor, still with the employer", "师傅，留任"),
    "stays_apprentice": Text("apprentice, still with the employer", "徒弟，留任"),
    "randomisation": Text("randomisation", "随机化"),
    "slope": Text("slope a quarter", "每季度斜率"),
}
COUNTED = (
    ("step_", Text("step to grade {k}", "等级 {k}")),
    ("pass_mark_grade_", Text("pass mark for grade {k}", "等级 {k} 的及格线")),
    ("grade_", Text("grade {k}", "等级 {k}")),
    ("at_", Text("quarter {k}", "第 {k} 季度")),
)


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
    second = PARTS.get(how) or _counted(how)
    return Text(f"{first.en}, {second.en}", f"{first.zh}，{second.zh}")


def _counted(how: str) -> Text:
    """Return a part that is one of several of a kind, by its number; else as it stands."""
    for start, words in COUNTED:
        k = how.removeprefix(start)
        if k != how:
            return words.format(k=k.replace("-", "−"))
    plain = how.replace("_", " ")
    return Text(plain, plain)
