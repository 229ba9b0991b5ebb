"""How organisation is told in a sentence."""

from __future__ import annotations

from yuyao_lib.display.numbers import amount, count
from yuyao_lib.display.sentences import headline_of, said
from yuyao_lib.findings import Estimate
from yuyao_lib.methods.organisation import Organisation
from yuyao_lib.vocabulary import Text

__all__: list[str] = []


@headline_of.register
def _(result: Organisation, estimate: Estimate) -> Text:
    """Say how many members there are, how the stock grew, and how dense they are."""
    known = {e.key: e for e in result.estimates if e.estimate is not None}
    if not {"closing_members", "net_growth"} <= set(known):
        return Text(said(estimate, "en"), said(estimate, "zh"))
    members, growth = known["closing_members"].n, known["net_growth"].estimate
    en = f"The unions have {count(members)} members, {amount(growth, digits=1)}% more than at first"
    zh = f"工会现有会员 {count(members)} 人，较期初增长 {amount(growth, digits=1)}%"
    if "joining" in known and "leaving" in known:
        joins, leaves = (amount(known[k].estimate, digits=1) for k in ("joining", "leaving"))
        en += f"; in a year {joins}% of members are new in their union and {leaves}% left it"
        zh += f"；一年中有 {joins}% 为新加入，{leaves}% 离开"
    if "membership" in known:
        dense = amount(known["membership"].estimate, digits=1)
        en += f". Members are {dense}% of the workforce of the unions' employers"
        zh += f"。会员占所属单位职工的 {dense}%"
    return Text(f"{en}.", f"{zh}。")
