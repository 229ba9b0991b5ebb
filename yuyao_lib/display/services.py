"""How services are told in a sentence."""

from __future__ import annotations

from yuyao_lib.display.numbers import amount, count, size
from yuyao_lib.display.sentences import headline_of, said
from yuyao_lib.findings import Estimate, Rules
from yuyao_lib.methods.services import Services
from yuyao_lib.vocabulary import Text

__all__: list[str] = []


@headline_of.register
def _(result: Services, estimate: Estimate) -> Text:
    """Say what is known of hardship, jobs and mutual aid, each in a clause."""
    known = {e.key: e for e in result.estimates if e.estimate is not None}
    en, zh = [], []
    if "exit_12_months" in known:
        left = known["exit_12_months"]
        low, high = (amount(v, digits=0) for v in (left.low, left.high))
        told = amount(left.estimate, digits=0)
        en.append(f"{told}% of files of hardship were closed within a year"
                  f" ({left.level:.0%} interval {low} to {high}; {size(left, 'en')})")  # fmt: skip
        zh.append(f"{told}% 的困难档案一年内脱困"
                  f"（{left.level:.0%} 区间 {low} 至 {high}；{size(left, 'zh')}）")  # fmt: skip
    if "placed_trained" in known and "placed_untrained" in known:
        a, b = (amount(known[k].estimate, digits=1) for k in ("placed_trained", "placed_untrained"))
        en.append(f"{a}% of the trained and {b}% of the untrained had a job in the time asked for")
        zh.append(f"参训者 {a}%、未参训者 {b}% 在所设时间内就业")
    if "payout_ratio" in known:
        out = amount(known["payout_ratio"].estimate, digits=0)
        to, to_zh = _claimants(known.get("claimants"))
        en.append(f"mutual aid paid out {out}% of what was paid in{to}")
        zh.append(f"医疗互助补助占缴费的 {out}%{to_zh}")
    if not en:
        return Text(said(estimate, "en"), said(estimate, "zh"))
    words = "; ".join(en)
    return Text(f"{words[:1].upper()}{words[1:]}.", f"{'；'.join(zh)}。")


def _claimants(claimants: Estimate | None) -> tuple[str, str]:
    """Say how many had a claim, unless few of them had more than one: the table tells claims."""
    few = Rules().persons
    if claimants is None or (claimants.persons is not None and claimants.persons < few):
        return "", ""
    people = count(claimants.n)
    return f", to {people} persons", f"，涉及 {people} 人"
