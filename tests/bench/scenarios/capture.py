"""Clicks in a large document: how long each blocks Krita, and when its request is on the wire.

Without the plugin: the same reading, and the hiding of the mask layer, by a script that has nothing of ours.
"""

from __future__ import annotations

import json
import os
import time
import urllib.request

import large
from aihorde_driver.artist import Artist
from krita import Selection

RECTANGLE = (3400, 3400, 1000, 1000)
ELLIPSE = (3440, 3440, 920, 920)
FEATHER = 40
QUIET = 2.0  # seconds: the Horde lets a request for the price and the next click pass 0.7 s apart
CLICKS = {
    "generate": "generateButton",
    "img2img": "img2imgButton",
    "img2img, feathered": "img2imgButton",
    "inpaint, feathered": "inpaintButton",
    "inpaint, mask layer": "inpaintButton",
}


def scenario(h):
    runs = int(os.environ["AIHORDE_BENCH_RUNS"])
    document, mask = large.document()
    yield 2.0
    if h.docker("AIHorde") is None:
        yield from by_hand(h, document, mask, runs)
        return
    artist = Artist(h)
    yield h.wait(lambda: artist.control("model").count() > 3, 30, "the model list")
    for kind, button in CLICKS.items():
        select(artist, document, kind)
        masked = "mask layer" in kind
        if masked:
            large.show(document, mask)
        h.data[kind] = []
        for _ in range(1 + runs):  # the first click of a kind imports what it needs
            yield QUIET
            h.data[kind].append((yield from click(h, artist, button)))
            yield h.wait(lambda masked=masked: mask.visible() == masked, 20, "the mask layer's return")
            document.waitForDone()
        del h.data[kind][0]


def select(artist, document, kind):
    if "feathered" in kind:
        artist.select_ellipse(document, ELLIPSE, FEATHER)
    elif "mask layer" in kind:
        artist.krita.action("deselect").trigger()
    else:
        artist.select(document, *RECTANGLE)


def click(h, artist, button):
    """Milliseconds that the click blocked; of the main thread's processor until the request; until then."""
    artist.type_prompt("[practice fault=never] measured")
    rows = len(artist.rows())
    yield 0.3
    asked, began, cpu = time.time(), time.perf_counter(), time.thread_time()
    artist.press(button)
    blocked = time.perf_counter() - began
    assert len(artist.rows()) == rows + 1, artist.message()
    job = artist.newest()
    yield artist.until(job, "queued")
    used = time.thread_time() - cpu
    sent = max(entry["time"] for entry in requests() if entry["path"].endswith("/async"))
    artist.cancel(job)
    yield artist.until(job, "cancelled")
    return {"blocked": blocked * 1000, "main": used * 1000, "sent": (sent - asked) * 1000}


def requests():
    address = os.environ["AIHORDE_API_URL"].replace("/api/v2", "/practice/log")
    with urllib.request.urlopen(address, timeout=20) as answer:
        return [entry for entry in json.load(answer) if not (entry["body"] or {}).get("dry_run")]


def by_hand(h, document, mask, runs):
    h.data["read"], h.data["refresh"] = [], []
    selection = Selection()
    selection.select(*RECTANGLE, 255)
    document.setSelection(selection)
    for _ in range(runs):
        yield 0.5
        began = time.perf_counter()
        pixels = document.projection(*RECTANGLE).constBits()
        pixels.setsize(RECTANGLE[2] * RECTANGLE[3] * 4)
        read = bytes(pixels), bytes(document.selection().pixelData(*RECTANGLE))
        h.data["read"].append((time.perf_counter() - began) * 1000)
        assert len(read[0]) == 4 * len(read[1])
        large.show(document, mask)
        yield 0.5
        began = time.perf_counter()
        mask.setVisible(False)
        document.refreshProjection()
        document.waitForDone()
        h.data["refresh"].append((time.perf_counter() - began) * 1000)
