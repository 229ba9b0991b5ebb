"""What one figure or sentence of a page tells of another that is hidden."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from own_pages import DATA, payroll, rules_broken, said_by

from yuyao_lib import display
from yuyao_lib.display.structure_counterfactuals import _middle
from yuyao_lib.findings import Mode
from yuyao_lib.findings.people import PeopleSet, singled_out
from yuyao_lib.methods import disputes, mediation, organisation, services, structure
from yuyao_lib.sources import people
from yuyao_lib.sources.dataset import Dataset


def aid(largest: float) -> tuple[pd.DataFrame, Dataset]:
    """Return mutual aid of 3000 persons, a tenth with a claim, one of them as large as asked."""
    claim = np.where(np.arange(3000) % 10 == 0, 2000.0, 0.0)
    claim[0] = largest
    rows = pd.DataFrame({"worker_id": range(3000), "year": 2022, "contribution": 60.0,
                         "claim": claim, "out_of_pocket": 2 * claim})  # fmt: skip
    loaders = {"mutual_aid": lambda columns: rows}
    return rows, Dataset("aid", mode=Mode.OWN, card=DATA.card, loaders=loaders)


@pytest.mark.parametrize(("largest", "told"), [(7654321.0, False), (2500.0, True)])
def test_a_ratio_of_aid_that_one_person_carries_is_told_nowhere(largest, told) -> None:
    rows, data = aid(largest)
    pool = services.mutual_aid(rows)
    shown = display.findings(services.Services((pool,)), data, topic="services_relief")
    assert ("utual aid paid out" in said_by(shown)) is told
    values = {f.id: f.estimate.estimate for f in shown.findings}
    for key in ("payout_ratio", "paid_per_enrolment", "covered_share"):
        assert (values[f"services_relief.{key}"] is not None) is told, key
    spread = services.concentration(mutual_aid=rows)
    drawn = display.draw(spread, data)
    assert ("top tenth: aid" in said_by(drawn)) is told
    assert rules_broken(drawn) == []


def test_curves_over_few_units_are_not_drawn() -> None:
    sites = pd.DataFrame({"visits": np.arange(18) * 10.0 + 5})
    data = Dataset("sites", mode=Mode.OWN, card=DATA.card, loaders={"services": lambda _: sites})
    assert display.draw(services.concentration(services=sites), data).kind == "notice"


def flows(founded: dict[str, int]) -> organisation.StockFlow:
    """Return the members of thirty unions, and of as many founded in each year as asked."""
    quarters = [f"{year}Q{q}" for year in range(2018, 2023) for q in (1, 2, 3, 4)]
    rows = [(f"u{u}", q, 80, 5, 5) for u in range(30) for q in quarters]
    rows += [(f"n{since}{u}", q, 90 + u, 4, 4) for since, n in founded.items() for u in range(n)
             for q in quarters if q[:4] >= since]  # fmt: skip
    columns = ["union_id", "quarter", "members", "joined", "left"]
    return organisation.stock_flow(pd.DataFrame(rows, columns=columns))


def years_hidden(shown) -> list[str]:
    assert shown.csv is not None
    lines = shown.csv[1].splitlines()[1:]
    return [line[:4] for line in lines if ",,,,,," in line]


def test_flows_of_a_year_are_not_the_whole_less_the_other_years() -> None:
    data = payroll([60] * 10)
    found = flows({"2019": 4, "2020": 5, "2021": 6, "2022": 2})
    shown = display.tabulate(found, data)
    assert len(years_hidden(shown)) == 2
    assert "2022" in years_hidden(shown)
    assert rules_broken(shown, display.draw(found, data)) == []
    assert display.draw(found, data).kind == "chart"
    many = display.tabulate(flows({"2019": 4, "2020": 5, "2021": 6, "2022": 7}), data)
    assert years_hidden(many) == []


def test_a_part_of_few_unions_in_all_years_is_not_drawn() -> None:
    data = payroll([60] * 10)
    found = flows({"2021": 1})
    assert display.draw(found, data).kind == "notice"
    assert len(years_hidden(display.tabulate(found, data))) == 5


def cases(mediated_with_aid: int, *, largest: float = 3000.0) -> pd.DataFrame:
    """Return 60 mediated cases, some of them with legal aid, and 20 with legal aid alone."""
    n = np.arange(80)
    return pd.DataFrame({
        "dispute_id": n, "employer_id": n % 25,
        "filed_on": "2022-01-01", "outcome": np.where(n % 2, "settled", "arbitration"),
        "performed": True, "amount": np.where(n == 5, largest, 2000.0 + n),
        "room_id": [f"r{i % 4}" if i < 60 else None for i in n],
        "legal_aid": (n >= 60) | (n < mediated_with_aid),
    })  # fmt: skip


@pytest.mark.parametrize(
    ("few", "largest", "told"),
    [(3, 3000.0, 1), (20, 3000.0, 3), (0, 3000.0, 3), (20, 9e7, 0)],
)
@pytest.mark.parametrize("scope", ["disputes", "legal_aid", "both"])
def test_readings_of_amounts_do_not_leave_few_cases(few, largest, told, scope) -> None:
    rows = cases(few, largest=largest)
    data = Dataset("own", mode=Mode.OWN, card=DATA.card, loaders={"disputes": lambda _: rows})
    found = mediation.money(rows, scope=scope, window=("2018-07-01", "2023-06-30"))
    shown = display.tabulate(found, data)
    said = said_by(shown)
    sums = [next(e for e in r if e.key == "amount") for r in found.readings.values()]
    told = 0 if few == 3 and scope != "disputes" else told  # the reading asked for is hidden
    assert sum(f"{e.estimate:,.0f}" in said for e in sums) == told
    assert rules_broken(shown) == []


def endings(**ways: int) -> tuple[pd.DataFrame, Dataset]:
    """Return disputes that ended in ways, so many in each, spread over days."""
    outcome = [way for way, n in ways.items() for _ in range(n)]
    n = len(outcome)
    rows = pd.DataFrame({
        "dispute_id": range(n), "employer_id": [f"e{i % 20}" for i in range(n)],
        "duration_days": [float(2 + 7 * i % 41) for i in range(n)], "outcome": outcome,
        "ended": [int(way != "open") for way in outcome], "workers": [1 + i % 5 for i in range(n)],
    })  # fmt: skip
    loaders = {"disputes": lambda columns: rows}
    return rows, Dataset("own", mode=Mode.OWN, card=DATA.card, loaders=loaders)


def test_a_way_of_ending_that_a_table_hides_is_not_drawn() -> None:
    rows, data = endings(settled=60, arbitration=14, withdrawn=4, litigation=40)
    found = disputes.endings(rows, duration="duration_days", cause="outcome",
                                          horizon=30, n_unit="cases")  # fmt: skip
    table, figure = display.tabulate(found, data), display.draw(found, data)
    hidden = {key for key, _ in table.hidden}
    assert "withdrawn" in hidden and len(hidden) == 2
    drawn = {"settled", "arbitration", "withdrawn", "litigation"} & {*figure.drawn}
    assert drawn and not drawn & hidden
    few, own = endings(arbitration=4, withdrawn=5)
    none = disputes.endings(few, duration="duration_days", cause="outcome",
                                         horizon=30, n_unit="cases")  # fmt: skip
    assert display.draw(none, own).kind == "notice"


@pytest.mark.parametrize(("unfinished", "told"), [(2, False), (30, True)])
def test_how_many_go_on_is_told_only_of_many(unfinished, told) -> None:
    rows, data = endings(settled=90, open=unfinished)
    model = disputes.cox(rows, duration="duration_days", ended="ended",
                                   covariates=["workers"], n_unit="cases")  # fmt: skip
    said = said_by(display.tabulate(model, data))
    assert ("seen to end" in said) is told
    assert "they end sooner" in said


def test_a_window_moved_by_a_day_does_not_tell_the_case_of_that_day() -> None:
    rows = cases(20).assign(filed_on=[*["2022-01-01"] * 40, *["2022-01-31"] * 40])
    rows.loc[0, "filed_on"], rows.loc[79, "filed_on"] = "2021-12-31", "2022-02-01"

    def amounts(first: str, last: str, report: str) -> list[PeopleSet]:
        data = Dataset("own", mode=Mode.OWN, card=DATA.card, loaders={"disputes": lambda _: rows})
        people._counts.clear()
        display.tabulate(mediation.money(rows, window=(first, last)), data)
        return [replace(p, report=report) for p in people.people_noted([]) if "disputes" in p.table]

    before = amounts("2021-12-31", "2022-01-31", "one")
    assert before
    assert singled_out(amounts("2022-01-01", "2022-02-01", "two"), before)
    assert not singled_out(amounts("2021-12-31", "2022-01-31", "three"), before)
    assert not singled_out(amounts("2022-01-15", "2022-01-31", "four"), before)


def test_legal_aid_by_another_day_does_not_tell_the_case_of_that_day() -> None:
    rows = cases(25).assign(closed_on=[f"2022-01-{2 + n % 28:02}" for n in range(80)])
    rows["room_id"] = "r1"
    studied = mediation.prepare(rows, standard_from="2022-07-01", until="2023-06-30")

    def settled(days: float, report: str) -> list[PeopleSet]:
        data = Dataset("own", mode=Mode.OWN, card=DATA.card, loaders={"disputes": lambda _: rows})
        people._counts.clear()
        shown = display.tabulate(mediation.legal_aid(studied, horizon=days), data)
        assert shown.kind == "table"
        return [replace(p, report=report) for p in people.people_noted([])]

    before = settled(10, "one")
    assert singled_out(settled(12, "two"), before)
    assert not singled_out(settled(10, "three"), before)
    assert not singled_out(settled(25, "four"), before)


@pytest.mark.parametrize(("members", "told"), [(9, False), (90, True)])
def test_densities_are_drawn_of_many_and_end_where_many_are_beyond(members, told) -> None:
    data = payroll([40] * 5)
    rows = data.frame("workers").assign(union_member=lambda f: f["worker_id"] % 40 < members / 5)
    rows["union_member"] = rows["union_member"].astype(float)
    found = structure.reweight(rows, outcome="log_wage", group="union_member", controls=["female"],
                               period="calendar_year", kind="no_coverage", draws=99)  # fmt: skip
    shown = display.draw(found, data)
    assert (shown.kind == "chart") is told
    assert rules_broken(shown) == []
    if told:
        lead = [found.of(found.statistics[0], part) for part in ("observed", "counterfactual")]
        points, first, second = _middle(found.curves, lead)
        pay = rows.loc[rows["calendar_year"] == 2022, "log_wage"]
        assert (pay < points[0]).sum() >= 9  # ten, but for the smoothing
        assert (pay > points[-1]).sum() >= 9
        assert len(points) == len(first) == len(second) > 10
