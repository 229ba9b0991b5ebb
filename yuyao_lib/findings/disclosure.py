"""Rules on what may be shown from people's records, in their simplest true form.

Thresholds are declared here and nowhere else. The rules flag and refuse; they never
say that something is safe.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yuyao_lib.findings.finding import Finding
from yuyao_lib.findings.origin import Mode
from yuyao_lib.vocabulary import Text

__all__ = ["Rules", "Verdict", "check"]


@dataclass(frozen=True, slots=True)
class Rules:
    """Thresholds behind a number that may be shown.

    Attributes
    ----------
    persons
        Fewest persons behind a number.
    clusters
        Fewest employers (clusters) behind a number.
    """

    persons: int = 10
    clusters: int = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """One refusal: which finding, which rule, and what would help.

    Attributes
    ----------
    id
        The finding's id.
    rule
        Short name of the rule.
    why
        The sentence for the audit and for the reader.
    """

    id: str
    rule: str
    why: Text


def check(findings: Iterable[Finding], *, rules: Rules | None = None) -> list[Verdict]:
    """Return a verdict for each finding of mode ``own`` that may not be shown.

    Printed, public and simulated data hold no one's private record and pass.
    """
    held = rules or Rules()
    own = [f for f in findings if f.origin.mode is Mode.OWN]
    return [verdict for finding in own for verdict in _judge(finding, held)]


def _judge(finding: Finding, rules: Rules) -> list[Verdict]:
    """Apply every rule to one finding."""
    n, clusters = finding.estimate.n, finding.estimate.clusters
    verdicts = []
    if n is None or n < rules.persons:
        verdicts.append(_refusal(finding.id, "minimum persons", n, rules.persons))
    if clusters is not None and clusters < rules.clusters:
        verdicts.append(_refusal(finding.id, "minimum employers", clusters, rules.clusters))
    return verdicts


def _refusal(key: str, rule: str, got: int | None, least: int) -> Verdict:
    """Word one refusal without printing the small count itself."""
    shown = "an unknown number" if got is None else f"fewer than {least}"
    zh = "数目不明" if got is None else f"少于 {least}"
    text = Text(
        f"{rule}: {shown} behind {key}; merge categories or widen the sample.",
        f"{key} 背后的单位{zh}，请合并类别或扩大样本。",
    )
    return Verdict(key, rule, text)
