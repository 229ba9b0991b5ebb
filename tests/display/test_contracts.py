"""How staggered adoption is told: the chosen interval, what the design can tell."""

from dataclasses import replace

import pytest

import yuyao_lib as yuyao
from yuyao_lib import display
from yuyao_lib.findings import Design
from yuyao_lib.methods import contracts, inference

COLUMNS = {
    "outcome": "log_unemployment_claims",
    "unit": "city_id",
    "period": "calendar_year",
    "first_treated": "first_zone_year",
}
MEANING = contracts.Meaning(
    term="unemployment_claims_change", unit="log_points", n_unit="city_years",
    cluster_unit="cities", design=Design.QUASI,
)  # fmt: skip


@pytest.fixture(scope="module")
def data():
    return yuyao.open("ezunem")


@pytest.fixture(scope="module")
def rows(data):
    return data.frame("cities")


def test_cities_and_their_first_year(rows) -> None:
    first = rows.groupby("city_id")["first_zone_year"].first()
    assert first.value_counts().to_dict() == {0: 12, 1984: 6, 1985: 4}
    assert (
        ((rows["calendar_year"] >= rows["first_zone_year"]) & (rows["first_zone_year"] > 0))
        .eq(rows["in_zone"] == 1)
        .all()
    )


def test_the_headline_says_what_zero_inside_means(rows, data) -> None:
    effect = inference.choose_interval(rows, **COLUMNS, draws=199, meaning=MEANING)
    shown = display.findings(effect, data, topic="t", headline=effect.chosen.key)
    assert "adopted in 10 " in shown.plain.en
    assert "these data do not show an effect" in shown.plain.en
    assert "这些数据未显示效应" in shown.plain.zh


def test_every_part_shows_itself_in_both_languages(rows, data) -> None:
    effects = contracts.group_time(rows, **COLUMNS, meaning=MEANING)
    study = contracts.sun_abraham(rows, **COLUMNS, meaning=MEANING)
    bounds = contracts.honest_bounds(study, meaning=MEANING)
    routes = contracts.compare_estimators(rows, **COLUMNS, meaning=MEANING)
    verdict = contracts.can_tell(routes.estimates[0], bounds=bounds, smallest_of_interest=0.05)
    unknown = replace(bounds.original, estimand=None)
    made = [
        display.draw(effects.aggregate("dynamic"), data),
        display.draw(study, data),
        display.draw(bounds, data),
        display.draw(routes, data),
        display.tabulate(routes, data),
        display.tabulate(contracts.two_way_fixed_effects(rows, **COLUMNS, meaning=MEANING), data),
        display.tabulate(contracts.pre_trend_test(effects), data),
        display.say(verdict, data),
    ]
    made.append(display.draw(replace(bounds, original=unknown), data))
    for shown in made:
        assert shown.html.en != shown.html.zh
    assert "mean over the periods after adoption" in made[2].html.en
    assert "forbidden" in made[5].html.en
    assert len({e.key for e in routes.estimates}) == 5


def test_the_static_regression_equals_the_published_one(rows) -> None:
    found = contracts.two_way_fixed_effects(rows, **COLUMNS, meaning=MEANING).coefficient
    assert found.estimate == pytest.approx(-0.104, abs=5e-4)


def test_leaving_each_out_and_many_effects_at_once(rows, data) -> None:
    alone = inference.leave_one_out_effect(rows, **COLUMNS, meaning=MEANING)
    drawn = display.draw(alone, data)
    assert "of 22 clusters" in drawn.plain.en and "22 个聚类" in drawn.plain.zh
    nobody = inference.leave_one_out_effect(
        rows.assign(first_zone_year=0), **COLUMNS, meaning=MEANING
    )
    assert display.draw(nobody, data).kind == "notice"
    effects = contracts.group_time(rows, **COLUMNS, meaning=MEANING)
    shown = display.tabulate(inference.adjust(effects.estimates), data)
    assert "adopted 1984, in 1984" in shown.html.en and "1984 年采用" in shown.html.zh
    assert "Holm" in shown.html.en
