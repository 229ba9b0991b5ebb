"""Skill-grade exams: who sits them, their scores, who passes at 60."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.sources.simulation.calendar import day_in
from yuyao_lib.sources.simulation.parameters import Parameters
from yuyao_lib.sources.simulation.setting import Effects, Setting

__all__ = ["Exams"]

SCORE_ABILITY = 0.3  # correlation of the lower score with ability
HEAP_BELOW, HEAP_ABOVE = 3.0, 2.0  # points
TOP_GRADE = 5


class Exams:
    """Holds the exams of one run and keeps their records.

    The hazard of a promotion is the hazard of sitting times the chance of passing, so
    every ratio on sitting is the same ratio on promotion.
    """

    def __init__(
        self, rng: np.random.Generator, setting: Setting, known: Parameters, effects: Effects
    ) -> None:
        self.rng = rng
        self.mark = known["exam_pass_mark"]
        self.sd = known["exam_score_sd"]
        pass_rate = known["assessment_pass_rate"]
        self.mean = self.mark + self.sd * NormalDist().inv_cdf(pass_rate)
        hazards = (*known.all("promotion_hazard_base"), 0.0, 0.0, 0.0)
        self.sitting = np.array(hazards, dtype=np.float32) / np.float32(pass_rate)
        waits = (*known.all("grade_eligibility_years"), np.inf, np.inf, np.inf)
        self.waits = 4 * np.array(waits, dtype=np.float32)
        self.heaping = setting.heaping
        self.parts: list[dict[str, np.ndarray]] = []

    def sit(
        self,
        t: int,
        worker: NDArray[np.int32],
        grade: NDArray[np.int8],
        waited: NDArray[np.int16],
        ability: NDArray[np.float32],
        ratio: NDArray[np.float32],
    ) -> NDArray[np.int64]:
        """Hold the exams of quarter `t`; return the jobs whose holders passed."""
        hazard = self.sitting[grade] * ratio * (waited >= self.waits[grade])
        jobs = np.flatnonzero(self.rng.random(len(worker), dtype=np.float32) < hazard)
        lower = self._scores(ability[jobs])
        passed = lower >= self.mark
        other = np.clip(lower + np.abs(8 * self.rng.standard_normal(len(jobs))), lower, 100)
        theory_lower = self.rng.random(len(jobs)) < 0.5
        self.parts.append(
            {
                "worker": worker[jobs],
                "job": jobs,
                "assessed_on": day_in(self.rng, t, len(jobs)),
                "quarter": np.full(len(jobs), t),
                "target": grade[jobs] + 1,
                "theory": np.where(theory_lower, lower, other).round(1),
                "skill": np.where(theory_lower, other, lower).round(1),
                "passed": passed,
                "ratio": ratio[jobs],
            }
        )
        return jobs[passed]

    def _scores(self, ability: NDArray[np.float32]) -> NDArray[np.float64]:
        """Draw the lower of the two scores, to one decimal, heaped when asked."""
        noise = self.rng.standard_normal(len(ability))
        latent = SCORE_ABILITY * ability + np.sqrt(1 - SCORE_ABILITY**2) * noise
        score = np.clip(self.mean + self.sd * latent, 0, 100).round(1)
        near = (score >= self.mark - HEAP_BELOW) & (score < self.mark)
        lifted = near & (self.rng.random(len(score)) < self.heaping)
        score[lifted] = (self.mark + HEAP_ABOVE * self.rng.random(int(lifted.sum()))).round(1)
        return score

    def columns(self) -> dict[str, np.ndarray]:
        """Return the records of every exam."""
        return {k: np.concatenate([part[k] for part in self.parts]) for k in self.parts[0]}
