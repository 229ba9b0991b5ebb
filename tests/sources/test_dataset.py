"""Data sets: modes, columns, public data."""

import pandas as pd
import pytest

import yuyao_lib as yuyao
from yuyao_lib.errors import DataError, ModeError
from yuyao_lib.findings import Mode
from yuyao_lib.sources import public
from yuyao_lib.sources.public import catalogue, digest_frame, open_public


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_public_sets_are_what_they_declare(name) -> None:
    data = yuyao.open(name)
    frame = data.frame(data.tables[0])
    declared = catalogue()[name]
    assert data.mode is Mode.PUBLIC
    assert len(frame) == declared.rows == data.card.files[0].rows
    assert set(declared.names) | set(declared.names.values()) <= set(frame.columns)
    for dtype in frame.dtypes:
        assert str(dtype) in {"int64", "float64", "str"}
    for field in ("publisher", "citation", "licence", "vintage"):
        assert getattr(data.card, field)


def test_known_totals_of_the_wage_panel() -> None:
    people = yuyao.open("wagepan").frame("workers")
    assert people["worker_id"].nunique() == 545
    assert sorted(people["calendar_year"].unique()) == list(range(1980, 1988))
    assert yuyao.open("cps78_85").frame("workers")["calendar_year"].isin([1978, 1985]).all()


def test_a_frame_is_a_copy() -> None:
    data = yuyao.open("wagepan")
    first = data.frame("workers")
    first["union_member"] = 9
    assert set(data.frame("workers")["union_member"]) == {0, 1}


def test_columns_are_pruned_in_order_and_checked() -> None:
    data = yuyao.open("wagepan")
    assert list(data.frame("workers", columns=["married", "worker_id"])) == ["married", "worker_id"]
    with pytest.raises(DataError, match="unknown column.*Did you mean 'union_member'"):
        data.frame("workers", columns=["union_membr"])
    with pytest.raises(DataError, match="unknown table in wagepan.*Did you mean 'workers'"):
        data.frame("worker")


def test_unknown_names_are_refused() -> None:
    with pytest.raises(DataError, match="no data set or file.*Did you mean 'wagepan'"):
        yuyao.open("wagepann")
    with pytest.raises(DataError, match="unknown public data set"):
        open_public("wage")


def test_a_changed_package_is_noticed(monkeypatch) -> None:
    short = yuyao.open("wagepan").frame("workers").head(10)
    monkeypatch.setattr(public, "_packaged", lambda declared: short[list(declared.names)])
    public._read.cache_clear()
    public._digest.cache_clear()
    with pytest.raises(DataError, match="should have 4,360 rows.*holds 10"):
        open_public("wagepan")
    public._read.cache_clear()


def test_a_missing_package_names_the_command(monkeypatch) -> None:
    from dataclasses import replace

    declared = replace(catalogue()["wagepan"], package="no_such_package", extra="data")
    with pytest.raises(DataError, match=r"pip install 'yuyao-lib\[data\]'"):
        public._packaged(declared)


def test_the_mode_cannot_be_set_and_modes_do_not_join() -> None:
    data, record = yuyao.open("wagepan"), yuyao.open("record")
    with pytest.raises(AttributeError):
        data.mode = Mode.OWN
    with pytest.raises(ModeError, match="wagepan is public data and record is record data"):
        data.join(record)
    assert data.join(yuyao.open("cps78_85")).dataset == "wagepan + cps78_85"


def test_digests_survive_copies_and_notice_values() -> None:
    frame = pd.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]})
    assert digest_frame(frame) == digest_frame(frame.copy())
    assert digest_frame(frame) != digest_frame(frame.assign(a=[1.0, 2.5]))
    assert digest_frame(frame) != digest_frame(frame.rename(columns={"a": "c"}))


def test_it_shows_itself() -> None:
    shown = yuyao.open("wagepan")._repr_html_()
    assert "Vella" in shown
    assert "公开研究数据" in shown
