"""Runs the benchmarks in the real Krita, prints one table, and writes it as JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(1, str(Path(__file__).parents[1] / "krita"))

import capture
import cost
import idle
import landing
import memory
import polling
import rows
import stalls
import startup
from bench import Bench
from figures import Figure, table
from record import KEPT, README, keep

from krita_AIhorde import about
from krita_AIhorde.door import display, krita

MEASURES = {
    "startup": startup.measure,
    "idle": idle.measure,
    "stalls": stalls.measure,
    "capture": capture.measure,
    "landing": landing.measure,
    "polling": polling.measure,
    "cost": cost.measure,
    "rows": rows.measure,
    "memory": memory.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--only", choices=MEASURES)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args()
    names = [options.only] if options.only else list(MEASURES)
    measures: dict[str, Any] = {}
    with (
        tempfile.TemporaryDirectory(prefix="aihorde-bench-") as folder,
        display.display(visible=False) as screen,
    ):
        bench = Bench(Path(folder), screen, options.runs)
        here = surroundings()
        for name in names:
            print(f"Measuring: {name}", flush=True)
            figures = MEASURES[name](bench)
            print(table(figures), flush=True)
            at = datetime.now(timezone.utc).isoformat(timespec="seconds")
            measures[name] = {**here, "at": at, "figures": [figure.as_json() for figure in figures]}
    record = {"plugin": about.version(), "measures": measures}
    options.output.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")
    found = [Figure.from_json(figure) for measure in measures.values() for figure in measure["figures"]]
    print(f"\n{table(found)}\nWritten to {options.output}")
    if options.record:
        keep(record, list(MEASURES))
        print(f"Recorded in {KEPT} and {README}")
    return 0 if all(figure.reached for figure in found) else 1


def surroundings() -> dict[str, Any]:
    """What the figures depend on."""
    version = subprocess.run(
        [str(krita.executable()), "--version"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return {
        "krita": version.replace("krita", "Krita"),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
    }


if __name__ == "__main__":
    sys.exit(main())
