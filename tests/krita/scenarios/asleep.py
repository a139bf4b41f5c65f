"""Jobs under way while the machine sleeps: the test stops this process, and wakes it, when it is told."""

from __future__ import annotations

import os
from pathlib import Path

from aihorde_driver.artist import Artist, layer_named

FOLDER = Path(os.environ["AIHORDE_TEST_FOLDER"])


def scenario(h):
    artist = Artist(h)
    document = artist.new_document("asleep", 600, 400)
    yield 0.5
    artist.control("maxWait").setValue(60)
    finished = artist.send("[practice delay=4] made while asleep", "generateButton")
    waiting = artist.send("[practice queue=900] nobody takes it", "generateButton")
    yield artist.until(finished, "generating")
    yield artist.until(waiting, "queued")
    yield from sleep(h, "a quarter of an hour")
    yield artist.until(finished, "done")
    h.data["landed"] = layer_named(document, "[practice delay=4] made while") is not None
    yield 3.0
    h.data["after a quarter of an hour"] = artist.state(waiting)
    yield from sleep(h, "half an hour")
    yield artist.until(waiting, "expired")
    h.data["after half an hour"] = artist.status(waiting)
    again = artist.send("once more", "generateButton")
    yield artist.until(again, "done")


def sleep(h, how_long):
    """To be yielded from: over once the test has put this process to sleep and woken it."""
    (FOLDER / "sleepy").write_text(f"{os.getpid()} {how_long}", "utf-8")
    yield h.wait((FOLDER / "awake").exists, 60, "the machine to wake up")
    (FOLDER / "awake").unlink()
