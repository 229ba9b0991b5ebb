"""Tab inside the quotes of an argument: its allowed values, or the columns of the table.

IPython completes names of arguments, not their values. In ``estimate(people, errors="`` the
values come from the argument's ``Literal`` type; in ``estimate(people, outcome="`` they are
the columns of ``people``; in ``yuyao.open("`` the names of data sets. Nothing is run to
find out: names are looked up, and attributes of modules and objects.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, get_args, get_origin

__all__ = ["allowed_values", "offer_in_ipython"]

LONGEST = 4000  # characters before the cursor that are looked at
CALL = re.compile(r"([A-Za-z_][\w.]*)\s*$")
ARGUMENT = re.compile(r"(?:(?P<name>\w+)\s*=\s*)?\[?\s*(?:['\"][^'\"]*['\"]\s*,\s*)*['\"]$")
FIRST = re.compile(r"\s*([A-Za-z_]\w*)\s*,")


def allowed_values(before: str, names: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return what stands in the open quotes, and what may stand there.

    Parameters
    ----------
    before
        The code before the cursor.
    names
        What each name means, as a notebook's variables.

    Examples
    --------
    >>> from yuyao_lib.methods import premiums
    >>> allowed_values('premiums.estimate(people, errors="cl', {"premiums": premiums})
    ('cl', ['classical', 'clustered'])
    """
    text = before[-LONGEST:]
    quote = max(text.rfind("'"), text.rfind('"'))
    begun = text[quote + 1 :]
    opened = _open_call(text[: quote + 1])
    if quote < 0 or opened is None:
        return "", []
    called = CALL.search(text[:opened])
    inside = text[opened + 1 : quote + 1]
    function = _looked_up(called[1], names) if called else None
    argument = ARGUMENT.search(inside)
    if not callable(function) or argument is None:
        return begun, []
    found = _values(function, argument["name"], inside, names)
    return begun, sorted(value for value in found if value.startswith(begun))


def _open_call(text: str) -> int | None:
    """Return where the innermost bracket that is still open stands."""
    quoted = ""
    places: list[int] = []
    for place, mark in enumerate(text):
        if quoted:
            quoted = "" if mark == quoted else quoted
        elif mark in "'\"":
            quoted = mark
        elif mark == "(":
            places.append(place)
        elif mark == ")" and places:
            places.pop()
    return places[-1] if places else None


def _looked_up(dotted: str, names: Mapping[str, Any]) -> Any:
    """Return what a dotted name means, None if it means nothing yet."""
    first, *rest = dotted.split(".")
    found = names.get(first)
    for name in rest:
        found = getattr(found, name, None)
    return found


def _values(
    function: Callable[..., Any], name: str | None, inside: str, names: Mapping[str, Any]
) -> Sequence[str]:
    """Return the values of an argument: of its type, of the table's columns, or data sets."""
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):  # built in C, or no function after all
        return []
    if name is None:
        return _data_sets() if getattr(function, "__module__", "") == "yuyao_lib.sources" else []
    if name not in parameters:
        return []
    literal = _literals(parameters[name].annotation, getattr(function, "__globals__", {}))
    if literal:
        return literal
    table = FIRST.match(inside)
    columns = getattr(names.get(table[1]), "columns", ()) if table else ()
    return [str(column) for column in columns]


def _literals(annotation: Any, meanings: Mapping[str, Any]) -> list[str]:
    """Return the texts an annotation allows, looking into lists and unions."""
    if isinstance(annotation, str):
        words = re.findall(r"[A-Za-z_]\w*", annotation)
        if annotation.startswith("Literal["):
            return re.findall(r"['\"]([^'\"]+)['\"]", annotation)
        return [value for word in words for value in _literals(meanings.get(word), {})]
    if get_origin(annotation) is Literal:
        return [value for value in get_args(annotation) if isinstance(value, str)]
    return [value for part in get_args(annotation) for value in _literals(part, {})]


def _data_sets() -> list[str]:
    """Return the names ``yuyao.open`` knows."""
    from yuyao_lib.sources.catalogue import TOPICS

    return ["record", "simulated", *TOPICS]


def offer_in_ipython() -> None:
    """Let IPython ask for values, once a session; without IPython nothing happens."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    completer = getattr(shell, "Completer", None)
    if completer is None or any(
        getattr(m, "__name__", "") == _matcher.__name__ for m in completer.custom_matchers
    ):
        return
    from IPython.core.completer import context_matcher

    completer.custom_matchers.append(context_matcher()(_matcher))


def _matcher(context: Any) -> Any:
    """Answer IPython: values for the quotes before the cursor."""
    import IPython
    from IPython.core.completer import SimpleCompletion

    lines = context.full_text.split("\n")
    before = "\n".join([*lines[: context.cursor_line], context.text_until_cursor])
    begun, values = allowed_values(before, IPython.get_ipython().user_ns)
    return {
        "completions": [SimpleCompletion(text=value, type="value") for value in values],
        "matched_fragment": begun,
        "suppress": bool(values),
        "ordered": True,
    }
