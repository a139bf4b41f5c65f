"""What one more job at the Horde costs: processor time of Krita and bytes on the wire, in a minute."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence

from bench import Bench
from figures import Figure

LEVELS = (30, 10, 1)
SECONDS = 12.0  # two looks at each job that waits
WINDOWS = 2
RATIO = 1.25  # what one of many may cost, against one of few: two windows are no more alike than that


def measure(bench: Bench) -> list[Figure]:
    data = bench.play(
        "cost",
        bench.with_plugin,
        AIHORDE_BENCH_LEVELS=json.dumps(LEVELS),
        AIHORDE_BENCH_SECONDS=str(SECONDS),
        AIHORDE_BENCH_WINDOWS=str(WINDOWS),
    )
    minutes = SECONDS / 60
    idle = statistics.median(window["cpu"] for window in data["0"])

    def cpu(level: int) -> Sequence[float]:
        return [1000 * (window["cpu"] - idle) / level / minutes for window in data[str(level)]]

    def sent(level: int) -> Sequence[float]:
        return [window["bytes"] / level / minutes / 1024 for window in data[str(level)]]

    return [
        figure
        for few, many in ((1, 10), (10, 30))
        for figure in (
            Figure(
                f"one of {many} jobs in the queue: processor time in a minute",
                "ms",
                cpu(many),
                cpu(few),
                f"one of {few}",
                "no more (ratio 1.25)",
                RATIO,
                "ratio",
            ),
            Figure(
                f"one of {many} jobs in the queue: bytes in a minute",
                "kB",
                sent(many),
                sent(few),
                f"one of {few}",
                "no more (ratio 1.25)",
                RATIO,
                "ratio",
            ),
        )
    ]
