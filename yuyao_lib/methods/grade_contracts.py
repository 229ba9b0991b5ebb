"""Do grade-wage contracts raise pay, and for whom? The names to start from.

Lives here: nothing but names. Cells from pay records, firms with a contract and their
matched controls, effects by grade, by union and for stayers, rates of leaving and of
disputes, the ladder of allowances, and estimates beside what was set.
"""

from yuyao_lib.methods.beside_truth import BesideTruth, beside
from yuyao_lib.methods.contract_answers import (
    gap_and_design,
    in_cohorts,
    in_grades,
    in_quarters,
    in_unions,
    meaning_of,
    other_outcomes,
    trend_before,
)
from yuyao_lib.methods.contract_effects import (
    PartEffects,
    effects_by_grade,
    naive_gap,
    stayers_effect,
    union_interaction,
)
from yuyao_lib.methods.contract_firms import Matched, contract_firms, match_controls, pay_panel
from yuyao_lib.methods.contract_paths import EventPaths, paths_by_cohort, paths_by_grade
from yuyao_lib.methods.contract_variants import contract_variants
from yuyao_lib.methods.event_windows import parts_by_firms
from yuyao_lib.methods.firm_cells import firm_cells, merge_grades, stayer_changes
from yuyao_lib.methods.grade_ladder import Ladder, PassThrough, pass_through, pay_ladder
from yuyao_lib.methods.inference_dealt import Dealt, dealt_statistics
from yuyao_lib.methods.rate_ratios import event_counts, rate_ratio

__all__ = [
    "BesideTruth",
    "Dealt",
    "EventPaths",
    "Ladder",
    "Matched",
    "PartEffects",
    "PassThrough",
    "beside",
    "contract_firms",
    "contract_variants",
    "dealt_statistics",
    "effects_by_grade",
    "event_counts",
    "firm_cells",
    "gap_and_design",
    "in_cohorts",
    "in_grades",
    "in_quarters",
    "in_unions",
    "match_controls",
    "meaning_of",
    "merge_grades",
    "naive_gap",
    "other_outcomes",
    "parts_by_firms",
    "pass_through",
    "paths_by_cohort",
    "paths_by_grade",
    "pay_ladder",
    "pay_panel",
    "rate_ratio",
    "stayer_changes",
    "stayers_effect",
    "trend_before",
    "union_interaction",
]
