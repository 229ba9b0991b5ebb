"""YAML whose scalars stay the text that was written.

``0110``, ``no`` and ``1e5`` mean what the notebook declares and not what YAML makes of
them; a key given twice, a tag or an alias is an error, and nothing is evaluated.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from yuyao_lib.errors import PlanError, sentence

__all__ = ["read_yaml"]


def read_yaml(path: Path) -> Any:
    """Read YAML whose scalars stay text.

    Raises
    ------
    PlanError
        If the file is missing, is not YAML, repeats a key, or uses tags or aliases.
    """
    import yaml

    class Strict(yaml.BaseLoader):
        """Keeps scalars as text; refuses what a plan has no use for."""

        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                raise PlanError(f"{path.name}: aliases (*name) are not allowed.")
            event = self.peek_event()
            if getattr(event, "tag", None):
                raise PlanError(f"{path.name}: tags ({event.tag}) are not allowed.")
            return super().compose_node(parent, index)

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            keys = [key.value for key, _ in node.value]
            twice = next((key for key in keys if keys.count(key) > 1), None)
            if twice is not None:
                line = node.start_mark.line + 1
                raise PlanError(f"{path.name}: key {twice!r} stands twice below line {line}.")
            return super().construct_mapping(node, deep=deep)

    text = _text_of(path)
    try:
        return yaml.load(text, Loader=Strict)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or getattr(error, "reason", "it cannot be read")
        raise PlanError(f"{path.name} is not YAML{where}: {problem}.") from error
    except RecursionError as error:
        raise PlanError(f"{path.name} is nested too deep.") from error


def _text_of(path: Path) -> str:
    """Read a text file, or say in one sentence why not."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise PlanError(f"there is no file {path.name} in {path.parent.name}.") from error
    except IsADirectoryError as error:
        raise PlanError(f"{path.name} is a folder, not a file.") from error
    except UnicodeDecodeError as error:
        raise PlanError(sentence(f"{path.name} is not UTF-8 text", allowed="UTF-8")) from error
