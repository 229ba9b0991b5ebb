"""Disputes, the rooms that mediate them, and the risks screened before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yuyao_lib.sources.simulation.allocation import allocate_money
from yuyao_lib.sources.simulation.calendar import LAST_DAY, Days, day_in, days
from yuyao_lib.sources.simulation.columns import Coded, Columns, Ids
from yuyao_lib.sources.simulation.durations import OUTCOMES, Spells, mediate
from yuyao_lib.sources.simulation.parameters import Parameters
from yuyao_lib.sources.simulation.population import N_TOWNS, Population
from yuyao_lib.sources.simulation.setting import N_QUARTERS, WINDOW, Effects, Setting

__all__ = ["Cases", "disputes_tables", "draw_cells", "filing_rates", "risks_table", "towns"]

KINDS = ("remuneration", "injury", "social_insurance", "termination", "other")
OLDEST = 6  # rooms open before the panel in the smallest register
LARGEST_AMOUNT = 20_000_000.0  # CNY
NAT = np.datetime64("NaT")


@dataclass(frozen=True, slots=True)
class Rooms:
    """The mediation rooms; arrays have shape (rooms,)."""

    town: NDArray[np.int64]
    opened_on: Days
    standard_on: Days


@dataclass(frozen=True, slots=True)
class Cases:
    """What the truth needs of the mediated cases; arrays have shape (cases,)."""

    covered: NDArray[np.bool_]
    after_standard: NDArray[np.bool_]
    spells: Spells


def disputes_tables(
    setting: Setting, known: Parameters, effects: Effects, population: Population
) -> tuple[Columns, Columns, Cases]:
    """Return the rooms, the disputes, and what is true of them."""
    rng = setting.stream("disputes")
    rooms = _rooms(setting.stream("rooms"), setting, known)
    employer, quarter = _filed(rng, setting, effects, population)
    n = len(employer)
    filed_on = day_in(rng, quarter, n)
    room = _choose_rooms(rng, rooms, population.employers.town[employer], filed_on)
    after = filed_on >= rooms.standard_on[room]
    spells = mediate(setting.stream("durations"), known, effects, filed_on, after)
    mediated = {
        "employer": employer,
        "room": room,
        "filed_on": filed_on,
        "closed_on": spells.closed_on,
        "outcome": spells.outcome,
        "aided": np.zeros(n, dtype=bool),
        "counted": quarter >= WINDOW,
    }
    aided = _aid(rng, setting, known, population, mediated)
    rows = {name: np.concatenate([mediated[name], aided[name]]) for name in mediated}
    covered = population.employers.adoption[employer] <= quarter
    cases = Cases(covered, after, spells)
    return _rooms_columns(rooms), _columns(rng, setting, known, population, rows), cases


def _rooms(rng: np.random.Generator, setting: Setting, known: Parameters) -> Rooms:
    """Open the rooms; most meet the standard of July 2022 at once, some later, some never."""
    n = setting.scaled(100)
    town = np.concatenate([rng.permutation(N_TOWNS), rng.integers(0, N_TOWNS, n)])[:n]
    opened = days(rng, "2012-01-01", "2022-03-31", n)
    early = np.arange(n) < max(OLDEST, N_TOWNS)
    opened = np.where(early, days(rng, "2010-01-01", "2017-12-31", n), opened)
    at_once, later = known.all("standard_rooms")
    draw = rng.random(n)
    first = np.datetime64("2022-07-01")
    late = days(rng, "2022-08-01", "2023-03-31", n)
    standard = np.where(draw < at_once, first, np.where(draw < at_once + later, late, NAT))
    return Rooms(town, opened, standard)


def _rooms_columns(rooms: Rooms) -> Columns:
    """Return the table of rooms."""
    return {
        "room_id": Ids("R", np.arange(len(rooms.town)), 3),
        "town_id": towns(rooms.town),
        "opened_on": rooms.opened_on,
        "standard_on": rooms.standard_on,
    }


def towns(codes: NDArray) -> Coded:
    """Return towns T01 to T21."""
    return Coded(codes, tuple(f"T{i + 1:02d}" for i in range(N_TOWNS)))


def _filed(
    rng: np.random.Generator, setting: Setting, effects: Effects, population: Population
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw employer and quarter of every mediated case; the window's total is exact."""
    rate = filing_rates(effects, population)
    inside = setting.scaled(1512)
    before = rng.poisson(inside * WINDOW / (N_QUARTERS - WINDOW))
    late = draw_cells(rng, rate[:, WINDOW:], inside)
    early = draw_cells(rng, rate[:, :WINDOW], before)
    employer = np.concatenate([early[0], late[0]])
    quarter = np.concatenate([early[1], late[1] + WINDOW])
    order = np.argsort(quarter, kind="stable")
    return employer[order], quarter[order]


def filing_rates(effects: Effects, population: Population) -> NDArray[np.float64]:
    """Return the relative incidence of disputes, shape (employers, quarters)."""
    employers = population.employers
    contract = employers.adoption[:, None] <= np.arange(N_QUARTERS)[None, :]
    return employers.jobs[:, None] * np.where(contract, effects.disputes, 1.0)


def draw_cells(
    rng: np.random.Generator, rate: NDArray[np.float64], n: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw `n` cells of a matrix with chances in proportion to it."""
    edges = np.cumsum(rate.ravel())
    cell = np.searchsorted(edges, rng.random(n) * edges[-1], side="right")
    row, column = np.unravel_index(np.minimum(cell, rate.size - 1), rate.shape)
    return row, column


def _choose_rooms(
    rng: np.random.Generator, rooms: Rooms, town: NDArray, filed_on: Days
) -> NDArray[np.int64]:
    """Send every case to an open room of its town, else to any open room."""
    is_open = rooms.opened_on[None, :] <= filed_on[:, None]
    near = is_open & (rooms.town[None, :] == town[:, None])
    usable = np.where(near.any(axis=1, keepdims=True), near, is_open)
    return np.argmax(usable * rng.random(usable.shape), axis=1)


def _aid(
    rng: np.random.Generator,
    setting: Setting,
    known: Parameters,
    population: Population,
    mediated: dict[str, np.ndarray],
) -> dict[str, np.ndarray]:
    """Mark legal aid among mediated cases, and add the aid given outside mediation."""
    total = setting.scaled(602)
    within = min(round(known["legal_aid_within"] * total), int(mediated["counted"].sum()))
    chosen = rng.choice(np.flatnonzero(mediated["counted"]), within, replace=False)
    mediated["aided"][chosen] = True
    n = total - within
    filed_on = days(rng, "2018-07-01", str(LAST_DAY), n)
    closed = filed_on + 20 + np.round(rng.gamma(2.0, 20.0, n)).astype(np.int64)
    ended = closed <= LAST_DAY
    outcome = rng.choice([1, 2], n, p=(0.7, 0.3))
    jobs = population.employers.jobs
    return {
        "employer": rng.choice(len(jobs), n, p=jobs / jobs.sum()),
        "room": np.full(n, -1),
        "filed_on": filed_on,
        "closed_on": np.where(ended, closed, NAT),
        "outcome": np.where(ended, outcome, OUTCOMES.index("open")),
        "aided": np.ones(n, dtype=bool),
        "counted": np.zeros(n, dtype=bool),
    }


def _columns(
    rng: np.random.Generator,
    setting: Setting,
    known: Parameters,
    population: Population,
    rows: dict[str, np.ndarray],
) -> Columns:
    """Add what else is known of each case and return the table."""
    n = len(rows["employer"])
    jobs = population.employers.jobs[rows["employer"]]
    draw = rng.random(n)
    workers = np.select([draw < 0.93, draw < 0.98], [1, rng.integers(2, 10, n)], 10)
    workers = np.minimum(workers + (workers == 10) * rng.geometric(0.08, n), np.minimum(jobs, 5000))
    amount = _amounts(rng, setting, known, rows, workers)
    settled = rows["outcome"] == OUTCOMES.index("settled")
    return {
        "dispute_id": Ids("D", np.arange(n), 5),
        "employer_id": Ids("E", rows["employer"], 5),
        "room_id": Ids("R", rows["room"], 3),
        "town_id": towns(population.employers.town[rows["employer"]]),
        "filed_on": rows["filed_on"],
        "closed_on": rows["closed_on"],
        "kind": Coded(rng.choice(5, n, p=known.all("dispute_type_shares")), KINDS),
        "workers": workers,
        "amount": amount,
        "outcome": Coded(rows["outcome"], OUTCOMES),
        "performed": settled & (rng.random(n) < known["performed_share"]),
        "legal_aid": rows["aided"],
    }


def _amounts(
    rng: np.random.Generator,
    setting: Setting,
    known: Parameters,
    rows: dict[str, np.ndarray],
    workers: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Draw amounts; those of the chosen scope sum to 42 million CNY to the fen."""
    sd = known["dispute_amount_sd"]
    raw = workers * np.exp(sd * rng.standard_normal(len(workers)) - sd**2 / 2)
    amount = np.round(np.minimum(known["amount_per_worker_yinzhou"] * raw, LARGEST_AMOUNT), 2)
    scope = {
        "disputes": rows["counted"],
        "legal_aid": rows["aided"],
        "both": rows["counted"] | rows["aided"],
    }[setting.amount_scope]
    amount[scope] = allocate_money(42_000_000 * setting.scale, raw[scope])
    return amount


def risks_table(setting: Setting, population: Population) -> Columns:
    """Return the risks screened out, in larger employers more often."""
    rng = setting.stream("risks")
    n = setting.scaled(690)
    jobs = population.employers.jobs
    return {
        "risk_id": Ids("Q", np.arange(n), 4),
        "employer_id": Ids("E", rng.choice(len(jobs), n, p=jobs / jobs.sum()), 5),
        "screened_on": np.sort(days(rng, "2018-07-01", str(LAST_DAY), n)),
        "became_dispute": rng.random(n) < 0.12,
    }
