"""Runs the benchmarks of ``tests/bench`` with the packages that the tests use."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from . import environment, system


def run(arguments: Sequence[str]) -> int:
    """The benchmarks' exit code: 0 when each figure is reached. Raises DoorError where they cannot run."""
    system.need(system.KRITA, "to measure in a real Krita")
    python = environment.ready()
    there = {**os.environ, "PYTHONPATH": str(system.CHECKOUT)}
    command = [str(python), str(system.CHECKOUT / "tests" / "bench" / "run.py"), *arguments]
    return subprocess.run(command, check=False, cwd=system.CHECKOUT, env=there).returncode
