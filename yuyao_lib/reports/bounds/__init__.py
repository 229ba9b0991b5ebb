"""Bounds and allowed values of each notebook's parameters, one module a notebook.

A test holds each model equal to the notebook's parameters cell in names, types and
defaults.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from yuyao_lib.errors import nearest
from yuyao_lib.vocabulary import terms

__all__ = ["Word"]


def _known(key: str) -> str:
    """Take a word of the vocabulary, which has both languages."""
    if key in terms():
        return key
    close = nearest(key, terms())
    hint = f". Did you mean {close!r}?" if close else ""
    raise ValueError(f"a word of the vocabulary (yuyao_lib/vocabulary/terms){hint}")


Word = Annotated[str, AfterValidator(_known)]
