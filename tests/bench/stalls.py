"""How long the plugin keeps Krita's main thread at a time, beside what Krita needs to insert a layer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from bench import Bench
from figures import Figure

RUNS = 3  # at most: each takes a minute


def measure(bench: Bench) -> list[Figure]:
    ours, bare = [], []
    for _ in range(min(RUNS, bench.runs)):
        bare.append(bench.play("inserting", bench.without))
        ours.append(bench.play("stalls", bench.with_plugin, AIHORDE_API_KEY="practice-trusted"))
    for run, other in zip(ours, bare, strict=True):
        _tell(run, other)
    return [
        Figure(
            "stall of Krita's main thread by us, 99 of 100",
            "ms",
            [percentile(_turns(run), 99) for run in ours],
            [],
            "",
            "below 8 ms",
            8.0,
            "worst",
        ),
        Figure(
            "stall of Krita's main thread by us, the longest",
            "ms",
            [max(_turns(run)) for run in ours],
            [],
            "",
            "below 16 ms",
            16.0,
            "worst",
        ),
        Figure(
            "Krita's own addChildNode, the longest",
            "ms",
            [max(_inserts(run)) for run in ours],
            [max(run["times"]["insert"]) for run in bare],
            "without the plugin",
            "Krita's own (twice)",
            2.0,
            "ratio",
        ),
    ]


def percentile(values: Sequence[float], hundredth: int) -> float:
    """The smallest of ``values`` that ``hundredth`` per cent of them do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * hundredth / 100) - 1)]


def _turns(run: dict[str, Any]) -> list[float]:
    return [*run["changing"]["turns"], *run["landing"]["turns"]]


def _inserts(run: dict[str, Any]) -> list[float]:
    return [*run["changing"]["inserting"], *run["landing"]["inserting"]]


def _tell(run: dict[str, Any], bare: dict[str, Any]) -> None:
    """What it was that took long, for whoever wants to make it shorter; and what Krita takes by itself."""
    print(f"  at the Horde {run['at the horde']}, waiting {run['waiting']}, landed {run['landed']}")
    for phase in ("changing", "landing"):
        for turn in run[phase]["worst"][-3:]:
            print(f"  {phase}: {turn}")
        print(f"  {phase}: late {_spread(run[f'late while {phase}'])}")
    print(
        f"  refresh beside a single layer: {run['landing']['refreshing'] + run['changing']['refreshing']} ms"
    )
    print("  Krita alone, ms:", {name: _spread(times) for name, times in bare["times"].items()})
    print(f"  Krita alone: late in calm {_spread(bare['late in calm'])}")
    print(f"  Krita alone: late while inserting {_spread(bare['late while inserting'])}")


def _spread(values: Sequence[float]) -> str:
    middle, most = percentile(values, 50), percentile(values, 99)
    return f"median {middle:.2f}, 99 of 100 {most:.2f}, worst {max(values):.2f}"
