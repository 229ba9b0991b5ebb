"""Who services reach: known truths, tables made by hand, second routes."""

import numpy as np
import pandas as pd
import pytest

import yuyao_lib as yuyao
from yuyao_lib import display
from yuyao_lib.errors import InputError
from yuyao_lib.findings import Mode
from yuyao_lib.methods import services
from yuyao_lib.methods.absence import Absent
from yuyao_lib.sources.aggregates import reenrolments, target_people
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.sources.hired import hired


@pytest.fixture(scope="module")
def data():
    return yuyao.open("simulated", scale=0.02, seed=5)


def as_own(data: Dataset, *tables: str, **frames: pd.DataFrame) -> Dataset:
    """Return some tables as a researcher's own, held as frames."""

    def loader(name: str):
        def read(columns):
            frame = frames[name] if name in frames else data.frame(name)
            return frame if columns is None else frame[[c for c in columns if c in frame]]

        return read

    return Dataset(
        "mine", mode=Mode.OWN, card=data.card, loaders={t: loader(t) for t in (*tables, *frames)}
    )


def value(result, key: str):
    return next(e for e in result.estimates if e.key == key)


def test_exits_agree_with_lifelines_and_relapse_with_a_loop(data) -> None:
    from lifelines import KaplanMeierFitter

    files = data.frame("aid_cases")
    found = services.hardship(files)
    last = max(files["opened_on"].max(), files["exited_on"].max())
    days = (files["exited_on"].fillna(last) - files["opened_on"]).dt.days
    fit = KaplanMeierFitter().fit(days, files["exited_on"].notna())
    exits = value(found, "exit_12_months")
    assert exits.estimate == pytest.approx(100 * (1 - float(fit.predict(365))), abs=1e-9)
    assert exits.low < exits.estimate < exits.high
    assert value(found, "exits").estimate == files["exited_on"].notna().sum() == 7


def test_relapse_counts_only_what_could_be_followed() -> None:
    rng = np.random.default_rng(1)
    first = pd.Timestamp("2018-01-01") + pd.to_timedelta(rng.integers(0, 1200, 400), "D")
    files = pd.DataFrame({"household_id": rng.integers(0, 150, 400), "opened_on": first})
    files["exited_on"] = files["opened_on"] + pd.to_timedelta(rng.integers(30, 200, 400), "D")
    files.loc[::3, "exited_on"] = pd.NaT
    found = services.relapse(files, months=6, until="2022-01-01")
    followed = back = 0
    for _, file in files[files["exited_on"].notna()].iterrows():
        limit = file["exited_on"] + pd.DateOffset(months=6)
        if limit > pd.Timestamp("2022-01-01"):
            continue
        followed += 1
        others = files.loc[files["household_id"] == file["household_id"], "opened_on"]
        nxt = others[others > file["opened_on"]].min()
        back += bool(file["exited_on"] < nxt <= limit)
    assert (found.followed, found.back) == (followed, back) and back > 5
    with pytest.raises(InputError, match="months after an exit"):
        services.relapse(files, months=0)


def spells(effect: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw registrations in which the schooled are trained more and placed more."""
    rng = np.random.default_rng(8)
    n = 12_000
    schooling = rng.normal(12, 2, n)
    trained = rng.random(n) < 1 / (1 + np.exp(-(schooling - 12) / 2))
    odds = -1.0 + effect * trained + 0.25 * (schooling - 12)
    placed = rng.random(n) < 1 / (1 + np.exp(-odds))
    began = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 700, n), "D")
    hired = pd.Series(began + pd.to_timedelta(rng.integers(1, 180, n), "D"))
    who = np.arange(n)
    frame = pd.DataFrame(
        {"worker_id": who, "registered_on": began, "trained": trained,
         "hired_on": hired.where(placed)}
    )  # fmt: skip
    return frame, pd.DataFrame({"worker_id": who, "education_years": schooling})


@pytest.mark.parametrize("effect", [0.0, 0.5])
def test_placements_recover_the_odds_that_the_raw_gap_misses(effect) -> None:
    frame, workers = spells(effect)
    found = services.job_services(frame, workers=workers, until="2022-12-31")
    odds = value(found, "placement_log_odds")
    assert odds.low < effect < odds.high and "schooling" in odds.estimand.en
    raw = services.job_services(frame, until="2022-12-31")
    assert value(raw, "placement_log_odds").low > effect
    placed = frame["hired_on"].notna() & (frame["hired_on"] <= pd.Timestamp("2022-12-31"))
    share = 100 * placed.groupby(frame["trained"]).mean()
    assert value(found, "placed_trained").estimate == pytest.approx(share[True])
    assert value(found, "placed_difference").estimate == pytest.approx(share[True] - share[False])


def test_log_odds_and_errors_agree_with_statsmodels(data) -> None:
    import statsmodels.formula.api as smf

    frame, workers = spells(0.3)
    frame["worker_id"] //= 2  # some register twice
    workers = frame[["worker_id"]].assign(education_years=workers["education_years"])
    workers = workers.drop_duplicates("worker_id")
    found = value(services.job_services(frame, workers=workers, until="2022-12-31"),
                  "placement_log_odds")  # fmt: skip
    rows = frame.merge(workers, on="worker_id")
    rows["y"] = rows["hired_on"].notna().astype(float)
    rows["q"] = rows["registered_on"].dt.to_period("Q").astype(str)
    rows["x"] = rows["trained"].astype(float)
    fit = smf.logit("y ~ x + C(q) + education_years", rows).fit(
        disp=0, cov_type="cluster", cov_kwds={"groups": rows["worker_id"], "use_correction": True}
    )
    assert found.estimate == pytest.approx(fit.params["x"], rel=1e-5)
    assert found.standard_error == pytest.approx(fit.bse["x"], rel=2e-3)


def test_nobody_placed_has_a_reason() -> None:
    frame, _ = spells(0.0)
    frame.loc[frame["trained"], "hired_on"] = pd.NaT
    found = value(services.job_services(frame, until="2022-12-31"), "placement_log_odds")
    assert found.undefined is not None and "one side" in found.undefined.en
    with pytest.raises(InputError, match="a shorter time"):
        services.job_services(frame, days=5000)


def test_mutual_aid_sums_to_the_printed_totals(data) -> None:
    found = services.mutual_aid(data.frame("mutual_aid"))
    assert found.years["enrolments"].sum() == 12_400
    assert found.years["paid"].sum() == pytest.approx(14_380_000 * 0.02)
    assert value(found, "claimants").n == 109
    assert value(found, "paid_per_enrolment").estimate == pytest.approx(23.19, abs=0.01)


def test_reenrolment_agrees_with_sets_and_on_own_frames(data) -> None:
    aid, quarters = data.frame("mutual_aid"), data.frame("worker_quarters")
    held = {y: set(rows["worker_id"]) for y, rows in aid.groupby("year")}
    there = {y: set(quarters.loc[quarters["quarter"] == f"{y}Q2", "worker_id"]) for y in held}
    cells = reenrolments(data)
    stay = cells[cells["stays"].astype(bool)]
    for year in (2019, 2021):
        known = held[year] & there[year + 1]
        rows = stay[stay["year"] == year]
        assert rows["enrolments"].sum() == len(known)
        assert rows.loc[rows["again"], "enrolments"].sum() == len(known & held[year + 1])
    mine = reenrolments(as_own(data, "mutual_aid", "worker_quarters"))
    pd.testing.assert_frame_equal(mine, cells, check_dtype=False)
    alone = services.adverse_selection(reenrolments(as_own(data, "mutual_aid")))
    assert not alone.stayers and value(alone, "reenrolment_log_odds").estimate is not None


def selected(rng, pull: float) -> pd.DataFrame:
    """Draw enrolments in which risk raises claims, and coming back by `pull`."""
    n = 8000
    risk, year = rng.normal(size=n), rng.integers(2019, 2022, n)
    claimed = rng.random(n) < 1 / (1 + np.exp(3 - risk))
    again = rng.random(n) < 1 / (1 + np.exp(-0.5 - pull * risk - 0.2 * (year - 2019)))
    rows = pd.DataFrame({"year": year, "claimed": claimed, "stays": True, "again": again})
    return rows.groupby(list(rows.columns)).size().rename("enrolments").reset_index()


@pytest.mark.parametrize(("pull", "least", "most"), [(0.0, 0, 11), (0.6, 95, 100)])
def test_the_test_of_selection_has_size_and_power(pull, least, most) -> None:
    rng = np.random.default_rng(4)
    found = [services.adverse_selection(selected(rng, pull)).estimates[0] for _ in range(100)]
    assert least <= sum(e.p_value < 0.05 for e in found) <= most


def test_people_of_towns_and_coverage(data) -> None:
    people = target_people(data)
    workers, last = data.frame("workers"), data.frame("worker_quarters")
    last = last[last["quarter"] == "2023Q2"].merge(workers, on="worker_id")
    inside = last["female"] & (2023 - last["birth_year"]).between(20, 45)
    assert people["women_20_45"].sum() == last.loc[inside, "worker_id"].nunique()
    assert people["workers"].sum() == data.frame("employers")["headcount"].sum()
    found = services.site_coverage(data.frame("services"), people)
    rooms = found.kinds.set_index("kind").loc["mother_room"]
    sites = data.frame("services")
    towns = set(sites.loc[sites["kind"] == "mother_room", "town_id"].astype(str))
    reached = people.loc[people["town_id"].isin(towns), "women_20_45"].sum()
    assert rooms["reached"] == pytest.approx(100 * reached / people["women_20_45"].sum())


def test_persons_have_bounds_and_person_times_a_sum(data) -> None:
    held = data.frame("activities")
    found = services.participation(held).kinds.set_index("kind")
    assert (found["persons_low"] <= found["persons_high"]).all()
    assert (found["persons_high"] <= found["person_times"]).all()
    assert found.loc["benefit", "person_times"] == 25_000
    unknown = services.participation(held.drop(columns="distinct"))
    assert unknown.kinds["persons_high"].isna().all()
    assert display.tabulate(unknown, data).kind == "table"


def test_gini_by_the_mean_difference(data) -> None:
    sites = data.frame("services")
    found = value(services.concentration(services=sites), "gini_visits")
    visits = sites["visits"].to_numpy("float64")
    gap = np.abs(visits[:, None] - visits[None, :]).mean() / (2 * visits.mean())
    assert found.estimate == pytest.approx(gap)
    assert found.n_unit == "sites"


def firm_years(rng, ratio: float) -> pd.DataFrame:
    """Draw firms whose injuries change by a ratio for ten points more."""
    n, years = 800, 6
    points = np.repeat(rng.normal(75, 6, n), years)
    frailty = np.repeat(rng.gamma(5, 0.2, n), years)  # what a firm keeps from year to year
    staff = np.repeat(rng.integers(50, 600, n), years)
    rate = 0.01 * frailty * ratio ** ((points - 75) / 10)
    return pd.DataFrame(
        {"employer_id": np.repeat(np.arange(n), years), "year": np.tile(range(2018, 2024), n),
         "headcount": staff, "injuries": rng.poisson(rate * staff), "rating_points": points}
    )  # fmt: skip


@pytest.mark.parametrize("truth", [1.0, 0.8])
def test_injuries_recover_the_ratio_in_spite_of_what_firms_keep(truth) -> None:
    rng = np.random.default_rng(2)
    found = [services.workplace_health(firm_years(rng, truth)).estimates[-1] for _ in range(15)]
    assert sum(e.low <= truth <= e.high for e in found) >= 12
    assert np.mean([e.estimate for e in found]) == pytest.approx(truth, abs=0.03)


def test_injuries_count_by_hand_and_say_why_there_is_no_ratio() -> None:
    rows = firm_years(np.random.default_rng(2), 1.0)
    found = services.workplace_health(rows.drop(columns="rating_points"))
    rate = 1000 * rows["injuries"].sum() / rows["headcount"].sum()
    assert value(found, "injuries_per_1000").estimate == pytest.approx(rate)
    assert "fewer than three rated firms" in value(found, "injury_ratio").undefined.en


def test_absent_tables_switch_off_and_truth_is_for_simulated_data_only(data) -> None:
    off = [
        services.hardship(None), services.job_services(None), services.mutual_aid(None),
        services.adverse_selection(None), services.site_coverage(None, None),
        services.participation(None), services.concentration(), services.workplace_health(None),
    ]  # fmt: skip
    assert all(isinstance(part, Absent) for part in off)
    page = services.together(off)
    assert page.estimates[0].undefined is not None
    jobs = services.job_services(data.frame("job_services"))
    assert display.tabulate(services.known(jobs), data).kind == "table"
    mine = as_own(data, "job_services")
    assert display.tabulate(services.known(jobs), mine).kind == "notice"


def files(rng, jumps: tuple[float, float], n: int = 3000) -> pd.DataFrame:
    """Draw files that leave with a chance that jumps at one and at two standards."""
    ratio = rng.uniform(0, 3, n)
    chance = 0.2 + 0.08 * ratio + jumps[0] * (ratio >= 1) + jumps[1] * (ratio >= 2)
    opened = pd.Timestamp("2019-01-01") + pd.to_timedelta(rng.integers(0, 700, n), "D")
    left = pd.Series(opened + pd.to_timedelta(rng.integers(30, 365, n), "D"))
    return pd.DataFrame(
        {"opened_on": opened, "exited_on": left.where(rng.random(n) < chance),
         "income_pc": 500 + 1000 * ratio, "spending_pc": 500.0}
    )  # fmt: skip


def test_jumps_at_the_thresholds_are_covered_and_do_not_leak() -> None:
    rng, inside, values = np.random.default_rng(12), [], []
    for _ in range(20):
        found = services.relief_thresholds(
            files(rng, (0.0, 0.3)), standard=1000, until="2021-12-31"
        )
        known = {e.key: e for e in found.estimates}
        values.append([known[k].estimate for k in ("jump_at_1_wide", "jump_at_2_wide")])
        inside += [known["jump_at_1"].low <= 0.0 <= known["jump_at_1"].high,
                   known["jump_at_2"].low <= 0.3 <= known["jump_at_2"].high]  # fmt: skip
    assert sum(inside) >= 34  # of 40; with 95 % cover fewer come once in 1,400
    assert np.mean(values, axis=0) == pytest.approx([0.0, 0.3], abs=0.06)


def test_only_files_watched_for_a_year_are_compared() -> None:
    rows = files(np.random.default_rng(1), (0.1, 0.1))
    from yuyao_lib.methods.relief_thresholds import threshold_rows

    kept = threshold_rows(rows, standard=1000, until="2020-06-30")
    assert (
        len(kept) == (rows["opened_on"] <= pd.Timestamp("2020-06-30") - pd.Timedelta("365D")).sum()
    )
    with pytest.raises(InputError, match="minimum living standard"):
        threshold_rows(rows, standard=0)
    without = rows.drop(columns="spending_pc")
    assert isinstance(services.relief_thresholds(without, standard=1000), Absent)


def test_jobs_kept_and_pay_on_entry_equal_a_count_in_pandas(data) -> None:
    pay = data.frame("worker_quarters", columns=["worker_id"])
    people = np.random.default_rng(1).choice(pay["worker_id"].astype(str).unique(), 400)
    spells = data.frame("job_services").dropna(subset=["hired_on"]).head(150)
    spells = spells.assign(worker_id=people[: len(spells)], trained=np.arange(len(spells)) % 2 > 0)
    found = hired(as_own(data, "worker_quarters", job_services=spells))
    pay = data.frame("worker_quarters",
                     columns=["worker_id", "employer_id", "quarter", "gross_wage"])  # fmt: skip
    q = pd.PeriodIndex(pay["quarter"].astype(str), freq="Q")
    held = pay.assign(q=q.year * 4 + q.quarter - 1, w=pay["worker_id"].astype(str))
    held = held.assign(e=held["employer_id"].astype(str)).set_index(["w", "q"])
    day = pd.to_datetime(spells["hired_on"])
    after = day.dt.year * 4 + day.dt.quarter  # the quarter after the hire
    kept = []
    for w, t in zip(spells["worker_id"].astype(str), after, strict=True):
        if (w, t) in held.index and t + 2 <= held.index.get_level_values("q").max():
            later = (w, t + 2) in held.index
            kept.append(later and held.loc[(w, t + 2), "e"] == held.loc[(w, t), "e"])
    part = found[found["entry_wage"].notna() & found["followed"]]
    assert len(part) == len(kept) and part["kept"].sum() == sum(kept)
    result = services.job_keeping(found)
    told = {e.key: e for e in result.estimates}
    share = part.loc[part["trained"] == 1, "kept"].mean()
    assert told["kept_trained"].estimate == pytest.approx(100 * share)
    seen = found.dropna(subset=["entry_wage"])
    fit = np.linalg.lstsq(
        np.column_stack([seen["trained"], pd.get_dummies(seen["quarter"], dtype=float)]),
        np.log(seen["entry_wage"].astype(float)), rcond=None,
    )[0]  # fmt: skip
    assert told["entry_pay"].estimate == pytest.approx(fit[0], abs=1e-9)
    assert told["entry_pay"].low < told["entry_pay"].estimate < told["entry_pay"].high
    shown = display.tabulate(result, data).html
    assert "half a year" in shown.en and "半年" in shown.zh


def test_jobs_without_a_payroll_say_so(data) -> None:
    assert hired(as_own(data, "job_services")) is None
    assert isinstance(services.job_keeping(None), Absent)
    gone = services.job_keeping(hired(data))  # the register's registrants never come back
    assert gone.unseen > 0 and all("payroll" in e.undefined.en for e in gone.estimates)
    one = pd.DataFrame({"worker_id": ["a"], "trained": [1], "quarter": [8080],
                        "entry_wage": [4000.0], "followed": [True], "kept": [True]})  # fmt: skip
    told = {e.key: e for e in services.job_keeping(one).estimates}
    assert "trained" in told["entry_pay"].undefined.en
    assert told["kept_untrained"].undefined is not None
