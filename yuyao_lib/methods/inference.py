"""How sure? Clustered errors, bootstrap, randomisation: the names to start from.

Lives here: nothing but names. With few treated clusters start from `choose_interval`,
which computes the intervals and says which one holds its size and why.
"""

from yuyao_lib.methods.inference_choice import ChosenInterval, choose_interval
from yuyao_lib.methods.inference_clusters import clustered, prepare
from yuyao_lib.methods.inference_influence import leave_one_out_effect
from yuyao_lib.methods.inference_jackknife import LeaveOneOut, jackknife, leave_one_out
from yuyao_lib.methods.inference_multiple import Adjusted, adjust, benjamini_hochberg, holm
from yuyao_lib.methods.inference_randomisation import randomisation
from yuyao_lib.methods.inference_wild import wild_bootstrap

__all__ = [
    "Adjusted",
    "ChosenInterval",
    "LeaveOneOut",
    "adjust",
    "benjamini_hochberg",
    "choose_interval",
    "clustered",
    "holm",
    "jackknife",
    "leave_one_out",
    "leave_one_out_effect",
    "prepare",
    "randomisation",
    "wild_bootstrap",
]
