"""What the plugin costs Krita's start."""

from __future__ import annotations

from bench import Bench
from figures import Figure


def measure(bench: Bench) -> list[Figure]:
    bench.pairs("startup", AIHORDE_EARLY="1")  # the first start after an installation writes Python's caches
    ours, bare = bench.pairs("startup", AIHORDE_EARLY="1")
    return [
        Figure(
            f"start of Krita until its {what}",
            "ms",
            [1000 * run[key] for run in ours],
            [1000 * run[key] for run in bare],
            "without the plugin",
            "+150 ms",
            150.0,
        )
        for what, key in (("window is there", "window"), ("event loop rests", "rests"))
    ] + [
        Figure(
            "from Krita's window to the docker's widgets",
            "ms",
            [1000 * (run["docker"] - run["window"]) for run in ours],
            [],
            "",
            "500 ms",
            500.0,
            "worst",
        )
    ]
