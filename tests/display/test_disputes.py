"""Disputes as a reader sees them: sentences, tables, curves, and sections switched off."""

import numpy as np
import pandas as pd
import pytest

import yuyao_lib as yuyao
from yuyao_lib import display
from yuyao_lib.display.curves import Line, Mark, curves, spread
from yuyao_lib.display.sentences import headline_of
from yuyao_lib.methods import disputes

STRIKES = {"duration": "duration_days", "n_unit": "strikes"}
OUTPUT = "unanticipated_output_percent"


@pytest.fixture(scope="module")
def data():
    return yuyao.open("strikes")


@pytest.fixture(scope="module")
def june(data) -> pd.DataFrame:
    return data.frame("strikes")


def cases(n: int = 120) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    way = rng.choice(["settled", "arbitration", "open"], n, p=[0.6, 0.2, 0.2])
    days = np.ceil(rng.exponential(20, n))
    return pd.DataFrame({"days": days, "how": way, "workers": rng.integers(1, 30, n)})


def test_the_finding_says_the_median_the_difference_and_how_sure(june) -> None:
    found = disputes.lengths(june, covariates=[OUTPUT], cluster="calendar_year", **STRIKES)
    words = headline_of(found, found.estimates[0])
    assert words.en == (
        "Half of the strikes ended within 27 days (95% interval 17 to 38; 62 strikes). With"
        " industrial output one percent above what was expected, they were 8.9% shorter"
        " (interval −17.7% to 0.8%, errors from 9 groups). Zero is inside the interval; it would"
        " be outside only if all were taken as independent of each other."
    )
    assert "缩短 8.9%" in words.zh and "零才在区间之外" in words.zh
    alone = disputes.lengths(june, covariates=[OUTPUT], **STRIKES)
    assert headline_of(alone, alone.estimates[0]).en.endswith("(interval −14.0% to −3.5%).")
    plain = disputes.lengths(june, **STRIKES)
    assert headline_of(plain, plain.estimates[0]).en.endswith("62 strikes).")


def test_a_difference_that_is_not_shown_or_not_defined_says_so(june) -> None:
    noise = june.assign(chance=np.random.default_rng(0).normal(size=62), same=1)
    found = disputes.lengths(noise, covariates=["chance"], **STRIKES)
    assert "these data do not show a difference" in headline_of(found, found.estimates[0]).en
    flat = disputes.lengths(noise, covariates=["same"], **STRIKES)
    words = headline_of(flat, flat.estimates[0])
    assert "cannot be estimated: it does not vary" in words.en and "无法估计" in words.zh
    still = disputes.lengths(noise.assign(e=0), ended="e", **STRIKES)
    assert "cannot be estimated: none of the spells" in headline_of(still, still.estimates[0]).en
    half = noise.assign(e=(noise["duration_days"] < 28).astype(int))
    open_ended = disputes.lengths(half, ended="e", **STRIKES)
    assert "or more" in headline_of(open_ended, open_ended.estimates[0]).en


def test_every_result_is_shown_in_both_languages(data, june) -> None:
    found = disputes.lengths(june, covariates=[OUTPUT], cluster="calendar_year", at=[7], **STRIKES)
    models = disputes.compare_models(june, covariates=[OUTPUT], **STRIKES)
    ratios = disputes.cox(june, covariates=[OUTPUT], **STRIKES)
    groups = disputes.survival(june.assign(late=june["calendar_year"] > 1972), by="late", **STRIKES)
    drawn = [found, groups, models, ratios, disputes.check_fit(found.model)]
    tables = [found, found.curve, groups, models, ratios, ratios.proportional, models.nested]
    for shown in [display.draw(r, data) for r in drawn] + [
        display.tabulate(r, data) for r in tables
    ]:
        assert shown.kind in {"chart", "table"}
        assert shown.html.en != shown.html.zh and "None" not in shown.plain.en
    text = display.tabulate(found.curve, data).html
    assert "Share still going on after 7 days" in text.en and "7 天之后仍在持续的比例" in text.zh
    assert "True: Median" in display.tabulate(groups, data).html.en
    assert "by 9 groups" in display.tabulate(found, data).html.en


def test_ways_of_ending_and_counts(data) -> None:
    rows = cases()
    ways = {"duration": "days", "cause": "how"}
    found = disputes.endings(rows, horizon=20, **ways)
    chart = display.draw(found, data)
    assert chart.kind == "chart" and "By 20 days: settled 0." in chart.plain.en
    assert "still going on" in display.tabulate(found, data).html.en
    assert "仍在持续" in display.tabulate(found, data).html.zh
    hazards = disputes.cause_hazards(rows, covariates=["workers"], **ways)
    shown = display.tabulate(hazards, data)
    assert shown.html.en.count("rowgroup") == 2 and "one worker more" in shown.html.en
    counts = disputes.count_model(rows.assign(n=1 + rows["workers"] % 4), count="n",
                                  covariates=["days"])  # fmt: skip
    assert "Over-dispersion" in display.tabulate(counts, data).html.en


def test_sections_that_are_switched_off_say_why(data, june) -> None:
    off = disputes.endings(june, duration="duration_days", cause="")
    none = disputes.cause_hazards(june, duration="duration_days", cause="", covariates=[])
    counts = disputes.count_model(None, count="strikes")
    still = june.assign(e=0)
    never = disputes.compare_models(still, ended="e", **STRIKES)
    bare = disputes.cox(june, covariates=[], **STRIKES)
    residuals = disputes.check_fit(never.models[0])
    for shown in (
        display.draw(off, data), display.tabulate(off, data), display.tabulate(none, data),
        display.tabulate(counts, data), display.draw(never, data), display.tabulate(bare, data),
        display.draw(bare, data), display.draw(residuals, data),
    ):  # fmt: skip
        assert shown.kind == "notice"
    assert display.tabulate(never, data).kind == "table"
    empty = disputes.survival(still, ended="e", **STRIKES)
    assert display.draw(empty, data).kind == "chart"
    assert "none of the spells" in display.tabulate(empty, data).html.en


def test_names_of_lines_never_touch_or_leave_the_picture() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        wanted = rng.random(int(rng.integers(1, 9)))
        places = np.sort(spread(wanted.tolist(), gap=0.075))
        assert (np.diff(places) >= 0.075 - 1e-9).all()
        assert places[0] >= 0.02 - 1e-9 and places[-1] <= 0.98 + 1e-9
    assert spread([], gap=0.1) == []
    far = spread([0.9, 0.1], gap=0.1)
    assert far == pytest.approx([0.9, 0.1])


def test_curves_draw_what_they_are_given() -> None:
    from matplotlib.figure import Figure

    from yuyao_lib.vocabulary import Text

    name = Text("all", "全部")
    lines = [
        Line(x=[0, 1, 2], y=[1, 0.5, 0.2], low=[1, 0.4, 0.1], high=[1, 0.6, 0.3], step=True),
        Line(x=[0, 3], y=[10, 20], label=name, dashed=True, colour="green"),
    ]
    axes = Figure().subplots()
    paint = curves(lines, across=name, up=name, marks=[Mark(1, 0.5, name)], limits=None)
    paint(axes, "en")
    assert axes.get_xlim()[1] == 3 and len(axes.collections) == 1
    assert [t.get_text() for t in axes.texts].count("all") == 2
