"""What every report prepares in the same way, prepared once by the process they fork from.

Importing this module does it: the pages' templates are compiled, the check of a notebook's
form and the table of look-alike characters are made, and matplotlib and Pillow read which
backends and formats there are. Nothing here depends on a report or on the project.
"""

from __future__ import annotations

from matplotlib.backends import backend_registry
from nbformat import validator
from PIL import Image

from yuyao_lib.reports.leak_folding import folded
from yuyao_lib.reports.page.exporter import compiled_template
from yuyao_lib.reports.report_shell import INLINE
from yuyao_lib.vocabulary import LANGUAGES

__all__: list[str] = []


def _prepare() -> None:
    """Call once whatever remembers its first answer."""
    for language in LANGUAGES:
        compiled_template(language)
    validator.get_validator(version=4, version_minor=5)
    folded("é")
    backend_registry.resolve_backend(INLINE)
    backend_registry.is_valid_backend("inline")
    Image.preinit()


_prepare()
