"""The wording of errors is behaviour."""

import pytest

from yuyao_lib import errors


def test_sentence_says_what_got_allowed_and_guess() -> None:
    said = errors.sentence("unknown column", got="wagee", allowed=["wage", "union"])
    assert said == ("unknown column: got 'wagee'; allowed: wage, union. Did you mean 'wage'?")


def test_every_allowed_name_is_listed() -> None:
    said = errors.sentence("unknown route", got="zz", allowed=list("abcd"))
    assert said == "unknown route: got 'zz'; allowed: a, b, c, d."


def test_a_long_list_is_cut_and_counted() -> None:
    said = errors.sentence("unknown", got=1, allowed=range(30))
    assert said.endswith("10, 11 and 18 more.")


def test_a_right_value_is_not_guessed_again() -> None:
    assert "mean" not in errors.sentence("twice", got="a", allowed=["a"])


def test_nearest_forgives_case_and_blanks() -> None:
    assert errors.nearest(" Union ", ["union", "wage"]) == "union"
    assert errors.nearest("qqq", ["union"]) is None


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.ParameterError, 2),
        (errors.PlanError, 2),
        (errors.DataError, 2),
        (errors.ModeError, 2),
        (errors.RunError, 1),
        (errors.RenderError, 1),
        (errors.DisclosureError, 4),
    ],
)
def test_each_error_knows_its_exit_code(kind: type[errors.YuyaoError], code: int) -> None:
    assert kind("x").exit_code == code
    assert issubclass(kind, errors.YuyaoError)
