"""Our calls into Krita never begin inside of one another, whatever events Krita lets in."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from krita_AIhorde.canvas.calls import Calls
from krita_AIhorde.eventloop import Host
from krita_AIhorde.jobs.landing import Busy
from krita_AIhorde.qt import QtCore, QtWidgets


@pytest.fixture(scope="session")
def application() -> QtWidgets.QApplication:
    return QtWidgets.QApplication.instance() or QtWidgets.QApplication(["krita"])


@pytest.fixture
def host(application: QtWidgets.QApplication) -> Iterator[Host]:
    made = Host(application, lambda what, error: None)
    yield made
    made.shutdown()


def turn(milliseconds: int) -> None:
    """What Krita does inside of some of its calls."""
    nested = QtCore.QEventLoop()
    QtCore.QTimer.singleShot(milliseconds, nested.quit)
    nested.exec()


def test_a_landing_waits_until_a_click_is_through(host: Host) -> None:
    calls, seen = Calls(), []
    with calls.at_once():
        host.spawn(calls.outside(seen.append, "landed"), "landing")
        calls.soon(seen.append, "mask shown")
        turn(80)
        seen.append("captured")
    turn(80)
    assert seen[0] == "captured"
    assert sorted(seen[1:]) == ["landed", "mask shown"]


def test_a_click_in_the_middle_of_a_landing_is_told_to_come_again(host: Host) -> None:
    calls, told = Calls(), []

    def click() -> None:
        try:
            with calls.at_once():
                told.append("captured")
        except Busy:
            told.append("busy")

    def land() -> None:
        QtCore.QTimer.singleShot(10, click)
        turn(60)
        told.append("landed")

    host.spawn(calls.outside(land), "landing")
    turn(150)
    click()
    assert told == ["busy", "landed", "captured"]


def test_after_a_call_that_fails_others_go_on(host: Host) -> None:
    calls, seen = Calls(), []

    def fail() -> None:
        raise ValueError("by Krita")

    task = host.spawn(calls.outside(fail), "landing")
    calls.soon(fail)
    calls.soon(seen.append, "after")
    turn(60)
    assert seen == ["after"]
    assert isinstance(task.exception(), ValueError)
    with pytest.raises(ValueError, match="in the click"), calls.at_once():
        raise ValueError("in the click")
    with calls.at_once():
        pass


def test_what_waits_for_a_free_moment_comes_after_the_call_and_may_make_one_itself(host: Host) -> None:
    calls, seen = Calls(), []

    def click() -> None:
        with calls.at_once():
            seen.append("clicked")

    with calls.at_once():
        calls.when_free(click)
        turn(60)
        seen.append("landed")
    turn(60)
    assert seen == ["landed", "clicked"]
