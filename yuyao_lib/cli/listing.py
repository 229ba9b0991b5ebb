"""``yuyao list``: notebooks, their parameters, and the reports that are planned."""

from __future__ import annotations

import json

import click

from yuyao_lib.cli.plain import echo
from yuyao_lib.paths import project_root
from yuyao_lib.reports.cells import parameters_of, read_notebook
from yuyao_lib.reports.values import model_of, written

__all__ = ["command"]


@click.command("list", short_help="List notebooks, parameters and planned reports.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(as_json: bool) -> None:
    """List every notebook with its parameters, and every planned report."""
    from yuyao_lib.reports.plan import read_plan

    folder = project_root() / "notebooks"
    planned = read_plan(folder / "reports.yaml", strict=False)
    listed = []
    broken = {report.notebook: report.broken for report in planned if report.broken}
    for path in sorted(folder.glob("*.ipynb")):
        if path in broken:
            echo(f"yuyao: {broken[path]}", err=True)
            continue
        declared = parameters_of(read_notebook(path), name=path.stem)
        limits = _limits(path.stem)
        parameters = [
            {
                "name": p.name,
                "type": p.type,
                "default": p.default,
                "meaning": p.meaning.to_dict(),
                "allowed": limits.get(p.name, ""),
            }
            for p in declared.values()
        ]
        reports = [
            {
                "report": r.id,
                "title": r.title.to_dict(),
                "schedule": r.schedule,
                "missing": r.missing,
            }
            for r in planned
            if r.notebook.stem == path.stem
        ]
        listed.append({"notebook": path.stem, "parameters": parameters, "reports": reports})
    echo(json.dumps(listed, ensure_ascii=False, indent=1) if as_json else _text(listed))


def _text(listed: list[dict]) -> str:
    """Write the list for a person."""
    lines = []
    for book in listed:
        lines.append(book["notebook"])
        for p in book["parameters"]:
            allowed = f" [{p['allowed']}]" if p["allowed"] else ""
            lines.append(f"  {p['name']}: {p['type']} = {written(p['default'])}{allowed}")
            lines.append(f"      {p['meaning']['en']} / {p['meaning']['zh']}")
        for r in book["reports"]:
            when = f" ({r['schedule']})" if r["schedule"] else ""
            lacks = f"; left out: needs {', '.join(r['missing'])}" if r["missing"] else ""
            lines.append(f"  -> report {r['report']}: {r['title']['en']}{when}{lacks}")
        lines.append("")
    return "\n".join(lines).rstrip()


def _limits(notebook: str) -> dict[str, str]:
    """Return what each parameter may be, in words."""
    model = model_of(notebook)
    if model is None:
        return {}
    found = {}
    for name, schema in model.model_json_schema()["properties"].items():
        inner = schema.get("items", schema)
        words = {
            "minimum": "from {}",
            "exclusiveMinimum": "above {}",
            "maximum": "to {}",
            "exclusiveMaximum": "below {}",
        }
        parts = [text.format(inner[key]) for key, text in words.items() if key in inner]
        if "enum" in inner:
            parts = [", ".join(map(str, inner["enum"]))]
        found[name] = " ".join(parts)
    return found
