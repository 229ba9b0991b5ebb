"""What the cells of a notebook show, kept in notebook format as it comes.

Built as a kernel's messages would have been built, bounded in size, and storable: text
that no file can hold is mended.
"""

from __future__ import annotations

import re
from io import TextIOBase
from typing import Any

from nbformat.v4 import output_from_msg

from yuyao_lib.errors import shortened

__all__ = ["CellOutputs", "OutputLimitError", "Stream", "said_by", "storable", "storable_bundle"]

OUTPUT_LIMIT = 20_000_000  # characters a notebook may show before it is stopped
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class OutputLimitError(RuntimeError):
    """A notebook printed more than a page can hold."""


class CellOutputs:
    """The outputs of the cell that is running, in notebook format."""

    def __init__(self) -> None:
        self.cell: Any = None
        self.count = 0
        self.left = OUTPUT_LIMIT
        self.named: dict[str, list[Any]] = {}
        self.clear_next = False

    def start(self, cell: Any, count: int) -> None:
        """Send what follows to `cell`."""
        self.cell, self.count, self.clear_next = cell, count, False
        cell.outputs, cell.execution_count = [], count

    def spend(self, size: int) -> None:
        """Count what is shown against the bound on a notebook's output."""
        self.left -= size
        if self.left < 0:
            raise OutputLimitError(
                f"the notebook's output is larger than {OUTPUT_LIMIT:,} characters."
            )

    def add(self, kind: str, content: dict[str, Any]) -> None:
        """Append one output, built as a kernel's message would have built it."""
        if self.clear_next:
            self.cell.outputs, self.clear_next = [], False
        message = {"header": {"msg_type": kind}, "content": content}
        output = output_from_msg(message)
        name = content.get("transient", {}).get("display_id")
        if name:
            self.named.setdefault(name, []).append(output)
        self.cell.outputs.append(output)

    def write(self, name: str, text: str) -> None:
        """Append text to a stream, joining it to the piece before."""
        self.spend(len(text))
        text = storable(text)
        last = self.cell.outputs[-1] if self.cell.outputs and not self.clear_next else None
        if last is not None and last.output_type == "stream" and last.name == name:
            last.text += text
        else:
            self.add("stream", {"name": name, "text": text})

    def update(self, name: str, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Replace what was shown under a display id."""
        for output in self.named.get(name, []):
            output.data, output.metadata = data, metadata


class Stream(TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a cell."""

    def __init__(self, outputs: CellOutputs, name: str) -> None:
        self.outputs, self.stream = outputs, name

    def writable(self) -> bool:
        """Accept text, always."""
        return True

    def write(self, text: str) -> int:
        """Pass text on to the cell."""
        if text:
            self.outputs.write(self.stream, str(text))
        return len(text)


def storable_bundle(bundle: dict[str, Any]) -> dict[str, Any]:
    """Make a bundle JSON can hold: pictures as base64, numbers as numbers."""
    from ipykernel.jsonutil import encode_images, json_clean

    clean = json_clean(encode_images(dict(bundle)))
    return {k: storable(v) if isinstance(v, str) else v for k, v in clean.items()}


def said_by(error: Any) -> str:
    """Return an error's words, even when the error cannot say them."""
    try:
        return storable(COLOUR.sub("", shortened(str(error))))
    except Exception as broken:  # noqa: BLE001 - any __str__ may raise anything
        return f"the error's own text failed ({type(broken).__name__})"


def storable(text: str) -> str:
    """Return text that a file can hold: half characters become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")
