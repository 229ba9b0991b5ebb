"""The way to a notebook for whatever is shown: of own data, only what may be seen.

Printed, public and simulated data pass untouched. Of own data, estimates that break a rule
are replaced by their reason before anything is drawn or said, and who stands behind the rest
is declared with what is shown. What breaks a rule all the same, or does not say who stands
behind it, is withheld, with a sentence in its place. What a notebook shows past this module
is refused later with its page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any

from yuyao_lib.display import results, sentences
from yuyao_lib.display.backing import backing_of, estimates_in, shield
from yuyao_lib.display.cards import notice
from yuyao_lib.display.kept_back import shows_kept_back
from yuyao_lib.display.shown import Kind, Shown
from yuyao_lib.display.told_rows import giving_away, members_told, note_told, told_before
from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings import Mode, Verdict, broken_by
from yuyao_lib.findings.rules import declared, rule_words
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__ = ["draw", "findings", "say", "tabulate"]

SINGLED_OUT = "so that nobody can be singled out"
KINDS: dict[Kind, Text] = {
    "table": Text("table", "表"), "chart": Text("figure", "图"),
    "sentence": Text("sentence", "句"), "finding": Text("sentence", "句"),
}  # fmt: skip


def tabulate(result: Any, data: Dataset) -> Shown:
    """Show a result as a table.

    Parameters
    ----------
    result
        Any result with estimates, or of a kind a topic knows how to lay out.
    data
        The data set it was made from.
    """
    return _shown(results.tabulate, result, data)


def draw(result: Any, data: Dataset) -> Shown:
    """Draw a result.

    Parameters
    ----------
    result, data
        As in `tabulate`.
    """
    return _shown(results.draw, result, data)


def say(result: Any, data: Dataset) -> Shown:
    """Say a result in one paragraph.

    Parameters
    ----------
    result, data
        As in `tabulate`.
    """
    return _shown(sentences.say, result, data)


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

    def told(held: Any, data: Dataset) -> Shown:
        return sentences.findings(held, data, topic=topic, headline=headline)

    return _shown(told, result, data)


def _shown(show: Callable[[Any, Dataset], Shown], result: Any, data: Dataset) -> Shown:
    """Show a result, that of own data without what may not be seen and with its backing."""
    if not isinstance(data, Dataset):
        allowed = "the data set it was made from, as `yuyao.open` returns it"
        raise InputError(
            sentence("data of what is shown", got=type(data).__name__, allowed=allowed)
        )
    if data.mode is not Mode.OWN:
        return show(result, data)
    from yuyao_lib.sources.contributions import contributions_of

    held = contributions_of(data)
    before = told_before(data)
    guarded = shield(result, held, before=before)
    shown = show(guarded.result, data)
    if shown.kind not in KINDS:  # a notice in its place shows no number
        hidden = (*shown.hidden, *((v.id, v.rule) for v in guarded.hidden))
        return replace(_with_ways(shown, [rule for _, rule in hidden], data), hidden=hidden)
    backing = shown.backing if shown.backing is not None else backing_of(guarded.result, held)
    hidden = (*shown.hidden, *((v.id, v.rule) for v in guarded.hidden))
    texts = (*shown.html.to_dict().values(), *shown.drawn)
    broken = broken_by(shown.kind, backing, shown.points, texts=texts)
    members = [b.members for b in backing or () if b.members is not None]
    if not broken and (shows_kept_back(shown, backing or ()) or giving_away(members, before)):
        broken = [Verdict.of(shown.kind, "difference")]
    if broken:
        return _withheld(broken, shown, hidden, data)
    note_told(data, [*members, *members_told(estimates_in(guarded.result))])
    shown = replace(shown, backing=None if backing is None else tuple(backing), hidden=hidden)
    return _with_count(shown, [rule for _, rule in hidden]) if shown.kind == "chart" else shown


def _ways(rules: list[str]) -> Text:
    """Say what helps where these rules are broken; nothing where nothing does."""
    advice = [rule.helps for rule in declared().values() if rule.name in rules and rule.helps]
    ways = list(dict.fromkeys(advice))
    if not ways:
        return Text("", "")
    return Text(
        f" What helps: {'; '.join(way.en for way in ways)}.",
        f"可行的做法：{'；'.join(way.zh for way in ways)}。",
    )


def _with_count(shown: Shown, rules: list[str]) -> Shown:
    """Say below a figure how many of its numbers are not drawn, and by which rules."""
    if not rules:
        return shown
    names = [rule_words(rule) for rule in dict.fromkeys(rules)]
    en, zh = ", ".join(n.en for n in names), "、".join(n.zh for n in names)
    numbers = "1 number" if len(rules) == 1 else f"{len(rules)} numbers"
    told = Text(
        f" Not shown here, so that nobody can be singled out: {numbers} ({en}).",
        f"为避免识别个人，此处未显示的数：{len(rules)}（{zh}）。",
    )
    return replace(shown, html=Text(_below(shown.html.en, told.en), _below(shown.html.zh, told.zh)))


def _below(html: str, words: str) -> str:
    """Add words to what stands below a figure."""
    before, end, after = html.rpartition("</figcaption>")
    said = escape(words)
    return f"{before}{said}{end}{after}" if end else f'{html}<p class="notes">{said}</p>'


def _with_ways(shown: Shown, rules: list[str], data: Dataset) -> Shown:
    """Say below a notice that stands where every number is hidden what helps."""
    if shown.kind != "notice" or SINGLED_OUT not in shown.plain.en:
        return shown
    ways = _ways(rules)
    return notice(Text(f"{shown.plain.en}{ways.en}", f"{shown.plain.zh}{ways.zh}"), data)


def _withheld(
    broken: list[Verdict], shown: Shown, hidden: tuple[tuple[str, str], ...], data: Dataset
) -> Shown:
    """Say in place of a table, figure or sentence which rules it would break, and what helps."""
    rules = list(dict.fromkeys(verdict.rule for verdict in broken))
    names = [rule_words(rule) for rule in rules]
    en, zh = ", ".join(n.en for n in names), "、".join(n.zh for n in names)
    what, ways = KINDS[shown.kind], _ways(rules)
    words = Text(
        f"This {what.en} is not shown, so that nobody can be singled out ({en}).{ways.en}",
        f"为避免识别个人，此{what.zh}不予显示（{zh}）。{ways.zh}",
    )
    told = tuple((verdict.id, verdict.rule) for verdict in broken)
    return replace(notice(words, data), hidden=(*hidden, *told))
