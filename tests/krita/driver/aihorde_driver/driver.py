"""Plays the scenario step by step from a timer, so that Krita runs between the steps."""

from __future__ import annotations

import faulthandler
import json
import os
import runpy
import sys
import time
import traceback
from collections.abc import Generator
from pathlib import Path
from typing import Any

from krita import Krita

from .helper import Helper, Left, Wait, screenshot
from .qt import QtCore

TICK_MS = 20
PATIENCE = 10.0  # seconds for a predicate that is yielded without a limit


class Driver(QtCore.QObject):
    """From the first window to the last verdict."""

    def __init__(self) -> None:
        super().__init__()
        self._verdict = Path(os.environ["AIHORDE_VERDICT"])
        self._errors: list[str] = []
        # Krita's own hook opens a dialog, and stops everything; here it becomes part of the verdict.
        sys.excepthook = lambda kind, error, trace: self._errors.append(
            "".join(traceback.format_exception(kind, error, trace))
        )
        self._helper: Helper | None = None
        self._steps: Generator[Any, Any, None] | None = None
        self._wait = Wait(_is_up, 240.0, "Krita's window")
        self._busy = False
        self._timer = QtCore.QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)

    def _tick(self) -> None:
        if self._busy or _inside_the_plugin():  # some of Krita's calls turn the event loop themselves
            return
        self._busy = True
        try:
            self._step()
        except (StopIteration, Left):
            self._finish()
        except Exception:  # noqa: BLE001 (the task boundary: whatever it is, the verdict tells)
            self._errors.append(traceback.format_exc())
            self._finish()
        finally:
            self._busy = False

    def _step(self) -> None:
        answer = self._wait.predicate()
        if answer:
            self._go_on(answer)
        elif time.monotonic() > self._wait.deadline:
            error = TimeoutError(f"waited {self._wait.seconds:g} s in vain for {self._wait.what}")
            if self._steps is None:
                raise error
            # Thrown in at the yield, so that the traceback shows the scenario's own line.
            self._wait = _as_wait(self._steps.throw(error))

    def _go_on(self, answer: Any) -> None:
        if self._steps is None:
            self._steps = self._begin()
            answer = None
        self._wait = _as_wait(self._steps.send(answer))

    def _begin(self) -> Generator[Any, Any, None]:
        self._helper = Helper(rest=self._rest)
        self._helper.use_whole_screen()
        path = os.environ.get("AIHORDE_SCENARIO")
        if self._errors or not path:  # a plugin that failed at the start has failed the scenario
            raise Left
        sys.path.append(str(Path(path).parent))
        if not os.environ.get("AIHORDE_EARLY"):  # else it wants to see the plugin start
            # Before it is read: it may import what the plugin is just loading.
            yield self._helper.wait(self._helper.has_started, 60, "the plugin to start")
        yield from runpy.run_path(path)["scenario"](self._helper)

    def _rest(self, seconds: float) -> None:
        """Let Krita alone for so long: no tick of ours wakes it."""
        self._timer.stop()
        QtCore.QTimer.singleShot(round(seconds * 1000), lambda: self._timer.start(TICK_MS))

    def _finish(self) -> None:
        self._timer.stop()
        if self._errors:
            screenshot(self._verdict.with_suffix(".png"))
        self._write()
        if os.environ.get("AIHORDE_STAY"):
            return
        if self._helper is None:
            os._exit(1)  # no window ever came: there is no action to leave by
        self._helper.leave()

    def _write(self) -> None:
        verdict = {
            "ok": not self._errors,
            "error": "\n".join(self._errors),
            "data": self._helper.data if self._helper is not None else {},
            "written": time.time(),
        }
        fresh = self._verdict.with_suffix(".part")
        fresh.write_text(json.dumps(verdict, default=repr), encoding="utf-8")
        fresh.replace(self._verdict)


def _is_up() -> bool:
    # Krita turns the event loop while it starts, too; to leave then closes the window, and the process stays.
    running = QtCore.QThread.currentThread().loopLevel() > 0
    window = Krita.instance().activeWindow()
    return running and window is not None and window.qwindow().isVisible()


def _inside_the_plugin() -> bool:
    """Whether Krita serves this timer in the middle of a call that the plugin makes.

    A click at such a moment works a moment later; a scenario wants to see at once what came of its own.
    """
    frame = sys._getframe()
    while frame is not None:
        if f"krita_AIhorde{os.sep}canvas" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False


def _as_wait(step: Any) -> Wait:
    if isinstance(step, Wait):
        return step
    if callable(step):
        return Wait(step, PATIENCE, step.__doc__ or getattr(step, "__qualname__", repr(step)))
    end = time.monotonic() + step
    return Wait(lambda: time.monotonic() >= end, step + 60.0, f"{step} s to pass")


def start() -> Driver:
    faulthandler.enable()  # where Krita crashes, its log tells what of ours called it
    return Driver()
