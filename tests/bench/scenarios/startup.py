"""Seconds since the process began until there is a window, and until the event loop has nothing to do."""

from __future__ import annotations

import os
import time
from pathlib import Path

REST = 0.25  # seconds without a stall count as rest
STALL = 0.05


def age():
    """Seconds since this process began (proc(5): field 22 of stat, in ticks since boot)."""
    began = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - began / os.sysconf("SC_CLK_TCK")


def scenario(h):
    h.data["window"] = age()
    yield h.has_started
    h.data["docker"] = age()
    quiet_since = last = time.monotonic()
    while time.monotonic() - quiet_since < REST:
        yield 0.0
        now = time.monotonic()
        if now - last > STALL:
            quiet_since = now
        last = now
    h.data["rests"] = age() - REST
