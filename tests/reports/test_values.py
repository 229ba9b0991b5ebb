"""Values of parameters survive as declared from every route, or are refused."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuyao_lib.errors import InputError, NotebookError, ParameterError, PlanError
from yuyao_lib.paths import NOTEBOOKS
from yuyao_lib.reports.cells import Parameter, parameters_of
from yuyao_lib.reports.fresh import remembered_plan
from yuyao_lib.reports.memory import Memory
from yuyao_lib.reports.plan import choose, read_plan, read_yaml
from yuyao_lib.reports.values import bind, written
from yuyao_lib.vocabulary import Text


def declared(**types: str) -> dict[str, Parameter]:
    return {name: Parameter(name, kind, None, Text("m", "义")) for name, kind in types.items()}


def one(kind: str, value):
    return bind(declared(x=kind), {"x": value}, notebook="none")["x"]


@pytest.mark.parametrize(
    ("kind", "given_value", "value"),
    [
        ("str", "0110", "0110"),
        ("str", "no", "no"),
        ("str", "1e5", "1e5"),
        ("str", "2022-10-01", "2022-10-01"),
        ("str", "x=1; import os", "x=1; import os"),
        ("str", "a 'quoted' \"text\"\nwith a line", "a 'quoted' \"text\"\nwith a line"),
        ("str", "", ""),
        ("int", "0110", 110),
        ("int", "-3", -3),
        ("float", "1e5", 100000.0),
        ("float", 2, 2.0),
        ("bool", "true", True),
        ("bool", False, False),
        ("list[str]", "0110,no", ["0110", "no"]),
        ("list[str]", '["a,b", "c"]', ["a,b", "c"]),
        ("list[str]", "", []),
        ("list[int]", "1, 2", [1, 2]),
        ("list[int]", [1, "2"], [1, 2]),
    ],
)
def test_values_keep_their_declared_type(kind, given_value, value) -> None:
    found = one(kind, given_value)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("int", "abc"), ("int", "1.5"), ("int", True), ("int", "1_000"), ("int", None),
        ("int", "１２"), ("float", "nan"), ("float", "inf"), ("float", float("nan")),
        ("float", "1_0.5"), ("bool", "yes"), ("bool", 1), ("str", 1), ("str", None),
        ("str", "\ud800"),
        ("list[int]", "1,b"), ("list[int]", "[1,"), ("list[str]", 3), ("list[str]", [1]),
    ],
)  # fmt: skip
def test_other_values_are_refused_by_name(kind, value) -> None:
    with pytest.raises(ParameterError, match="parameter x is of type"):
        one(kind, value)


@given(st.text())
def test_any_text_survives(text: str) -> None:
    assert one("str", text) == text


@given(st.lists(st.text()))
def test_any_list_survives_its_written_form(items: list[str]) -> None:
    assert one("list[str]", written(items)) == items


def test_all_problems_are_told_at_once() -> None:
    given_values = {"levle": "0.9", "level": "2", "errors": "cluster", "api_token": "x"}
    cells = parameters_of({"cells": [_cell()], "nbformat": 4}, name="union_premium")
    with pytest.raises(ParameterError) as error:
        bind(cells, given_values, notebook="union_premium")
    said = str(error.value)
    assert "Did you mean 'level'" in said
    assert "secrets are never parameters" in said


def _cell() -> dict:
    source = 'level: float = 0.95  # 水平 Level\nerrors: str = "classical"  # 误差 Errors'
    return {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": source}


def test_bounds_come_from_the_model() -> None:
    from yuyao_lib.reports.plan import ad_hoc

    book = NOTEBOOKS / "union_premium.ipynb"
    for given_values, said in [
        ({"level": "2"}, "parameter level: got 2.0; allowed: less than 1"),
        ({"errors": "cluster"}, "allowed: clustered, classical. Did you mean 'clustered'?"),
        ({"quantiles": "10,0"}, "parameter quantiles.1: got 0; allowed: greater than or equal"),
    ]:
        with pytest.raises(ParameterError) as error:
            ad_hoc(book, given_values)
        assert said in str(error.value)


PLAN = """
defaults:
  parameters: {errors: classical}
reports:
  - id: premium
    notebook: union_premium
    title: {en: A, zh: 甲}
    parameters: {dataset: wagepan}
"""


@pytest.fixture
def planned(tmp_path):
    def write(text: str) -> Path:
        (tmp_path / "union_premium.ipynb").write_bytes(
            (NOTEBOOKS / "union_premium.ipynb").read_bytes()
        )
        path = tmp_path / "reports.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_parameters_inherit_downwards(planned) -> None:
    (report,) = read_plan(planned(PLAN))
    assert report.values["errors"] == "classical"
    (report,) = read_plan(planned(PLAN.replace("wagepan}", "wagepan, errors: clustered}")))
    assert report.values["errors"] == "clustered"


def test_a_grid_makes_a_report_a_point(planned) -> None:
    text = PLAN + "    grid: {errors: [classical, clustered], level: ['0.9', '0.99']}\n"
    reports = read_plan(planned(text))
    assert [r.id for r in reports][:2] == [
        "premium__errors_classical__level_0-9", "premium__errors_classical__level_0-99",
    ]  # fmt: skip
    assert reports[3].values["level"] == 0.99
    assert choose(reports, ["union_premium"]) == choose(reports, ["premium"]) == reports
    with pytest.raises(PlanError, match="no report or notebook of this name"):
        choose(reports, ["premiun"])


def test_a_table_makes_a_report_a_row(planned, tmp_path) -> None:
    rows = tmp_path / "tables" / "行 rows.csv"
    rows.parent.mkdir()
    rows.write_text('level,quantiles\n0.9,"10,50"\n0.99,90\n', encoding="utf-8-sig")
    path = planned(PLAN + "    table: tables/行 rows.csv\n")
    first, second = read_plan(path)
    assert first.id.startswith("premium__level_0-9__quantiles_10-50-")
    assert (first.values["errors"], first.values["quantiles"]) == ("classical", [10, 50])
    assert second.title.zh == "甲 · 0.99 · 90" and second.table == rows
    with pytest.raises(PlanError, match="a grid and a table"):
        read_plan(planned(PLAN + "    table: a.csv\n    grid: {level: [0.9]}\n"))


def test_a_plan_is_remembered_with_its_table(planned, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("yuyao_lib.reports.memory.TICK_NANOSECONDS", 0)
    (tmp_path / "rows.csv").write_text("level\n0.9\n", encoding="utf-8")
    path, store = planned(PLAN + "    table: rows.csv\n"), tmp_path / "memory.json"
    memory = Memory(store)
    first = remembered_plan(path, memory)
    memory.save()
    monkeypatch.setattr("yuyao_lib.reports.plan.read_plan", None)
    assert remembered_plan(path, Memory(store)) == first
    (tmp_path / "rows.csv").write_text("level\n0.99\n", encoding="utf-8")
    with pytest.raises(TypeError):  # it looks again
        remembered_plan(path, Memory(store))


def test_a_moving_date_names_its_report_and_shows_its_value(planned) -> None:
    text = PLAN + "    grid: {dataset: ['{last_year}']}\n"
    (report,) = read_plan(planned(text.replace("errors: classical", "errors: clustered")))
    year = str(date.today().year - 1)
    assert report.id.startswith("premium__dataset_last-year-")  # the same one next year
    assert report.values["dataset"] == year and report.title.en == f"A · {year}"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("    notebook:", "    notbook:"), "Did you mean 'notebook'"),
        (("defaults:", "default:"), "Did you mean 'defaults'"),
        (("id: premium", "id: Premium"), "lower-case letters"),
        (("{en: A, zh: 甲}", "{en: A}"), "title of report"),
        (("union_premium\n", "union_premum\n"), "there is no notebook union_premum"),
        (("dataset: wagepan", "datset: wagepan"), "Did you mean 'dataset'"),
        (("classical", "clasical"), "Did you mean 'classical'"),
        (("id: premium", "id: premium\n    id: second"), "'id' stands twice"),
        (("en: A", "en: !!python/object:os.system A"), "tags"),
        (("    parameters: {dataset", "    parameters: &a {x: *a, dataset"), "aliases"),
        (("reports:", "reports: ["), "is not YAML"),
        (("reports:\n", "reports: []\nx:\n"), "unknown key"),
        (("    notebook", "    timeout_seconds: soon\n    notebook"), "a number above zero"),
        *(
            (("    notebook", f"    {key}: {value}\n    notebook"), said)
            for key, value, said in [
                ("timeout_seconds", "inf", "a number above zero"),
                ("cell_timeout_seconds", "1_0", "a number above zero"),
                ("memory_megabytes", "0.5", "memory_megabytes of report 'premium': got '0.5'"),
                ("memory_megabytes", "[1]", "a number above zero"),
                ("grid", "level", "a mapping of names to lists"),
                ("grid", "{level: 12}", "grid of report 'premium', level: got '12'"),
                ("grid", "{level: []}", "a mapping of names to lists"),
                ("schedule", "{a: b}", "schedule of report 'premium'"),
                ("table", "rows.csv", "there is no table rows.csv"),
                ("table", "[a]", "a CSV file"),
            ]
        ),
        (("  parameters: {errors: classical}", "  parameters: errors"), "parameters of defaults"),
        (("  parameters: {errors: classical}", "  id: a"), "unknown key in defaults: got 'id'"),
        (("parameters: {dataset: wagepan}", "parameters: [dataset]"), "parameters of report"),
        (
            ("parameters: {dataset: wagepan}", "parameters: {level: x}"),
            "report 'premium': par",
        ),
        (("id: premium", "id: [a]"), "id of report"),
        (("id: premium", "id: index"), "cannot be called 'index'"),
        (("id: premium", "id: " + "a" * 201), "at most 200 bytes"),
        (("en: A", "en: [a]"), "title of report"),
    ],
)
def test_a_plan_is_read_strictly(planned, change, said) -> None:
    text = PLAN.replace(*change, 1)
    assert text != PLAN
    with pytest.raises(InputError, match=said):
        read_plan(planned(text))


def test_all_that_is_wrong_in_a_plan_is_told_at_once(planned) -> None:
    entry = (
        "  - {{id: {0}, notebook: union_premium, title: {{en: A, zh: 甲}}, parameters: {{{0}: 2}}}}"
    )
    plan = "\n".join(["reports:", *(entry.format(name) for name in ("level", "levle"))])
    with pytest.raises(ParameterError) as told:
        read_plan(planned(plan))
    assert "report 'level': parameter level: got 2.0" in str(told.value)
    assert "report 'levle': union_premium has no such parameter" in str(told.value)


def test_a_default_out_of_bounds_is_its_notebooks_mistake(tmp_path) -> None:
    text = (NOTEBOOKS / "union_premium.ipynb").read_text(encoding="utf-8")
    assert "level: float = 0.95" in text
    wrong = text.replace("level: float = 0.95", "level: float = 2")
    (tmp_path / "union_premium.ipynb").write_text(wrong, encoding="utf-8")
    plan = tmp_path / "reports.yaml"
    plan.write_text(PLAN, encoding="utf-8")
    (report,) = read_plan(plan, strict=False)
    said = "a default of union_premium.ipynb is not allowed; parameter level: got 2;"
    assert said in report.broken
    with pytest.raises(NotebookError, match="a default of union_premium.ipynb"):
        read_plan(plan)


def test_a_report_may_need_packages(planned) -> None:
    text = PLAN + "    needs: [json, no_such_package]\n"
    (report,) = read_plan(planned(text))
    assert report.needs == ("json", "no_such_package")
    assert report.missing == ["no_such_package"]
    for bad in ("moderndid", "[a-b]", "{a: b}"):
        with pytest.raises(PlanError, match="a list of packages as they are imported"):
            read_plan(planned(text.replace("[json, no_such_package]", bad)))


def test_what_needs_a_missing_package_is_left_out_or_refused(planned, capsys) -> None:
    from yuyao_lib.cli.chosen import installed

    (here,) = read_plan(planned(PLAN))
    (there,) = read_plan(
        planned(PLAN.replace("premium\n", "elsewhere\n", 1) + "    needs: [no_such]\n")
    )
    assert installed([here, there], []) == [here]
    assert "left out: elsewhere needs the package no_such" in capsys.readouterr().err
    with pytest.raises(InputError, match="elsewhere needs the package no_such; pip install"):
        installed([there], ["elsewhere"])


def test_two_reports_of_one_name(planned) -> None:
    with pytest.raises(PlanError, match="two reports are called 'premium'"):
        read_plan(planned(PLAN + PLAN.split("reports:\n")[1]))


def test_an_alias_bomb_does_not_go_off(tmp_path) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for one_, two in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{two}: &{two} [{', '.join([f'*{one_}'] * 9)}]")
    path = tmp_path / "bomb.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(PlanError, match="aliases"):
        read_yaml(path)


def test_scalars_stay_text(tmp_path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("a: 0110\nb: no\nc: 12:30:45\nd: 1e5\ne: 2022-10-01\n", encoding="utf-8")
    assert read_yaml(path) == {
        "a": "0110", "b": "no", "c": "12:30:45", "d": "1e5", "e": "2022-10-01",
    }  # fmt: skip


def test_no_parameters_cell() -> None:
    with pytest.raises(NotebookError, match="0 cells tagged parameters"):
        parameters_of({"cells": []}, name="x")
