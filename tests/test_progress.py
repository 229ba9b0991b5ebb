"""Bars are for people who wait: none in reports, none for short work, none left behind."""

import io
import sys

import pytest

from yuyao_lib import progress


class Screen(io.StringIO):
    """A terminal that remembers what was written."""

    def isatty(self) -> bool:
        return True


class Shell:
    """What IPython's kernel shell has."""

    kernel = object()


@pytest.fixture
def kernel(monkeypatch):
    import IPython

    monkeypatch.setattr(IPython, "get_ipython", Shell)


def test_items_come_through_untouched() -> None:
    assert list(progress.watched(iter("abc"), what="letters")) == ["a", "b", "c"]


def test_a_person_at_a_terminal_sees_a_bar_that_goes_away(monkeypatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress, "SECONDS_BEFORE_BAR", 0)
    assert sum(progress.watched(range(5), what="draws")) == 10
    assert "draws" in screen.getvalue()
    assert screen.getvalue().split("\r")[-1].strip() == ""  # wiped at the end


def test_short_work_shows_nothing(monkeypatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    list(progress.watched(range(5), what="draws"))
    assert screen.getvalue() == ""


def test_a_kernel_of_a_report_has_nobody_looking(kernel, monkeypatch) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert not progress.somebody_looks()


def test_a_kernel_of_jupyterlab_has(kernel, monkeypatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "welcome.ipynb")
    assert progress.somebody_looks()


def test_a_log_file_gets_no_bar(monkeypatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert not progress.somebody_looks()
