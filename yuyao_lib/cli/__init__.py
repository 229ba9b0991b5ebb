"""The command line: thin commands over the floors below.

Lives here: reading of arguments, what is printed, exit codes. Does not live here:
anything that decides. Each command is a module with a ``command``; it is imported when
called, so that ``yuyao --help`` and an unchanged run stay light.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from yuyao_lib import __version__
from yuyao_lib.cli.ending import Stopped, end_on_signals, leave, mend_streams, say_error, silence
from yuyao_lib.errors import YuyaoError, nearest

__all__ = ["main"]

EXPECTED = (YuyaoError, OSError, UnicodeEncodeError, click.ClickException, Stopped)

# name -> one line of help; the module of the same name holds the command
COMMANDS = {
    "run": "Run reports that are out of date and publish their pages.",
    "list": "List notebooks, parameters and planned reports.",
    "new": "Start a notebook for a new question.",
    "why": "Say what changed since a report's page was made.",
    "compare": "Compare the findings of two runs.",
    "bundle": "Write a replication package of published reports.",
    "rerun": "Run a replication package and compare its findings.",
    "prune": "Remove old runs, never what published pages came from.",
    "doctor": "Say what is wrong with this installation.",
    "check": "Check one's own tables, or propose a mapping for them.",
    "key": "Make or check the secret key for one's own tables.",
    "simulate": "Write a simulated register with known truth.",
}


class Commands(click.Group):
    """Commands that are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"yuyao_lib.cli.{'listing' if cmd_name == 'list' else cmd_name}")
        return module.command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command when one is mistyped."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            guess = nearest(args[0], COMMANDS)
            hint = f" Did you mean {guess!r}?" if guess else ""
            ctx.fail(f"no such command {args[0]!r}; allowed: {', '.join(COMMANDS)}.{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="yuyao")
def cli() -> None:
    """Findings from parameterized notebooks: run them, share them, see whether they hold.

    Exit codes: 0 done; 1 a report failed; 2 bad input, nothing ran; 3 done, and a
    conclusion moved; 4 a page was refused because it could single someone out.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every expected error is one sentence and an exit code.

    Parameters
    ----------
    arguments
        What was typed; None: those of this process, which ends with the command.
    """
    given = sys.argv[1:] if arguments is None else arguments
    mend_streams()
    end_on_signals()
    told: list[dict[str, Any]] = []  # what became of each report, as a run goes on
    try:
        left = cli.main(args=given, prog_name="yuyao", standalone_mode=False, obj=told)
        code, words = left if isinstance(left, int) else 0, ""
    except EXPECTED as error:
        code, words = _misfortune(error)
        say_error(words, code, as_json="--json" in given, reports=told, usage=_usage(error))
    except Exception as error:
        if "--json" in given:  # machines are answered; what broke is shown to people as ever
            what = f"{type(error).__name__}: {error}"
            say_error(f"yuyao: {what}", 1, as_json=True, reports=told)
        raise
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    if arguments is None:
        leave(code)
    sys.exit(code)


def _misfortune(error: BaseException) -> tuple[int, str]:
    """Return the exit code of an error and its sentence."""
    if isinstance(error, YuyaoError):
        return error.exit_code, f"yuyao: {error}"
    if isinstance(error, Stopped):
        return int(error.code or 1), f"yuyao: stopped by signal {int(error.code or 1) - 128}."
    if isinstance(error, click.ClickException):
        asked = isinstance(error, click.exceptions.NoArgsIsHelpError)
        return error.exit_code, f"{'' if asked else 'yuyao: '}{error.format_message()}"
    if isinstance(error, UnicodeEncodeError):
        return 2, f"yuyao: a name is not text in UTF-8 ({error}); set PYTHONUTF8=1."
    assert isinstance(error, OSError)
    return 1, _of_system(error)


def _of_system(error: OSError) -> str:
    """Say what the system would not do: a full disk, a folder that may not be written to."""
    if isinstance(error, BrokenPipeError):
        silence(sys.stdout)
        return ""
    where = f" ({error.filename})" if error.filename else ""
    return f"yuyao: {error.strerror or error}{where}."


def _usage(error: BaseException) -> str:
    """Return how a command is used, where it was used wrongly."""
    shown = isinstance(error, click.exceptions.NoArgsIsHelpError)
    context = error.ctx if isinstance(error, click.UsageError) and not shown else None
    return "" if context is None else context.get_usage()
