"""The README's table of what was measured is that of the figures that are kept."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

import record
from figures import Figure, table

FIGURE = Figure("start", "ms", [3.0, 1.0, 2.0], [1.0, 1.0, 1.0], "without the plugin", "+5 ms", 5.0)


def test_the_readme_shows_the_figures_that_are_kept() -> None:
    kept = json.loads(record.KEPT.read_text("utf-8"))
    text = record.README.read_text("utf-8")
    assert record.with_table(text, kept) == text, "run: python3 krita_AIhorde.py bench --record"


def test_a_figure_is_told_as_median_worst_and_ratio() -> None:
    (row,) = table([FIGURE]).splitlines()[2:]
    assert row == "| start (ms) | 2 | 3 | 1 (without the plugin) | 2.00 | +5 ms | ✓ |"
    missed = Figure("start", "ms", [9.0], [1.0], "without the plugin", "+5 ms", 5.0)
    assert table([missed]).endswith("| ✗ |")


def test_a_figure_comes_back_from_what_is_written_of_it() -> None:
    again = Figure.from_json(json.loads(json.dumps(FIGURE.as_json())))
    assert table([again]) == table([FIGURE])
    assert again.reached == FIGURE.reached
