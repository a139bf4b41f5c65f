"""Processor time and wake-ups of a Krita that is left alone."""

from __future__ import annotations

import os
import re
import threading
import time
from pathlib import Path

SETTLE = 8.0  # seconds after the start: Krita and our live state have things to fetch
TASKS = Path("/proc/self/task")


def switches(task):
    status = (TASKS / str(task) / "status").read_text()
    return int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status, re.M)[1])


def scenario(h):
    docker = h.docker("AIHorde")
    if docker is not None:
        docker.show()
        docker.raise_()
    yield SETTLE
    # The driver's own timer must not count: a thread waits instead.
    seconds = float(os.environ["AIHORDE_BENCH_SECONDS"])
    done = threading.Event()

    def measure():
        main = os.getpid()
        before = (time.process_time(), switches(main))
        time.sleep(seconds)
        h.data["cpu"] = time.process_time() - before[0]
        h.data["main wakeups"] = switches(main) - before[1]
        done.set()

    h.rest(seconds)
    threading.Thread(target=measure, daemon=True).start()
    yield h.wait(done.is_set, seconds + 30, "the measurement")
