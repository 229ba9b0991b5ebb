"""The one family of exceptions, and the one place where their sentences are built.

Every message says what is wrong, what was given, what is allowed and, where a
name was probably mistyped, the nearest allowed name. The command line turns each
class into its exit code; nothing else in the package decides exit codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = [
    "DataError",
    "DisclosureError",
    "InputError",
    "ModeError",
    "NotebookError",
    "ParameterError",
    "PlanError",
    "RatioError",
    "RenderError",
    "RunError",
    "VocabularyError",
    "YuyaoError",
    "nearest",
    "sentence",
    "shortened",
]


class YuyaoError(Exception):
    """Parent of every error this package raises on purpose."""

    exit_code = 1

    def _render_traceback_(self) -> list[str]:
        """Show the sentence in a notebook, with the trace folded."""
        from yuyao_lib.folded import folded_trace

        return folded_trace(self)


class InputError(YuyaoError):
    """Something given by the user cannot be used; nothing was run."""

    exit_code = 2


class ParameterError(InputError):
    """A notebook parameter has an unknown name, a wrong type or a value out of range."""


class PlanError(InputError):
    """The plan of reports (``reports.yaml``) cannot be read as written."""


class DataError(InputError):
    """A table lacks a column, holds impossible values or cannot be read."""


class ModeError(InputError):
    """Data of two modes (record, public, own, simulated) were about to be mixed."""


class RatioError(InputError):
    """A ratio of printed figures does not mean what it seems to mean."""


class VocabularyError(InputError):
    """A term is not in the vocabulary, or is in it twice."""


class NotebookError(InputError):
    """A notebook file is not one this project can run."""


class RunError(YuyaoError):
    """A report was started and did not finish."""


class RenderError(RunError):
    """A page could not be rendered right: a formula, a glyph, a picture."""


class DisclosureError(YuyaoError):
    """A page would single someone out and is refused."""

    exit_code = 4

    @classmethod
    def of(cls, reasons: Sequence[str], *, most: int = 6) -> DisclosureError:
        """Say why something is not published, each reason once and at most so many of them.

        Examples
        --------
        >>> str(DisclosureError.of(["output of cell 3 holds a date.", "a name is shown."]))
        'not published: output of cell 3 holds a date; a name is shown.'
        """
        once = list(dict.fromkeys(reason.removesuffix(".") for reason in reasons))
        more = [f"and {len(once) - most} more, see the audit"] if len(once) > most else []
        return cls(f"not published: {'; '.join(once[:most] + more)}.")


def nearest(got: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed name most like `got`, or None when none is close.

    Examples
    --------
    >>> nearest("yaer", ["year", "union"])
    'year'
    """
    from difflib import get_close_matches  # only where something is wrong

    names = {name.casefold(): name for name in map(str, allowed)}
    close = get_close_matches(str(got).casefold().strip(), names, n=1, cutoff=0.6)
    return names[close[0]] if close else None


def listed(names: Sequence[str], *, most: int = 12) -> str:
    """Join names for a sentence, cutting a long list where it stops helping."""
    shown = ", ".join(str(name) for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def sentence(what: str, *, got: object = None, allowed: Iterable[object] | str = ()) -> str:
    """Build the message every error uses: what, got, allowed, nearest guess.

    Parameters
    ----------
    what
        What is wrong, as a clause without its full stop.
    got
        The value that was given; left out of the sentence when None.
    allowed
        The allowed values, or a phrase such as ``"a whole number from 1 to 9"``.

    Examples
    --------
    >>> sentence("unknown column", got="wagee", allowed=["wage", "union"])
    "unknown column: got 'wagee'; allowed: wage, union. Did you mean 'wage'?"
    """
    parts = [what if got is None else f"{what}: got {got!r}"]
    guess = None
    if isinstance(allowed, str):
        parts.append(f"allowed: {allowed}")
    else:
        names = [str(name) for name in allowed]
        if names:
            parts.append(f"allowed: {listed(names)}")
        guess = nearest(got, names) if isinstance(got, str) else None
    text = "; ".join(parts) + "."
    return f"{text} Did you mean {guess!r}?" if guess and guess != got else text


def shortened(words: str, *, most: int = 2_000) -> str:
    """Return words of others for a console, a log or a page, cut where there are too many.

    Examples
    --------
    >>> shortened("the wage is missing")
    'the wage is missing'
    >>> shortened("x" * 100, most=5)
    'xxxxx ... (95 characters more)'
    """
    if len(words) <= most:
        return words
    return f"{words[:most]} ... ({len(words) - most:,} characters more)"
