"""How long a finished picture takes to become a layer."""

from __future__ import annotations

from bench import Bench
from figures import Figure


def measure(bench: Bench) -> list[Figure]:
    env = {"AIHORDE_BENCH_RUNS": str(bench.runs)}
    bare = bench.play("landing", bench.without, **env)
    ours = bench.play("landing", bench.with_plugin, **env)
    return [
        Figure(
            "a finished picture of 1024 x 1024, until its layer is there",
            "ms",
            ours["landed"],
            bare["inserted"],
            "its insertion, without the plugin",
            "150 ms",
            150.0,
            "worst",
        )
    ]
