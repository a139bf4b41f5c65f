"""Many jobs at once from the real docker; when each has landed, and what the practice horde says of it."""

from __future__ import annotations

import json
import os
import time
import urllib.request

from aihorde_driver.artist import Artist

PRACTICE = os.environ["AIHORDE_API_URL"].replace("/api/v2", "/practice")
PROMPTS = json.loads(os.environ["AIHORDE_BENCH_PROMPTS"])
PATIENCE = 200.0


def ask(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(PRACTICE + path, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def poll_every(seconds):
    """The baseline takes our policy's place, in this process."""
    from krita_AIhorde.horde.pacing import CheckSchedule

    CheckSchedule.next_delay = lambda *_: seconds


def scenario(h):
    h.krita.setBatchmode(True)
    if every := os.environ["AIHORDE_BENCH_POLL"]:
        poll_every(float(every))
    ask("/faults", {"workers": 50})
    artist = Artist(h)
    artist.new_document("plain", 512, 512)
    yield 1.0
    rows = {}
    for prompt in PROMPTS:
        job = artist.send(prompt, "generateButton")
        rows[prompt] = artist.row(job)
        yield 0.05
    landed = {}

    def all_landed():
        now = time.time()
        for prompt, row in rows.items():
            if prompt not in landed and row.property("state") == "done":
                landed[prompt] = now
        return len(landed) == len(rows)

    yield h.wait(all_landed, PATIENCE, "all jobs to land")
    h.data["landed"] = landed
    h.data["ledger"] = ask("/ledger")
    h.data["log"] = [{"path": row["path"], "status": row["status"]} for row in ask("/log")]
