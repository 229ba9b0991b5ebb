"""What was found, as plain values.

Lives here: estimates and findings, where they came from, how two runs' findings
compare, and the rules on what may be shown. Does not live here: data frames,
estimators, tables, plots. Only the standard library and floor 0 are imported.
"""

from yuyao_lib.findings.backing import Backing, backing_of_estimate, broken_by, judge
from yuyao_lib.findings.comparison import Change, Status, compare
from yuyao_lib.findings.contributions import Contributions
from yuyao_lib.findings.disclosure import check
from yuyao_lib.findings.finding import FINDING_MIME, Estimate, Finding
from yuyao_lib.findings.origin import DESIGN_CAVEATS, Design, Mode, Origin
from yuyao_lib.findings.rules import Rules, Verdict

__all__ = [
    "DESIGN_CAVEATS",
    "FINDING_MIME",
    "Backing",
    "Change",
    "Contributions",
    "Design",
    "Estimate",
    "Finding",
    "Mode",
    "Origin",
    "Rules",
    "Status",
    "Verdict",
    "backing_of_estimate",
    "broken_by",
    "check",
    "compare",
    "judge",
]
