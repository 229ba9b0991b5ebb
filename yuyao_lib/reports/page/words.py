"""The fixed words of a page, in both languages, and how to cite it."""

from __future__ import annotations

import re
from html import escape

from yuyao_lib.reports.page.meta import PageMeta
from yuyao_lib.vocabulary import Language

__all__ = ["WORDS", "citation"]

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "skip": "Skip to the finding",
        "other_language": "中文",
        "index": "All findings",
        "contents": "Contents",
        "run": "Run",
        "data_from": "Data from",
        "parameters": "Parameters",
        "parameter": "Parameter",
        "value": "Value used",
        "default": "Default",
        "meaning": "Meaning",
        "changed": "changed",
        "empty": "empty",
        "parameters_caption": "The values this page was made with",
        "no_parameters": "This page has no parameters.",
        "cite": "How to cite",
        "cite_data": "Cite the data as the source card says.",
        "since": "Since the last page: ",
        "past": "What earlier runs found",
        "key": "Key of this run: ",
        "commit": "Revision: ",
        "simulated": "SIMULATED DATA, NOT A FINDING",
        "made": "Made with yuyao_lib. This file opens offline and asks no other host for anything.",
        "undefined": "Not every estimate could be made; the page says where and why.",
    },
    "zh": {
        "skip": "跳到主要发现",
        "other_language": "English",
        "index": "全部发现",
        "contents": "目录",
        "run": "运行时间",
        "data_from": "数据期间",
        "parameters": "参数",
        "parameter": "参数",
        "value": "所用取值",
        "default": "默认值",
        "meaning": "含义",
        "changed": "已更改",
        "empty": "空",
        "parameters_caption": "生成本页所用的取值",
        "no_parameters": "本页没有参数。",
        "cite": "如何引用",
        "cite_data": "数据请按来源卡引用。",
        "since": "与上次页面相比：",
        "past": "历次运行的结果",
        "key": "本次运行的键：",
        "commit": "版本：",
        "simulated": "模拟数据，非真实发现",
        "made": "由 yuyao_lib 生成。本文件可离线打开，不向任何其他主机请求内容。",
        "undefined": "并非所有估计都能得出，页面已说明何处与原因。",
    },
}


def citation(title: str, meta: PageMeta, language: Language) -> dict[str, str]:
    """Return the citation as a line and as BibTeX, both escaped."""
    date = meta.run_at[:10]
    year = date[:4] or "n.d."
    short = meta.key[:12]
    run = f", run {short}" if short else ""
    line = f"{title} yuyao_lib report “{meta.report}”{run}, {date or 'undated'}."
    if language == "zh":
        run = f"，运行 {short}" if short else ""
        line = f"{title} yuyao_lib 报告“{meta.report}”{run}，{date or '未注日期'}。"
    key = re.sub(r"\W", "_", f"{meta.report}_{year}")
    bib = (
        f"@misc{{{key},\n  title = {{{title}}},\n  year = {{{year}}},\n"
        f"  note = {{yuyao_lib report {meta.report}{', run ' + short if short else ''}}}\n}}"
    )
    return {"line": escape(line), "bibtex": escape(bib)}
