"""Where the sites are, and for whom: coverage of the people each kind is meant for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from yuyao_lib.findings import Estimate
from yuyao_lib.methods.absence import Absent, absent
from yuyao_lib.methods.proportions import counted
from yuyao_lib.methods.tabulation import rows_of
from yuyao_lib.vocabulary import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SiteCoverage", "site_coverage"]

# kind of site -> column of the people it is meant for; all workers where that is unknown
TARGETS = {"mother_room": "women_20_45", "rider_home": "new_form_members"}


@dataclass(frozen=True, slots=True)
class SiteCoverage:
    """Sites by kind.

    Attributes
    ----------
    kinds
        One row a kind: ``sites``, ``towns`` with one, ``all_towns``, ``target`` (whom it is
        for), ``people``, ``reached`` (people of the towns with a site, percent),
        ``per_10000``, ``visits_per_100`` people a year.
    estimates
        ``<kind>_reached`` in percent of the people it is for.
    """

    kinds: pd.DataFrame = field(repr=False)
    estimates: tuple[Estimate, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a kind."""
        return rows_of(self.estimates)

    def _repr_html_(self) -> str:
        return self.kinds.to_html(index=False)


def site_coverage(
    services: pd.DataFrame | None, people: pd.DataFrame | None
) -> SiteCoverage | Absent:
    """Count sites and the people in towns that have one.

    Parameters
    ----------
    services
        ``kind``, ``town_id`` and where known ``visits`` (person-times a year). None: absent.
    people
        By ``town_id``: ``workers`` and where known ``women_20_45`` and
        ``new_form_members``. None: employers are not known by town.

    Notes
    -----
    A town with a site is not a worker near one: distance inside towns is not known, so
    the share reached is an upper bound.

    Examples
    --------
    >>> import pandas as pd
    >>> sites = pd.DataFrame({"kind": ["station"], "town_id": ["T01"]})
    >>> towns = pd.DataFrame({"town_id": ["T01", "T02"], "workers": [300, 100]})
    >>> site_coverage(sites, towns).estimates[0].estimate
    75.0
    """
    off = absent(services=services, employers=people)
    if off is not None or services is None or people is None:
        return off or Absent(("services",))
    import pandas as pd

    towns = people.assign(town_id=people["town_id"].astype(str)).set_index("town_id")
    rows = services.assign(kind=services["kind"].astype(str),
                           town_id=services["town_id"].astype(str))  # fmt: skip
    kinds = pd.DataFrame([_kind(str(k), part, towns) for k, part in rows.groupby("kind")])
    kinds = kinds.sort_values("sites", ascending=False).reset_index(drop=True)
    return SiteCoverage(kinds, tuple(_estimate(row) for row in kinds.to_dict("records")))


def _kind(kind: str, sites: pd.DataFrame, towns: pd.DataFrame) -> dict[str, object]:
    """Describe one kind of site."""
    wanted = TARGETS.get(kind, "workers")
    target = wanted if wanted in towns and towns[wanted].sum() > 0 else "workers"
    people, held = int(towns[target].sum()), towns.index.isin(sites["town_id"])
    visits = float(sites["visits"].sum()) if "visits" in sites else None
    return {
        "kind": kind, "sites": len(sites), "towns": int(held.sum()), "all_towns": len(towns),
        "target": target, "people": people,
        "unions": int(towns["new_form_unions"].sum())
        if target == "new_form_members" and "new_form_unions" in towns else None,
        "reached": 100 * float(towns.loc[held, target].sum()) / people if people else None,
        "per_10000": 10_000 * len(sites) / people if people else None,
        "visits_per_100": 100 * visits / people if people and visits is not None else None,
    }  # fmt: skip


def _estimate(row: dict[str, object]) -> Estimate:
    """Tell how many of the people live where there is a site."""
    value = row["reached"]
    kind, zh = KINDS.get(str(row["kind"]), (str(row["kind"]), str(row["kind"])))
    unions = row["unions"]
    made = counted(
        f"{row['kind']}_reached", value if isinstance(value, float) else None,
        term="site_coverage", unit="percent", n=int(str(row["people"])),
        estimand=Text(f"people in towns with a site ({kind}); an upper bound",
                      f"所在乡镇街道有{zh}的人；为上限"),
    )  # fmt: skip
    return replace(made, employers=unions) if isinstance(unions, int) else made


KINDS = {
    "station": ("outdoor stations", "户外劳动者驿站"),
    "rider_home": ("rider homes", "骑手之家"),
    "mother_room": ("nursing rooms", "母婴室"),
    "book_house": ("book houses", "职工书屋"),
    "studio": ("innovation studios", "创新工作室"),
}
