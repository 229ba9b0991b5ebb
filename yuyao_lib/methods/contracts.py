"""What contracts (or policies) adopted at different dates do: the names to start from.

Lives here: nothing but names. Effects by cohort and period, event-study regressions,
imputation, the static regression taken apart, tests of trends before adoption,
sensitivity bounds, and cells from people.
"""

from yuyao_lib.methods.adoption import Meaning
from yuyao_lib.methods.cells import Cells, collapse
from yuyao_lib.methods.event_frames import event_frame
from yuyao_lib.methods.event_regressions import EventStudy, extended_twfe, sun_abraham
from yuyao_lib.methods.group_time import group_time
from yuyao_lib.methods.group_time_results import Aggregate, GroupTime
from yuyao_lib.methods.honest import HonestBounds, honest_bounds
from yuyao_lib.methods.imputed_effects import imputation
from yuyao_lib.methods.pretrends import PreTrend, pre_trend_slope, pre_trend_test
from yuyao_lib.methods.side_by_side import Estimators, compare_estimators
from yuyao_lib.methods.static_twfe import StaticTwoWay, two_way_fixed_effects
from yuyao_lib.methods.verdicts import Closing, Verdict, can_tell

__all__ = [
    "Aggregate",
    "Cells",
    "Closing",
    "Estimators",
    "EventStudy",
    "GroupTime",
    "HonestBounds",
    "Meaning",
    "PreTrend",
    "StaticTwoWay",
    "Verdict",
    "can_tell",
    "collapse",
    "compare_estimators",
    "event_frame",
    "extended_twfe",
    "group_time",
    "honest_bounds",
    "imputation",
    "pre_trend_slope",
    "pre_trend_test",
    "sun_abraham",
    "two_way_fixed_effects",
]
