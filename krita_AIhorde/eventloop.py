"""asyncio as a guest in Krita: qasync on the QApplication that Krita already runs.

Stock qasync (0.28) would do four things here that a guest must not:

* It leaves itself set as the thread's running loop for good, so that any other plugin that pumps a loop
  of its own fails with "Cannot run the event loop while another loop is running".
* A Qt loop nested in one of our steps (a dialog, a menu, a Krita call that processes events) would wake
  other tasks while ours is current: asyncio refuses, and their wake-up is lost, so they hang for ever.
* ``stop()`` calls ``QApplication.exit()``: it would quit Krita.
* ``close()`` waits for busy worker threads.

``HostedLoop`` mends these: asyncio knows of it only while one of its callbacks runs.

It is qasync's selector loop on every system (`loop_class`).
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import math
import time
from asyncio import events, tasks
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

# qasync takes the binding that is imported already, so ours comes first.
from krita_AIhorde.qt import QtCore, QtWidgets

import qasync  # isort: skip

T = TypeVar("T")
log = logging.getLogger(__name__)
# getaddrinfo runs in these too, and may hang for long; threads are started only when needed.
WORKERS = 6
SHUTDOWN_BUDGET = 0.8  # seconds; Krita must be able to quit within one


def loop_class() -> Any:
    """qasync's loop for us: that of Unix, on Windows too, where qasync itself would take another.

    qasync's choice for Windows, the one on completion ports, polls them from a thread of its own 100 times a
    second for as long as Krita runs, and calls back outside of any handle, where ``HostedLoop`` has no say.
    It has subprocesses and pipes, of which we use none. The selector loop sleeps until Qt reports a socket
    (QSocketNotifier: WSAAsyncSelect on Windows, which keeps no list of 512 as ``select`` does, and reports a
    refused connection as writable, which is what asyncio waits for). Each report is a ``call_soon``, so
    every callback, a reader's, a writer's and a thread's, runs in a ``_Handle``. qasync switches a notifier
    off while its callback waits and on again afterwards, by which Windows reports anew what is still ready.
    """
    return qasync.QSelectorEventLoop


class _Handle(asyncio.Handle):
    """A callback that is inside of asyncio only while it runs, even in a Qt loop nested in another one."""

    _loop: HostedLoop
    timer_id = 0
    due = 0.0

    def when(self) -> float:
        """As of asyncio's TimerHandle: when it is due, in the loop's time."""
        return self.due

    def _run(self) -> None:
        loop = self._loop
        outer_loop, outer_task = events._get_running_loop(), tasks.current_task(loop)
        if outer_task is not None:
            tasks._leave_task(loop, outer_task)
        events._set_running_loop(loop)
        try:
            super()._run()
        finally:
            events._set_running_loop(outer_loop)
            if outer_task is not None:
                tasks._enter_task(loop, outer_task)

    def cancel(self) -> None:
        super().cancel()
        self._loop.drop(self)


class _Timer(QtCore.QObject):
    """One Qt timer per scheduled callback, gone before the callback runs: nested loops never see it twice."""

    def __init__(self) -> None:
        super().__init__()
        self._handles: dict[int, _Handle] = {}

    def add_callback(self, handle: _Handle, delay: float = 0) -> _Handle:
        # Qt's default is a coarse timer, which may come 5 % early and overtake another; asyncio's never do.
        handle.timer_id = self.startTimer(max(0, math.ceil(delay * 1000)), QtCore.Qt.TimerType.PreciseTimer)
        self._handles[handle.timer_id] = handle
        return handle

    def drop(self, handle: _Handle) -> None:
        if self._handles.pop(handle.timer_id, None) is not None:
            self.killTimer(handle.timer_id)

    def timerEvent(self, event: QtCore.QTimerEvent) -> None:  # type: ignore[override]
        handle = self._handles.pop(event.timerId(), None)
        self.killTimer(event.timerId())
        if handle is not None and not handle.cancelled():
            # Qt gives the number away again: whoever cancels this handle later must not stop another's timer.
            handle.timer_id = 0
            handle._run()

    def stop(self) -> None:
        for timer_id in self._handles:
            self.killTimer(timer_id)
        self._handles.clear()

    def set_debug(self, enabled: bool) -> None:
        """asyncio's debug mode has nothing to say about our timers."""


class HostedLoop(loop_class()):  # type: ignore[misc]
    """An asyncio loop driven by the host's Qt loop; ``get_running_loop`` finds it in its callbacks only."""

    def __init__(self, app: QtWidgets.QApplication) -> None:
        outer = events._get_running_loop()
        super().__init__(app, already_running=True)
        events._set_running_loop(outer)
        self._timer = _Timer()

    def call_later(
        self,
        delay: float,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> _Handle:
        self._check_closed()
        handle = _Handle(callback, args, self, context)
        handle.due = self.time() + delay
        return self._timer.add_callback(handle, delay)

    def drop(self, handle: _Handle) -> None:
        self._timer.drop(handle)

    def stop(self) -> None:
        """Do nothing: qasync's own would quit the host."""
        log.warning("Something asked the event loop to stop; quitting is Krita's decision")

    def retire(self) -> None:
        """Close the loop without waiting for worker threads, and without a word to the host."""
        if not self.is_closed():
            self._QEventLoop__default_executor = None  # whoever made it shuts it down
            self._QEventLoop__is_running = False
            self.close()


class Host:
    """The one event loop of ours, its tasks and its worker threads.

    ``on_error(task name, exception)`` is told of every exception that nobody awaited.
    """

    def __init__(self, app: QtWidgets.QApplication, on_error: Callable[[str, BaseException], None]) -> None:
        self._app = app
        self._on_error = on_error
        self._tasks: set[asyncio.Task[Any]] = set()
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="aihorde")
        self.loop = HostedLoop(app)
        self.loop.set_default_executor(self._workers)
        self.loop.set_exception_handler(self._unhandled)
        self._closed = False

    def spawn(self, coroutine: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        """Run ``coroutine`` as a task. Works from plain Qt slots too, where no loop counts as running."""
        task = self.loop.create_task(coroutine, name=name)
        self._tasks.add(task)  # asyncio itself holds tasks only weakly
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._on_error(task.get_name(), error)

    def _unhandled(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception") or RuntimeError(str(context.get("message", "unknown fault")))
        self._on_error(str(context.get("message", "callback")), error)

    def shutdown(self) -> None:
        """Cancel all tasks and leave within ``SHUTDOWN_BUDGET`` seconds, however busy the workers are.

        Call it from ``aboutToQuit``: Krita never finalises its Python, so nothing else would.
        """
        if self._closed:
            return
        self._closed = True
        deadline = time.monotonic() + SHUTDOWN_BUDGET
        for task in list(self._tasks):
            task.cancel()
        no_input = QtCore.QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents
        while self._tasks and time.monotonic() < deadline:
            self._app.processEvents(no_input, 20)
        if self._tasks:
            log.warning("%d tasks did not end in time", len(self._tasks))
        self._workers.shutdown(wait=False, cancel_futures=True)
        self.loop.retire()
