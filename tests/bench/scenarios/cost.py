"""Processor time and bytes with 0, 30, 10 and 1 jobs in the Horde's queue, the docker open."""

from __future__ import annotations

import json
import os
import threading
import time
import urllib.request

from aihorde_driver.artist import Artist

PRACTICE = os.environ["AIHORDE_API_URL"].replace("/api/v2", "/practice")
LEVELS = json.loads(os.environ["AIHORDE_BENCH_LEVELS"])  # numbers of jobs, falling
SECONDS = float(os.environ["AIHORDE_BENCH_SECONDS"])
WINDOWS = int(os.environ["AIHORDE_BENCH_WINDOWS"])
START = 8.0  # seconds: Krita and our live state have things to fetch
SETTLED = 42.0  # seconds until a job without news is looked at most seldom


def scenario(h):
    h.krita.setBatchmode(True)
    artist = Artist(h)
    artist.new_document("plain", 512, 512)
    artist.control("maxWait").setValue(60)
    yield START
    h.data["0"] = []
    yield from measure(h, h.data["0"])
    running = [artist.send(f"[practice queue=3000] {index}", "generateButton") for index in range(LEVELS[0])]
    yield h.wait(lambda: all(artist.state(job) == "queued" for job in running), 60, "all to be queued")
    yield SETTLED
    for level in LEVELS:
        for job in running[level:]:
            artist.cancel(job)
        gone = running[level:]
        yield h.wait(lambda gone=gone: all(artist.state(job) == "cancelled" for job in gone), 60, "an end")
        running = running[:level]
        artist.press("clearEndedButton")
        yield 2.0
        h.data[str(level)] = []
        yield from measure(h, h.data[str(level)])


def measure(h, found):
    for _ in range(WINDOWS):
        done = threading.Event()
        threading.Thread(target=watch, args=(found, done), daemon=True).start()
        h.rest(SECONDS)  # the driver's own timer must not count
        yield h.wait(done.is_set, SECONDS + 30, "the measurement")
    log = json.loads(urllib.request.urlopen(f"{PRACTICE}/log", timeout=20).read())
    for window in found:
        rows = [row for row in log if window["from"] <= row["time"] < window["to"]]
        window["bytes"] = sum(row["asked"] + row["answered"] for row in rows)
        window["requests"] = len(rows)


def watch(found, done):
    window = {"from": time.time()}
    before = time.process_time()
    time.sleep(SECONDS)
    window["cpu"] = time.process_time() - before
    window["to"] = time.time()
    found.append(window)
    done.set()
