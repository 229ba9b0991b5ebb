"""Tab inside quotes offers what may stand there, and looks names up without running anything."""

import pandas as pd
import pytest

import yuyao_lib as yuyao
from yuyao_lib.display.completion import allowed_values
from yuyao_lib.methods import premiums

NAMES = {
    "premiums": premiums,
    "yuyao": yuyao,
    "people": pd.DataFrame({"log_wage": [1.0], "union": [1]}),
    "fit": premiums.estimate,
}


@pytest.mark.parametrize(
    ("before", "begun", "values"),
    [
        ('premiums.estimate(people, errors="', "", ["classical", "clustered"]),
        ("x = fit(people,\n  controls=['union'], errors='clu", "clu", ["clustered"]),
        ('premiums.estimate(people, outcome="log', "log", ["log_wage"]),
        ('premiums.estimate(people, controls=["union", "', "", ["log_wage", "union"]),
        ('premiums.estimate(people, routes=["fixed', "fixed", ["fixed_effects"]),
        ('yuyao.open("wagep', "wagep", ["wagepan"]),
        ('yuyao.open(name="wagep', "wagep", []),
        ('premiums.estimate(nobody, outcome="', "", []),
        ('nothing(people, errors="', "", []),
        ('print("', "", []),
        ("x = 'plain", "", []),
    ],
)
def test_values_for_open_quotes(before, begun, values) -> None:
    assert allowed_values(before, NAMES) == (begun, values)


def test_ipython_offers_them_before_anything_else() -> None:
    from IPython.core.completer import provisionalcompleter
    from IPython.core.interactiveshell import InteractiveShell

    from yuyao_lib.display.completion import offer_in_ipython

    shell = InteractiveShell.instance()
    try:
        offer_in_ipython()
        offer_in_ipython()  # a second time changes nothing
        shell.user_ns.update(NAMES)
        code = 'premiums.estimate(people, errors="'
        with provisionalcompleter():
            found = [c.text for c in shell.Completer.completions(code, len(code))]
        assert found == ["classical", "clustered"]
        assert len(shell.Completer.custom_matchers) == 1
    finally:
        InteractiveShell.clear_instance()
