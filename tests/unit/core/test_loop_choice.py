"""Which of qasync's loops is ours, and what its sockets' callbacks see. Windows itself was not run."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
# What Windows' Python has and others lack, as far as qasync's module for Windows needs it to be imported.
AS_ON_WINDOWS = """
import asyncio, sys, types, os
from krita_AIhorde.qt import QtCore, QtWidgets
for name in ("_overlapped", "_winapi"):
    sys.modules[name] = types.ModuleType(name)
events = types.ModuleType("asyncio.windows_events")
events.IocpProactor = type("IocpProactor", (), {})
sys.modules["asyncio.windows_events"] = asyncio.windows_events = events
asyncio.ProactorEventLoop = type("ProactorEventLoop", (asyncio.SelectorEventLoop,), {})
system, os.name = os.name, "nt"
try:
    import qasync
finally:
    os.name = system
assert qasync.QEventLoop is qasync.QIOCPEventLoop, "the stand-ins do not make qasync think of Windows"
"""
AS_IT_IS = """
import asyncio
from krita_AIhorde.qt import QtCore, QtWidgets
"""
BODY = """
import socket, threading
from asyncio import events
from krita_AIhorde.eventloop import Host
app = QtWidgets.QApplication([])
told = []
host = Host(app, lambda what, error: told.append((what, repr(error))))
kinds = {kind.__name__ for kind in type(host.loop).__mro__}
assert "QSelectorEventLoop" in kinds and not kinds & {"QIOCPEventLoop", "ProactorEventLoop"}, kinds
assert threading.active_count() == 1
assert not app.findChildren(QtCore.QThread)

def turn(seconds):
    inner = QtCore.QEventLoop()
    QtCore.QTimer.singleShot(int(seconds * 1000), inner.quit)
    getattr(inner, "exec", getattr(inner, "exec_", None))()

ours, theirs = socket.socketpair()
ours.setblocking(False)
seen = []
def look(what):
    seen.append((what, events._get_running_loop() is host.loop, asyncio.current_task(host.loop)))
def readable():
    look(ours.recv(10).decode())
def writable():
    look("writable")
    host.loop.remove_writer(ours)

async def nests():
    host.loop.add_reader(ours, readable)
    host.loop.add_writer(ours, writable)
    threading.Thread(target=host.loop.call_soon_threadsafe, args=(look, "thread")).start()
    theirs.send(b"data")
    turn(0.2)  # as a dialog or a call of Krita's does, in the midst of a task
    assert asyncio.current_task() is task
    theirs.send(b"more")
    turn(0.2)

task = host.spawn(nests(), "nests")
turn(0.8)
task.result()
assert sorted(seen) == [(what, True, None) for what in ("data", "more", "thread", "writable")], seen
assert events._get_running_loop() is None and not told, told
host.loop.remove_reader(ours)

async def refused():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    try:
        await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        return "refused"
refusal = host.spawn(refused(), "refused")
turn(0.3)
assert refusal.result() == "refused"
ours.close(); theirs.close()
host.shutdown()
"""


@pytest.mark.parametrize("system", [AS_IT_IS, AS_ON_WINDOWS], ids=["here", "qasync as on Windows"])
def test_the_selector_loop_serves_everywhere_and_its_callbacks_are_at_home_in_any_nested_loop(
    system: str,
) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(system) + BODY],
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
