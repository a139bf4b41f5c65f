"""What the plugin costs a Krita that does nothing, with the docker open and no job."""

from __future__ import annotations

from bench import Bench
from figures import Figure

SECONDS = 30


def measure(bench: Bench) -> list[Figure]:
    ours, bare = bench.pairs("idle", AIHORDE_BENCH_SECONDS=str(SECONDS))
    return [
        Figure(
            "idle: processor time in a minute",
            "ms",
            [run["cpu"] * 1000 * 60 / SECONDS for run in ours],
            [run["cpu"] * 1000 * 60 / SECONDS for run in bare],
            "without the plugin",
            "no difference (30 ms)",
            30.0,
        ),
        Figure(
            "idle: wake-ups of the main thread in a minute",
            "times",
            [run["main wakeups"] * 60 / SECONDS for run in ours],
            [run["main wakeups"] * 60 / SECONDS for run in bare],
            "without the plugin",
            "less than one a second more",
            60.0,
        ),
    ]
