"""Tab inside quotes offers what may stand there, and looks names up without running anything."""

from types import SimpleNamespace

import pandas as pd
import pytest

import yuyao_lib as yuyao
from yuyao_lib import display
from yuyao_lib.display.completion import allowed_values, public_names
from yuyao_lib.methods import premiums

KEYS = [SimpleNamespace(key=key) for key in ("fixed_effects", "fall")]
NAMES = {
    "display": display,
    "gap": SimpleNamespace(estimates=KEYS),
    "record": yuyao.open("record"),
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
        ('display.language("', "", ["en", "zh"]),
        ('record.frame("meas', "meas", ["measures"]),
        ('record.optional("meas', "meas", ["measures"]),
        ('record.frame("measures", columns=["', "", []),
        ('display.findings(gap, record, headline="f', "f", ["fall", "fixed_effects"]),
        ('display.findings(gap, "', "", []),
        ("x = 'plain", "", []),
    ],
)
def test_values_for_open_quotes(before, begun, values) -> None:
    assert allowed_values(before, NAMES) == (begun, values)


def test_a_module_offers_its_public_names_only() -> None:
    begun, offered = public_names("display.", NAMES)
    assert (begun, set(offered)) == ("", set(display.__all__))
    assert public_names("x = 1\ny = premiums.est", NAMES) == ("est", ["estimate"])
    assert public_names("yuyao.display.lang", NAMES) == ("lang", ["language"])
    for before in ("people.", "nothing.", "premiums", "premiums.estimate.", "pd.DataFr"):
        assert public_names(before, NAMES)[1] == []


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
            named = [c.text for c in shell.Completer.completions("display.", 8)]
        assert found == ["classical", "clustered"]
        assert set(named) == set(display.__all__)
        assert len(shell.Completer.custom_matchers) == 1
    finally:
        InteractiveShell.clear_instance()
