"""Findings of own data held to the rules on what may be shown.

The rules flag and refuse; they never say that something is safe. Where they are declared:
``rules``; what stands behind a number: ``backing``.
"""

from __future__ import annotations

from collections.abc import Iterable

from yuyao_lib.errors import InputError, sentence
from yuyao_lib.findings.backing import Backing, backing_of_estimate, judge
from yuyao_lib.findings.contributions import Contributions
from yuyao_lib.findings.finding import Estimate, Finding
from yuyao_lib.findings.origin import Mode
from yuyao_lib.findings.rules import Rules, Verdict

__all__ = ["check"]


def check(findings: Iterable[Finding], *, rules: Rules | None = None) -> list[Verdict]:
    """Return a verdict for each rule that a finding of mode ``own`` breaks by itself.

    Printed, public and simulated data hold no one's private record and pass. A finding
    alone does not know the data it comes from, so employers are judged where they are
    told; the display that carries a finding declares the rest.
    """
    held = rules or Rules()
    every = list(findings) if isinstance(findings, Iterable) else [findings]
    odd = [f for f in every if not isinstance(f, Finding)]
    if odd or not isinstance(findings, Iterable):
        got = type(odd[0] if odd else findings).__name__
        raise InputError(sentence("what to check", got=got, allowed="a list of `Finding`s"))
    own = [f for f in every if f.origin.mode is Mode.OWN]
    return [verdict for finding in own for verdict in _judge(finding, held)]


def _judge(finding: Finding, rules: Rules) -> list[Verdict]:
    """Apply every rule to one finding; what is not shown and not counted tells nothing."""
    e = finding.estimate
    if e.undefined is not None and _counts_nobody(e, rules):
        return []
    backing = backing_of_estimate(e, Contributions())
    named = {name: getattr(backing, name) for name in Backing.__slots__}
    return judge(Backing(**{**named, "what": finding.id}), rules)


def _counts_nobody(estimate: Estimate, rules: Rules) -> bool:
    """Whether no count of an undefined estimate is small."""
    e = estimate
    sizes = ((e.n, rules.persons), (e.clusters, rules.clusters), (e.persons, rules.persons),
             (e.employers, rules.clusters))  # fmt: skip
    return all(n is None or n == 0 or n >= least for n, least in sizes)
