"""What past runs found: a small line beside each finding, and a page with every run.

Drawn as plain SVG, because hundreds of lines are drawn at the end of every run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from yuyao_lib.display.numbers import interval, measured, size
from yuyao_lib.errors import InputError
from yuyao_lib.findings import Finding, compare
from yuyao_lib.reports.history import findings_of_run, runs_of
from yuyao_lib.reports.ledger import Ledger, Manifest
from yuyao_lib.reports.past_chart import past_chart
from yuyao_lib.vocabulary import LANGUAGES, Language, Text, term, word

__all__ = [
    "Past",
    "histories",
    "history_name",
    "names_of",
    "past_of",
    "reach_in_words",
    "sparkline",
]

Past = Mapping[tuple[str, str], Sequence[tuple[str, Finding]]]
KEPT = 60  # runs shown; a line of more is no longer read
WORDS = {
    "title": Text("What each run found", "每次运行的发现"),
    "all": Text("All findings", "全部发现"),
    "page": Text("The page of the last run", "最近一次运行的页面"),
    "lead": Text(
        "Each finding as the runs still kept found it, the newest first.",
        "按仍保留的运行列出每项发现，最新的在前。",
    ),
    "run": Text("Run (UTC)", "运行时间（UTC）"),
    "estimate": Text("Estimate", "估计值"),
    "interval": Text("Interval", "区间"),
    "n": Text("n", "样本量"),
    "caption": Text("Found by run", "各次运行所得"),
    "since": Text("Since the run before", "与上次运行相比"),
    "others": Text("Every finding of this report", "此报告的全部发现"),
    "alone": Text("This finding alone", "只看此项发现"),
}


def past_of(ledger: Ledger) -> Past:
    """Return (report, finding) -> (when, finding), oldest first, of every run still kept."""
    found: dict[tuple[str, str], list[tuple[str, Finding]]] = {}
    for run in runs_of(ledger)[-KEPT:]:
        if not (ledger.runs / run / "findings.json").is_file():
            continue
        try:
            told = findings_of_run(ledger, run)
        except (InputError, ValueError):  # of another version: no longer read
            continue
        for report, held in told.items():
            for finding in held:
                found.setdefault((report, finding.id), []).append((_when(run), finding))
    return found


def _when(run: str) -> str:
    """Write a run's name as its time."""
    return f"{run[:4]}-{run[4:6]}-{run[6:8]} {run[9:11]}:{run[11:13]}"


def history_name(page: str) -> str:
    """Return the file of a report's past, named as its page: one of simulated data says so."""
    return f"history/{page}"


def sparkline(points: Sequence[tuple[str, Finding]], language: Language, *, wide: int = 92) -> str:
    """Draw a finding over its runs, interval and all; nothing where fewer than two have a value.

    Parameters
    ----------
    points
        (when, finding), oldest first.
    language
        Of its description.
    wide
        Width in pixels; the height is a quarter.
    """
    held = [f.estimate for _, f in points if f.estimate.estimate is not None]
    if len(held) < 2:
        return ""
    values = [e.estimate for e in held if e.estimate is not None]
    tall = wide / 4
    lows = [v if e.low is None else e.low for e, v in zip(held, values, strict=True)]
    highs = [v if e.high is None else e.high for e, v in zip(held, values, strict=True)]
    least, most = min(lows), max(highs)
    reach = (most - least) or 1.0
    least -= 0.0 if most > least else 0.5  # a level line stands in the middle
    across = [3 + i * (wide - 6) / (len(held) - 1) for i in range(len(held))]
    up = [tall - 3 - (v - least) / reach * (tall - 6) for v in values]
    bars = "".join(
        f'<path d="M{x:.1f} {tall - 3 - (low - least) / reach * (tall - 6):.1f}'
        f'V{tall - 3 - (high - least) / reach * (tall - 6):.1f}" class="reach"/>'
        for x, low, high in zip(across, lows, highs, strict=True)
    )
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, up, strict=True))
    says = Text(
        f"{len(held)} runs, from {measured(held[0], 'en')} to {measured(held[-1], 'en')}",
        f"{len(held)} 次运行，从 {measured(held[0], 'zh')} 到 {measured(held[-1], 'zh')}",
    ).of(language)
    return (
        f'<svg class="spark" role="img" aria-label="{escape(says, quote=True)}" width="{wide}"'
        f' height="{tall:g}" viewBox="0 0 {wide} {tall:g}">{bars}<polyline points="{line}"/>'
        f'<circle cx="{across[-1]:.1f}" cy="{up[-1]:.1f}" r="2.6"/></svg>'
    )


def reach_in_words(finding: Finding, language: Language) -> str:
    """Write an interval; the range of a printed ratio by what it is: nothing was sampled."""
    words = interval(finding.estimate, language)
    if finding.estimate.level < 1:
        return words
    new = Text("printing allows", "印刷允许").of(language)
    return words.replace("100% interval", new).replace("100% 区间", new)


def names_of(found: Sequence[Finding], language: Language) -> dict[str, tuple[str, str]]:
    """Return for each finding what it is called, and what tells it from others called alike.

    Findings of one name and method are told apart by what each is of, in words where the
    method says them, else by its key.
    """
    alike = Counter((f.estimate.term, f.estimate.method) for f in found)
    names = {}
    for finding in found:
        e = finding.estimate
        name, apart = term(e.term).text.of(language), ""
        if e.term == "printed_ratio" and e.estimand:
            name = e.estimand.of(language)
        elif alike[e.term, e.method] > 1:
            key = finding.id.partition(".")[2].replace("_", " ")
            apart = e.estimand.of(language) if e.estimand else key
            if name.lower() in apart.lower():  # it says the name too
                name, apart = apart, ""
        names[finding.id] = (name, apart)
    return names


def histories(
    ledger: Ledger, held: Sequence[Manifest], past: Past
) -> Iterator[tuple[str, Language, str]]:
    """Yield one page a report and language, each finding over the runs still kept.

    Yields
    ------
    tuple of (str, str, str)
        File below the published folder, language, page without its fonts; only of reports
        that were published since theirs was written.
    """
    from yuyao_lib.reports.page.style_sheet import style_sheet

    folder = ledger.published / "history"
    for manifest in held:
        if _newer(folder / manifest.pages["zh"], ledger, manifest.report):
            continue
        for language in LANGUAGES:
            simulated = any(f.origin.mode.value == "simulated" for f in manifest.found())
            html = _template().render(
                words={key: text.of(language) for key, text in WORDS.items()},
                language=language,
                title=manifest.title[language],
                other=manifest.pages["zh" if language == "en" else "en"],
                index="../index.html" if language == "en" else "../index.zh.html",
                page=f"../{manifest.pages[language]}",
                simulated=simulated,
                findings=_every(manifest, past, language),
                style=style_sheet(simulated=simulated),
            )
            yield history_name(manifest.pages[language]), language, html


def _newer(page: Path, ledger: Ledger, report: str) -> bool:
    """Whether a report was not published again since its past was written."""
    made = ledger.manifests / f"{report}.json"
    return page.is_file() and page.stat().st_mtime_ns >= made.stat().st_mtime_ns


def _every(manifest: Manifest, past: Past, language: Language) -> list[dict[str, Any]]:
    """Lay out the past of every finding of a report."""
    found = manifest.found()
    names = names_of(found, language)
    return [_shown(f, past.get((manifest.report, f.id), ()), names[f.id], language) for f in found]


def _shown(
    finding: Finding,
    points: Sequence[tuple[str, Finding]],
    names: tuple[str, str],
    language: Language,
) -> dict[str, Any]:
    """Lay out one finding's past."""
    e = finding.estimate
    before = [None, *(f for _, f in points[:-1])]
    rows = [
        (when, _value(f, language), reach_in_words(f, language), size(f.estimate, language),
         _since(old, f, language))
        for (when, f), old in reversed(list(zip(points, before, strict=True)))
    ]  # fmt: skip
    return {
        "id": finding.id, "name": names[0], "apart": names[1], "method": word(e.method, language),
        "line": past_chart(points, language), "rows": rows,
    }  # fmt: skip


def _since(old: Finding | None, new: Finding, language: Language) -> str:
    """Say what became of a finding since the run before."""
    (change,) = compare([old], [new]) if old is not None else (None,)
    return change.status.text.of(language) if change is not None else ""


def _value(finding: Finding, language: Language) -> str:
    """Write a value, or why there is none."""
    why = finding.estimate.undefined
    return measured(finding.estimate, language) if why is None else why.of(language)


@cache
def _template() -> Any:
    """Return the template; every value in it is escaped."""
    from jinja2 import Environment, FileSystemLoader

    folder = Path(__file__).parent / "page" / "templates" / "yuyao"
    loader = FileSystemLoader(str(folder), encoding="utf-8")
    return Environment(loader=loader, autoescape=True).get_template("history.html.j2")
