"""How long Krita takes for what an artist does in the docker, and what it uses meanwhile."""

from __future__ import annotations

import gc
import os
import threading
import time
from pathlib import Path

from aihorde_driver.qt import QAction, QtCore, QtTest, QtWidgets

TIMES = 9


class Heartbeat(QtCore.QObject):
    """The longest time between two turns of the event loop, in ms, while it runs."""

    def __init__(self):
        super().__init__()
        self.worst = 0.0
        self._last = time.perf_counter()
        self._timer = QtCore.QTimer(self)
        self._timer.setTimerType(QtCore.Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(1)

    def _beat(self):
        now = time.perf_counter()
        self.worst = max(self.worst, 1000 * (now - self._last))
        self._last = now

    def stop(self):
        self._timer.stop()
        return self.worst


def rss():
    """Bytes of memory that are this process's, after a clean-up."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def cpu_per_minute(h, seconds):
    """To be run with ``yield from``: ms of processor time in a minute, the driver's own left out."""
    done, used = threading.Event(), []

    def measure():
        before = time.process_time()
        time.sleep(seconds)
        used.append(time.process_time() - before)
        done.set()

    h.rest(seconds)
    threading.Thread(target=measure, daemon=True).start()
    yield h.wait(done.is_set, seconds + 30, "the measurement")
    return 1000 * used[0] * 60 / seconds


def painted(act):
    """ms until what ``act`` brought about has been laid out and painted."""
    began = time.perf_counter()
    act()
    for _ in range(2):  # laying out asks for painting
        QtWidgets.QApplication.processEvents()
    return 1000 * (time.perf_counter() - began)


def scroll_area(artist):
    parent = artist.control("jobs")
    while not isinstance(parent, QtWidgets.QScrollArea):
        parent = parent.parentWidget()
    return parent


def typing(artist):
    prompt = artist.control("prompt")
    prompt.setFocus()
    yield 0.2
    taken = []
    for _ in range(TIMES):
        taken.append(painted(lambda: QtTest.QTest.keyClick(prompt, "a")))
        yield 0.03
    yield 0.5
    return taken


def resizing(artist):
    width = artist.docker.width()
    taken = []
    for step in range(TIMES):
        wanted = width + 20 * (step % 3 + 1)
        taken.append(
            painted(
                lambda wanted=wanted: artist.h.window.resizeDocks(
                    [artist.docker], [wanted], QtCore.Qt.Orientation.Horizontal
                )
            )
        )
        yield 0.03
    artist.h.window.resizeDocks([artist.docker], [width], QtCore.Qt.Orientation.Horizontal)
    yield 0.2
    return taken


def scrolling(artist):
    """A page after the other, and to the end and back."""
    bar = scroll_area(artist).verticalScrollBar()
    taken = []
    for step in range(TIMES):
        taken.append(painted(lambda step=step: bar.setValue((step + 1) * bar.pageStep())))
        yield 0.03
    for value in (bar.maximum(), bar.minimum()) * 2:
        taken.append(painted(lambda value=value: bar.setValue(value)))
        yield 0.03
    return taken


def theming(h):
    actions = h.window.findChildren(QAction)
    taken = []
    for name in ("Krita bright", "Krita dark") * 2:
        action = next(action for action in actions if action.text().replace("&", "") == name)
        taken.append(painted(action.trigger))
        yield 0.5
    return taken


def everything(artist, *, themes=True):
    """Lists of ms: all of the above but the processor's time."""
    figures = {"typing": (yield from typing(artist))}
    figures["resizing"] = yield from resizing(artist)
    figures["scrolling"] = yield from scrolling(artist)
    if themes:
        figures["theme"] = yield from theming(artist.h)
    return figures
