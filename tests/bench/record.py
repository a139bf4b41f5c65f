"""Keeps what was measured, ``figures.json`` beside this file, and the README's table of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from figures import Figure, table

KEPT = Path(__file__).with_name("figures.json")
README = Path(__file__).parents[2] / "README.md"
START = "<!-- figures: `python3 krita_AIhorde.py bench --record` writes what follows -->"
END = "<!-- end of figures -->"


def keep(record: dict[str, Any], order: Sequence[str]) -> None:
    """Take over the measures in ``record``, beside those that were not measured this time.

    ``order`` names all measures; what a former measure found is forgotten.
    """
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.is_file() else {}
    merged = {**kept, **record["measures"]}
    merged = {name: merged[name] for name in order if name in merged}
    KEPT.write_text(json.dumps(merged, indent=1, ensure_ascii=False) + "\n", "utf-8")
    README.write_text(with_table(README.read_text("utf-8"), merged), "utf-8")


def with_table(text: str, kept: dict[str, Any]) -> str:
    """``text`` with the table between its two marks. Raises ValueError if it lacks one of them."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"{README.name} has no place for the figures: {START} … {END}")
    figures = [Figure.from_json(figure) for measure in kept.values() for figure in measure["figures"]]
    where = dict.fromkeys(
        f"{measure['krita']}, Python {measure['python']}, {measure['processors']} processors"
        for measure in kept.values()
    )
    return f"{before}{start}\n{table(figures)}\n\nMeasured with {'; '.join(where)}.\n\n{end}{after}"
