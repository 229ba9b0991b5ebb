"""The effect of a contract with other controls and other quarters of anticipation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yuyao_lib.methods.adoption import Controls, Meaning
from yuyao_lib.methods.beside_truth import BesideTruth, beside
from yuyao_lib.methods.contract_firms import match_controls, pay_panel
from yuyao_lib.methods.contract_parts import estimate_with_t, part_of_firms
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["contract_variants"]

WORDS = Text(
    "influence function summed within firms; Student's t with the number of treated firms less"
    " one as degrees of freedom",
    "影响函数按企业求和；t 分布自由度为处理企业数减一",
)
CONTROLS: dict[Controls, Text] = {
    "never": Text("never under contract", "从未签约"),
    "not_yet": Text("not yet under contract", "尚未签约"),
}
MATCHED, EVERY = Text("matched firms", "匹配企业"), Text("all firms", "全部企业")
AHEAD = (1, 2)  # more quarters of anticipation than on the page
TITLE = Text(
    "The effect with other controls and with anticipation", "改用其他对照与考虑提前反应的效应"
)


def contract_variants(
    cells: pd.DataFrame,
    firms: pd.DataFrame,
    *,
    match_k: int = 5,
    anticipation: int = 0,
    outcome: str = "log_gross_wage",
    truth: float | None = None,
    meaning: Meaning | None = None,
) -> BesideTruth:
    """Estimate the mean effect with every kind of control, and with anticipation.

    Parameters
    ----------
    cells
        As from `merge_grades`.
    firms
        As from `contract_firms`.
    match_k
        Controls a contract firm among the matched.
    anticipation
        Quarters before the contract in which pay may already move; then one and two more.
    outcome, meaning
        As in `group_time`.
    truth
        What was set for the mean effect.

    Returns
    -------
    BesideTruth
        Keys ``never_matched``, ``not_yet_matched``, ``never_all``, ``not_yet_all``, and
        ``anticipation_<quarters>`` with matched controls that never had a contract.
    """
    meant = meaning or Meaning()
    panels = {
        "matched": pay_panel(cells, match_controls(firms, per_firm=match_k).frame),
        "all": pay_panel(cells, match_controls(firms, per_firm=0).frame),
    }
    asked: list[tuple[str, Text, str, Controls, int]] = [
        (f"{kind}_{name}", _label(kind, name, match_k), name, kind, anticipation)
        for name in panels
        for kind in CONTROLS
    ]
    asked += [
        (f"anticipation_{anticipation + more}", _ahead(anticipation + more), "matched", "never",
         anticipation + more)
        for more in AHEAD
    ]  # fmt: skip
    made = []
    for key, _, name, kind, ahead in asked:
        part = part_of_firms(panels[name], outcome, kind, ahead)
        if part.why is not None:
            made.append(meant.estimate(key, "group_time_effects", undefined=part.why))
            continue
        df = part.treated - 1
        made.append(estimate_with_t(meant, key, "group_time_effects", part, df, WORDS))
    labels = [label for _, label, *_ in asked]
    return beside(made, [truth] * len(made), labels=labels, title=TITLE)


def _label(kind: Controls, name: str, match_k: int) -> Text:
    """Name controls."""
    which = MATCHED if name == "matched" and match_k else EVERY
    return Text(f"{which.en}, {CONTROLS[kind].en}", f"{which.zh}，{CONTROLS[kind].zh}")


def _ahead(quarters: int) -> Text:
    """Name quarters of anticipation."""
    unit = "quarter" if quarters == 1 else "quarters"
    return Text(f"{quarters} {unit} of anticipation", f"提前 {quarters} 个季度")
