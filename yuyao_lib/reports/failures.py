"""What a reader finds where a report was not made: why, where, what to do, what it had shown."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from yuyao_lib.errors import RenderError
from yuyao_lib.vocabulary import LANGUAGES, Language, Text

__all__ = ["Failure", "Kind", "error_page", "write_error_pages"]

DISPLAY_MIME = "application/vnd.yuyao.display+json"
FILES: dict[Language, str] = {"en": "error.html", "zh": "error.zh.html"}
Kind = Literal["failed", "refused", "died", "timeout"]
CELL = re.compile(r"cell (\d+) failed: (?:(\w+): )?(.+)", re.S)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
WORDS = {
    "title": Text("This report was not made", "此报告未能生成"),
    "refused": Text("This report was made but is withheld", "此报告已生成，但不予发布"),
    "still": Text(
        "The last published page, if there was one, still stands.",
        "此前若已发布页面，该页仍然有效。",
    ),
    "why": Text("What went wrong", "出了什么问题"),
    "where": Text("This is the cell:", "出错的单元格："),
    "section": Text("This is the cell, in the section “{name}”:", "出错的单元格位于“{name}”一节："),
    "cell": Text("Cell {name} of the notebook failed", "笔记本的第 {name} 个代码单元格运行失败"),
    "next": Text("What to do next", "接下来怎么办"),
    "trace": Text("The whole trace", "完整的出错位置"),
    "shown": Text("Shown before it failed", "失败之前所显示的内容"),
    "index": Text("All findings", "全部发现"),
    "log": Text("The log of this run", "本次运行的日志"),
}
WHAT: dict[Kind, Text] = {
    "failed": Text("The notebook did not run to its end", "笔记本未能运行到底"),
    "refused": Text("The rules of disclosure forbid this page", "披露规则不允许发布此页"),
    "died": Text("The process of the report ended too soon", "报告的进程中途终止"),
    "timeout": Text("The report took too long", "报告运行超时"),
}
NEXT: dict[Kind, Text] = {
    "failed": Text(
        "Open the notebook in JupyterLab, run it as far as this cell and mend what the sentence"
        " names, in the data, the parameters or the cell. Then run the plan again: only what is"
        " not up to date is made.",
        "在 JupyterLab 中打开笔记本，运行到该单元格，按上面一句所指修改数据、参数或代码，"
        "再重新运行计划：只会生成尚未更新的报告。",
    ),
    "refused": Text(
        "Something on the page could single somebody out. Show coarser groups, or leave out what"
        " the sentence names, and run the report again.",
        "页面上有内容可能暴露个人。请合并分组，或去掉上面一句所指的内容，再重新运行。",
    ),
    "died": Text(
        "Most often memory ran out. Run fewer reports at once (--jobs 1), give the report more"
        " room in the plan (memory_megabytes), or let it take fewer people where it has a scale.",
        "最常见的原因是内存不足。请减少同时运行的报告数（--jobs 1），在计划中放宽内存"
        "（memory_megabytes），或在有规模参数时减少人数。",
    ),
    "timeout": Text(
        "Give the report more time in the plan (timeout_seconds), or let it take fewer people"
        " where it has a scale.",
        "请在计划中放宽时限（timeout_seconds），或在有规模参数时减少人数。",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """How a report ended badly.

    Attributes
    ----------
    report, title
        Which, and what it is called in the plan.
    kind
        Whether it failed, was refused, took too long, or its process died.
    sentence
        What went wrong.
    trace
        Where in the code, for who wants to know.
    executed
        Its notebook as far as it ran; it need not exist.
    own
        Whether it opens own tables; then nothing is shown that its cells had shown.
    """

    report: str
    title: Text
    kind: Kind
    sentence: str
    executed: Path
    trace: str = ""
    own: bool = False


def write_error_pages(folder: Path, failure: Failure) -> None:
    """Write the page of a failure in both languages."""
    for language in LANGUAGES:
        html = error_page(failure, language)
        (folder / FILES[language]).write_text(html, encoding="utf-8", newline="\n")


def error_page(failure: Failure, language: Language) -> str:
    """Return the page of a report that was not made.

    What its cells had shown stands below the reason, so that a check that failed can be
    seen; own data are left out, because nothing has yet been held to the rules.

    Examples
    --------
    >>> it = Failure(report="a", title=Text("A", "甲"), kind="failed", sentence="cell 2: <no>.",
    ...              executed=Path("nowhere.ipynb"))
    >>> page = error_page(it, "en")
    >>> "Cell 2: &lt;no&gt;." in page, "Shown before" in page
    (True, False)
    """
    from yuyao_lib.reports.page.style_sheet import style_sheet

    book = _book(failure.executed)
    shown = None if failure.own else _shown(book, language)
    what, said = _told(failure)
    cell, section = _failed_cell(book, language) if shown is not None else ("", "")
    html = _template().render(
        words={key: text.of(language) for key, text in WORDS.items()},
        failure=failure,
        title=failure.title.of(language),
        language=language,
        other=FILES["zh" if language == "en" else "en"],
        index="../../../published/" + ("index.html" if language == "en" else "index.zh.html"),
        next=NEXT[failure.kind].of(language),
        cell=cell,
        where=(WORDS["section"].format(name=section) if section else WORDS["where"]).of(language),
        what=what.of(language),
        said=said[:1].upper() + said[1:],
        trace="" if shown is None else COLOUR.sub("", failure.trace).strip(),
        shown=shown or [],
        style=style_sheet(),
    )
    return html.replace("/*font*/", _letters(html, language), 1)


def _told(failure: Failure) -> tuple[Text, str]:
    """Split what went wrong into where, in both languages, and what the program said."""
    found = CELL.fullmatch(failure.sentence)
    if found is None:
        return WHAT[failure.kind], failure.sentence
    kind = f" ({found[2]})" if found[2] else ""
    return WORDS["cell"].format(name=found[1]), f"{found[3]}{kind}"


def _letters(html: str, language: Language) -> str:
    """Return the page's letters; a sign that no font has is left to the reader's own fonts."""
    from yuyao_lib.reports.page.fonts import page_fonts

    try:
        return page_fonts(html, language)
    except RenderError:  # perhaps the very sign that the report failed for
        return ""


def _book(executed: Path) -> dict[str, Any]:
    """Return an executed notebook as far as it went."""
    try:
        held: dict[str, Any] = json.loads(executed.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}  # it failed before there was a notebook
    return held


def _shown(book: dict[str, Any], language: Language) -> list[str] | None:
    """Return what finished cells showed; None where own data were among it."""
    found = [held for cell in book.get("cells", []) for held in _displays(cell)]
    if any(held.get("mode") == "own" for held in found):
        return None
    kept = [held for held in found if held.get("kind") not in {"card", "provenance"}]
    return [held["html"][language] for held in kept]


def _displays(cell: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the displays of a cell's outputs."""
    outputs = [output.get("data", {}) for output in cell.get("outputs", [])]
    return [data[DISPLAY_MIME] for data in outputs if DISPLAY_MIME in data]


def _failed_cell(book: dict[str, Any], language: Language) -> tuple[str, str]:
    """Return the source of the cell that failed, and the heading above it."""
    section = ""
    for cell in book.get("cells", []):
        source = "".join(cell.get("source", ""))
        tags = set(cell.get("metadata", {}).get("tags", []))
        if cell.get("cell_type") == "markdown" and (language in tags or not tags & {"en", "zh"}):
            headings = re.findall(r"(?m)^#+ +(.+)$", source)
            section = headings[-1] if headings else section
        elif any(o.get("output_type") == "error" for o in cell.get("outputs", [])):
            return source, section
    return "", ""


@cache
def _template() -> Any:
    """Return the template; every value in it is escaped but what the display made."""
    from jinja2 import Environment, FileSystemLoader

    folder = Path(__file__).parent / "page" / "templates" / "yuyao"
    loader = FileSystemLoader(str(folder), encoding="utf-8")
    return Environment(loader=loader, autoescape=True).get_template("failure.html.j2")
