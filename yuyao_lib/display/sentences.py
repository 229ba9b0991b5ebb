"""Findings as sentences: the number, how sure, from how many, and what kind of evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import singledispatch
from html import escape
from typing import Any

from yuyao_lib.display.numbers import interval, measured, size
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.topics import load_topic
from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Estimate, Finding, Mode
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import LANGUAGES, Language, Text, term

__all__ = ["called", "findings", "headline_of", "prose", "said", "say", "valued"]


def said(estimate: Estimate, language: Language) -> str:
    """Put one estimate into a sentence.

    Examples
    --------
    >>> from yuyao_lib.findings import Design
    >>> e = Estimate(key="a", term="union_wage_premium", method="ols", unit="log_points",
    ...     design=Design.OBSERVATIONAL, estimate=0.08, low=0.04, high=0.12, n=545)
    >>> said(e, "en")
    'Union wage premium (OLS): 0.080 log points (95% interval 0.040 to 0.120; 545 persons).'
    """
    name = term(estimate.term).text.of(language)
    method = term(estimate.method).text.of(language)
    called = f"{name}（{method}）" if language == "zh" else f"{name} ({method})"
    return valued(estimate, called, language)


def valued(estimate: Estimate, called: str, language: Language) -> str:
    """Say an estimate under a name given: value, interval and how many stand behind it."""
    if estimate.undefined is not None:
        why = estimate.undefined.of(language)
        return (
            f"{called}无法估计：{why}。"
            if language == "zh"
            else f"{_capital(called)} cannot be estimated: {why}."
        )
    parts = [interval(estimate, language) if estimate.low is not None else ""]
    parts.append(size(estimate, language))
    inside = "；" if language == "zh" else "; "
    rest = inside.join(part for part in parts if part)
    value = measured(estimate, language)
    if language == "zh":
        return f"{called}：{value}" + (f"（{rest}）。" if rest else "。")
    return f"{_capital(called)}: {value}" + (f" ({rest})." if rest else ".")


def _capital(text: str) -> str:
    """Begin a sentence."""
    return text[:1].upper() + text[1:]


@singledispatch
def headline_of(result: Any, estimate: Estimate) -> Text:
    """Return the one sentence a reader is told first; results of a topic may say it better."""
    if load_topic(result):
        return headline_of(result, estimate)
    return Text(said(estimate, "en"), said(estimate, "zh"))


@singledispatch
def called(result: Any) -> Mapping[str, Text]:
    """Return for estimates, by key, what tells them from others of their name and method."""
    if load_topic(result):
        return called(result)
    return {}


def findings(result: Any, data: Dataset, *, topic: str, headline: str | None = None) -> Shown:
    """Turn a result's estimates into findings and show the first sentence of the page.

    Parameters
    ----------
    result
        Anything with ``estimates``.
    data
        The data set they come from; its mode and digests go into every finding.
    topic
        Begins every finding's id.
    headline
        Key of the estimate to lead with; the first that is defined when it is not.

    Raises
    ------
    InputError
        If there is no estimate, or none of the headline's key.
    """
    every = tuple(result.estimates)  # read once: a result may make them anew each time
    estimates = {e.key: e for e in every}
    if not estimates:
        raise InputError(f"the result about {topic} holds no estimate to report.")
    chosen = headline or next(iter(estimates))
    if chosen not in estimates:
        raise InputError(sentence("no estimate of this key", got=chosen, allowed=list(estimates)))
    lead = estimates[chosen]
    if lead.undefined is not None:
        lead = next((e for e in every if e.undefined is None), lead)
    words = _by_mode(headline_of(result, lead), data.mode)
    names = called(result)
    found = tuple(
        Finding(
            id=f"{topic}.{e.key}",
            estimate=replace(e, estimand=names.get(e.key, e.estimand)),
            origin=data.origin,
            headline=e is lead,
            said=words if e is lead and data.mode is not Mode.OWN else None,
        )
        for e in every
    )
    first = next(f for f in found if f.headline)
    html = {language: _finding_html(words, first, language) for language in LANGUAGES}
    shown = Text(html["en"], html["zh"])
    return Shown("finding", shown, words, mode=data.mode, findings=found)


def _by_mode(words: Text, mode: Mode) -> Text:
    """Never let a sentence from simulated data stand as if it were about people."""
    if mode is not Mode.SIMULATED:
        return words
    return Text(
        f"In simulated data, with effects set by us: {words.en}",
        f"在效应由我们设定的模拟数据中：{words.zh}",
    )


def _finding_html(words: Text, finding: Finding, language: Language) -> str:
    """Write the finding with its kind of evidence and its caveat."""
    design = finding.estimate.design.text.of(language)
    caveat = finding.estimate.says_why.of(language)
    label = "证据类型" if language == "zh" else "Kind of evidence"
    colon, stop = ("：", "。") if language == "zh" else (": ", ".")
    return (
        f'<p class="lead">{escape(words.of(language))}</p>'
        f'<p class="caveat"><strong>{label}{colon}{escape(design)}{stop}</strong>'
        f"{'' if language == 'zh' else ' '}{escape(_ended(caveat, stop))}</p>"
    )


def _ended(words: str, stop: str) -> str:
    """End a sentence that has no end."""
    return words if words.endswith((".", "。")) else words + stop


@singledispatch
def say(result: Any, data: Dataset) -> Shown:
    """Say a result in one paragraph, one sentence an estimate."""
    if load_topic(result):
        return say(result, data)
    if not isinstance(result, Estimate) and not hasattr(result, "estimates"):
        raise InputError(f"a {type(result).__name__} holds no estimate that could be said.")
    estimates = [result] if isinstance(result, Estimate) else list(result.estimates)
    words = {
        lang: ("" if lang == "zh" else " ").join(said(e, lang) for e in estimates)
        for lang in LANGUAGES
    }
    return prose(en=words["en"], zh=words["zh"], data=data)


def prose(*, en: str, zh: str, data: Dataset | None = None, **values: object) -> Shown:
    """Show a paragraph whose numbers come from code, in named places ``{like_this}``.

    Examples
    --------
    >>> prose(en="{n} men", zh="{n} 名男性", n=545)
    545 men
    """
    words = Text(en, zh).format(**values) if values else Text(en, zh)
    html = Text(f"<p>{escape(words.en)}</p>", f"<p>{escape(words.zh)}</p>")
    return Shown("sentence", html, words, mode=data.mode if data else None)
