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
    "unemployed_1974": Text("unemployed 1974", "1974 年失业"),
    "unemployed_1975": Text("unemployed 1975", "1975 年失业"),
}
