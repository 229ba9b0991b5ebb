"""The check of a table: everything is listed, nothing is changed."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuyao_lib.errors import DataError
from yuyao_lib.schema import tables
from yuyao_lib.sources.validation import pandera_schema, validate, validate_links


def unions(**changes) -> pd.DataFrame:
    """Return a good table of three unions, with some columns replaced."""
    columns = {
        "union_id": ["U1", "U2", "U3"],
        "kind": ["enterprise", "joint", "enterprise"],
        "is_new_form": [0, 1, 0],
        "town_id": ["T01", "T21", "T07"],
        "founded_on": pd.to_datetime(["2001-01-01", "2019-05-01", None]),
        "members": [10, 20, 30],
        "star": [0, 3, 5],
    }
    return pd.DataFrame({**columns, **changes})


def found(frame: pd.DataFrame, table: str = "unions") -> list[tuple]:
    report = validate(frame, table)
    return [(p.column, p.what.en, p.rows) for p in report.problems]


def test_a_good_table_passes() -> None:
    report = validate(unions(), "unions")
    assert report.ok and report.n_rows == 3
    assert report.text.en == "unions: 3 rows, no problem found."
    report.raise_if_bad()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": ["enterprise", "jont", "enterprise"]}, ("kind", "not on the list", (2,))),
        ({"kind": [3, "joint", "enterprise"]}, ("kind", "another type", (1,))),
        ({"members": [-1, 20, 20001]}, ("members", "below", (1,))),
        ({"members": [-1, 20, 20001]}, ("members", "above", (3,))),
        ({"members": [1.5, 20.0, 30.0]}, ("members", "another type", (1,))),
        ({"members": ["10", "２０", "30人"]}, ("members", "another type", (1, 2, 3))),
        ({"members": [10.0, None, 30.0]}, ("members", "blank", (2,))),
        ({"members": [10.0, float("inf"), 30.0]}, ("members", "another type", (2,))),
        ({"star": [0, 2, 5]}, ("star", "not on the list", (2,))),
        ({"is_new_form": [0, 2, 1]}, ("is_new_form", "another type", (2,))),
        ({"founded_on": ["2001-01-01", None, None]}, ("founded_on", "another type", (1,))),
        ({"founded_on": pd.to_datetime(["1900-01-01"] * 3)}, ("founded_on", "below", (1, 2, 3))),
        ({"union_id": ["U1", "U1", "U3"]}, ("union_id", "same key", (1, 2))),
        ({"town_id": pd.Categorical(["T01", "T99", "T07"])}, ("town_id", "not on the list", (2,))),
        ({"mebmers": [1, 2, 3]}, ("mebmers", "does not know", ())),
    ],
)
def test_each_fault_is_named(changes, expected) -> None:
    column, what, rows = expected
    assert any(c == column and what in w and r == rows for c, w, r in found(unions(**changes)))


def test_all_faults_at_once() -> None:
    bad = unions(kind=["x", "joint", "joint"], members=[-5, 1, 2], star=[1, 3, 5]).drop(
        columns="town_id"
    )
    assert {c for c, _, _ in found(bad)} == {"kind", "members", "star", "town_id"}


def test_sentence_in_both_languages() -> None:
    report = validate(unions(kind=["enterprise", "jont", "enterprise"]), "unions")
    (problem,) = report.problems
    assert problem.text.en == (
        "unions.kind: a value that is not on the list; row 2; got 'jont'; allowed: enterprise,"
        " institution, joint, industry, community. Did you mean 'joint'?"
    )
    assert problem.text.zh.startswith("unions.kind：不在允许值之列；第 2 行；实际为 'jont'")
    with pytest.raises(DataError, match="Did you mean 'joint'"):
        report.raise_if_bad()


def test_report_shows_as_html_without_markup_of_the_data() -> None:
    html = validate(unions(kind=["<b>", "joint", "joint"]), "unions")._repr_html_()
    assert "&lt;b&gt;" in html and "<b>" not in html


def test_missing_column_is_guessed_from_the_header() -> None:
    report = validate(unions().rename(columns={"members": "member"}), "unions")
    assert any(p.column == "members" and p.guess == "member" for p in report.problems)


def test_header_twice_and_no_rows() -> None:
    twice = pd.concat([unions(), unions()[["members"]]], axis=1)
    assert ("members", "two columns have this name", ()) in found(twice)
    assert ("", "the table holds no rows", ()) in found(unions().iloc[:0])


def test_identity_numbers_are_never_repeated() -> None:
    number = "330281199001011234"
    report = validate(unions(kind=[number, "joint", "joint"]), "unions")
    assert number not in report.text.en + report.text.zh + report._repr_html_()
    assert "identity number, not shown" in report.text.en


def test_quarters() -> None:
    frame = pd.DataFrame(
        {"union_id": "U1", "quarter": ["2019Q1", "2019-2", "2031Q1", "2019Q2"], "members": 5}
    )
    assert found(frame, "union_quarters") == [
        ("quarter", "a value of another form", (2,)),
        ("quarter", "above the allowed range", (3,)),
    ]
    period = frame.iloc[[0, 3]].assign(quarter=pd.period_range("2019Q1", periods=2, freq="Q"))
    assert found(period, "union_quarters") == []


def test_row_numbers_ignore_the_index_and_are_counted() -> None:
    many = pd.concat(
        [unions(members=[-1, -1, 5], union_id=[f"U{i}a", f"U{i}b", f"U{i}c"]) for i in range(40)]
    )
    (problem,) = validate(many, "unions").problems
    assert problem.rows[:3] == (1, 2, 4) and problem.n_rows == 80
    assert "and 70 more" in problem.text.en


def test_links() -> None:
    frames = {
        "unions": unions(employer_id=["E1", None, "E9"]),
        "employers": pd.DataFrame({"employer_id": ["E1"]}),
    }
    (problem,) = validate_links(frames).problems
    assert (problem.column, problem.rows, problem.got) == ("employer_id", (3,), ("E9",))


def test_pandera_schema_is_usable_on_its_own() -> None:
    assert pandera_schema("unions").validate(unions()).equals(unions())
    assert set(pandera_schema("rooms").columns) == set(tables()["rooms"].names)


values = st.one_of(
    st.none(), st.integers(-10, 30000), st.floats(), st.text(max_size=5), st.booleans()
)


@given(st.lists(values, min_size=1, max_size=8))
def test_any_column_is_checked_without_being_changed(cells) -> None:
    frame = unions(members=[10, 20, 30]).iloc[[0]].loc[[0] * len(cells)].reset_index(drop=True)
    frame["members"] = pd.Series(cells, dtype=object)
    before = frame.copy(deep=True)
    report = validate(frame, "unions")
    pd.testing.assert_frame_equal(frame, before)
    flagged = {row for p in report.problems if p.column == "members" for row in p.rows}
    good = {
        i
        for i, v in enumerate(cells, 1)
        if isinstance(v, (int, float))
        and not isinstance(v, bool)
        and v == v
        and 0 <= v <= 20000
        and v == int(v)
    }
    assert flagged == set(range(1, len(cells) + 1)) - good
