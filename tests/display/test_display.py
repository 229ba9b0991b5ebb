"""What is shown: both languages, escaped, stamped, described."""

from dataclasses import replace
from urllib.parse import unquote

import pytest

import yuyao_lib as yuyao
from yuyao_lib import display
from yuyao_lib.display import charts, numbers, sentences, style, tables
from yuyao_lib.display.results import notes_of
from yuyao_lib.display.shown import DISPLAY_MIME
from yuyao_lib.errors import InputError, RenderError
from yuyao_lib.findings import FINDING_MIME, Design, Estimate, Mode
from yuyao_lib.methods import premiums, scorecard
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.sources.record import read_record
from yuyao_lib.vocabulary import Text

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def data() -> Dataset:
    return yuyao.open("wagepan")


@pytest.fixture
def simulated(data) -> Dataset:
    def load(columns):
        return data.frame("workers")

    return Dataset("sim", mode=Mode.SIMULATED, card=data.card, loaders={"workers": load})


@pytest.fixture(scope="module")
def gap(data):
    return premiums.estimate(
        data.frame("workers"),
        outcome="log_hourly_wage",
        member="union_member",
        controls=["married", "experience_years_squared"],
    )


def estimate(**changes) -> Estimate:
    fields = {
        "key": "a", "term": "union_wage_premium", "method": "ols", "unit": "log_points",
        "design": Design.OBSERVATIONAL, "estimate": -0.08, "low": -0.12, "high": -0.04, "n": 545,
    }  # fmt: skip
    return Estimate(**{**fields, **changes})


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (-0.08, 3, "−0.080"), (-0.0001, 3, "0.000"), (27777.8, None, "27,778"),
        (151.839, None, "151.8"), (0.0, None, "0"), (None, 3, "–"), (2637.0, None, "2,637"),
    ],
)  # fmt: skip
def test_numbers(value, digits, written) -> None:
    assert numbers.amount(value, digits=digits) == written


def test_a_sentence_in_both_languages() -> None:
    e = estimate(clusters=100, cluster_unit="firms", level=0.9)
    assert sentences.said(e, "en") == (
        "Union wage premium (OLS): −0.080 log points"
        " (90% interval −0.120 to −0.040; 100 firms, 545 persons)."
    )
    assert sentences.said(e, "zh").startswith("工会工资溢价（最小二乘）：−0.080 对数点")
    why = estimate(estimate=None, low=None, high=None, undefined=Text("no members", "没有会员"))
    assert sentences.said(why, "en").endswith("cannot be estimated: no members.")


def test_findings_lead_with_the_meaning_of_the_fall(gap, data) -> None:
    shown = display.findings(gap, data, topic="t", headline="fixed_effects")
    bundle = shown._repr_mimebundle_()
    assert "more when each is compared with himself or herself" in shown.plain.en
    assert "与自己相比" in shown.plain.zh
    held = bundle[FINDING_MIME]["findings"]
    assert [f["headline"] for f in held].count(True) == 1
    assert {f["mode"] for f in held} == {"public"}
    assert bundle[DISPLAY_MIME]["html"]["zh"]
    with pytest.raises(InputError, match="Did you mean 'fixed_effects'"):
        display.findings(gap, data, topic="t", headline="fixed_effect")


def test_a_fall_within_chance_is_not_called_selection(data, gap) -> None:
    from dataclasses import replace

    level = replace(gap.fall, low=-0.01)
    words = sentences.headline_of(replace(gap, fall=level), gap.route("fixed_effects"))
    assert "do not show that the gap is who joins" in words.en


def test_simulated_data_are_marked_everywhere_and_claim_nothing(gap, simulated) -> None:
    shown = display.findings(gap, simulated, topic="t", headline="fixed_effects")
    assert shown.plain.en.startswith("In simulated data, with effects set by us")
    assert {f.estimate.design for f in shown.findings} == {Design.SIMULATION}
    table = display.tabulate(gap, simulated)
    assert "SIMULATED" in table.html.en
    assert table.csv[0].endswith("_SIMULATED.csv")
    assert table.mode is Mode.SIMULATED
    drawn = display.draw(gap, simulated)
    assert "SIMULATED DATA, NOT A FINDING" in drawn.html.en


def test_hostile_words_are_escaped_in_tables_and_csv(data) -> None:
    columns = [tables.Column(Text(EVIL, "甲"), "text"), tables.Column(Text("b", "乙"))]
    rows = [[EVIL, "=cmd()"], ["a\u202eb", "+1"], ["@x", "−0.5"]]
    shown = display.tables.table(columns, rows, data, caption=Text(EVIL, "题"))
    assert "<script>" not in shown.html.en
    assert "\u202e" not in shown.html.en
    assert shown.csv[1].splitlines()[1:] == [f"{EVIL},'=cmd()", "ab,+1", "'@x,-0.5"]


def test_prose_takes_its_numbers_from_code() -> None:
    shown = display.prose(en="{n} men & {w}", zh="{n} 名男性", n=545, w=EVIL)
    assert shown.plain.en == f"545 men & {EVIL}"
    assert "&lt;script&gt;" in shown.html.en


@pytest.mark.parametrize("kind", ["forest", "over"])
def test_charts_speak_both_languages_and_are_the_same_twice(data, kind) -> None:
    ranges = [
        charts.Range(Text("a", "甲"), 0.1, 0.0, 0.2),
        charts.Range(Text("b", "乙"), None, None, None),
    ]
    if kind == "forest":
        figure, _ = charts.forest(ranges, axis=Text("x", "横轴"))
    else:
        figure = charts.ranges_over(
            [1980, 1981], ranges, across=Text("Year", "年"), up=Text("y", "纵")
        )
    made = [
        charts.chart(figure, data, title=Text("T", "题"), alt=Text("what is seen", "所见"))
        for _ in range(2)
    ]
    assert made[0].html == made[1].html
    assert made[0].html.en != made[0].html.zh
    assert 'alt="what is seen."' in made[0].html.en


def test_a_missing_glyph_stops_the_run(data) -> None:
    figure, _ = charts.forest([], axis=Text("\U0001f9ff", "x"))
    with pytest.raises(RenderError, match="has no glyph"):
        charts.chart(figure, data, title=Text("T", "题"), alt=Text("a", "甲"))


def test_a_figure_follows_the_light_of_its_page(data) -> None:
    figure, _ = charts.forest([], axis=Text("x", "x"))
    shown = charts.chart(figure, data, title=Text("T", "题"), alt=Text("a", "甲")).html.en
    svg = unquote(shown.split("image/svg+xml,")[1].split('"')[0])
    assert svg.startswith("<svg ")
    assert svg.endswith("</svg>")
    assert "@media (prefers-color-scheme:dark){svg{--ink:#e9e6df" in svg
    assert "fill:var(--card)" in svg and "fill:#ffffff" not in svg  # every colour follows
    assert f"fill: {style.COLOURS['card']}" not in svg
    assert set(style.DARK) == set(style.COLOURS)


def test_a_figure_without_a_description_is_refused() -> None:
    with pytest.raises(RenderError, match="needs a description"):
        style.picture(style.new_figure(), alt=" ")


def test_every_result_of_the_record_shows_itself() -> None:
    data = yuyao.open("record")
    record = read_record(data)
    for result in (
        scorecard.measures(record), scorecard.ratios(record), scorecard.systems(record),
        scorecard.compare(record, record), scorecard.compare(record, ""),
    ):  # fmt: skip
        shown = display.tabulate(result, data)
        assert shown.html.en != shown.html.zh
    assert "七 years" in display.tabulate(scorecard.systems(record), data).html.en


def test_language_of_jupyterlab(gap, data, monkeypatch) -> None:
    shown = display.tabulate(gap, data)
    monkeypatch.setattr("yuyao_lib.display.shown._chosen", [])
    monkeypatch.setenv("YUYAO_LANGUAGE", "zh_CN")
    assert "各方法的工资溢价" in shown._repr_mimebundle_()["text/html"]
    display.language("en")
    assert "The premium by route" in shown._repr_mimebundle_()["text/html"]
    with pytest.raises(InputError, match="allowed: en, zh"):
        display.language("fr")


def test_provenance_names_no_machine(data) -> None:
    import getpass
    import socket

    shown = display.provenance(data)
    for secret in (str(yuyao.__file__), socket.gethostname(), f"/{getpass.getuser()}/"):
        assert secret not in shown.html.en


def test_a_result_without_estimates_is_refused(data) -> None:
    with pytest.raises(InputError, match="holds no estimate that could be shown"):
        display.tabulate(object(), data)
    with pytest.raises(InputError, match="a object holds no estimate that could be said"):
        display.say(object(), data)
    with pytest.raises(InputError, match="as `yuyao.open` returns it"):
        display.tabulate(object(), None)


def test_notes_on_intervals_are_one_where_only_numbers_differ() -> None:
    told = Estimate(
        key="a", term="union_wage_premium", method="ols", unit="log_points",
        design=Design.OBSERVATIONAL, estimate=0.1, low=0.0, high=0.2, n=9,
        inference=Text("HC1, 186 firms less 1", "HC1，186 家减 1"),
    )  # fmt: skip
    fewer = replace(told, inference=Text("HC1, 1,080 firms less 1", "HC1，1,080 家减 1"))
    other = replace(told, inference=Text("HC2, 1,080 firms less 1", "HC2，1,080 家减 1"))
    none = replace(
        told, estimate=None, low=None, high=None, undefined=Text("too few", "过少"),
        inference=Text("of nothing", "无"),
    )  # fmt: skip
    assert [n.en for n in notes_of([told, fewer, other, none])] == [
        "95% intervals: HC1, 186 to 1,080 firms less 1.",
        "95% intervals: HC2, 1,080 firms less 1.",
    ]
    assert notes_of([told, fewer])[0].zh == "95% 区间：HC1，186 至 1,080 家减 1。"
