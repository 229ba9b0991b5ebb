"""Values of parameters, from every route, held to what the notebook declares.

Nothing is evaluated and nothing is guessed: text from a command line, a sweep table or
a YAML file is read as the declared type or refused with a sentence.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from yuyao_lib.errors import ParameterError, sentence

if TYPE_CHECKING:
    from yuyao_lib.reports.cells import Parameter

__all__ = ["bind", "model_of", "shown", "written"]

SECRET = re.compile(
    r"(?i)(secret|token|passw|api_?key|credential|private_?key|(^|_)(dsn|pwd)(_|$)|hmac)"
)
WHOLE = re.compile(r"[+-]?\d{1,1000}")  # Python itself refuses to read far longer ones
PLACE = re.compile(r"(?:/|~[\w.-]*/|[A-Za-z]:[/\\]|\\\\)[^/\\\s]")  # absolute, on any system
TRUTH = {"true": True, "false": False}


def bind(
    declared: Mapping[str, Parameter], given: Mapping[str, Any], *, notebook: str
) -> dict[str, Any]:
    """Return the value of every parameter: given or default, in the declared type.

    Parameters
    ----------
    declared
        As `parameters_of` returns them.
    given
        Values by name; text is read as the declared type.
    notebook
        Name of the notebook, for errors and for its bounds.

    Raises
    ------
    ParameterError
        Listing every unknown name, wrong type and value out of range at once.
    """
    problems: list[str] = []
    values = {name: p.default for name, p in declared.items()}
    for name, value in given.items():
        if SECRET.search(name):
            problems.append(f"parameter {name}: secrets are never parameters.")
        elif name not in declared:
            what = f"{notebook} has no such parameter"
            problems.append(sentence(what, got=name, allowed=list(declared)))
        else:
            try:
                values[name] = _read(declared[name], value)
            except ParameterError as error:
                problems.append(str(error))
    if not problems:
        problems = _out_of_bounds(values, notebook)
    if problems:
        raise ParameterError("\n".join(problems))
    return values


def model_of(notebook: str) -> Any | None:
    """Return the model with a notebook's bounds, if it has one."""
    home = f"yuyao_lib.reports.bounds.{notebook}"
    if not notebook.isidentifier() or find_spec(home) is None:
        return None
    return import_module(home).Parameters


def written(value: Any) -> str:
    """Write a value for a person and for a digest; the same value is always the same text.

    Examples
    --------
    >>> written(["a", "b"]), written("0110")
    ('["a", "b"]', '0110')
    """
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def shown(value: Any) -> Any:
    r"""Return a value as pages and published files show it: of a place on the machine its name.

    Examples
    --------
    >>> shown("/srv/pay/payrolls"), shown("data/own/payrolls"), shown(["C:\\own\\pay", "a"])
    ('payrolls', 'data/own/payrolls', ['pay', 'a'])
    """
    if isinstance(value, list | tuple):
        return [shown(item) for item in value]
    if not isinstance(value, str) or not PLACE.match(value):
        return value
    return re.split(r"[/\\]", value.rstrip("/\\"))[-1]


def _read(parameter: Parameter, value: Any) -> Any:
    """Read one value as its declared type."""
    kind = parameter.type
    if kind.startswith("list["):
        return _read_list(parameter, value)
    made = _scalar(kind, value)
    if made is None:
        raise _wrong(parameter, value)
    return made


def _read_list(parameter: Parameter, value: Any) -> list[Any]:
    """Read a list: a sequence, or text with commas or in JSON."""
    if isinstance(value, str):
        text = value.strip()
        if text.startswith("["):
            try:
                value = json.loads(text)
            except (ValueError, RecursionError) as error:  # numbers and lists without end
                raise _wrong(parameter, text) from error
        else:
            value = [part.strip() for part in text.split(",")] if text else []
    if not isinstance(value, list | tuple):
        raise _wrong(parameter, value)
    inner = parameter.type[5:-1]
    made = [_scalar(inner, item) for item in value]
    if any(item is None for item in made):
        raise _wrong(parameter, value)
    return made


def _scalar(kind: str, value: Any) -> Any:
    """Return a value in a plain type, or None where it is not of that type."""
    if kind == "str":
        return value if isinstance(value, str) and _whole(value) else None
    if isinstance(value, str):
        return _from_text(kind, value.strip())
    if kind == "bool":
        return value if isinstance(value, bool) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if kind == "int":
        return value if isinstance(value, int) else None
    return float(value) if math.isfinite(value) else None


def _whole(text: str) -> bool:
    """Whether text has no half characters, as bytes that are not UTF-8 leave in an argument."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _from_text(kind: str, text: str) -> Any:
    """Read text as a number or a truth value."""
    if kind == "bool":
        return TRUTH.get(text.casefold())
    if kind == "int":
        return int(text) if WHOLE.fullmatch(text) and text.isascii() else None
    try:
        number = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


_ALLOWED = {
    "str": "text in UTF-8",
    "int": "a whole number",
    "float": "a finite number",
    "bool": "true or false",
    "list[str]": "a list of texts in UTF-8, a,b,c",
    "list[int]": "a list of whole numbers, 1,2,3",
}


def _wrong(parameter: Parameter, value: Any) -> ParameterError:
    """Say that a value is not of its type."""
    what = f"parameter {parameter.name} is of type {parameter.type}"
    return ParameterError(sentence(what, got=value, allowed=_ALLOWED[parameter.type]))


def _out_of_bounds(values: Mapping[str, Any], notebook: str) -> list[str]:
    """Hold the values to the notebook's model."""
    model = model_of(notebook)
    if model is None:
        return []
    from pydantic import ValidationError

    try:
        model(**values)
    except ValidationError as error:
        return [_bound_problem(item) for item in error.errors()]
    return []


def _bound_problem(item: Any) -> str:
    """Word one of pydantic's errors as ours."""
    name = ".".join(str(part) for part in item["loc"])
    context = item.get("ctx", {})
    allowed = context.get("expected")
    if allowed:
        names = re.findall(r"'([^']*)'", allowed)
        return sentence(f"parameter {name}", got=item["input"], allowed=names or str(allowed))
    message = item["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return sentence(f"parameter {name}", got=item["input"], allowed=message)
