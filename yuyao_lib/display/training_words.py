"""Names of what is measured before training, for a reader."""

from __future__ import annotations

from yuyao_lib.vocabulary import Text

__all__ = ["COVARIATES"]

COVARIATES = {
    "age_years": Text("age (years)", "年龄（岁）"),
    "age_years_squared": Text("age squared", "年龄平方"),
    "education_years": Text("schooling (years)", "受教育年限（年）"),
    "nodegree": Text("no school degree", "无高中文凭"),
    "black": Text("Black", "黑人"),
    "hispanic": Text("Hispanic", "西班牙裔"),
    "married": Text("married", "已婚"),
    "earnings_1974": Text("earnings 1974 (US dollars)", "1974 年收入（美元）"),
    "earnings_1975": Text("earnings 1975 (US dollars)", "1975 年收入（美元）"),
    "female": Text("women (share)", "女性（占比）"),
    "grade": Text("skill grade, 0 to 5", "技能等级（0 至 5）"),
    "log_pay": Text("log of monthly pay", "月工资对数"),
    "tenure_1_3": Text("with the employer 1 to 3 years", "在本单位 1 至 3 年"),
    "tenure_3_10": Text("with the employer 3 to 10 years", "在本单位 3 至 10 年"),
    "tenure_10": Text("with the employer 10 years or more", "在本单位 10 年及以上"),
    "unemployed_1974": Text("unemployed 1974", "1974 年失业"),
    "unemployed_1975": Text("unemployed 1975", "1975 年失业"),
}
