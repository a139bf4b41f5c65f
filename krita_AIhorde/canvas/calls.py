"""Our calls into Krita, one after the other, and none from inside a coroutine."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator
from typing import ParamSpec, TypeVar

from krita_AIhorde.jobs.landing import Busy
from krita_AIhorde.qt import QtCore

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)
AGAIN_MS = 10  # between two looks whether the call that is under way has ended


class Calls:
    """Keeps a timer, a task or a click that Krita lets in during one of our calls from beginning another.

    Krita serves Qt's events inside of createDocument, openDocument, scaleImage and saveAs; from 5.3 on inside
    of addChildNode, refreshProjection, waitForDone, activeNode, setActiveNode and QAction.trigger, too. A
    landing could thus begin between the two halves of a capture, or change the active layer that it is about
    to read.
    """

    def __init__(self) -> None:
        self._under_way = False

    @contextlib.contextmanager
    def at_once(self) -> Iterator[None]:
        """For a click, which cannot wait. Raises Busy while another call is under way."""
        if self._under_way:
            raise Busy
        self._under_way = True
        try:
            yield
        finally:
            self._under_way = False

    def when_free(self, function: Callable[[], None]) -> None:
        """``function()`` from a plain Qt timer, a moment from now, once no call is under way."""
        self._when_free(function, AGAIN_MS)

    def soon(self, function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """``function(…)`` from a plain Qt timer, once no other call is under way; an exception is logged."""

        def call() -> None:
            try:
                function(*args, **kwargs)
            except Exception:  # nobody waits for it
                log.exception("a call into Krita failed")

        self._schedule(call)

    async def outside(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``function(…)``, called from a plain Qt timer, where no asyncio loop counts as running.

        Another plugin that pumps a loop of its own from an event that Krita lets in would fail if ours
        counted as running just then.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def call() -> None:
            if done.cancelled():
                return
            try:
                result = function(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - whatever it is, the coroutine that waits deals with it
                if not done.done():
                    done.set_exception(error)
            else:
                if not done.done():
                    done.set_result(result)

        self._schedule(call)
        return await done

    def _schedule(self, call: Callable[[], None]) -> None:
        def run() -> None:
            with self.at_once():
                call()

        self._when_free(run, 0)

    def _when_free(self, function: Callable[[], None], milliseconds: int) -> None:
        def run() -> None:
            if self._under_way:
                self._when_free(function, AGAIN_MS)
            else:
                function()

        QtCore.QTimer.singleShot(milliseconds, run)
