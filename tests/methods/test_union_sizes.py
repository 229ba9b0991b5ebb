"""Sizes of unions: against percentiles and Lorenz shares by other routes, and what is left out."""

import numpy as np
import pandas as pd
import pytest

import yuyao_lib as yuyao
from yuyao_lib import display
from yuyao_lib.findings import Mode
from yuyao_lib.methods import organisation
from yuyao_lib.methods.absence import Absent
from yuyao_lib.methods.industries import FIRST_DIVISIONS, SECTIONS, section_of
from yuyao_lib.methods.inequality import inequality
from yuyao_lib.sources.dataset import Dataset


@pytest.fixture(scope="module")
def data():
    return yuyao.open("simulated", scale=0.1)


@pytest.fixture(scope="module")
def sizes(data):
    return organisation.union_sizes(data.frame("unions"), employers=data.frame("employers"))


def test_measures_equal_those_by_other_routes(data, sizes) -> None:
    members = data.frame("unions")["members"]
    whole = sizes.groups[0]
    assert whole.total == 40_040
    assert whole.of("size_mean").estimate == pytest.approx(members.mean())
    for p in (10, 25, 50, 75, 90):
        assert whole.of(f"size_p{p}").estimate == pytest.approx(members.quantile(p / 100))
    rows = pd.DataFrame({"value": members.to_numpy("float64")})
    gini = inequality(rows, outcome="value", measures=["gini"], logs=False).levels[0]
    assert whole.of("size_gini").estimate == pytest.approx(gini.estimate)
    falling = np.concatenate([[0], np.cumsum(np.sort(members)[::-1])]) / members.sum()
    share = np.interp(0.1, np.linspace(0, 1, len(falling)), falling)
    assert whole.of("top_tenth").estimate == pytest.approx(100 * share)


def test_parts_add_up_and_small_ones_say_why(data, sizes) -> None:
    named = {g.estimates[0].key.removeprefix("size_mean_"): g for g in sizes.groups}
    unions, members = named["all"].unit_count, named["all"].total
    for parts in (["new_form", "other"], ["section_C", "rest", "joint"]):
        assert sum(named[p].unit_count for p in parts) == unions
        assert sum(named[p].total for p in parts) == members
    assert sizes.bands["unions"].sum() == unions
    assert sizes.bands["members"].sum() == members
    few = named["new_form"]
    assert few.unit_count == 4
    assert "lie beyond" in few.of("size_p50").undefined.en
    assert "fewer than ten" in few.of("top_tenth").undefined.en
    joined = data.frame("unions").merge(data.frame("employers"), on="employer_id")
    assert named["section_C"].unit_count == joined["industry"].str.startswith("C").sum()


def test_without_a_table_it_is_absent_and_without_industries_it_is_short(data) -> None:
    assert isinstance(organisation.union_sizes(None), Absent)
    rows = data.frame("unions").drop(columns=["is_new_form"])
    assert len(organisation.union_sizes(rows).groups) == 1


def test_divisions_fall_into_their_sections() -> None:
    found = "".join(section_of(f"{n:02d}") for n in FIRST_DIVISIONS)
    assert found == "".join(SECTIONS)
    assert [section_of(c) for c in ("43", "44", "C", "c38", "00", "98", "")] == list("CDCC") + [
        ""
    ] * 3


def test_own_bands_of_few_unions_are_left_out(data) -> None:
    rows = pd.DataFrame({"members": [10] * 40 + [60] * 30 + [1234, 1300]})
    rows["is_new_form"] = rows["members"] > 1000
    sizes = organisation.union_sizes(rows)
    own = Dataset("own", mode=Mode.OWN, card=data.card, loaders={"unions": lambda _: rows})
    shown = display.draw(sizes, own)
    seen = {b.employers for b in shown.backing}
    assert seen == {40}, "all less what is seen would give the two large ones away"
    assert "2,534" not in display.tabulate(sizes, own).html.en, "their members together"
