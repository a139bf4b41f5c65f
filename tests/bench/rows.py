"""What a thousand rows cost that an empty list does not: ended ones of earlier Kritas, and ones that wait."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ended
from bench import Bench
from figures import Figure

MANY, SOME, NONE = "1000", "100", "0"
ACTS = {
    "typing": "a key in the prompt until it is painted",
    "resizing": "the docker made wider",
    "scrolling": "the list scrolled by a page, and to its ends",
    "theme": "another theme",
    "adding": "a click until its row is painted",
    "removing": "a row dismissed",
}
RUNS_A_TURN = 3  # within a run each thing is done a dozen times


def measure(bench: Bench) -> list[Figure]:
    journal = bench.folder / "journal"
    ended.write(journal, int(MANY))
    turns = range(max(1, bench.runs // RUNS_A_TURN))
    old = [_play(bench, "rows_ended", AIHORDE_BENCH_JOURNAL=str(journal)) for _ in turns]
    waiting = [_play(bench, "rows_waiting") for _ in turns]
    return [
        *_start(bench, journal, len(turns) + 1),
        _taking_up(old),
        *_figures("ended", old),
        *_figures("waiting", waiting),
    ]


def _play(bench: Bench, scenario: str, **env: str) -> dict[str, Any]:
    shutil.rmtree(bench.with_plugin.data_dir, ignore_errors=True)
    return bench.play(scenario, bench.with_plugin, **env)


def _start(bench: Bench, journal: Path, runs: int) -> list[Figure]:
    """Each folder serves several starts; the first unpacks what the plugin needs."""
    empty, full = bench.folder / "no-rows", bench.folder / "many-rows"
    empty.mkdir()
    shutil.copytree(journal, full)
    took: dict[Path, list[dict[str, Any]]] = {empty: [], full: []}
    for number in range(runs + 1):
        for data, count in ((empty, NONE), (full, MANY)):
            env = {"AIHORDE_DATA_DIR": str(data), "AIHORDE_BENCH_ROWS": count}
            run = bench.play("rows_start", bench.with_plugin, AIHORDE_EARLY="1", **env)
            if number:
                took[data].append(run)
    return [
        Figure(
            f"{MANY} ended rows: {what}",
            "ms",
            [factor * run[key] for run in took[full]],
            [factor * run[key] for run in took[empty]],
            "with an empty journal",
            f"+{most} ms",
            float(most),
        )
        for what, key, factor, most in (
            ("start of Krita until its event loop rests", "rests", 1000, 150),
            ("start of Krita until the rows are there", "rows", 1000, 500),
            ("longest time without a turn of the event loop at the start", "worst", 1, 16),
        )
    ]


def _taking_up(old: Sequence[dict[str, Any]]) -> Figure:
    return Figure(
        "900 ended rows more: longest time without a turn of the event loop",
        "ms",
        [run[MANY]["taking up"] for run in old],
        [run[NONE]["beat"] for run in old],
        "with nothing going on",
        "+16 ms",
        16.0,
    )


def _figures(kind: str, runs: Sequence[dict[str, Any]]) -> list[Figure]:
    return [
        Figure(
            f"one {kind} row more: memory",
            "kB",
            [(run[MANY]["rss"] - run[SOME]["rss"]) / 900 / 1024 for run in runs],
            [(run[SOME]["rss"] - run[NONE]["rss"]) / 100 / 1024 for run in runs],
            "of the first 100",
            "25 kB at most",
            25.0,
            "worst",
        ),
        *(
            Figure(
                f"{count} {kind} rows: processor time in a minute{what}",
                "ms",
                [run[count][key] for run in runs],
                [run[NONE][key] for run in runs],
                "without rows",
                f"+{most} ms",
                most,
            )
            for count in (SOME, MANY)
            for what, key, most in (
                (" at rest", "at rest", 60.0),
                (", a job being asked for", "polled", 100.0),
            )
            if key in runs[0][count]
        ),
        *(
            Figure(
                f"{MANY} {kind} rows: {what}",
                "ms",
                [value for run in runs for value in run[MANY][act]],
                [value for run in runs for value in run[NONE][act]],
                "without rows",
                "+8 ms",
                8.0,
            )
            for act, what in ACTS.items()
        ),
    ]
