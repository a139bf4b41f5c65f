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

sys.path.insert(0, str(Path(__file__).parent))

import capture
import idle
import landing
import startup
from bench import Bench
from figures import Figure, table

from krita_AIhorde import about
from krita_AIhorde.door import display, krita

MEASURES = {
    "startup": startup.measure,
    "idle": idle.measure,
    "capture": capture.measure,
    "landing": landing.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--only", choices=MEASURES)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    names = [options.only] if options.only else list(MEASURES)
    figures: list[Figure] = []
    with (
        tempfile.TemporaryDirectory(prefix="aihorde-bench-") as folder,
        display.display(visible=False) as name,
    ):
        bench = Bench(Path(folder), name, options.runs)
        for measure in names:
            print(f"Measuring: {measure}", flush=True)
            figures += MEASURES[measure](bench)
    version = subprocess.run(
        [str(krita.executable()), "--version"], capture_output=True, text=True, check=False
    )
    record = {
        "plugin": about.version(),
        "krita": version.stdout.strip(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "figures": [figure.as_json() for figure in figures],
    }
    options.output.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(table(figures))
    print(f"Written to {options.output}")
    return 0 if all(figure.reached for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
