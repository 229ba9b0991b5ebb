"""Working lives: who holds which job in each quarter, with which grade, and why that changes.

The panel is a matrix of jobs by quarters. In each quarter workers train, enter
contests, find mentors, sit exams and leave; the next quarter begins with promotions
and with leavers replaced, partly by leavers of other employers.
"""

# The type check does not follow numpy, so it cannot infer the type of a new array.
# mypy: disable-error-code="var-annotated"

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.sources.simulation.calendar import contest_quarters, day_in, quarter_of
from yuyao_lib.sources.simulation.exams import Exams
from yuyao_lib.sources.simulation.hiring import LONGEST, first_grades, first_tenures, rank_key
from yuyao_lib.sources.simulation.parameters import Parameters
from yuyao_lib.sources.simulation.population import Population
from yuyao_lib.sources.simulation.setting import N_QUARTERS, Effects, Setting
from yuyao_lib.sources.simulation.state import Events, Jobs, State
from yuyao_lib.sources.simulation.workers import WorkerBook, Workers

__all__ = ["Careers", "live"]

OFTEN_TRAINED = 0.3  # log odds of skill training per sd of ability


@dataclass(frozen=True, slots=True)
class Careers:
    """The panel before pay.

    Attributes
    ----------
    worker
        Who holds the job, shape (quarters, jobs), an index into `workers`.
    grade, tenure, trained, separated
        Skill grade 0-5, quarters with the employer, skill course behind them, leaves at
        the end of the quarter; shape (quarters, jobs).
    workers
        Everyone who was ever in the register.
    training, entries, pairs, exams
        Event tables.
    """

    worker: NDArray[np.int32]
    grade: NDArray[np.int8]
    tenure: NDArray[np.int16]
    trained: NDArray[np.bool_]
    separated: NDArray[np.bool_]
    workers: Workers
    training: dict[str, np.ndarray]
    entries: dict[str, np.ndarray]
    pairs: dict[str, np.ndarray]
    exams: dict[str, np.ndarray]


def live(setting: Setting, known: Parameters, effects: Effects, population: Population) -> Careers:
    """Run the 22 quarters."""
    return _Run(setting, known, effects, population).run()


class _Run:
    """One run through the quarters; methods are its steps, in order."""

    def __init__(
        self, setting: Setting, known: Parameters, effects: Effects, population: Population
    ) -> None:
        self.rng = setting.stream("careers")
        self.known, self.effects, self.population = known, effects, population
        employers = population.employers
        self.employer = population.job_employer
        self.n = len(self.employer)
        self.z_firm = employers.z_effect[self.employer].astype(np.float32)
        self.adoption = population.adoption
        self.accredited = quarter_of(employers.accredited_on)[self.employer]
        self.first_job = np.concatenate([[0], np.cumsum(employers.jobs)])
        self.exams = Exams(setting.stream("exams"), setting, known, effects)
        self.book = WorkerBook(setting.stream("workers"), known)
        self.training, self.entries, self.pairs = Events(), Events(), Events()
        self.contest = contest_quarters(setting.scaled(512))
        self.seats = int(known["contest_entrants"])
        self.mentor_share = known["mentor_hazard"]

    def run(self) -> Careers:
        """Return the whole panel."""
        shape = (N_QUARTERS, self.n)
        worker = np.empty(shape, dtype=np.int32)
        grade = np.empty(shape, dtype=np.int8)
        tenure = np.empty(shape, dtype=np.int16)
        trained = np.empty(shape, dtype=bool)
        separated = np.empty(shape, dtype=bool)
        state = self._start()
        for t in range(N_QUARTERS):
            worker[t], grade[t] = state.worker, state.grade
            tenure[t], trained[t] = state.tenure, state.trained
            self._learn(t, state)
            passed = self._sit_exams(t, state)
            separated[t] = self._leave(t, state)
            if t + 1 < N_QUARTERS:
                self._advance(state, passed)
                self._replace(t, state, np.flatnonzero(separated[t]))
        return Careers(
            worker,
            grade,
            tenure,
            trained,
            separated,
            self.book.close(),
            self.training.columns(),
            self.entries.columns(),
            self.pairs.columns(),
            self.exams.columns(),
        )

    def _start(self) -> State:
        """Fill every job; tenure as it is where people leave at the given hazards."""
        state = State(self.n)
        chance = first_tenures(self.known)
        state.tenure = self.rng.choice(LONGEST, self.n, p=chance).astype(np.int16)
        tenure = state.tenure.copy()
        state.put(np.arange(self.n), self._hire(np.arange(self.n), 0, tenure))
        state.tenure = tenure
        return state

    def _hire(self, jobs: Jobs, t: int, tenure: np.ndarray | int) -> dict[str, np.ndarray]:
        """Draw new workers for these jobs; better payers attract the abler a little."""
        n = len(jobs)
        rho = self.known["worker_firm_correlation"]
        z = self.rng.standard_normal(n, dtype=np.float32)
        ability = np.float32(rho) * self.z_firm[jobs] + np.float32(np.sqrt(1 - rho**2)) * z
        grade = first_grades(self.rng, ability, self.known)
        return {
            "worker": self.book.enter(ability, grade, t, tenure),
            "ability": ability,
            "grade": grade,
            "waited": self.rng.integers(0, 33, n, dtype=np.int16),
            "trained": np.zeros(n, dtype=bool),
            "mentored": np.zeros(n, dtype=bool),
            "entered": np.zeros(n, dtype=bool),
        }

    def _learn(self, t: int, state: State) -> None:
        """Courses, contests and mentors of one quarter."""
        self._train(t, state)
        self._compete(t, state)
        self._mentor(t, state)

    def _train(self, t: int, state: State) -> None:
        """Courses: skill training goes to the abler and to those who have stayed a year."""
        skill, safety, other = self.known.all("training_hazards")
        tilt = np.exp(OFTEN_TRAINED * state.ability) * np.where(state.tenure >= 4, 1.2, 0.6)
        draw = self.rng.random(self.n, dtype=np.float32)
        chance = (skill * tilt).astype(np.float32)
        kind = np.where(draw < chance, 0, np.where(draw < chance + safety, 1, 2))
        jobs = np.flatnonzero(draw < chance + (safety + other))
        self.training.add(
            worker=state.worker[jobs],
            kind=kind[jobs].astype(np.int8),
            start_on=day_in(self.rng, t, len(jobs)),
        )
        self.now_trained = jobs[kind[jobs] == 0]

    def _compete(self, t: int, state: State) -> None:
        """Contests: each worker at most once a quarter, the abler more often."""
        contests = np.flatnonzero(self.contest == t)
        seats = min(self.n // 2, len(contests) * self.seats)
        drawn = self.rng.choice(self.n, min(self.n, 2 * seats), replace=False)
        willing = self.rng.random(len(drawn)) < 1 / (1 + np.exp(-state.ability[drawn]))
        jobs = drawn[willing][:seats]
        noise = self.rng.standard_normal(len(jobs))
        self.entries.add(
            contest=np.resize(contests, len(jobs)),
            worker=state.worker[jobs],
            score=np.clip(70 + 8 * (0.5 * state.ability[jobs] + 0.87 * noise), 0, 100),
        )
        self.now_entered = jobs

    def _mentor(self, t: int, state: State) -> None:
        """Mentors: some newly hired low grades get a senior colleague of the same employer."""
        new = np.flatnonzero((state.tenure == 0) & (state.grade <= 1) & ~state.mentored)
        wish = new[self.rng.random(len(new)) < self.mentor_share * 4]
        start = self.first_job[self.employer[wish]]
        size = self.first_job[self.employer[wish] + 1] - start
        mentor = start + np.floor(self.rng.random(len(wish)) * size).astype(np.int64)
        able = (state.grade[mentor] >= 2) & (state.tenure[mentor] >= 8)
        jobs, mentor = wish[able], mentor[able]
        self.pairs.add(
            apprentice=state.worker[jobs],
            mentor=state.worker[mentor],
            start_on=day_in(self.rng, t, len(jobs)),
            quarter=np.full(len(jobs), t),
        )
        self.now_mentored = jobs

    def _sit_exams(self, t: int, state: State) -> Jobs:
        """Return the jobs whose holders passed."""
        ratio = np.ones(self.n, dtype=np.float32)
        ratio[self.accredited <= t] *= self.effects.accreditation
        ratio[state.mentored] *= self.effects.mentor
        ratio[state.entered] *= self.effects.contest
        return self.exams.sit(t, state.worker, state.grade, state.waited, state.ability, ratio)

    def _leave(self, t: int, state: State) -> NDArray[np.bool_]:
        """Draw who leaves at the end of the quarter."""
        year, three, longer = self.known.all("separation_hazards")
        hazard = np.where(state.tenure < 4, year, np.where(state.tenure < 12, three, longer))
        hazard = hazard * self.known.all("separation_season")[t % 4]
        hazard[self.adoption <= t] *= self.effects.separation
        return self.rng.random(self.n) < hazard

    def _advance(self, state: State, passed: Jobs) -> None:
        """Move everyone one quarter on."""
        state.tenure += 1
        state.waited += 1
        state.grade[passed] += 1
        state.waited[passed] = 0
        state.trained[self.now_trained] = True
        state.entered[self.now_entered] = True
        state.mentored[self.now_mentored] = True

    def _replace(self, t: int, state: State, vacant: Jobs) -> None:
        """Fill the vacant jobs, partly with leavers of other employers.

        Movers and jobs are matched by rank with noise, which keeps the correlation of
        worker and firm effects where it started.
        """
        n_moves = int(self.known["mover_share"] * len(vacant))
        movers = self.rng.permutation(vacant)[:n_moves]
        filled = self.rng.permutation(vacant)[:n_moves]
        rho = self.known["worker_firm_correlation"]
        movers = movers[np.argsort(rank_key(self.rng, state.ability[movers], rho), kind="stable")]
        filled = filled[np.argsort(rank_key(self.rng, self.z_firm[filled], rho), kind="stable")]
        other = self.employer[movers] != self.employer[filled]
        movers, filled = movers[other], filled[other]
        carried = state.take(movers)
        taken = np.zeros(self.n, dtype=bool)
        taken[filled] = True
        new = vacant[~taken[vacant]]
        state.put(new, self._hire(new, t + 1, 0))
        state.put(filled, carried)
