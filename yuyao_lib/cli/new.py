"""``yuyao new``: a notebook for a new question that runs and has the right shape at once."""

from __future__ import annotations

from pathlib import Path

import click

from yuyao_lib.cli.plain import echo
from yuyao_lib.errors import InputError, sentence
from yuyao_lib.paths import project_around
from yuyao_lib.vocabulary import Text

__all__ = ["command"]


@click.command("new", short_help="Start a notebook for a new question.")
@click.argument("name")
@click.option("--en", help="The question in English, the title of the page.")
@click.option("--zh", help="The question in Chinese.")
def command(name: str, en: str | None, zh: str | None) -> None:
    """Write notebooks/NAME.ipynb, the bounds of its parameters and its entry in the plan.

    The notebook runs as it stands, on public data; write your question, your data and your
    method over what is there. A name that is taken is refused, nothing is written over. So is
    a folder outside of every project: the installed package is not the place for your question.
    """
    from yuyao_lib.reports.starting import QUESTION, start

    root = _project()
    question = Text(en or QUESTION.en, zh or QUESTION.zh)
    made = start(name, root=root, question=question)
    for path in (made.notebook, made.bounds, made.plan):
        if path is not None:
            echo(f"written: {path.relative_to(root).as_posix()}")
    echo(f"next: open it (make lab), write your question, then: yuyao run {name}")
    if made.bounds is not None:
        echo("then:  name it in README.md, and its figures in tests/browser/test_pages.py")


def _project() -> Path:
    """Return the project the current folder lies in."""
    root = project_around()
    if root is None:
        told = sentence(
            "there is no project here to put a notebook in",
            got=str(Path.cwd()),
            allowed="a folder with notebooks/reports.yaml, one below it, or YUYAO_ROOT set",
        )
        raise InputError(told)
    return root
