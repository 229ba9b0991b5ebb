"""``yuyao doctor``: what is wrong with this installation."""

from __future__ import annotations

import sys

import click

from yuyao_lib.cli.plain import echo

__all__ = ["command"]


@click.command("doctor", short_help="Say what is wrong with this installation.")
def command() -> None:
    """Look at byte code, fonts, forking, cores, memory, disk, versions and the kernel."""
    from yuyao_lib.reports.health import examine

    bad = 0
    for seen in examine():
        bad += not seen.good
        echo(f"{'ok ' if seen.good else 'BAD'}  {seen.what}: {seen.said}")
    sys.exit(1 if bad else 0)
