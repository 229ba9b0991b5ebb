"""``yuyao simulate``: write a simulated register and print every total it has to hit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from yuyao_lib.cli.plain import echo

if TYPE_CHECKING:
    from yuyao_lib.sources.simulation import TargetReport

__all__ = ["command"]


@click.command("simulate", short_help="Write a simulated register with known truth.")
@click.option("--scale", type=float, default=1.0, show_default=True, help="Share, 0.01 to 1.")
@click.option("--seed", type=int, default=None, help="Whole number; the same one, the same bytes.")
@click.option("--null", is_flag=True, help="Switch every true effect off.")
@click.option(
    "--pretrend",
    type=float,
    default=0.0,
    show_default=True,
    help="Extra growth of pay in contract firms, log points a quarter.",
)
@click.option(
    "--amount-scope",
    type=click.Choice(["disputes", "legal_aid", "both"]),
    default="disputes",
    show_default=True,
    help="Which cases the 42 million CNY belong to.",
)
@click.option(
    "--heaping",
    type=float,
    default=0.0,
    show_default=True,
    help="Share of exam scores just below the mark that are lifted over it.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="A folder that is not there yet."
)
@click.option("--json", "as_json", is_flag=True, help="Print the totals as JSON.")
def command(
    scale: float,
    seed: int | None,
    null: bool,
    pretrend: float,
    amount_scope: str,
    heaping: float,
    out: Path,
    as_json: bool,
) -> None:
    """Write all 24 tables, the truth and the potential outcomes to a new folder.

    Ids begin with SIM-; nothing in the folder is about real people or firms.
    """
    from yuyao_lib.sources.simulation import Setting, build, check_targets

    given = {} if seed is None else {"seed": seed}
    setting = Setting(
        scale=scale,
        null=null,
        pretrend=pretrend,
        amount_scope=amount_scope,  # type: ignore[arg-type]
        heaping=heaping,
        **given,
    )
    folder = build(setting, out)
    report = check_targets(folder, setting)
    echo(_json(report) if as_json else "\n".join(_lines(folder, report)))
    if not report.ok:
        raise click.ClickException("a total was missed; the register is not as declared.")


def _lines(folder: Path, report: TargetReport) -> list[str]:
    """Say what was written, every total, and what the match does not mean."""
    from yuyao_lib.findings import Mode
    from yuyao_lib.sources.simulation import parameters

    banner = Mode.SIMULATED.text
    counts = ", ".join(f"{n} {status}" for status, n in sorted(parameters().counts().items()))
    hits = sum(row.hit for row in report.rows)
    return [
        f"{banner.en} {banner.zh}",
        f"written to {folder}",
        *report.lines(),
        f"{hits} of {len(report.rows)} totals hit, by construction: the match validates nothing.",
        f"parameters: {counts}; values and sources stand in truth.json.",
    ]


def _json(report: TargetReport) -> str:
    """Return the totals for machines."""
    import json
    from dataclasses import asdict

    rows = [{**asdict(row), "hit": row.hit} for row in report.rows]
    return json.dumps({"ok": report.ok, "totals": rows}, ensure_ascii=False, indent=1)
