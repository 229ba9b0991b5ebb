"""What training is worth: an experiment, what comparisons say instead, and firms' grants.

Lives here: the names a notebook uses. The estimators stand in `training_routes`,
`training_recovery`, `propensity`, `balance` and `training_grants`.
"""

from yuyao_lib.methods.balance import Balance, balance
from yuyao_lib.methods.earnings_paths import EarningsPaths, earnings_paths
from yuyao_lib.methods.propensity import Overlap, overlap, weighted_means
from yuyao_lib.methods.training_grants import Grants, firm_grants
from yuyao_lib.methods.training_recovery import Recovery, evaluation_bias, recovery
from yuyao_lib.methods.training_routes import TrainingEffects, effects, experiment

__all__ = [
    "Balance",
    "EarningsPaths",
    "Grants",
    "Overlap",
    "Recovery",
    "TrainingEffects",
    "balance",
    "earnings_paths",
    "effects",
    "evaluation_bias",
    "experiment",
    "firm_grants",
    "overlap",
    "recovery",
    "weighted_means",
]
