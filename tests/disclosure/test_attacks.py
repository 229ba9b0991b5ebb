"""Attacks on pages of own data: each is refused, or yields nothing."""

import ast
import json
from dataclasses import replace

import nbformat
import numpy as np
import pandas as pd
import pytest
from own_pages import (
    CARD,
    DATA,
    WORDS,
    Result,
    estimate,
    finding,
    page_of,
    payroll,
    rules_broken,
    said_by,
)

from yuyao_lib import display
from yuyao_lib.cli.chosen import called
from yuyao_lib.display import protection
from yuyao_lib.display.charts import chart
from yuyao_lib.display.hidden_counts import count_list, count_said, seen_cells
from yuyao_lib.display.shown import Shown
from yuyao_lib.errors import DisclosureError, InputError, ParameterError, PlanError
from yuyao_lib.findings import Backing, Finding, Mode, Origin
from yuyao_lib.findings.spoken_counts import spoken_rules
from yuyao_lib.methods import contracts, disputes, organisation, premiums, structure
from yuyao_lib.methods.discontinuity import discontinuity
from yuyao_lib.methods.discontinuity_bins import binned_means
from yuyao_lib.methods.inference_jackknife import LeaveOneOut
from yuyao_lib.methods.survival import survival
from yuyao_lib.paths import NOTEBOOKS, PACKAGE
from yuyao_lib.reports.disclosure import audit_notebook, refuse
from yuyao_lib.reports.leak_markup import parts_of_html
from yuyao_lib.reports.leaks import scan
from yuyao_lib.reports.ledger import Ledger
from yuyao_lib.reports.page import PageMeta, render_page
from yuyao_lib.reports.plan import ad_hoc, read_yaml, slug
from yuyao_lib.reports.released import judge_against_released, note_released, releases_in
from yuyao_lib.reports.values import bind
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

HOSTILE = "<script>alert(1)</script>\u202e\x07=cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    "small",
    [
        {"n": 9},
        {"n": 40, "employers": 1},
        {"n": 300, "employers": 2},
        {"residual_df": 0},
        {"residual_df": 9},
        {"residual_df": None},
        {"method": "count", "unit": "percent", "estimate": 98.5, "n": 200},
        {"method": "count", "unit": "share", "estimate": 1.0, "n": 200},
        {"key": "percentile_99"},
        {"key": "p90_p10", "n": 60},
        {"key": "max_pay"},
        {"n": None},
    ],
)
def test_a_small_cell_yields_nothing_in_table_figure_sentence_or_finding(small) -> None:
    given = {"key": "cell", "estimate": 7.7777, **small}
    result = Result((estimate(), estimate(**given), estimate("third", n=90)))
    shows = [display.tabulate, display.say, *([display.draw] if small == {"n": 9} else [])]
    for show in shows:
        shown = show(result, DATA)
        assert "7.778" not in said_by(shown)
        assert shown.hidden
        assert rules_broken(shown) == []
    found = display.findings(result, DATA, topic="pay")
    assert "7.777" not in said_by(found)
    assert rules_broken(found) == []


def test_a_saturated_regression_yields_nothing() -> None:
    small = payroll([4] * 12)
    rows = small.frame("workers").head(24)
    rng = np.random.default_rng(3)
    names = [f"x{i}" for i in range(15)]
    rows = rows.assign(union_member=np.arange(24) % 2, **{n: rng.normal(size=24) for n in names})
    found = premiums.estimate(
        rows, outcome="log_wage", member="union_member", controls=names, worker="worker_id",
        period="calendar_year", routes=["pooled_ols"],
    )  # fmt: skip
    assert found.route("pooled_ols").residual_df == 24 - 17
    shown = display.tabulate(found, small)
    assert "residual degrees of freedom" in {rule for _, rule in shown.hidden}
    assert f"{found.route('pooled_ols').estimate:.3f}" not in said_by(shown)


def test_a_difference_does_not_give_its_small_side_away() -> None:
    rows = DATA.frame("workers").assign(small=lambda f: (f["worker_id"] < 8) * 1)
    found = structure.inequality(rows, outcome="log_wage", by=["small"], measures=["gini"])
    shown = display.tabulate(found, DATA)
    few = found.of("gini", 1)
    apart = found.of("difference_gini")
    assert (few.persons, apart.persons, apart.employers) == (8, 8, 1)
    assert {key for key, _ in shown.hidden} >= {few.key, apart.key}


def test_a_town_of_one_large_employer_is_left_out_with_another() -> None:
    frame = pd.DataFrame({
        "union_id": [f"u{i}" for i in range(10)], "quarter": "2022Q1", "members": 60,
        "workforce": [900, 20, 20, 90, 90, 90, 80, 80, 80, 80],
    })  # fmt: skip
    towns = pd.DataFrame({"union_id": frame["union_id"], "town_id": list("AAABBBCCCC")})
    found = organisation.density(frame, unions=towns)
    shown = display.draw(found, DATA)
    assert dict(shown.hidden) == {"town A": "dominance", "town B": "secondary"}
    assert ">A<" not in said_by(shown)
    assert rules_broken(shown) == []


def test_raising_the_highest_pay_does_not_tell_whose_it_is() -> None:
    rows = DATA.frame("workers")
    raised = structure.raise_top_code(rows, outcome="log_wage", factor=1.4)
    assert raised.at_cap == {None: 1}
    assert raised.frame["log_wage"].equals(rows["log_wage"])
    assert display.tabulate(raised, DATA).kind == "notice"


def test_a_lorenz_curve_is_drawn_in_steps_of_many() -> None:
    found = structure.lorenz(DATA.frame("workers"), outcome="log_wage")
    assert found.persons == (200,)
    assert len(found.coarser(cases=10).people) == 21
    assert rules_broken(display.draw(found, DATA)) == []
    few = structure.lorenz(DATA.frame("workers").head(15), outcome="log_wage")
    assert display.draw(few, DATA).kind == "notice"


def test_bins_of_few_rows_are_not_drawn_and_not_saved() -> None:
    rng = np.random.default_rng(4)
    score = np.r_[rng.uniform(40, 80, 600), [20.0, 21.0, 22.0]]
    rows = pd.DataFrame({"score": score, "pay": score / 10 + rng.normal(size=603)})
    exams = Dataset("exams", mode=Mode.OWN, card=CARD, loaders={"exams": lambda columns: rows})
    design = discontinuity(rows, outcome="pay", running="score", cutoff=60)
    picture = binned_means(rows, design, bins=12, reach=8)
    shown = display.draw(picture, exams)
    assert shown.hidden
    assert shown.csv is not None
    assert len(shown.csv[1].splitlines()) - 1 == len(shown.backing)
    assert len(shown.hidden) + len(shown.backing) == len(picture.count)
    assert rules_broken(shown) == []


def test_leaving_out_each_employer_is_said_in_words_only() -> None:
    one = estimate("all", method="leave_one_out", clusters=30, cluster_unit="firms")
    ends = [replace(one, key=k, estimate=v) for k, v in (("lowest", 7.5), ("highest", 8.5))]
    names = tuple(f"W-{i:020x}" for i in range(30))
    found = LeaveOneOut((one, *ends), names, tuple(np.linspace(7.5, 8.5, 30)), names[0], 0)
    for show in (display.draw, display.tabulate):
        said = said_by(show(found, DATA))
        assert names[0] not in said
        assert "7.5" not in said


@pytest.mark.parametrize(
    ("en", "zh"), [("3 persons of 40 rose", "上升"), ("rose", "其中 3 人"), ("2 firms", "单位")]
)
def test_a_title_or_note_that_says_a_small_count_is_withheld(en, zh) -> None:
    def told(axes, language):
        axes.plot([0, 1], [1, 1])

    drawn = chart(told, DATA, title=Text(en, zh), alt=WORDS)
    noted = chart(told, DATA, title=WORDS, alt=WORDS, note=Text(en, zh))
    described = chart(told, DATA, title=WORDS, alt=Text(en, zh))
    for shown in (drawn, noted, described):
        backed = replace(shown, backing=(Backing(what="mean", persons=200, employers=5),))
        assert rules_broken(backed)[0].startswith("minimum")


def test_a_complement_does_not_give_a_small_cell_away() -> None:
    cells = (estimate("all", n=200), estimate("rest", n=192, estimate=8.3456), estimate("few", n=8))
    shown = display.tabulate(Result(cells), DATA)
    assert [rule for _, rule in shown.hidden] == ["minimum persons", "secondary"]
    assert "8.346" not in said_by(shown)


def test_real_and_simulated_pages_are_left_as_they_are() -> None:
    small = Result((estimate(n=3, employers=1),))
    for mode in (Mode.PUBLIC, Mode.SIMULATED):
        shown = display.tabulate(small, payroll([3], mode))
        assert "8.123" in said_by(shown)
        assert "backing" not in said_by(shown)
        assert audit_notebook("r", page_of(shown), []) is None


def test_what_declares_no_backing_is_refused() -> None:
    drawn = chart(lambda axes, language: axes.plot([1, 2], "o"), DATA, title=WORDS, alt=WORDS)
    table = display.results.tabulate(Result((estimate(),)), DATA)
    prose = display.prose(en="{n} men", zh="{n} 名男性", n=3, data=DATA)
    assert rules_broken(drawn, table, prose) == ["declared backing"] * 3
    assert rules_broken(display.notice(WORDS, DATA), display.card(DATA)) == []


def test_figures_show_no_more_points_than_are_backed() -> None:
    def scatter(axes, language):
        axes.scatter(range(30), range(30))

    drawn = chart(scatter, DATA, title=WORDS, alt=WORDS)
    backed = replace(drawn, backing=(Backing(what="mean", persons=200, employers=5),))
    assert rules_broken(backed) == ["data behind a figure"]


@pytest.mark.parametrize(
    "foreign",
    [
        {"output_type": "stream", "name": "stdout", "text": "   worker  pay\n0  1  3\n"},
        {"output_type": "display_data", "data": {"text/html": "<table></table>"}},
        {"output_type": "display_data", "data": {"image/png": "aaaa"}, "metadata": {}},
    ],
)
def test_printed_rows_are_refused_even_where_nothing_else_is_shown(foreign) -> None:
    assert rules_broken(foreign=[foreign], opened_own=True) == ["output of its own"]


def test_an_event_study_cell_of_one_firm_yields_nothing() -> None:
    rng = np.random.default_rng(2)
    firms = pd.DataFrame(
        [(f, t, rng.normal(), {0: 3, 1: 4, 2: 4, 3: 4}.get(f, 0))
         for f in range(14) for t in range(1, 6)],
        columns=["firm", "quarter", "pay", "since"],
    )  # fmt: skip
    columns = {"outcome": "pay", "unit": "firm", "period": "quarter", "first_treated": "since"}
    found = contracts.group_time(firms, **columns)
    alone = [e.key for e in found.estimates if e.key.startswith("att_3_")]
    shown = display.tabulate(found, payroll([20] * 14))
    assert {key for key, rule in shown.hidden if rule == "minimum employers"} == set(alone)
    assert rules_broken(shown) == []


def test_a_survival_curve_shows_no_single_ending() -> None:
    days = pd.DataFrame({"days": np.arange(1.0, 61.0)})
    cases = Dataset("cases", mode=Mode.OWN, card=CARD, loaders={"cases": lambda columns: days})
    shown = display.draw(survival(days, duration="days", n_unit="cases"), cases)
    assert shown.points <= 60 // 10 + 1
    assert rules_broken(shown) == []


def test_models_of_durations_are_held_against_steps_of_many() -> None:
    rng = np.random.default_rng(5)
    rows = pd.DataFrame({"days": rng.exponential(20, 200).round(1) + 0.1})
    cases = Dataset("cases", mode=Mode.OWN, card=CARD, loaders={"cases": lambda columns: rows})
    models = disputes.compare_models(rows, duration="days", families=["exponential"])
    for result in (models, disputes.check_fit(models.models[0])):
        shown = display.draw(result, cases)
        assert shown.kind == "chart"
        assert 5 <= shown.points <= 200 // 10
        assert rules_broken(shown) == []
    few = disputes.compare_models(rows.head(12), duration="days", families=["exponential"])
    assert display.draw(disputes.check_fit(few.models[0]), cases).kind == "notice"


def test_words_drawn_as_outlines_are_told_to_the_scan() -> None:
    def named(axes, language):
        axes.bar(["虚构甲", "b"], [1, 2])

    drawn = chart(named, DATA, title=WORDS, alt=WORDS)
    assert "虚构甲" in drawn.drawn
    assert "虚构甲" not in drawn.html.zh
    assert "drawn" not in chart(named, payroll([3], Mode.PUBLIC), title=WORDS, alt=WORDS).to_dict()
    backed = replace(drawn, drawn=("3 persons",), backing=(Backing(what="a", persons=90),) * 2)
    assert "minimum persons" in rules_broken(backed)


@pytest.mark.parametrize(
    "said", ["two firms", "1 of 40 persons", "three workers", "三名职工", "3 个人"]
)
def test_a_notice_says_no_count_of_few(said) -> None:
    shown = display.notice(Text(f"Not run: {said}.", f"未运行：{said}。"), DATA)
    assert rules_broken(shown) == []
    assert said not in said_by(shown)
    by_hand = Shown("notice", Text(said, said), WORDS, mode=Mode.OWN)
    assert rules_broken(by_hand)[0].startswith("minimum")


def test_counts_of_movers_hide_the_small_one_and_another() -> None:
    frame = DATA.frame("workers").assign(union_member=lambda f: (f["worker_id"] < 90) * 1)
    frame.loc[(frame["worker_id"] < 4) & (frame["calendar_year"] == 2022), "union_member"] = 0
    moved = premiums.movers(frame, member="union_member")
    shown = display.tabulate(moved, DATA)
    assert moved.persons["leaver"] == 4
    assert "leaver" in dict(shown.hidden)
    assert len(shown.hidden) >= 2
    assert ">4<" not in shown.html.en
    assert rules_broken(shown) == []


def test_counts_are_rounded_by_choice_and_their_totals_added_up_anew() -> None:
    data = Dataset("payroll", mode=Mode.OWN, card=CARD, rounds=True, loaders={
        "workers": lambda columns: DATA.frame("workers")})  # fmt: skip
    counts = np.array([[4.0, 33.0], [25.0, 41.0]])
    cells = seen_cells(counts, data, names=["a", "b", "c", "d"])
    assert cells.counts.tolist() == [[0, 30], [30, 40]]
    written, hidden, backing = count_list({"leaver": 4, "never": 58}, data)
    assert (written, hidden) == ({"leaver": "0", "never": "60"}, ())
    assert {b.kind for b in backing or ()} == {"rounded"}
    assert (count_said(34, data), count_said(34, DATA)) == ("30", "34")


@pytest.mark.parametrize(
    ("then", "now", "refused"),
    [
        (finding(130), finding(131, dataset="payroll_2022_07"), True),  # one hire in a month
        (finding(130), finding(139), True),  # a region, and the region with a village more
        (finding(150), finding(141), True),
        (finding(130), finding(145, employers=6), True),  # one firm more
        (finding(130), finding(140), False),
        (finding(130), finding(130), False),
        (finding(130), finding(131, key="pay.other"), False),
        (finding(130), finding(131, dataset="another county"), False),
        (finding(130, dataset="payroll_june"), finding(131, dataset="payroll_july"), True),
        (finding(130, dataset="六月工资表"), finding(131, dataset="七月工资表_定稿"), True),
        (finding(130, dataset="2022Q1 payroll"), finding(131, dataset="Payroll (final)"), True),
    ],
)
def test_two_releases_that_differ_by_few_are_refused(tmp_path, then, now, refused) -> None:
    ledger = Ledger(tmp_path)
    note_released(ledger, "june", [then])
    verdicts = judge_against_released(ledger, "july", [now])
    assert [v.rule for v in verdicts] == ["differencing"] * refused
    assert not any("13" in v.why.en for v in verdicts)


def counted(*persons: int, employers: int | None = None) -> nbformat.NotebookNode:
    """Return an executed notebook with a table of towns."""
    backing = tuple(
        Backing(what=f"town T{i}", persons=n, employers=employers or 5, persons_counted=True,
                employers_counted=employers is not None)
        for i, n in enumerate(persons)
    )  # fmt: skip
    csv = ("towns.csv", "town\n")
    return page_of(Shown("table", WORDS, WORDS, mode=Mode.OWN, backing=backing, csv=csv))


@pytest.mark.parametrize(
    ("then", "now", "refused"),
    [
        (counted(40, 60), counted(41, 60), 1),  # one hire in a month
        (counted(40, 60), counted(49, 51), 2),  # nine moved
        (counted(40, 60), counted(50, 60), 0),
        (counted(40, employers=5), counted(40, employers=6), 1),  # one firm more
        (counted(40, 60), counted(40, 60), 0),
    ],
)
def test_two_tables_that_differ_by_few_are_refused(tmp_path, then, now, refused) -> None:
    ledger = Ledger(tmp_path)
    june, july = finding(130), finding(130, dataset="payroll_2022_07")
    note_released(ledger, "june", [june], releases_in("june", "towns", then, [june]))
    new = releases_in("july", "towns", now, [july])
    verdicts = judge_against_released(ledger, "july", [july], new)
    assert [v.rule for v in verdicts] == ["differencing"] * refused
    assert all("town T" in v.why.en and "towns table towns" in v.why.zh for v in verdicts)
    assert judge_against_released(ledger, "july", [], releases_in("july", "other", now, [])) == []


def test_what_was_released_stays_known_and_apart_from_what_is_published(tmp_path) -> None:
    ledger = Ledger(tmp_path)
    for n in (130, 160, 160):
        note_released(ledger, "june", [finding(n)])
    lines = (tmp_path / "released.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    assert judge_against_released(ledger, "june", [finding(133)])
    public = Finding(id="a", estimate=estimate(n=2), origin=Origin(Mode.PUBLIC, "wagepan"))
    assert judge_against_released(ledger, "june", [public]) == []


def test_hostile_values_are_text_and_their_csv_runs_nothing() -> None:
    told = Text(HOSTILE, HOSTILE)
    none = estimate(undefined=told, estimate=None, low=None, high=None)
    shown = display.tabulate(Result((none,)), DATA)
    page = render_page(page_of(shown, display.notice(told, DATA)), language="en",
                       meta=PageMeta(report="r", notebook="n"))  # fmt: skip
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "\x07" not in page
    assert not [v for v in scan("p", parts_of_html(page)) if "formula" in v.rule]


def test_a_refusal_says_which_rule_where_and_what_helps_but_no_count(tmp_path) -> None:
    broken = Backing(what="town T03", persons=7, employers=5)
    shown = Shown("table", WORDS, WORDS, mode=Mode.OWN, backing=(broken,))
    audit = audit_notebook("r", page_of(shown), [])
    assert audit is not None
    with pytest.raises(DisclosureError, match=r"minimum persons.*town T03.*merge categories") as e:
        refuse(audit)
    audit.write(tmp_path / "r.disclosure.json")
    written = (tmp_path / "r.disclosure.json").read_text(encoding="utf-8")
    assert json.loads(written)["refused"][0]["rule"] == "minimum persons"
    assert " 7" not in str(e.value) + written
    (part,) = json.loads(written)["shown"]
    assert (part["what"], part["persons"]) == (WORDS.en, "fewer than 10")
    assert part["employers"] == "5 or more"
    assert json.loads(written)["rules"]["minimum persons"]["value"] == 10


def test_a_figure_says_how_many_of_its_numbers_are_not_drawn() -> None:
    shown = Shown("chart", Text("<figure></figure>", "<figure></figure>"), WORDS, mode=Mode.OWN)
    told = protection._with_count(shown, ["minimum persons", "secondary", "minimum persons"])
    assert "singled out: 3 numbers (minimum persons, it would give another away)" in told.html.en
    assert "此处未显示的数：3（最少人数、可推出其他被隐去的数）" in told.html.zh
    assert not list(spoken_rules(told.html.to_dict().values(), records=True))
    assert protection._with_count(shown, []) is shown
    drawn = replace(shown, html=Text("<figure><figcaption>A.</figcaption></figure>", "x"))
    assert "A. Not shown here" in protection._with_count(drawn, ["minimum persons"]).html.en
    assert ": 1 number (" in protection._with_count(drawn, ["minimum persons"]).html.en


def test_a_notice_for_hidden_numbers_says_what_helps() -> None:
    words = Text("Not shown, so that nobody can be singled out (zero).", "不予显示。")
    said = protection._with_ways(display.notice(words), ["zero or full cell"], DATA)
    assert said.plain.en.endswith("(zero). What helps: merge categories.")
    assert "可行的做法：合并类别。" in said.html.zh
    other = display.notice(Text("No table tells it.", "无此表。"))
    assert protection._with_ways(other, ["zero or full cell"], DATA) is other


def test_the_strict_loader_of_plans_makes_text_only(tmp_path) -> None:
    (tmp_path / "a.yaml").write_text("a: !!python/object/apply:os.system ['true']\n", "utf-8")
    with pytest.raises(PlanError):
        read_yaml(tmp_path / "a.yaml")


def test_yaml_is_safe_loaded_and_nothing_is_unpickled_or_evaluated() -> None:
    banned = {("yaml", "load"), ("yaml", "full_load"), ("yaml", "unsafe_load"),
              ("pickle", "load"), ("pickle", "loads"), ("pd", "read_pickle")}  # fmt: skip
    between_own_processes = {"cluster.py", "remote.py"}  # orders and news, never data
    for path in PACKAGE.rglob("*.py"):
        if path.parent.name == "reports" and path.name in between_own_processes:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func
            if isinstance(name, ast.Attribute) and isinstance(name.value, ast.Name):
                strict = "Strict" in {getattr(k.value, "id", "") for k in node.keywords}
                assert strict or (name.value.id, name.attr) not in banned, path
            if isinstance(name, ast.Name):
                assert name.id != "eval", path


@pytest.mark.parametrize("value", ["../../escaped", "/etc/escaped", "..\\escaped", "a/../../b"])
def test_no_value_or_name_leads_out_of_the_outputs_folder(value, tmp_path) -> None:
    named = slug(value)
    assert (tmp_path / named).resolve().parent == tmp_path.resolve()
    with pytest.raises(InputError):
        called([ad_hoc(NOTEBOOKS / "scorecard.ipynb", {})], value, plan=tmp_path / "none.yaml")


@pytest.mark.parametrize("name", ["api_token", "password", "dsn", "db_dsn", "API_KEY", "hmac_key"])
def test_secrets_are_never_parameters(name) -> None:
    with pytest.raises(ParameterError, match="secrets are never parameters"):
        bind({}, {name: "hunter2hunter2"}, notebook="scorecard")
