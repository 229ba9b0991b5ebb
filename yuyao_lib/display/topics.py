"""How a result finds the module that shows it: the display module of its topic.

A result from ``yuyao_lib.methods.premiums`` is shown by ``yuyao_lib.display.premiums``;
a method module that belongs to another's topic names it in ``TOPIC``. Topics load when
first shown, so a page depends on its own topics only.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

__all__ = ["load_topic"]

METHODS = "yuyao_lib.methods."


def load_topic(result: Any) -> bool:
    """Load the module that knows how a result looks; say whether there was one to load."""
    loaded = False
    for kind in type(result).__mro__:
        home = kind.__module__
        if not home.startswith(METHODS):
            continue
        topic = getattr(sys.modules[home], "TOPIC", home.rpartition(".")[2])
        module = f"yuyao_lib.display.{topic}"
        if module not in sys.modules and find_spec(module) is not None:
            import_module(module)
            loaded = True
    return loaded
