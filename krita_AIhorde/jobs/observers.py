"""A list of those who want to be told. Plain Python: jobs know no Qt signals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Observers:
    """``subscribe`` returns the way out; ``notify`` tells everybody who was there when it began."""

    def __init__(self) -> None:
        self._callbacks: list[Callable[..., Any]] = []

    def subscribe(self, callback: Callable[..., Any]) -> Callable[[], None]:
        self._callbacks.append(callback)

        def unsubscribe() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return unsubscribe

    def notify(self, *arguments: Any) -> None:
        for callback in list(self._callbacks):
            callback(*arguments)
