"""What stays in memory of pictures that landed, once their layers are gone."""

from __future__ import annotations

from bench import Bench
from figures import Figure

PICTURES = 400  # from the end of the first round, which fills caches, to that of the last


def measure(bench: Bench) -> list[Figure]:
    bare = bench.play("memory", bench.without)["rounds"]
    ours = bench.play("memory", bench.with_plugin, AIHORDE_API_KEY="practice-trusted")["rounds"]
    for name, rounds in (("without the plugin", bare), ("with it", ours)):
        print(f"  {name}, after each 100 pictures: {[round(one['memory']) for one in rounds]} MB")
    print(f"  blocks of Python's after each 100 pictures: {[one['blocks'] for one in ours]}")
    print(f"  objects after each 100 pictures: {[one['objects'] for one in ours]}")
    left = {
        name: ours[-1]["objects"][name] - ours[0]["objects"][name] for name in ("Job", "JobRow", "Raster")
    }
    return [
        Figure(
            "jobs, rows and unpacked pictures that are left of them",
            "objects",
            [sum(left.values())],
            [],
            "",
            "none",
            0.0,
            "worst",
        ),
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
            "blocks of memory that Python holds more, for each of 300 pictures",
            "blocks",
            [(ours[-1]["blocks"] - ours[1]["blocks"]) / 300],
            [],
            "",
            "none (1 block)",
            1.0,
            "worst",
        ),
    ]
