"""How long the plugin keeps Krita's main thread: 30 jobs at the Horde, 20 waiting here, 20 landing."""

from __future__ import annotations

import os
import time

from aihorde_driver.artist import Artist
from aihorde_driver.qt import QtCore
from meter import Heart, Meter

SIDE = 1024
CANVAS = int(os.environ.get("AIHORDE_BENCH_CANVAS", "2048"))
JOBS, LANDING = 50, 20
SUBMIT_EVERY = 1.0  # seconds; the Horde takes 30 of them in that pace
TOGETHER = 34.0  # seconds after the first click: when pictures begin to be made


def scenario(h):
    artist = Artist(h)
    meter = Meter(QtCore.QAbstractEventDispatcher.instance())
    meter.watch_plugin()
    heart = Heart(QtCore, 2)
    seen = unseen(meter) if os.environ.get("AIHORDE_BENCH_UNSEEN") else {}
    artist.control("maxSize").setValue(SIDE)
    artist.control("minSize").setValue(SIDE)
    document = artist.new_document("stalls", CANVAS, CANVAS)
    yield 2.0
    began = time.monotonic()
    for number in range(JOBS):
        yield from click(artist, document, number)
    clicked = time.monotonic()
    meter.running = True
    heart.start()
    yield h.wait(lambda: time.monotonic() > began + TOGETHER - 0.5, 60, "30 jobs at the Horde")
    states = [row.property("state") for row in artist.rows()]
    h.data["at the horde"] = sum(state in ("queued", "generating") for state in states)
    h.data["waiting"] = states.count("waiting")
    changing = len(meter.turns), len(meter.loops), len(heart.late)
    landed = 0
    while landed < LANDING:
        assert time.monotonic() < began + 120, f"{landed} of {LANDING} landed"
        yield 0.5
        landed = sum(node.type() == "paintlayer" for node in document.rootNode().childNodes()) - 1
    yield 1.5
    meter.running = False
    heart.stop()
    h.data["unseen"] = seen
    h.data["seconds"] = time.monotonic() - clicked
    h.data["landed"] = landed
    for name, part in (("changing", slice(0, changing[0])), ("landing", slice(changing[0], None))):
        h.data[name] = summary(meter.turns[part])
    h.data["late while changing"] = [round(1000 * one, 2) for one in heart.late[: changing[2]]]
    h.data["late while landing"] = [round(1000 * one, 2) for one in heart.late[changing[2] :]]
    h.data["loops while changing"] = sorted(
        (round(1000 * one[1], 2), one[2]) for one in meter.loops[: changing[1]]
    )[-12:]


def click(artist, document, number):
    """Every other job has a mask, and so has its layer."""
    held = max(0.0, TOGETHER - SUBMIT_EVERY * number) if number < LANDING else 300
    corner = (CANVAS - SIDE) // 2
    box = (corner + 8 * number, corner, SIDE, SIDE)
    if number % 2:
        artist.select(document, *box)
        button = "generateButton"
    else:
        artist.select_ellipse(document, box, 4)
        button = "inpaintButton"
    artist.send(f"[practice queue={held:.1f} delay=0.5] picture {number}", button)
    yield 0.05


def summary(turns):
    return {
        "turns": [round(1000 * turn.without_inserting, 3) for turn in turns],
        "inserting": [round(1000 * turn.calls["insert"], 2) for turn in turns if "insert" in turn.calls],
        "refreshing": [
            round(1000 * turn.calls["refreshProjection"], 2)
            for turn in turns
            if "refreshProjection" in turn.calls
        ],
        "worst": [
            {
                "ours": round(1000 * turn.ours, 2),
                "calls": {name: round(1000 * seconds, 2) for name, seconds in turn.calls.items()},
                "processor": round(1000 * turn.processor, 2),
                "waited": round(1000 * turn.waited, 2),
                "labels": {name: round(1000 * seconds, 2) for name, seconds in turn.labels.items()},
            }
            for turn in sorted(turns, key=lambda turn: turn.without_inserting)[-12:]
        ],
    }


def unseen(meter):
    """Where else Python is entered while the meter runs, and how often: slow, for who changes the meter."""
    import sys

    found = {}

    def look(frame, event, _argument):
        if (
            event == "call"
            and meter.running
            and not meter._stack
            and "krita_AIhorde" in frame.f_code.co_filename
        ):
            name = f"{os.path.basename(frame.f_code.co_filename)}:{frame.f_code.co_qualname}"
            if frame.f_back is None or "krita_AIhorde" not in frame.f_back.f_code.co_filename:
                found[name] = found.get(name, 0) + 1

    sys.setprofile(look)
    return found
