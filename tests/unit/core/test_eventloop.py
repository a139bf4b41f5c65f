"""The hosted loop on a plain QApplication, each case in a process of its own; tests/krita has Krita."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
START = """
import asyncio, contextvars, os, sys, threading, time
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


def test_a_qt_loop_nested_in_a_slot_loses_no_task_either() -> None:
    play("""
        beats, inside = [], []
        async def heart():
            while True:
                beats.append(asyncio.current_task() is beating)
                await asyncio.sleep(0.01)
        async def waits(for_what): return await for_what
        beating = host.spawn(heart(), "heart")
        future = host.loop.create_future()
        waiting = host.spawn(waits(future), "waits")
        def slot():
            before = len(beats)
            host.loop.call_soon(future.set_result, "while the dialog is open")
            turn(0.3)
            inside.append((len(beats) - before, waiting.done(), asyncio._get_running_loop()))
        QtCore.QTimer.singleShot(50, slot)
        turn(0.6)
        (seen, done, running), = inside
        assert seen > 5 and done and running is None and all(beats)
        assert waiting.result() == "while the dialog is open" and not told
        host.shutdown()
    """)


def test_nested_steps_keep_their_own_task_and_context() -> None:
    play("""
        who = contextvars.ContextVar("who", default="nobody")
        seen = []
        async def nests(name, seconds):
            who.set(name)
            await asyncio.sleep(0)
            turn(seconds)
            seen.append((name, who.get(), asyncio.current_task().get_name()))
        host.spawn(nests("outer", 0.4), "outer")
        host.spawn(nests("middle", 0.2), "middle")
        host.spawn(nests("inner", 0.0), "inner")
        turn(0.8)
        assert seen == [(name, name, name) for name in ("inner", "middle", "outer")], seen
        assert who.get() == "nobody" and not told
        host.shutdown()
    """)


def test_a_neighbour_that_pumps_a_loop_of_its_own_is_not_disturbed() -> None:
    play("""
        theirs, beats, ours, errors = asyncio.new_event_loop(), [], [], []
        async def heart(told_to, seconds):
            while True:
                told_to.append(1)
                await asyncio.sleep(seconds)
        neighbour = theirs.create_task(heart(beats, 0))
        def pump():
            try:
                theirs.call_soon(theirs.stop)
                theirs.run_forever()
            except RuntimeError as error:
                errors.append(error)
        timer = QtCore.QTimer()
        timer.timeout.connect(pump)
        timer.start(10)
        beating = host.spawn(heart(ours, 0.01), "heart")
        QtCore.QTimer.singleShot(100, lambda: turn(0.2))
        turn(0.6)
        assert len(beats) > 20 and len(ours) > 20 and not errors and not told
        timer.stop()
        neighbour.cancel()
        theirs.run_until_complete(asyncio.gather(neighbour, return_exceptions=True))
        theirs.close()
        host.shutdown()
    """)


def test_calls_come_in_order_and_never_early() -> None:
    play("""
        order, late = [], []
        for number in range(50): host.loop.call_soon(order.append, number)
        for delay in (0.31, 0.3, 0.305, 0.001, 0.15):
            due = time.monotonic() + delay
            host.loop.call_later(delay, lambda *what: late.append((*what, time.monotonic())), delay, due)
        at = host.loop.time() + 0.2
        host.loop.call_at(at, lambda: late.append((0.2, at, host.loop.time())))
        turn(0.6)
        assert order == list(range(50))
        assert [delay for delay, _, _ in late] == [0.001, 0.15, 0.2, 0.3, 0.305, 0.31]
        assert all(due <= came for _, due, came in late), late
        host.shutdown()
    """)


def test_other_threads_reach_the_loop_and_the_loop_reaches_them() -> None:
    play("""
        main, seen = threading.get_ident(), []
        who = contextvars.ContextVar("who", default="nobody")
        def work(): return threading.get_ident() != main, who.get()
        async def ask():
            who.set("somebody")
            seen.append(await asyncio.to_thread(work))
        host.spawn(ask(), "ask")
        def call(): host.loop.call_soon_threadsafe(lambda: seen.append(threading.get_ident() == main))
        other = threading.Thread(target=call)
        other.start()
        other.join()
        turn(0.2)
        assert sorted(seen, key=str) == [(True, "somebody"), True], seen
        answer = []
        def submit():
            answer.append(asyncio.run_coroutine_threadsafe(asyncio.sleep(0, "back"), host.loop).result(5))
        other = threading.Thread(target=submit)
        other.start()
        turn(0.2)
        other.join()
        assert answer == ["back"]
        host.shutdown()
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
        assert 0 < kept.when() - host.loop.time() <= 0.05, "as of asyncio's own handles"
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
        sys.stdout.flush(); os._exit(0)  # the stubborn task is still there, and would say so
    """)


def test_nothing_is_left_once_the_host_quits() -> None:
    """Leaving as Krita does, from aboutToQuit: with busy workers and a task that cleans up after itself."""
    play("""
        import gc
        release, cleaned = threading.Event(), []
        async def busy(): await asyncio.to_thread(release.wait, 30)
        async def tidy():
            try:
                await asyncio.sleep(30)
            finally:
                await asyncio.sleep(0.05)
                cleaned.append(1)
        tasks = [host.spawn(busy(), "busy"), host.spawn(tidy(), "tidy")]
        app.aboutToQuit.connect(host.shutdown)
        QtCore.QTimer.singleShot(100, app.quit)
        app.exec_()
        assert cleaned and all(task.cancelled() for task in tasks) and host.loop.is_closed() and not told
        host.shutdown()  # a second time does nothing
        release.set()
        for thread in threading.enumerate():
            if thread is not threading.current_thread(): thread.join(5)
        assert threading.active_count() == 1
        del tasks, host
        gc.collect()
    """)


def test_a_callback_that_has_run_is_cancelled_without_harm_to_another() -> None:
    """Qt 5 gives a timer's number away again at once, Qt 6 after 128 others."""
    play("""
        ran = []
        first = host.loop.call_soon(ran.append, "first")
        number = first.timer_id
        turn(0.02)
        for _ in range(300):
            others = [host.loop.call_later(0.05, ran.append, "other") for _ in range(20)]
            same = next((other for other in others if other.timer_id == number), None)
            for other in others:
                if other is not same:
                    other.cancel()
            if same is not None:
                break
        assert same is not None, "Qt has not given the number away again"
        first.cancel()
        turn(0.2)
        assert ran == ["first", "other"], ran
        host.shutdown()
    """)
