"""What a benchmark finds: each figure as median and worst of several runs, beside its baseline."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """``values`` and ``baseline`` in ``unit``, of as many runs; ``limit`` is what must be reached, in words.

    ``excess`` is held to ``most``: "difference" of the medians, or their "ratio", or the "worst" value alone.
    """

    name: str
    unit: str
    values: Sequence[float]
    baseline: Sequence[float]
    against: str  # what the baseline is
    limit: str
    most: float
    excess: str = "difference"

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def worst(self) -> float:
        return max(self.values)

    @property
    def baseline_median(self) -> float:
        return statistics.median(self.baseline) if self.baseline else 0.0

    @property
    def ratio(self) -> float | None:
        return self.median / self.baseline_median if self.baseline_median else None

    @property
    def reached(self) -> bool:
        if self.excess == "ratio":
            return self.ratio is not None and self.ratio <= self.most
        if self.excess == "worst":
            return self.worst <= self.most
        return self.median - self.baseline_median <= self.most

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "unit": self.unit,
            "median": round(self.median, 4),
            "worst": round(self.worst, 4),
            "runs": [round(value, 4) for value in self.values],
            "baseline": {
                "what": self.against,
                "median": round(self.baseline_median, 4),
                "runs": [round(value, 4) for value in self.baseline],
            },
            "ratio": None if self.ratio is None else round(self.ratio, 4),
            "limit": self.limit,
            "most": self.most,
            "excess": self.excess,
            "reached": self.reached,
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Figure:
        """The figure of which ``as_json`` told."""
        return cls(
            told["name"],
            told["unit"],
            told["runs"],
            told["baseline"]["runs"],
            told["baseline"]["what"],
            told["limit"],
            told["most"],
            told["excess"],
        )


def table(figures: Sequence[Figure]) -> str:
    """The figures as one table in Markdown."""
    lines = [
        "| what | median | worst | baseline | ratio | must reach | |",
        "| --- | ---: | ---: | ---: | ---: | --- | --- |",
    ]
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        baseline = f"{_number(figure.baseline_median)} ({figure.against})" if figure.baseline else ""
        lines.append(
            f"| {figure.name} ({figure.unit}) | {_number(figure.median)} | {_number(figure.worst)} | "
            f"{baseline} | {ratio} | {figure.limit} | {'✓' if figure.reached else '✗'} |"
        )
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
