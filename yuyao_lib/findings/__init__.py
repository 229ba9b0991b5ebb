"""What was found, as plain values.

Lives here: estimates and findings, where they came from, how two runs' findings
compare, and the rules on what may be shown. Does not live here: data frames,
estimators, tables, plots. Only the standard library and floor 0 are imported.
"""

from yuyao_lib.findings.comparison import Change, Status, compare
from yuyao_lib.findings.disclosure import Rules, Verdict, check
from yuyao_lib.findings.finding import FINDING_MIME, Estimate, Finding
from yuyao_lib.findings.origin import DESIGN_CAVEATS, Design, Mode, Origin

__all__ = [
    "DESIGN_CAVEATS",
    "FINDING_MIME",
    "Change",
    "Design",
    "Estimate",
    "Finding",
    "Mode",
    "Origin",
    "Rules",
    "Status",
    "Verdict",
    "check",
    "compare",
]
