"""Look for known weaknesses in the locked packages, and say plainly where that was not possible.

``make audit`` runs it. pip-audit asks the package index; where the index gives no advisories
(many mirrors do not), it skips every package and still ends well, which proves nothing. So what
was asked about is counted here, and whatever was not makes the verb fail.

Without a way to the index, ``make audit ADVISORIES=PATH`` reads a copy of the advisories
instead: the ``all.zip`` of the ecosystem PyPI that osv.dev offers, or a folder of its files.
"""

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).parents[2]
UNKNOWN = 2  # exit code where it cannot be known
WHOLE = 1_000  # advisories; PyPI has had many times as many


def locked(lock: Path = ROOT / "uv.lock") -> dict[str, str]:
    """Return name -> version of every locked package."""
    packages = tomllib.loads(lock.read_text(encoding="utf-8"))["package"]
    return {p["name"]: p["version"] for p in packages if "registry" in p["source"]}


def asked(answer: str) -> tuple[dict[str, list[str]], list[str]]:
    """Read what pip-audit answered: weaknesses by package, and packages it skipped."""
    told = json.loads(answer)["dependencies"]
    weak = {f"{d['name']} {d['version']}": _ids(d["vulns"]) for d in told if d.get("vulns")}
    return weak, [d["name"] for d in told if "skip_reason" in d]


def _ids(weaknesses: list[dict[str, Any]]) -> list[str]:
    """Name weaknesses with the versions that mend them."""
    return [f"{w['id']} (mended in {', '.join(w['fix_versions']) or 'none'})" for w in weaknesses]


def advisories(place: Path) -> Iterator[dict[str, Any]]:
    """Yield the advisories of a copy: a zip file, or a folder."""
    if place.is_dir():
        for path in sorted(place.rglob("*.json")):
            yield json.loads(path.read_text(encoding="utf-8"))
        return
    with zipfile.ZipFile(place) as held:
        for name in held.namelist():
            if name.endswith(".json"):
                yield json.loads(held.read(name))


def compared(
    packages: dict[str, str], held: list[dict[str, Any]]
) -> tuple[dict[str, list[str]], str]:
    """Hold locked packages against advisories; return weaknesses and the newest one's date."""
    weak: dict[str, list[str]] = {}
    for advisory in held:
        for part in advisory.get("affected", ()):
            if part.get("package", {}).get("ecosystem") != "PyPI" or "withdrawn" in advisory:
                continue
            name = re.sub(r"[-_.]+", "-", part["package"]["name"]).casefold()
            version = packages.get(name)
            if version is not None and _affects(part, version):
                weak.setdefault(f"{name} {version}", []).append(advisory["id"])
    return weak, max((a.get("modified", "") for a in held), default="")[:10]


def _affects(part: dict[str, Any], version: str) -> bool:
    """Whether an advisory is about a version."""
    if version in part.get("versions", ()):
        return True
    kinds = [r["events"] for r in part.get("ranges", ()) if r.get("type") == "ECOSYSTEM"]
    return any(_within(events, Version(version)) for events in kinds)


def _within(events: list[dict[str, str]], version: Version) -> bool:
    """Whether a version lies in a range of introductions and mendings, in their order."""
    inside = False
    for event in events:
        (kind, bound), *_ = event.items()
        try:
            at = Version("0.dev0" if bound == "0" else bound)
        except InvalidVersion:
            return True  # a bound that cannot be read: rather too many than too few
        if kind == "introduced" and version >= at:
            inside = True
        if (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            inside = False
    return inside


def verdict(weak: dict[str, list[str]], skipped: list[str], number: int) -> tuple[str, int]:
    """Say what was found, and the exit code: 0 nothing known, 1 weak, 2 it cannot be known.

    Examples
    --------
    >>> verdict({}, [], 3)
    ('3 of 3 locked packages were looked up: no known weakness.', 0)
    """
    lines = [f"{package}: {', '.join(ids)}" for package, ids in sorted(weak.items())]
    if skipped:
        lines.append(
            f"NOT LOOKED UP: {len(skipped)} of {number} locked packages ({', '.join(skipped[:5])}"
            f"{', ...' if len(skipped) > 5 else ''}). The index in use tells no advisories of them,"
            " so this proves nothing. Ask where pypi.org can be reached, or give a copy of the"
            " advisories: make audit ADVISORIES=all.zip"
        )
    if weak:
        return "\n".join(lines), 1
    if skipped:
        return "\n".join(lines), UNKNOWN
    return f"{number} of {number} locked packages were looked up: no known weakness.", 0


def main(arguments: list[str]) -> int:
    """Run the audit: with a copy of the advisories, or by the command that asks the index."""
    packages = locked()
    if arguments[:1] == ["--advisories"]:
        held = list(advisories(Path(arguments[1])))
        if not held:
            click.echo("NOT LOOKED UP: the copy holds no advisory.")
            return UNKNOWN
        weak, newest = compared(packages, held)
        click.echo(f"{len(held)} advisories, the newest of {newest}.")
        said, code = verdict(weak, [], len(packages))
        if code == 0 and len(held) < WHOLE:
            said, code = f"NOT LOOKED UP: a whole copy holds more than {WHOLE:,}.", UNKNOWN
    else:
        done = subprocess.run(arguments, capture_output=True, text=True, check=False)
        try:
            weak, skipped = asked(done.stdout)
        except (ValueError, KeyError):
            click.echo(done.stderr.strip()[-500:])
            click.echo("NOT LOOKED UP: pip-audit gave no answer, so this proves nothing.")
            return UNKNOWN
        number = len(json.loads(done.stdout)["dependencies"])
        said, code = verdict(weak, skipped, number)
    click.echo(said)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
