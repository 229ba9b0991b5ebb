"""Parameters of the notebook that is running, held to the types that its cells declare.

``yuyao run`` reads every value as the declared type before anything starts. Other ways to
run a notebook do not: papermill's ``-p name 0110`` gives the number 110 to a text, and
``-y '{name: 0110}'`` the number 72. What reaches the notebook as another type than the one
written in its parameters cell is refused when it opens its first data set.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import GenericAlias
from typing import Any

from yuyao_lib.errors import ParameterError, sentence

__all__ = ["refuse_other_types", "wrong_types"]

ALLOWED: dict[Any, str] = {
    str: "text, which papermill keeps with -r NAME VALUE",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list[str]: "a list of texts",
    list[int]: "a list of whole numbers",
}
PLAIN = (str, int, float, bool, list, dict)  # what may be injected; others a person made


def refuse_other_types() -> None:
    """Refuse values of another type than the notebook declares; elsewhere do nothing.

    Raises
    ------
    ParameterError
        Naming each.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    problems = wrong_types(shell.user_ns) if shell is not None else []
    if problems:
        raise ParameterError("\n".join(problems))


def wrong_types(names: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each name whose value is not of the type it is declared with.

    Parameters
    ----------
    names
        A notebook's names, its annotations among them.

    Examples
    --------
    >>> wrong_types({"__annotations__": {"code": str, "n": int}, "code": "a", "n": 1e5})
    ['parameter n is of type int: got 100000.0; allowed: a whole number.']
    """
    problems = []
    for name, kind in names.get("__annotations__", {}).items():
        known = isinstance(kind, type | GenericAlias) and kind in ALLOWED
        if known and name in names and not _is_of(kind, names[name]):
            shown = kind.__name__ if isinstance(kind, type) else str(kind)
            what = f"parameter {name} is of type {shown}"
            problems.append(sentence(what, got=names[name], allowed=ALLOWED[kind]))
    return problems


def _is_of(kind: Any, value: Any) -> bool:
    """Whether a value is of a declared type, or of none that could have been injected."""
    if type(value) not in PLAIN:
        return True
    if isinstance(kind, GenericAlias):
        return type(value) is list and all(_is_of(kind.__args__[0], item) for item in value)
    return type(value) is kind or (kind is float and type(value) is int)
