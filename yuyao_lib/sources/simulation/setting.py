"""What is asked of the simulation, and the true effects that follow from it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.schema import quarter_index, quarter_name
from yuyao_lib.sources.simulation.parameters import Parameters

__all__ = ["GENERATOR_VERSION", "AmountScope", "Effects", "Setting"]

GENERATOR_VERSION = "2"
AmountScope = Literal["disputes", "legal_aid", "both"]
FIRST_QUARTER, LAST_QUARTER = "2018Q1", "2023Q2"
N_QUARTERS = quarter_index(LAST_QUARTER) - quarter_index(FIRST_QUARTER) + 1
WINDOW = 2  # the five-year record starts with the third quarter, 2018Q3


@dataclass(frozen=True, slots=True)
class Setting:
    """One request for a register.

    Attributes
    ----------
    scale
        Share of the full population, 0.01 to 1. Below one every total to be hit is the
        printed one times the scale, rounded, at least one (six contract firms, four
        accredited ones).
    seed
        Any whole number from 0.
    null
        Switch every true effect off, to check the size of tests.
    pretrend
        Extra growth of pay in contract firms, log points a quarter, in all quarters.
    amount_scope
        Which cases the 42 million CNY belong to: the mediated ``disputes``, the
        ``legal_aid`` cases, or ``both``.
    heaping
        Share of exam scores just below the pass mark that are lifted over it.

    Raises
    ------
    InputError
        If a value is outside its range.

    Examples
    --------
    >>> Setting(scale=0.01).scaled(2637), Setting(scale=0.01).scaled(31, least=6)
    (26, 6)
    """

    scale: float = 1.0
    seed: int = 20230630
    null: bool = False
    pretrend: float = 0.0
    amount_scope: AmountScope = "disputes"
    heaping: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be simulated."""
        limits = {"scale": (0.01, 1.0), "pretrend": (-0.05, 0.05), "heaping": (0.0, 1.0)}
        for name, (low, high) in limits.items():
            value = getattr(self, name)
            if (
                isinstance(value, bool)
                or not isinstance(value, (int, float))
                or not low <= value <= high
            ):
                allowed = f"a number from {low:g} to {high:g}"
                raise InputError(sentence(f"{name} out of range", got=value, allowed=allowed))
        if type(self.null) is not bool:
            raise InputError(sentence("null is a yes or no", got=self.null, allowed="True, False"))
        if type(self.seed) is not int or not 0 <= self.seed < 2**63:
            raise InputError(sentence("seed out of range", got=self.seed, allowed="0 to 2^63 - 1"))
        if self.amount_scope not in get_args(AmountScope):
            allowed_scopes = get_args(AmountScope)
            raise InputError(
                sentence("unknown amount_scope", got=self.amount_scope, allowed=allowed_scopes)
            )

    def scaled(self, total: float, *, least: int = 1) -> int:
        """Return a printed total at this scale."""
        return max(least, round(total * self.scale))

    def stream(self, subject: str) -> np.random.Generator:
        """Return the random stream of one subject; subjects do not disturb each other."""
        words = [self.seed, zlib.crc32(subject.encode())]
        return np.random.Generator(np.random.SFC64(np.random.SeedSequence(words)))

    @property
    def name(self) -> str:
        """Name of the folder this register is kept in; differs when the data differ."""
        parts = [f"v{GENERATOR_VERSION}", f"scale{self.scale:g}", f"seed{self.seed}"]
        parts += ["null"] if self.null else []
        parts += [f"pretrend{self.pretrend:g}"] if self.pretrend else []
        parts += [f"amount-{self.amount_scope}"] if self.amount_scope != "disputes" else []
        parts += [f"heaping{self.heaping:g}"] if self.heaping else []
        return "-".join(parts)


def quarter_names() -> list[str]:
    """Return the quarters of the panel, first to last.

    Examples
    --------
    >>> names = quarter_names()
    >>> names[0], names[-1], len(names)
    ('2018Q1', '2023Q2', 22)
    """
    first = quarter_index(FIRST_QUARTER)
    return [quarter_name(first + t) for t in range(N_QUARTERS)]


@dataclass(frozen=True, slots=True)
class Effects:
    """Every true effect; all neutral in a null register.

    Attributes
    ----------
    contract_base
        Log points for every covered worker at full phase-in.
    contract_grade
        Further log points by grade 0-5.
    phase_in
        Quarters until the contract effect is full.
    grade_steps
        Cumulative log points by grade 0-5.
    training
        Log points after the first skill course.
    accreditation, mentor, contest
        Ratios on the quarterly promotion hazard.
    separation
        Ratio on the quarterly separation hazard under a contract.
    disputes
        Incidence-rate ratio of disputes under a contract.
    settlement
        Cause-specific hazard ratio of settlement after the room's standard.
    hardship_first, hardship_second
        Jumps in the share leaving hardship at 1 x and 2 x the living standard.
    adverse_selection
        Log odds of enrolment in mutual aid per sd of health risk.
    """

    contract_base: float
    contract_grade: tuple[float, ...]
    phase_in: int
    grade_steps: tuple[float, ...]
    training: float
    accreditation: float
    mentor: float
    contest: float
    separation: float
    disputes: float
    settlement: float
    hardship_first: float
    hardship_second: float
    adverse_selection: float

    def phase(self, event_quarter: np.ndarray | int) -> np.ndarray:
        """Share of the contract effect reached, by quarters since the start (0 = first)."""
        steps = (np.asarray(event_quarter) + 1) / self.phase_in
        return np.clip(steps, 0.0, 1.0)


STEPS = (
    "cert_junior_effect",
    "true_step_intermediate",
    "true_step_senior",
    "true_step_technician",
    "true_step_senior_technician",
)


def effects_of(setting: Setting, known: Parameters) -> Effects:
    """Return the true effects of a register.

    Examples
    --------
    >>> from yuyao_lib.sources.simulation.parameters import parameters
    >>> [round(step, 3) for step in effects_of(Setting(), parameters()).grade_steps]
    [0.0, 0.01, 0.156, 0.252, 0.328, 0.402]
    >>> effects_of(Setting(null=True), parameters()).mentor
    1.0
    """
    on = 0.0 if setting.null else 1.0

    def ratio(name: str) -> float:
        return 1.0 if setting.null else known[name]

    steps = np.cumsum([0.0, *(known[name] for name in STEPS)]) * on
    return Effects(
        contract_base=known["true_base_effect"] * on,
        contract_grade=tuple(on * value for value in known.all("true_grade_effect")),
        phase_in=int(known["contract_phase_in"]),
        grade_steps=tuple(steps.tolist()),
        training=known["true_training_effect"] * on,
        accreditation=ratio("hr_accreditation"),
        mentor=ratio("hr_mentor"),
        contest=ratio("hr_contest"),
        separation=ratio("hr_separation_contract"),
        disputes=ratio("irr_dispute_contract"),
        settlement=ratio("hr_settlement_standard"),
        hardship_first=known["hardship_jump_first"] * on,
        hardship_second=known["hardship_jump_second"] * on,
        adverse_selection=known["adverse_selection"] * on,
    )
