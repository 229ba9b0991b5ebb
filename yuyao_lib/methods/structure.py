"""The structure of pay: how unequal it is, what explains gaps, what coverage and skill do.

Lives here: the names a notebook uses. Measures stand in `inequality` and
`inequality_groups`, the Oaxaca-Blinder family in `decompositions`, unconditional
percentiles in `unconditional_quantiles`, counterfactuals in `reweighting`, premia in
`skill_premia`, imputed and capped pay in `pay_reporting`. Quantile regressions, which ask
about pay among people who look alike, are in `premiums`.
"""

from yuyao_lib.methods.decompositions import REFERENCES, Decomposition, decompose
from yuyao_lib.methods.group_means import GroupMeans, group_means
from yuyao_lib.methods.inequality import MEASURES, Inequality, inequality
from yuyao_lib.methods.inequality_groups import Lorenz, WithinBetween, lorenz, within_between
from yuyao_lib.methods.pay_reporting import MatchBias, TopCoded, match_bias, raise_top_code
from yuyao_lib.methods.reweighting import Reweighted, Support, reweight
from yuyao_lib.methods.skill_premia import SkillPremia, skill_premia
from yuyao_lib.methods.structure_checks import (
    Check,
    Checks,
    check_decomposition,
    check_errors,
    check_split,
    check_support,
)
from yuyao_lib.methods.unconditional_quantiles import RifEffects, rif_effects
from yuyao_lib.methods.wage_structure import WageStructure, overview

__all__ = [
    "MEASURES",
    "REFERENCES",
    "Check",
    "Checks",
    "Decomposition",
    "GroupMeans",
    "Inequality",
    "Lorenz",
    "MatchBias",
    "Reweighted",
    "RifEffects",
    "SkillPremia",
    "Support",
    "TopCoded",
    "WageStructure",
    "WithinBetween",
    "check_decomposition",
    "check_errors",
    "check_split",
    "check_support",
    "decompose",
    "group_means",
    "inequality",
    "lorenz",
    "match_bias",
    "overview",
    "raise_top_code",
    "reweight",
    "rif_effects",
    "skill_premia",
    "within_between",
]
