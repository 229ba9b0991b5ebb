"""What was published, what was run, and the one way from the second to the first.

``outputs/published/`` holds whole pages only: a page is written beside its place and
moved there in one step, the report's manifest last. A manifest says which files it
stands for and their digests, so that a swap that was cut off is seen and done again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yuyao_lib.errors import RunError
from yuyao_lib.reports.file_digests import FileDigests
from yuyao_lib.reports.whole_files import write_whole

if TYPE_CHECKING:
    from yuyao_lib.findings import Finding
    from yuyao_lib.reports.outcomes import NotMade

__all__ = ["FORCED", "Ledger", "Manifest"]

FORCED = "it was forced"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands published for one report.

    Attributes
    ----------
    report, notebook, title
        Which report, its notebook and title by language.
    run, run_at, seconds
        Folder of the run that made it, when it was executed, how long it took.
    run_inputs, page_inputs, run_key, page_key
        What went in.
    files
        Published file -> SHA-256.
    pages
        Language -> file.
    executed
        Path of the executed notebook under ``runs``.
    findings, changes
        What was found, and what happened to it since the page before.
    peak_megabytes
        Most memory its process held, what it was forked with included.
    words
        Topics of the vocabulary it looked words up in and keys it looked for in vain, as
        ``topics`` and ``missed``; None where that is not known.
    """

    report: str
    notebook: str
    title: Mapping[str, str]
    run: str
    run_at: str
    seconds: float
    run_inputs: Mapping[str, str]
    page_inputs: Mapping[str, str]
    run_key: str
    page_key: str
    files: Mapping[str, str]
    pages: Mapping[str, str]
    executed: str
    findings: Sequence[Mapping[str, Any]]
    changes: Sequence[Mapping[str, Any]]
    peak_megabytes: float = 0.0
    words: Mapping[str, Sequence[str]] | None = None

    def found(self) -> list[Finding]:
        """Return the findings."""
        from yuyao_lib.findings import Finding

        return [Finding.from_dict(dict(values)) for values in self.findings]


class Ledger:
    """The folder of outputs.

    Parameters
    ----------
    root
        The folder ``outputs``.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()  # a cell may go to another folder
        self.published = root / "published"
        self.manifests = self.published / "manifests"
        self.runs = root / "runs"
        self.cache = root / ".cache"

    @contextmanager
    def locked(
        self, *, wait: bool = False, waiting: Callable[[], None] = lambda: None
    ) -> Iterator[None]:
        """Hold the ledger for one run at a time.

        Parameters
        ----------
        wait
            Whether to wait for another run that holds it.
        waiting
            Called before waiting.

        Raises
        ------
        RunError
            If another run holds it and `wait` is not asked for, or the folder cannot be
            written to.
        """
        from filelock import FileLock, Timeout

        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.root / ".lock")
            try:
                lock.acquire(timeout=0.5)
            except Timeout:
                if not wait:
                    raise
                waiting()
                lock.acquire(timeout=-1)
        except Timeout as error:
            raise RunError(
                "another run is using this outputs folder; wait for it, or pass --wait."
            ) from error
        except OSError as error:
            raise RunError(f"the outputs folder cannot be written to: {error.strerror}.") from error
        try:
            yield
        finally:
            lock.release()

    def new_run(self) -> Path:
        """Make the folder of a new run, named by its time."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        for number in range(1000):
            folder = self.runs / (stamp if not number else f"{stamp}-{number}")
            try:
                folder.mkdir(parents=True)
            except FileExistsError:
                continue
            return folder
        raise RunError("no name is left for a new run in this second.")

    def manifest_path(self, report: str) -> Path:
        """Return where a report's manifest lies."""
        return self.manifests / f"{report}.json"

    def manifest(self, report: str) -> Manifest | None:
        """Return what stands published for a report; None if nothing whole does."""
        path = self.manifest_path(report)
        try:
            return Manifest(**json.loads(path.read_text(encoding="utf-8")))
        except (FileNotFoundError, NotADirectoryError, ValueError, TypeError):
            return None

    def all_manifests(self) -> list[Manifest]:
        """Return every published report's manifest, by name."""
        names = sorted(path.stem for path in self.manifests.glob("*.json"))
        return [held for name in names if (held := self.manifest(name)) is not None]

    def intact(self, manifest: Manifest, files: FileDigests) -> bool:
        """Whether the published files are those the manifest stands for."""
        return all(files.of(self.published / n) == d for n, d in manifest.files.items())

    def publish(self, folder: Path, manifest: Manifest) -> None:
        """Swap a report's pages in, the manifest last; drop pages it no longer has.

        Raises
        ------
        DisclosureError
            If the manifest holds what must not leave; then nothing was swapped.
        """
        self.manifests.mkdir(parents=True, exist_ok=True)
        import shutil  # loads ways of packing that an unchanged plan has no use for

        from yuyao_lib.reports.gate import look_at  # nor for this

        place = self.manifest_path(manifest.report)
        look_at(place, _json(_plain(manifest)))
        before = self.manifest(manifest.report)
        drafts = {name: self.published / f".{name}.tmp" for name in manifest.files}
        try:
            for name, draft in drafts.items():  # all are there before the first is moved
                shutil.copyfile(folder / name, draft)
        except OSError:
            self.sweep()
            raise
        for name, draft in drafts.items():
            draft.replace(self.published / name)
        _write_json(place, _plain(manifest))
        for name in set(before.files if before else ()) - set(manifest.files):
            (self.published / name).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove drafts that a killed run left behind."""
        for folder, depth in ((self.published, 2), (self.runs, 3), (self.cache, 2)):
            for level in range(depth):
                for draft in folder.glob("*/" * level + ".*.tmp"):
                    draft.unlink(missing_ok=True)

    def write_summary(self, summary: Mapping[str, Any]) -> None:
        """Write what alerting tools read: the last run, beside the index."""
        _let_in(self.published / "summary.json", summary)

    def not_made(self) -> list[NotMade]:
        """Return the reports whose last try failed, but for those whose run is gone."""
        from yuyao_lib.reports.outcomes import NotMade

        try:
            held = json.loads((self.published / "summary.json").read_text(encoding="utf-8"))
            found = [NotMade.from_dict(values) for values in held["not_made"]]
        except (OSError, ValueError, KeyError, TypeError):
            return []  # a summary that was cut off is written anew by the next run
        return [lost for lost in found if (self.published / lost.folder).is_dir()]

    def failed_last(self) -> set[str]:
        """Return the names of the reports whose last try failed."""
        return {lost.report for lost in self.not_made()}

    def write_run(self, folder: Path, summary: Mapping[str, Any]) -> None:
        """Write a run's manifest."""
        _write_json(folder / "manifest.json", summary)


def _plain(manifest: Manifest) -> dict[str, Any]:
    """Return a manifest as plain values."""
    return {name: getattr(manifest, name) for name in Manifest.__slots__}


def _let_in(path: Path, values: Any) -> None:
    """Write JSON among the published files."""
    from yuyao_lib.reports.gate import let_in  # an unchanged plan writes nothing

    let_in(path, _json(values))


def _write_json(path: Path, values: Any) -> None:
    """Write JSON in one step."""
    write_whole(path, _json(values))


def _json(values: Any) -> str:
    """Return the text of a JSON file."""
    return json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
