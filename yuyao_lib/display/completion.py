"""Tab inside the quotes of an argument: its allowed values, or the columns of the table.

IPython completes names of arguments, not their values. In ``estimate(people, errors="`` the
values come from the argument's ``Literal`` type; in ``estimate(people, outcome="`` they are
the columns of ``people``; in ``yuyao.open("`` the names of data sets, in ``data.frame("`` its
tables, in ``findings(gap, data, headline="`` the keys of its estimates. After the dot of a
module of this package Tab offers its public names, not all that the module imports. Nothing
is run to find out: names are looked up, and attributes of modules and objects.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any, Literal, get_args, get_origin

__all__ = ["allowed_values", "offer_in_ipython", "public_names"]

LONGEST = 4000  # characters before the cursor that are looked at
CALL = re.compile(r"([A-Za-z_][\w.]*)\s*$")
ARGUMENT = re.compile(r"(?:(?P<name>\w+)\s*=\s*)?\[?\s*(?:['\"][^'\"]*['\"]\s*,\s*)*['\"]$")
FIRST = re.compile(r"\s*([A-Za-z_]\w*)\s*,")
DOTTED = re.compile(r"(?<![\w.])([A-Za-z_][\w.]*)\.(\w*)$")


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


def public_names(before: str, names: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return what is begun after the dot of a module of this package, and its public names.

    Examples
    --------
    >>> from yuyao_lib.methods import premiums
    >>> public_names("premiums.by_", {"premiums": premiums})
    ('by_', ['by_quantile'])
    """
    dotted = DOTTED.search(before.rpartition("\n")[2])
    if dotted is None:
        return "", []
    module, begun = _looked_up(dotted[1], names), dotted[2]
    if not isinstance(module, ModuleType) or not module.__name__.startswith("yuyao_lib"):
        return begun, []
    public = [str(name) for name in getattr(module, "__all__", ())]
    return begun, sorted((n for n in public if n.startswith(begun)), key=str.casefold)


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
    if name is None and getattr(function, "__module__", "") == "yuyao_lib.sources":
        return _data_sets()
    argument = parameters.get(name or _at_place(list(parameters.values()), inside))
    if argument is None:
        return []
    literal = _literals(argument.annotation, getattr(function, "__globals__", {}))
    return literal or _of_what_is_given(argument.name, function, inside, names)


def _of_what_is_given(
    name: str, function: Callable[..., Any], inside: str, names: Mapping[str, Any]
) -> list[str]:
    """Return the tables of a data set, the keys of a result, or the columns of a table."""
    if name == "table":
        return [str(t) for t in getattr(getattr(function, "__self__", None), "tables", ())]
    first = FIRST.match(inside)
    given = names.get(first[1]) if first else None
    if name == "headline":
        return [str(estimate.key) for estimate in getattr(given, "estimates", ())]
    return [str(column) for column in getattr(given, "columns", ())]


def _at_place(parameters: Sequence[inspect.Parameter], inside: str) -> str:
    """Return the name of the argument that stands where the open quotes do."""
    place = inside.count(",") if not re.search(r"[\[({=]", inside) else len(parameters)
    positional = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    return positional[place].name if place < len(positional) else ""


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
    """Answer IPython: values for the quotes before the cursor, or names after its dot."""
    import IPython
    from IPython.core.completer import SimpleCompletion

    lines = context.full_text.split("\n")
    before = "\n".join([*lines[: context.cursor_line], context.text_until_cursor])
    held = IPython.get_ipython().user_ns
    kind, (begun, found) = "value", allowed_values(before, held)
    if not found:
        kind, (begun, found) = "name", public_names(before, held)
    return {
        "completions": [SimpleCompletion(text=text, type=kind) for text in found],
        "matched_fragment": begun,
        "suppress": bool(found),
        "ordered": True,
    }
