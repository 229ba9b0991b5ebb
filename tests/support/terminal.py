"""A terminal for tests: runs a command on one and says what stands on its screen."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from unicodedata import east_asian_width

PART = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|([\r\n])|([^\x1b\r\n]+)")


def _take_terminal() -> None:
    """Let keys reach this process, also where tests run in the background, deaf to them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """A command that runs on a terminal of its own.

    Parameters
    ----------
    command
        Its words.
    columns
        How wide the terminal is.
    **options
        As `subprocess.Popen` takes them.
    """

    def __init__(self, command: list[str], *, columns: int = 80, **options) -> None:
        self.held, line = pty.openpty()
        fcntl.ioctl(self.held, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        env = {k: v for k, v in os.environ.items() if k not in {"COLUMNS", "LINES"}}
        env |= {"TERM": "xterm-256color"} | options.pop("env", {})
        self.process = subprocess.Popen(
            command, stdin=line, stdout=line, stderr=line, env=env, start_new_session=True,
            preexec_fn=_take_terminal, **options,  # noqa: PLW1509
        )  # fmt: skip
        os.close(line)
        self.written = b""

    @property
    def text(self) -> str:
        """Everything that was written."""
        return self.written.decode("utf-8", "replace")

    def read(self, until: Callable[[str], object] = lambda text: False, seconds=120.0) -> str:
        """Read until what was written is as wanted, or the command ends; return it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not until(self.text):
            ready, _, _ = select.select([self.held], [], [], 0.1)
            if ready:
                try:
                    new = os.read(self.held, 65536)
                except OSError:  # the other side is closed
                    new = b""
                if not new:
                    break
                self.written += new
        return self.text

    def end(self) -> int:
        """Read to the end and return the exit code."""
        self.read()
        code = self.process.wait(30)
        os.close(self.held)
        return code


def screen_of(text: str) -> list[str]:
    """Return the lines that stand on a terminal after it was written to."""
    lines, row, column = [[]], 0, 0
    for numbers, command, move, words in PART.findall(text):
        if move == "\r":
            column = 0
        elif move == "\n":
            row, column = row + 1, 0
            lines += [[] for _ in range(row + 1 - len(lines))]
        elif command == "A":
            row = max(0, row - int(numbers or 1))
        elif command == "K":
            lines[row] = [] if numbers == "2" else lines[row][:column]
        for sign in words:
            cells = [sign, ""] if east_asian_width(sign) in "WF" else [sign]
            lines[row] += [" "] * (column - len(lines[row]))
            lines[row][column : column + len(cells)] = cells
            column += len(cells)
    return ["".join(line).rstrip() for line in lines]
