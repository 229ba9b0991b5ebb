"""A new question: its notebook, its bounds and its place in the plan, all or nothing.

Lives here: ``question.ipynb``, a notebook that answers one question from the first run and
has the shape of every other, and ``bounds.txt``, the model of its parameters. What stands
in them is written over by whoever asks the new question.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.reports.plan import read_plan, read_yaml
from yuyao_lib.vocabulary import Text

__all__ = ["QUESTION", "Started", "start"]

HERE = Path(__file__).parent
NAME = re.compile(r"[a-z][a-z0-9_]{2,39}")
QUESTION = Text("What is the question?", "要回答的问题是什么？")


@dataclass(frozen=True, slots=True)
class Started:
    """What was written for a new question.

    Attributes
    ----------
    notebook, plan
        The notebook, and the plan with its new last entry.
    bounds
        The model of its parameters; None where the project has no library of its own, so
        that parameters are held to their types only.
    """

    notebook: Path
    plan: Path
    bounds: Path | None


def start(name: str, *, root: Path, question: Text = QUESTION) -> Started:
    """Write the files of a new question.

    Parameters
    ----------
    name
        Name of the notebook and of its report: lower-case letters, digits and ``_``.
    root
        Folder of the project, which holds ``notebooks/reports.yaml``.
    question
        Title of the notebook, as a question.

    Raises
    ------
    InputError
        If the name cannot be used or is taken; nothing is written then.
    """
    plan = root / "notebooks" / "reports.yaml"
    notebook = plan.parent / f"{name}.ipynb"
    folder = root / "yuyao_lib" / "reports" / "bounds"
    bounds = folder / f"{name}.py" if folder.is_dir() else None
    _refuse(name, question, plan, [p for p in (notebook, bounds) if p is not None])
    before = plan.read_text(encoding="utf-8")
    with _all_or_nothing(plan, before, notebook, bounds):
        notebook.write_text(_filled("question.ipynb", name, question), encoding="utf-8")
        if bounds is not None:
            bounds.write_text(_filled("bounds.txt", name, question), encoding="utf-8")
        plan.write_text(before.rstrip() + _entry(name, question), encoding="utf-8")
        if read_plan(plan)[-1].id != name:
            raise InputError(f"{plan.name} does not end with its list of reports; move it there.")
    return Started(notebook, plan, bounds)


def _refuse(name: str, question: Text, plan: Path, files: list[Path]) -> None:
    """Refuse a name that cannot be used, and one that is in use."""
    allowed = "3 to 40 lower-case letters, digits and _, a letter first, no word of Python"
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise InputError(sentence("name of the new notebook", got=name, allowed=allowed))
    taken = [entry.get("id", "") for entry in read_yaml(plan)["reports"]]
    if name in taken or any(file.exists() for file in files):
        raise InputError(f"there is a notebook or report called {name!r} already; choose another.")
    for words in (question.en, question.zh):
        if not words.strip() or re.search(r"[\d\n\"\\{}]", words):
            what = "a title has words only: no digits, quotes, braces or line breaks"
            raise InputError(sentence(what, got=words))


def _filled(template: str, name: str, question: Text) -> str:
    """Return a template with the name and the question put in."""
    text = (HERE / template).read_text(encoding="utf-8")
    for mark, words in (("NAME", name), ("QUESTION_EN", question.en), ("QUESTION_ZH", question.zh)):
        text = text.replace(f"@{mark}@", words)
    return text


def _entry(name: str, question: Text) -> str:
    """Return the plan's entry."""
    title = f'{{en: "{question.en}", zh: "{question.zh}"}}'
    return f"\n\n  - id: {name}\n    notebook: {name}\n    title: {title}\n    schedule: yearly\n"


@contextmanager
def _all_or_nothing(plan: Path, before: str, *written: Path | None) -> Iterator[None]:
    """Take everything back when something fails."""
    try:
        yield
    except BaseException:
        plan.write_text(before, encoding="utf-8")
        for file in written:
            if file is not None:
                file.unlink(missing_ok=True)
        raise
