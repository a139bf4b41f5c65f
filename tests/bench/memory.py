"""What stays in memory of pictures that landed, once their layers are gone."""

from __future__ import annotations

from bench import Bench
from figures import Figure

PICTURES = 400  # from the end of the first round, which fills caches, to that of the last


def measure(bench: Bench) -> list[Figure]:
    bare = bench.play("memory", bench.without)["rounds"]
    ours = bench.play("memory", bench.with_plugin, AIHORDE_API_KEY="practice-trusted")["rounds"]
    return [
        Figure(
            f"memory after {PICTURES} more pictures",
            "MB",
            [ours[-1]["memory"] - ours[0]["memory"]],
            [bare[-1]["memory"] - bare[0]["memory"]],
            "the same layers without the plugin",
            "no growth of our own (10 MB)",
            10.0,
        ),
        Figure(
            "Python's part of it, for each picture",
            "kB",
            [(ours[-1]["python"] - ours[0]["python"]) / PICTURES],
            [],
            "",
            "nothing (0.5 kB)",
            0.5,
        ),
    ]
