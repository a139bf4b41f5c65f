"""All checks, one after the other, each whatever became of the one before."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from . import environment, system
from .system import DoorError, say


@dataclass(frozen=True)
class Step:
    """One check: a command run in the checkout."""

    name: str
    about: str
    command: Callable[[Path], list[str]]
    needs_krita: bool = False
    leaves: Mapping[str, str] = field(default_factory=dict)
    """Variables for the steps that follow, if it passed: what it has made is not made twice."""


REPORT = system.CHECKOUT / ".cache" / "krita-run.xml"
"""pytest's report of the last tests in Krita, for the matrix in README."""
BUNDLES = system.CHECKOUT / ".cache" / "bundles"


def _module(*arguments: str) -> Callable[[Path], list[str]]:
    return lambda python: [str(python), "-m", *arguments]


def _script(name: str, *arguments: str) -> Callable[[Path], list[str]]:
    return lambda python: [str(python.with_name(name)), *arguments]


STEPS = (
    Step("lint", "linter", _module("ruff", "check", ".")),
    Step("format", "formatter", _module("ruff", "format", "--check", ".")),
    Step("types", "types", _module("mypy")),
    Step("contracts", "who may import whom", _script("lint-imports")),
    Step("unit", "unit tests", _module("pytest", "-q", "tests/unit")),
    # All systems' zips: that the pins can be had and the sizes hold is known only once they are made. It
    # takes half a minute, and 100 MB the first time.
    Step(
        "bundle",
        "zips for Krita's importer",
        lambda _python: [sys.executable, "krita_AIhorde.py", "bundle", "--output", str(BUNDLES)],
        leaves={"AIHORDE_TEST_BUNDLES": str(BUNDLES)},
    ),
    Step(
        "krita",
        "tests in the real Krita",
        _module("pytest", "-q", "--timeout=600", f"--junit-xml={REPORT}", "tests/krita"),
        True,
    ),
    # By the Python at the door: the demo has to work as it is called by hand.
    Step("demo", "demo", lambda _python: [sys.executable, "krita_AIhorde.py", "demo", "--headless"], True),
)
NAMES = tuple(step.name for step in STEPS)


def test(only: str | None) -> bool:
    """Run every step, or the one named ``only``; True if all went well. Raises DoorError if none can run."""
    steps = [step for step in STEPS if only in (None, step.name)]
    # The widgets' unit tests load Qt, whose system libraries come with Krita.
    if any(step.needs_krita or step.name == "unit" for step in steps):
        system.need(system.TESTS, "to test the plugin in a real Krita")
    python = environment.ready()
    told: dict[str, str] = {}
    outcomes = []
    for step in steps:
        passed, seconds = _run(step, python, told)
        outcomes.append((step, passed, seconds))
        if passed:
            told.update(step.leaves)
    say("\n== summary")
    for step, passed, seconds in outcomes:
        say(f"{'✓' if passed else '✗'} {step.about} ({seconds:.0f} s)")
    return all(passed for _step, passed, _seconds in outcomes)


def _run(step: Step, python: Path, told: Mapping[str, str]) -> tuple[bool, float]:
    say(f"\n== {step.about}")
    started = time.monotonic()
    there = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(system.CHECKOUT), **told}
    try:
        code = subprocess.run(step.command(python), check=False, cwd=system.CHECKOUT, env=there).returncode
    except OSError as error:
        raise DoorError(f"{step.about}: {error}") from error
    seconds = time.monotonic() - started
    say(f"== {step.about}: {'passed' if code == 0 else f'FAILED (exit {code})'} in {seconds:.0f} s")
    return code == 0, seconds
