"""A whole simulated register with known truth.

Lives here: the population, its working lives, pay, contracts, skills, disputes,
services and organisation, each in a module of that name; the parameters with their
status (``parameters.csv``), the totals to be hit (``targets.csv``), the truth of every
effect, and the register as a folder of Parquet files. Nothing here is about real
workers: ids start with ``SIM-`` and every total that equals a printed figure does so by
construction.
"""

from yuyao_lib.sources.simulation.experiment import Experiment, draw_experiment
from yuyao_lib.sources.simulation.parameters import Parameters, parameters
from yuyao_lib.sources.simulation.register import build, generate, open_simulated, targets_of
from yuyao_lib.sources.simulation.sealed import open_potential_outcomes, read_truth
from yuyao_lib.sources.simulation.setting import GENERATOR_VERSION, Effects, Setting
from yuyao_lib.sources.simulation.targets import TargetReport, check_targets

__all__ = [
    "GENERATOR_VERSION",
    "Effects",
    "Experiment",
    "Parameters",
    "Setting",
    "TargetReport",
    "build",
    "check_targets",
    "draw_experiment",
    "generate",
    "open_potential_outcomes",
    "open_simulated",
    "parameters",
    "read_truth",
    "targets_of",
]
