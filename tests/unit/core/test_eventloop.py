"""The hosted loop on a plain QApplication, each case in a process of its own; tests/krita has Krita."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
START = """
import asyncio, sys, threading, time
from PyQt5 import QtCore, QtWidgets
from krita_AIhorde.eventloop import Host, WORKERS
app = QtWidgets.QApplication([])
told = []
host = Host(app, lambda what, error: told.append((what, repr(error))))
def turn(seconds):
    inner = QtCore.QEventLoop()
    QtCore.QTimer.singleShot(int(seconds * 1000), inner.quit)
    inner.exec_()
"""


def play(body: str) -> None:
    """Run ``body`` after START; every warning in it is an error."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", START + textwrap.dedent(body)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for fault in ("Traceback", "Warning", "Exception ignored"):  # Qt has words of its own to say there
        assert fault not in done.stderr, done.stderr


def test_asyncio_knows_of_us_only_inside_of_our_callbacks() -> None:
    play("""
        seen = []
        async def inside(): seen.append(asyncio.get_running_loop() is host.loop)
        host.spawn(inside(), "inside")
        turn(0.1)
        assert seen == [True] and asyncio._get_running_loop() is None
        assert asyncio.run(asyncio.sleep(0, "a loop of another's own"))
        host.shutdown()
    """)


def test_a_qt_loop_nested_in_one_task_loses_no_other() -> None:
    play("""
        beats = []
        async def heart():
            while True:
                beats.append(1)
                await asyncio.sleep(0.01)
        async def nests():
            before = len(beats)
            turn(0.3)
            return len(beats) - before
        beating = host.spawn(heart(), "heart")
        nesting = host.spawn(nests(), "nests")
        turn(0.6)
        assert nesting.result() > 5
        before = len(beats)
        turn(0.2)
        assert len(beats) > before and not beating.done() and not told
        host.shutdown()
        assert beating.cancelled()
    """)


def test_stop_never_quits_the_host() -> None:
    play("""
        quits = []
        app.aboutToQuit.connect(lambda: quits.append(1))
        QtCore.QTimer.singleShot(50, lambda: host.loop.stop())
        QtCore.QTimer.singleShot(200, lambda: app.exit(7))
        assert app.exec_() == 7
        host.shutdown()
    """)


def test_a_cancelled_call_leaves_no_timer() -> None:
    play("""
        called = []
        kept = host.loop.call_later(0.05, called.append, "kept")
        dropped = host.loop.call_later(0.05, called.append, "dropped")
        dropped.cancel()
        assert len(host.loop._timer._handles) == 1
        turn(0.2)
        assert called == ["kept"] and not host.loop._timer._handles
        host.shutdown()
    """)


def test_what_nobody_awaits_is_told() -> None:
    play("""
        async def fails(): raise ValueError("in a task")
        def fails_too(): raise ValueError("in a callback")
        host.spawn(fails(), "a task")
        host.loop.call_soon(fails_too)
        turn(0.2)
        errors = sorted(error for _, error in told)
        assert errors == ["ValueError('in a callback')", "ValueError('in a task')"]
        host.shutdown()
    """)


def test_leaving_takes_less_than_a_second_with_busy_workers_and_stubborn_tasks() -> None:
    play("""
        release = threading.Event()
        async def busy(): await host.loop.run_in_executor(None, release.wait, 30)
        async def stubborn():
            while True:
                try:
                    await asyncio.sleep(30)
                except asyncio.CancelledError:
                    pass
        for number in range(WORKERS + 3): host.spawn(busy(), "busy")
        task = host.spawn(stubborn(), "stubborn")
        turn(0.2)
        began = time.monotonic()
        host.shutdown()
        assert time.monotonic() - began < 1.0
        release.set()
        import os; os._exit(0)  # the stubborn task is still there, and would say so
    """)
