"""What a page says about the run that made it."""

from __future__ import annotations

from dataclasses import dataclass, field

from yuyao_lib.vocabulary import Text

__all__ = ["PageMeta", "ParameterShown"]


@dataclass(frozen=True, slots=True)
class ParameterShown:
    """One parameter as the page lists it.

    Attributes
    ----------
    name, type, value, default
        As declared and as used, already written as text.
    meaning
        What it is.
    changed
        Whether the value is not the default.
    """

    name: str
    type: str
    value: str
    default: str
    meaning: Text
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMeta:
    """Everything on a page that is not in the notebook.

    Attributes
    ----------
    report, notebook
        Id of the report and name of its notebook.
    title
        Title of the report in the plan; None: the notebook's first heading.
    parameters
        Parameters with the values used.
    run_at
        When it was executed, UTC, ISO 8601.
    duration_seconds, key, commit
        How long it took, digest of all that went in, revision of the project.
    versions
        Versions of software.
    links, index_href
        File of each language's page, and of the index.
    statuses
        For each finding id what happened to it since the last published page.
    """

    report: str = ""
    notebook: str = ""
    title: Text | None = None
    parameters: tuple[ParameterShown, ...] = ()
    run_at: str = ""
    duration_seconds: float | None = None
    key: str = ""
    commit: str | None = None
    versions: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    index_href: str | None = None
    statuses: tuple[tuple[str, Text], ...] = ()
