"""Who occupies Krita's main thread, and for how long at a time.

A *turn* is one turn of Qt's event loop: what happens between two looks at the artist's input. The meter
adds up, for each turn, the time in the plugin's Python, and apart from it the time inside of Krita's own
calls that the plugin makes there. Python is entered in three ways, all of them wrapped here: callbacks of the
asyncio loop, the timers from which Krita is called, and what Krita and Qt tell the docker.

Beside the time on the clock stands the processor time of the main thread, and how long it was ready to run
but had no processor (other programs, and Krita's and our own threads).
"""

from __future__ import annotations

import contextlib
import functools
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import krita

OURS = "ours"
# What is made of Krita in the room ``canvas`` while pictures land.
KRITA = {
    "Node": (
        "addChildNode", "setPixelData", "setColorSpace", "setName", "childNodes", "uniqueId", "duplicate",
    ),
    "Document": (
        "createNode", "createGroupLayer", "activeNode", "setActiveNode", "tryBarrierLock", "unlock",
        "refreshProjection", "close", "annotation",
    ),
    "Krita": ("documents", "openDocument", "activeDocument"),
}  # fmt: skip


@dataclass
class Turn:
    """Seconds. ``calls`` of Krita by name; what is ``ours`` is without them."""

    at: float
    ours: float = 0.0
    calls: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    processor: float = 0.0  # of all that the meter saw
    waited: float = 0.0  # ready to run, without a processor
    labels: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    @property
    def without_inserting(self) -> float:
        """All but Krita's addChildNode, and the refresh that it needs in a document of one layer.

        To add a mask to a layer that is in no document yet ("addChildNode") takes Krita 5.1.5 1 to 110 ms,
        without the plugin, too (the scenario ``inserting``).
        """
        own = ("insert", "addChildNode", "refreshProjection")
        return self.ours + sum(seconds for name, seconds in self.calls.items() if name not in own)


class Meter:
    """Wraps Krita's classes when it is made, and ``watch_plugin`` the plugin's. Main thread only."""

    def __init__(self, dispatcher: Any) -> None:
        self.turns: list[Turn] = []
        self.running = False
        # Of turns that take a millisecond: when, processor time, and whether the plugin ran in it.
        self.loops: list[tuple[float, float, bool]] = []
        self._loop_began = (0.0, 0.0)
        self._turn: Turn | None = None
        self._stack: list[str] = []
        self._since = 0.0
        self._processor = self._waited = 0.0
        self._schedstat = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        for kind, names in KRITA.items():
            for name in names:
                self._wrap_call(getattr(krita, kind), name)
        dispatcher.aboutToBlock.connect(self._turned)

    # Turns

    def _turned(self) -> None:
        """The loop looks at the input: also one that is nested in a call of Krita's."""
        processor = time.thread_time()
        if self.running and processor - self._loop_began[1] > 0.001:
            self.loops.append((*self._since_loop(processor), self._turn is not None))
        self._loop_began = (time.monotonic(), processor)
        if self._turn is None:
            return
        self._account()
        if self._stack:
            self._leave_processor()
        self.turns.append(self._turn)
        self._turn = None
        if self._stack:
            self._begin()

    def _since_loop(self, processor: float) -> tuple[float, float]:
        at, before = self._loop_began
        return at, processor - before

    def _begin(self) -> None:
        self._turn = Turn(time.monotonic())
        self._enter_processor()

    def _enter_processor(self) -> None:
        self._processor, self._waited = time.thread_time(), self._run_delay()

    def _leave_processor(self) -> None:
        assert self._turn is not None
        self._turn.processor += time.thread_time() - self._processor
        self._turn.waited += self._run_delay() - self._waited

    def _run_delay(self) -> float:
        return int(os.pread(self._schedstat, 80, 0).split()[1]) / 1e9

    # Slices

    def _account(self) -> None:
        """The time since the last change belongs to whoever is on top."""
        now = time.perf_counter()
        if self._stack and self._turn is not None:
            if self._stack[-1] == OURS:
                self._turn.ours += now - self._since
            else:
                self._turn.calls[self._stack[-1]] += now - self._since
        self._since = now

    @contextlib.contextmanager
    def slice(self, kind: str, label: Callable[[], str] | None = None) -> Iterator[None]:
        if not self.running:
            yield
            return
        if self._turn is None:
            self._begin()
        elif not self._stack:
            self._enter_processor()
        self._account()
        self._stack.append(kind)
        began = self._since
        try:
            yield
        finally:
            self._account()
            self._stack.pop()
            if self._turn is not None:
                if label is not None and self._since - began > 0.001:
                    self._turn.labels[label()] += self._since - began
                if not self._stack:
                    self._leave_processor()

    def _wrap_call(self, kind: Any, name: str) -> None:
        original = getattr(kind, name)

        def call(it: Any, *arguments: Any) -> Any:
            if not self._stack:  # not the plugin's doing
                return original(it, *arguments)
            label = name
            if name == "addChildNode" and it.parentNode() is not None:
                label = "insert"  # into the document; anything else is still detached
            elif name == "addChildNode" and it.name() == "root":
                label = "insert"
            with self.slice(label):
                return original(it, *arguments)

        setattr(kind, name, functools.wraps(original)(call))

    # The plugin

    def watch_plugin(self) -> None:
        from krita_AIhorde import app, eventloop, log
        from krita_AIhorde.canvas import calls
        from krita_AIhorde.jobs import studio
        from krita_AIhorde.ui import guards, jobrow, labels, rows

        self._wrap_handles(eventloop._Handle)
        original = calls.Calls._when_free

        def when_free(it: Any, function: Callable[[], None], milliseconds: int) -> None:
            def timed() -> None:
                with self.slice(OURS, lambda: f"call {_cell_names(function)}"):
                    function()

            original(it, timed, milliseconds)

        calls.Calls._when_free = when_free
        for handler in (log._PrivateFileHandler, log._ViewerHandler):
            self._wrap_log(handler)
        for kind, name in (
            (app.App, "document_shown"),
            (studio.Studio, "look"),
            (guards.Guard, "_watch_all"),
            (guards.Guard, "_focus_changed"),
            (jobrow.JobRow, "tick"),
            (rows.Rows, "_furnish"),
            (rows.Rows, "_arrange"),
            (labels.ElidedLabel, "paintEvent"),
        ):
            self.watch(kind, name)

    def _wrap_log(self, kind: Any) -> None:
        original = kind.emit

        def emit(handler: Any, record: Any) -> None:
            if threading.current_thread() is not threading.main_thread() or not self._stack:
                original(handler, record)
                return
            with self.slice(f"log {kind.__name__}"):
                original(handler, record)

        kind.emit = emit

    def watch(self, kind: Any, name: str) -> None:
        original = getattr(kind, name)

        def timed(it: Any, *arguments: Any) -> Any:
            with self.slice(OURS, lambda: name):
                return original(it, *arguments)

        setattr(kind, name, timed)

    def _wrap_handles(self, kind: Any) -> None:
        original = kind._run

        def run(handle: Any) -> None:
            callback = handle._callback
            with self.slice(OURS, lambda: _name_of(callback)):
                original(handle)

        kind._run = run


def _name_of(callback: Any) -> str:
    task = getattr(callback, "__self__", None)
    if hasattr(task, "get_coro"):
        return f"task {task.get_name().split(' ')[0]} {task.get_coro().__qualname__}"
    return getattr(callback, "__qualname__", type(callback).__name__)


def _cell_names(function: Any) -> str:
    """What a call scheduled by ``Calls`` is about: the functions that its closures hold."""
    found, names = [function], []
    while found:
        one = found.pop()
        if isinstance(one, functools.partial):
            one = one.func
        names.append(getattr(one, "__qualname__", ""))
        for cell in getattr(one, "__closure__", None) or ():
            if callable(cell.cell_contents) and len(names) < 12:
                found.append(cell.cell_contents)
    return " < ".join(name for name in reversed(names) if name and "_when_free" not in name)


class Heart:
    """A timer that beats; a late beat is a stall of the loop, whoever caused it. ``late`` in seconds."""

    def __init__(self, core: Any, milliseconds: int) -> None:
        self._every = milliseconds / 1000
        self.late: list[float] = []
        self._last = 0.0
        self._timer = core.QTimer()
        self._timer.setTimerType(core.Qt.TimerType.PreciseTimer)
        self._timer.setInterval(milliseconds)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, now - self._last - self._every))
        self._last = now
