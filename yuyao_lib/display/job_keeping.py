"""How jobs that were found look half a year later."""

from __future__ import annotations

from yuyao_lib.display.counted import counted_table
from yuyao_lib.display.numbers import count
from yuyao_lib.display.results import tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Counted
from yuyao_lib.methods.job_keeping import JobKeeping
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__: list[str] = []


@tabulate.register
def _(result: JobKeeping, data: Dataset) -> Shown:
    """Show shares that kept the job and the difference of pay on entry."""
    caption = Text("Jobs half a year after entry, and pay on entry", "入职半年后与入职工资")
    n = count(result.unseen)
    note = Counted(
        f"{n} hires are on no payroll in the quarter after and are left out.",
        f"{n} 次入职在次季度的工资表中未出现，未计入。",
        counts=(result.unseen,), term="placement_share",
    )  # fmt: skip
    return counted_table(result.estimates, data, caption=caption, name="job_keeping", notes=[note])
