"""What another runner injects is of the declared type, or refused with the first data set."""

import sys
from types import SimpleNamespace

import pytest

import yuyao_lib as yuyao
from yuyao_lib.errors import ParameterError
from yuyao_lib.sources.declared import wrong_types

DECLARED = {"name": str, "flag": bool, "n": int, "level": float, "many": list[str], "other": object}


@pytest.mark.parametrize(
    ("name", "value"),
    [("name", 110), ("name", False), ("flag", "no"), ("flag", 1), ("n", 1e5), ("n", True),
     ("n", "0110"), ("level", "1e5"), ("level", True), ("many", "a"), ("many", ["a", False])],
)  # fmt: skip
def test_another_type_is_refused(monkeypatch, name, value) -> None:
    names = {"__annotations__": DECLARED, name: value}
    shell = SimpleNamespace(user_ns=names)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    with pytest.raises(ParameterError, match=f"^parameter {name} is of type "):
        yuyao.open("record")
    names[name] = None  # no runner injects it, people write it
    yuyao.open("record")


def test_what_people_write_is_left_alone() -> None:
    import numpy as np

    held = {"name": "0110", "flag": True, "n": np.int64(3), "level": 1, "many": ["no"], "other": 3}
    assert wrong_types({"__annotations__": {**DECLARED, "gone": int}, **held}) == []
    assert wrong_types(held) == []
