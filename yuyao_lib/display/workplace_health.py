"""How injuries and absence at work look."""

from __future__ import annotations

from yuyao_lib.display.counted import counted_table
from yuyao_lib.display.results import tabulate
from yuyao_lib.display.shown import Shown
from yuyao_lib.display.tables import Counted
from yuyao_lib.methods.workplace_health import CAVEAT, WorkplaceHealth
from yuyao_lib.sources.dataset import Dataset
from yuyao_lib.vocabulary import Text

__all__: list[str] = []


@tabulate.register
def _(result: WorkplaceHealth, data: Dataset) -> Shown:
    """Show rates and what goes with a better rating."""
    years = result.years.to_dict("records") if result.estimates[0].undefined is None else []
    told = "; ".join(f"{int(r['year'])} {r['injuries_per_1000']:.1f}" for r in years)
    by_year = Counted(
        f"Injuries per 1,000 workers by year: {told}.", f"各年每千人工伤：{told}。",
        counts=tuple(int(r["injuries"]) for r in years),
    )  # fmt: skip
    notes = [by_year, CAVEAT] if years else [CAVEAT]
    caption = Text("Injuries and absence at work, and the rating of firms", "工伤、病假与企业评分")
    return counted_table(result.estimates, data, caption=caption, name="health", notes=notes)
