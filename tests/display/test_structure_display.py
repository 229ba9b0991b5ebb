"""The wage structure as a reader sees it: both languages, gaps in the data, signs."""

import re

import pandas as pd
import pytest

import yuyao_lib as yuyao
from yuyao_lib import display
from yuyao_lib.display import structure as shown_structure
from yuyao_lib.display.distributions import Segment, stacked_parts
from yuyao_lib.display.sentences import headline_of
from yuyao_lib.display.structure_words import group_words, skill_words
from yuyao_lib.methods import structure
from yuyao_lib.vocabulary import Text

X = ["education_years", "experience_years", "experience_years_squared", "female"]
DESIGN = {"outcome": "log_hourly_wage", "group": "union_member", "controls": X}
YEARS = {**DESIGN, "period": "calendar_year"}


@pytest.fixture(scope="module")
def data():
    return yuyao.open("cps78_85")


@pytest.fixture(scope="module")
def people(data) -> pd.DataFrame:
    return data.frame("workers")


@pytest.fixture(scope="module")
def view(people):
    return structure.overview(people, **YEARS, draws=99)


def said(shown, language: str) -> str:
    return shown.html.of(language)


def results(people):
    """Return every result the topic shows, as it is and where nothing is defined."""
    alone = people[people["union_member"] == 0]
    same = {"outcome": "log_hourly_wage"}
    skill = {**same, "skill": "education_years", "cuts": [12, 13, 16], "reference": "12"}
    for rows in (people, alone):
        yield structure.inequality(rows, **same, by=["calendar_year"])
        yield structure.inequality(rows, **same, by=["calendar_year", "union_member"])
        yield structure.inequality(rows, **same)
        yield structure.lorenz(rows, **same, group="union_member")
        yield structure.within_between(rows, **same, group="union_member")
        yield structure.decompose(rows, **YEARS)
        yield structure.decompose(rows, **DESIGN)
        yield structure.decompose(rows, **YEARS).characteristics("cotton", 1985)
        yield structure.rif_effects(rows, **YEARS)
        yield structure.rif_effects(rows, **DESIGN)
        yield structure.skill_premia(rows, **skill, by="calendar_year")
        yield structure.skill_premia(rows, **skill, by="union_member")
        yield structure.skill_premia(rows, **skill)
        for kind in ("no_coverage", "past_coverage", "others_characteristics"):
            found = structure.reweight(rows, **YEARS, kind=kind, draws=99)
            yield found
            yield found.support
            yield structure.check_support(found)
        yield structure.group_means(rows, group="union_member", columns=X, period="calendar_year")
        yield structure.match_bias(rows, **DESIGN)
        yield structure.match_bias(rows.assign(i=rows["south"]), **DESIGN, imputed="i")
        yield structure.raise_top_code(rows, outcome="lwage", factor=1.5, period="calendar_year")


DRAWN = ("Inequality", "Lorenz", "Decomposition", "RifEffects", "SkillPremia", "Reweighted",
         "Support")  # fmt: skip
TABLED = ("Lorenz", "Support")


def test_everything_shows_in_both_languages(people, data) -> None:
    count = 0
    for result in results(people):
        name = type(result).__name__
        shown = [] if name in TABLED else [display.tabulate(result, data)]
        if name in DRAWN:
            shown.append(display.draw(result, data))
        for one in shown:
            count += 1
            for language in ("en", "zh"):
                words = re.sub(r'src="data:[^"]*"', "", said(one, language))
                odd = re.search(r".{40}(?<![A-Za-z])(nan|None|inf)(?![A-Za-z]).{20}", words)
                assert odd is None, (name, odd)
            assert any("\u4e00" <= c <= "\u9fff" for c in said(one, "zh"))
    assert count > 60


def test_the_headline_says_all_three_parts(view, data) -> None:
    words = headline_of(view, view.coverage.of("gini"))
    for part in (
        "In 1985 the Gini index of pay is 0.295", "above 1978", "members minus non-members",
        "Were everybody paid as non-members who look alike",
    ):  # fmt: skip
        assert part in words.en
    assert "若人人按特征相近的非会员付酬" in words.zh and "1978 年高" in words.zh
    shown = display.findings(view, data, topic="wage_structure", headline="gini_part")
    assert sum(f.headline for f in shown.findings) == 1
    assert len({f.id for f in shown.findings}) == len(shown.findings)


def test_the_headline_follows_signs_and_what_is_missing(people, data) -> None:
    turned = people.assign(
        calendar_year=3000 - people["calendar_year"], union_member=1 - people["union_member"]
    )
    view = structure.overview(turned, **YEARS, draws=99)
    words = headline_of(view, view.coverage.of("gini"))
    assert "below" in words.en and "低" in words.zh
    one = structure.overview(people[people["year"] == 85], **DESIGN, draws=99)
    words = headline_of(one, one.coverage.of("gini"))
    assert words.en.startswith("The Gini index of pay is 0.295") and "1978" not in words.en
    alone = structure.overview(people[people["union_member"] == 0], **YEARS, draws=99)
    shown = display.findings(alone, data, topic="wage_structure", headline="gini_part")
    lead = next(f for f in shown.findings if f.headline)
    assert lead.estimate.estimate is not None


def test_failing_checks_are_loud(people, data) -> None:
    found = structure.decompose(people, **YEARS)
    good = structure.check_decomposition(found, reference="pooled")
    html = said(display.tabulate(good, data), "en")
    assert "0 of 5 checks fail" in html
    bad = structure.Checks((structure.Check(Text("a", "甲"), False, Text("1", "1")),))
    html = said(display.tabulate(good + bad, data), "en")
    assert "1 of 6 checks fail" in html and ">NO<" in html


def test_parts_below_zero_and_missing_ones_can_be_stacked(data) -> None:
    from yuyao_lib.display.charts import chart

    bars = [[Segment(-0.1, -0.2, 0.0), Segment(0.3, 0.1, 0.5)], [Segment(None, None, None)] * 2]
    draw, height = stacked_parts(
        [Text("a", "甲"), Text("b", "乙")], bars, names=[Text("x", "子"), Text("y", "丑")],
        axis=Text("points", "点"), apart=(1,),
    )  # fmt: skip
    assert height > 2
    shown = chart(draw, data, title=Text("t", "题"), alt=Text("a chart", "图"))
    assert "data:image" in said(shown, "en")


def test_words_for_what_is_not_in_the_lists() -> None:
    assert group_words("part_time", 1.0).en == "part time 1"
    assert group_words("region", "north").zh == "north"
    assert skill_words("grade_5").en == "grade 5"
    assert shown_structure.__all__


@pytest.mark.parametrize(
    ("by", "en", "zh"),
    [
        ("calendar_year", " in 1978: ", "1978 年受教育年限（年） 12 以下"),
        ("union_member", " (union membership 0): ", "工会会员身份 0：受教育年限"),
        (None, "below 12 over 12: ", "受教育年限（年） 12 以下 与 12 相比"),
    ],
)
def test_a_premium_of_skill_says_whose_pay_is_compared_with_whose(people, by, en, zh) -> None:
    premia = structure.skill_premia(
        people, outcome="log_hourly_wage", skill="education_years", by=by, cuts=[12, 13, 16],
        reference="12",
    )  # fmt: skip
    words = headline_of(premia, premia.levels[0])
    assert words.en.startswith("Pay at schooling (years) below 12 over 12") and en in words.en
    assert words.zh.startswith(zh)
    if premia.changes:
        assert headline_of(premia, premia.changes[0]).en.startswith("Difference in the skill")
