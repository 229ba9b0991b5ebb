"""Names of a package that are loaded when they are first used.

A package whose ``__init__`` names much would load all of it for who wants one name. A dict
of names and homes, and a ``__getattr__`` made here, put that off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["loader"]


def loader(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a package.

    Parameters
    ----------
    package
        Its ``__name__``.
    homes
        Public name -> the module it lives in, and where it has another name there that, too:
        ``"package.module"`` or ``"package.module:name"``. A module that is public itself has
        no name in it: ``"package.module:"``.

    Raises
    ------
    AttributeError
        From what is returned, if the package has no such name.

    Examples
    --------
    >>> load = loader("here", {"sqrt": "math", "root": "math:sqrt", "maths": "math:"})
    >>> load("sqrt")(4), load("root")(4), load("maths").__name__
    (2.0, 2.0, 'math')
    """

    def load(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, colon, held_as = homes[name].partition(":")
        home = import_module(module)
        return home if colon and not held_as else getattr(home, held_as or name)

    return load
