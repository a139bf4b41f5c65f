"""Krita's calls from a coroutine, made outside of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from krita_AIhorde.qt import QtCore

P = ParamSpec("P")
T = TypeVar("T")


async def outside(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """``function(…)``, called from a plain Qt timer, where no asyncio loop counts as running.

    Many of Krita's calls (openDocument; from 5.3 on addChildNode too) let other events in. Another plugin
    that pumps a loop of its own from such an event fails if ours counts as running just then.
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

    QtCore.QTimer.singleShot(0, call)
    return await done
