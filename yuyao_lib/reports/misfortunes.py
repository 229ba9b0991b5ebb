"""How a report can end badly, in one sentence each."""

from __future__ import annotations

from yuyao_lib.reports import execution
from yuyao_lib.reports.failures import Kind
from yuyao_lib.reports.leaks import redacted
from yuyao_lib.reports.nursery import Event
from yuyao_lib.reports.outcomes import State

__all__ = ["kind_of", "misfortune"]


def kind_of(event: Event, state: State) -> Kind:
    """Say which way a report ended badly."""
    ended: dict[str, Kind] = {"died": "died", "timeout": "timeout", "silent": "timeout"}
    return "refused" if state == "refused" else ended.get(event.kind, "failed")


def misfortune(event: Event) -> tuple[State, str, str]:
    """Say in one sentence how a report ended badly."""
    if event.kind == "timeout":
        return "failed", f"it took longer than {event.payload:g} seconds and was stopped.", ""
    if event.kind == "silent":
        most = event.payload - execution.HEED_SECONDS
        said = f"a cell ran longer than {most:g} seconds and could not be interrupted"
        return "failed", f"{said}; its process was ended.", ""
    if event.kind == "died":
        how = f"by signal {-event.payload}" if event.payload < 0 else f"with code {event.payload}"
        return "failed", f"its process ended {how} before the report was done.", ""
    kind, sentence, trace = event.payload
    sentence, trace = redacted(sentence), redacted(trace)
    state: State = "refused" if kind == "DisclosureError" else "failed"
    known = {"RunError", "RenderError", "DisclosureError", "DataError", "NotebookError"}
    return state, sentence if kind in known else f"{kind}: {sentence}", trace
