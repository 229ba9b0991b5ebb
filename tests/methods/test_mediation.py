"""Mediation: what was set comes back, every part is checked by hand, absent tables say so."""

import numpy as np
import pandas as pd
import pytest

from yuyao_lib.errors import InputError
from yuyao_lib.methods import mediation
from yuyao_lib.sources.simulation.durations import OUTCOMES, mediate
from yuyao_lib.sources.simulation.parameters import parameters
from yuyao_lib.sources.simulation.setting import Setting, effects_of

WINDOW = ("2018-07-01", "2023-06-30")
WHEN = {"standard_from": "2022-07-01", "until": "2023-06-30"}


def drawn(seed: int, n: int = 6000) -> mediation.Cases:
    rng, known = np.random.default_rng(seed), parameters()
    filed = np.sort(np.datetime64("2021-01-01") + rng.integers(0, 900, n))
    after = filed >= np.datetime64("2022-07-01")
    spells = mediate(rng, known, effects_of(Setting(), known), filed, after)
    frame = pd.DataFrame(
        {"filed_on": filed, "closed_on": spells.closed_on,
         "outcome": np.array(OUTCOMES)[spells.outcome], "town_id": rng.integers(0, 5, n)}
    )  # fmt: skip
    return mediation.prepare(frame, **WHEN)


@pytest.fixture(scope="module")
def cases() -> mediation.Cases:
    return drawn(1)


@pytest.fixture(scope="module")
def ratios(cases):
    return mediation.standard_ratios(cases)


def test_the_ratios_that_were_set_come_back(ratios) -> None:
    found = {e.key: e for e in ratios.estimates}
    for way, truth in {"settled": np.log(1.3), "arbitration": 0.0, "withdrawn": 0.0}.items():
        e = found[way]
        assert abs(e.estimate - truth) < 3 * e.standard_error
    assert found["settled"].standard_error < 0.05
    assert list(found) == ["settled", "arbitration", "withdrawn", "litigation"]


def test_the_share_stopped_at_the_limit_comes_back(cases) -> None:
    spike = mediation.legal_limit(cases).estimates[0]
    assert abs(spike.estimate - parameters()["limit_share"]) < 3 * spike.standard_error
    assert spike.standard_error < 0.03
    other = mediation.legal_limit(cases, limit=10).estimates[0]
    assert other.low <= 0 <= other.high


def test_shares_on_each_side_are_those_of_the_side_alone(cases) -> None:
    found = mediation.by_standard(cases, horizon=15)
    frame = cases.frame
    for side in (0, 1):
        own = frame[frame[cases.standard] == side]
        own = own[own.ended.eq(1) | own.duration_days.ge(15)]  # the few watched less long
        plain = (own.way.eq("settled") & own.duration_days.le(15)).mean()
        told = {e.key: e.estimate for e in found.sides[side].estimates}
        assert told["settled"] == pytest.approx(plain, abs=0.004)
        assert sum(told.values()) == pytest.approx(1.0)
    changes = {e.key: e.estimate for e in found.estimates}
    assert sum(changes.values()) == pytest.approx(0.0, abs=1e-12)


def test_open_cases_are_kept_and_leaving_them_out_would_bias(cases) -> None:
    early = mediation.prepare(
        cases.frame[["filed_on", "closed_on", "outcome"]], standard_from="2022-07-01",
        until="2022-07-10",
    )  # fmt: skip
    assert early.still_open > 10
    assert early.frame.loc[early.frame.ended == 0, "way"].isna().all()
    assert early.frame.duration_days.min() > 0


def test_the_rooms_own_day_counts_where_rooms_are_known() -> None:
    frame = pd.DataFrame(
        {"room_id": ["a", "b", None], "filed_on": "2022-09-01", "closed_on": "2022-09-09",
         "outcome": "settled"}
    )  # fmt: skip
    rooms = pd.DataFrame({"room_id": ["a", "b"], "standard_on": ["2022-08-01", None]})
    made = mediation.prepare(frame, rooms, **WHEN)
    assert made.frame[made.standard].tolist() == [1, 0]
    assert (made.n, made.elsewhere) == (2, 1)
    alone = mediation.prepare(frame, **WHEN)
    assert alone.frame[alone.standard].tolist() == [1, 1]
    assert "one side" in mediation.standard_ratios(alone).estimates[0].undefined.en
    assert "one side" in mediation.by_standard(alone, horizon=5).estimates[0].undefined.en


def test_variants_tell_the_same_ratio_with_other_errors(cases) -> None:
    found = mediation.variants(cases, cluster="town_id")
    told, alone, grouped = found.estimates
    assert told.estimate == pytest.approx(alone.estimate) == pytest.approx(grouped.estimate)
    assert grouped.clusters == 5
    assert grouped.standard_error != told.standard_error


def test_money_by_reading() -> None:
    rows = pd.DataFrame(
        {"filed_on": ["2019-01-01"] * 3 + ["2018-01-01"], "room_id": ["a", "a", None, "a"],
         "outcome": ["settled", "settled", "arbitration", "settled"],
         "amount": [6.0, 2.0, 4.0, 9.0],
         "performed": [True, False, False, True], "legal_aid": [True, False, True, False]}
    )  # fmt: skip
    found = mediation.money(rows, scope="both", window=WINDOW)
    told = {s: {e.key: e.estimate for e in es} for s, es in found.readings.items()}
    assert [told[s]["amount"] for s in ("disputes", "legal_aid", "both")] == [8.0, 10.0, 12.0]
    assert [told[s]["recovered"] for s in ("disputes", "legal_aid", "both")] == [0.75, 0.6, 0.5]
    assert told["both"]["per_case"] == 4.0
    assert found.estimates == found.readings["both"]
    with pytest.raises(InputError, match="scope of amounts: got 'all'; allowed: disputes"):
        mediation.money(rows, scope="all", window=WINDOW)
    with pytest.raises(InputError, match="a day such as"):
        mediation.money(rows, window=("soon", "2023-06-30"))


def towns(effect: float = 0.0) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(3)
    names = [f"t{i:02d}" for i in range(24)]
    opened = {t: f"20{18 + i // 4}-0{1 + 3 * (i % 3)}-15" for i, t in enumerate(names[:18])}
    rows = []
    for town in names:
        for quarter in pd.period_range("2018Q3", "2023Q2", freq="Q"):
            since = town in opened and quarter.end_time >= pd.Timestamp(opened[town])
            n = rng.poisson(max(20 + effect * since, 0))
            rows += [(town, quarter.start_time + pd.Timedelta(days=40))] * n
    disputes = pd.DataFrame(rows, columns=["town_id", "closed_on"]).assign(outcome="arbitration")
    rooms = pd.DataFrame(
        {"town_id": [*names, *opened], "opened_on": ["2010-01-01"] * 24 + [*opened.values()]}
    )
    employers = pd.DataFrame({"town_id": names, "headcount": 10_000})
    return {"disputes": disputes, "rooms": rooms, "employers": employers}


def test_filings_by_town_are_counted_over_workers() -> None:
    held = towns()
    frame = mediation.town_filings(**held, window=WINDOW)
    assert len(frame) == 24 * 20
    assert frame.filings.sum() == len(held["disputes"])
    assert frame.filings_per_1000.mean() == pytest.approx(2.0, abs=0.05)
    first = frame.groupby("town_id").first_opening.first()
    # a room that opened before the second quarter is no change that could be followed
    assert (first == 0).sum() == 6 + 4
    assert first["t23"] == 0
    assert first["t04"] == 2019 * 4 + 1  # in the second quarter of 2019


@pytest.mark.parametrize("effect", [0.0, -6.0])
def test_the_change_after_a_room_opens_comes_back(effect) -> None:
    found = mediation.room_openings(**towns(effect), window=WINDOW)
    assert abs(found.overall.estimate - effect / 10) < 3 * found.overall.standard_error
    assert found.overall.standard_error < 0.15
    assert found.overall.unit == "filings_per_1000"


def test_legal_aid_is_compared_with_cases_that_are_alike() -> None:
    rng = np.random.default_rng(5)
    n = 3000
    injury = rng.random(n) < 0.5
    aided = rng.random(n) < np.where(injury, 0.6, 0.2)
    settled = rng.random(n) < np.where(injury, 0.4, 0.8)  # aid itself changes nothing
    days = pd.to_timedelta(rng.integers(1, 10, n), "D")
    frame = pd.DataFrame(
        {"filed_on": pd.Timestamp("2022-01-01"), "closed_on": pd.Timestamp("2022-01-01") + days,
         "outcome": np.where(settled, "settled", "arbitration"), "legal_aid": aided,
         "kind": np.where(injury, "injury", "remuneration"), "workers": rng.integers(1, 20, n)}
    )  # fmt: skip
    found = mediation.legal_aid(mediation.prepare(frame, **WHEN), horizon=15)
    told = {e.key: e for e in found.estimates}
    assert told["settled_raw"].high < -0.1
    weighted = told["settled_weighted"]
    assert abs(weighted.estimate) < 3 * weighted.standard_error
    assert found.aided == aided.sum()


def test_risks_are_followed_to_disputes_of_the_same_employer() -> None:
    risks = pd.DataFrame(
        {"employer_id": ["a", "b", "c"], "screened_on": ["2020-01-01", "2020-01-01", "2023-01-01"],
         "became_dispute": [False, True, False]}
    )  # fmt: skip
    disputes = pd.DataFrame(
        {"employer_id": ["a", "b", "b"], "filed_on": ["2020-06-01", "2019-06-01", "2022-06-01"]}
    )
    marked, filed = mediation.risk_funnel(risks, disputes, until="2023-06-30").estimates
    assert (marked.estimate, marked.n) == (pytest.approx(1 / 3), 3)
    assert (filed.estimate, filed.n) == (0.5, 2)  # c was not watched for a year


def test_every_absent_table_switches_its_part_off_with_a_sentence(cases) -> None:
    disputes = cases.frame[["filed_on", "closed_on", "outcome"]].head(400)
    when = {"standard_from": "2021-02-01", "window": WINDOW}
    found = mediation.mediation({"disputes": disputes}, **when)
    assert found.settlement.undefined is None
    assert "mediation rooms is missing" in found.rooms.overall.undefined.en
    assert "no column of amounts" in found.money.estimates[0].undefined.en
    assert "legal aid" in found.aid.estimates[0].undefined.en
    assert "risks is missing" in found.risks.estimates[0].undefined.en
    nothing = mediation.mediation({}, **when)
    assert all(e.undefined for e in nothing.estimates)
    keys = [e.key for e in found.estimates]
    assert len(keys) == len(set(keys))
