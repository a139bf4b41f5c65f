"""Another plugin pumps its own asyncio loop, dialogs open and close, and our jobs go on."""

from __future__ import annotations

import asyncio
import gc
import time
import traceback

from aihorde_driver.artist import Artist
from aihorde_driver.qt import QtCore, QtWidgets

from krita_AIhorde.app import App
from krita_AIhorde.eventloop import Host

BEATS = 8
PATIENCE = 10.0  # seconds


class Decoy:
    """A neighbour: pumps a loop of its own from a timer, as another well-known plugin does."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.ticks = 0
        self.errors = []
        self.task = self.loop.create_task(self.heart())
        self.timer = QtCore.QTimer()
        self.timer.timeout.connect(self.pump)
        self.timer.start(20)

    async def heart(self):
        while True:
            self.ticks += 1
            await asyncio.sleep(0.02)

    def pump(self):
        try:
            self.loop.call_soon(self.loop.stop)
            self.loop.run_forever()
        except RuntimeError as error:
            # With the way to here: it tells which step of ours let the neighbour's event in.
            self.errors.append(f"{error}\n{''.join(traceback.format_stack())}")

    def close(self):
        self.timer.stop()
        self.task.cancel()
        self.loop.run_until_complete(asyncio.gather(self.task, return_exceptions=True))
        self.loop.close()


def scenario(h):
    artist = Artist(h)
    decoy = Decoy()
    document = artist.new_document("guest", 600, 400)
    yield 1.0
    artist.select(document, 50, 50, 200, 200)
    job = artist.send("[practice delay=3] beside another loop", "generateButton")
    yield 0.5
    assert asyncio._get_running_loop() is None, "asyncio's running loop is left set outside of our callbacks"
    asyncio.run(asyncio.sleep(0))  # what any script in Krita's console may do

    # Nested Qt loops while the job is under way, opened from a slot.
    for kind in (message_box, menu, file_picker):
        ticks = decoy.ticks
        kind(h.window, lambda ticks=ticks: decoy.ticks >= ticks + BEATS)
        h.data[kind.__name__] = {"neighbour's beats": decoy.ticks - ticks, "state": artist.state(job)}
    yield artist.until(job, "done")

    # The same from inside one of our own coroutines, while others of ours run.
    errors = []
    host = Host(QtWidgets.QApplication.instance(), lambda what, error: errors.append(repr(error)))
    beats = []

    async def heartbeat():
        while True:
            beats.append(1)
            await asyncio.sleep(0.02)

    async def opens_a_dialog():
        message_box(h.window, lambda: len(beats) >= 2 * BEATS)
        return len(beats)

    h.data["neighbour's errors"] = list(decoy.errors)
    heart = host.spawn(heartbeat(), "heartbeat")
    dialog = host.spawn(opens_a_dialog(), "dialog")
    yield h.wait(dialog.done, 10, "the dialog's task to end")
    during = dialog.result()
    # In a dialog from inside one of our steps we count as running: so none of ours is opened there.
    decoy.errors.clear()
    yield 0.5
    h.data["own beats in a dialog of ours"] = during
    h.data["own beats afterwards"] = len(beats) - during
    assert not heart.done()
    assert not errors, errors

    # An exception that nobody awaits is told.
    async def fails():
        raise ValueError("told to the log and the message line")

    plugin = next(thing for thing in gc.get_objects() if isinstance(thing, App))
    plugin._host.spawn(fails(), "a task of the plugin")
    host.spawn(fails(), "fails")
    yield h.wait(lambda: errors, 5, "the exception to be told")
    h.data["told"] = errors
    h.data["message"] = artist.message()
    host.loop.stop()  # must not quit Krita
    host.shutdown()
    assert heart.cancelled()
    yield 0.3
    h.data["neighbour's errors"] += decoy.errors
    h.data["neighbour's ticks"] = decoy.ticks
    decoy.close()


def close_when(dialog, enough, close):
    """However slow the machine is: after so many beats, or when there is no hope of them any more.

    The timer is the dialog's child: one that only its own slot refers to is garbage, and once in a while
    Python collects it before it has closed anything.
    """
    timer, end = QtCore.QTimer(dialog), time.monotonic() + PATIENCE

    def look():
        if enough() or time.monotonic() > end:
            timer.stop()
            close()

    timer.timeout.connect(look)
    timer.start(20)


def message_box(parent, enough):
    box = QtWidgets.QMessageBox(parent)
    close_when(box, enough, box.accept)
    box.exec()


def menu(parent, enough):
    popup = QtWidgets.QMenu(parent)
    popup.addAction("nothing")
    close_when(popup, enough, popup.close)
    popup.exec(parent.mapToGlobal(QtCore.QPoint(200, 200)))


def file_picker(parent, enough):
    picker = QtWidgets.QFileDialog(parent)
    picker.setOption(QtWidgets.QFileDialog.Option.DontUseNativeDialog)
    close_when(picker, enough, picker.reject)
    picker.exec()
