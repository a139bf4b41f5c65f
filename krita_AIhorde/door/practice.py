"""The practice horde as a process of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import environment, system
from .krita import group
from .system import DoorError

_STARTING = 30.0  # seconds


def command(python: Path, arguments: Sequence[str] = ()) -> list[str]:
    return [str(python), "-u", "-m", "krita_AIhorde.practice", *arguments]


def run(arguments: Sequence[str]) -> int:
    """Run the practice horde alone, until it is interrupted; its exit code."""
    python = environment.ready()
    there = {**os.environ, "PYTHONPATH": str(system.CHECKOUT)}
    if os.name == "posix":  # become it: signals go where they are meant to
        sys.stdout.flush()
        os.execve(python, command(python, arguments), there)
    try:
        return subprocess.run(command(python, arguments), check=False, env=there).returncode
    except KeyboardInterrupt:
        return 0


@contextlib.contextmanager
def horde(python: Path, *arguments: str, log: Path) -> Iterator[str]:
    """The base URL of a practice horde that lives as long as the context; what it says goes to ``log``.

    Raises DoorError if it does not start.
    """
    there = {**os.environ, "PYTHONPATH": str(system.CHECKOUT)}
    # A file, not a pipe: nobody would read on, and a full pipe stops who writes.
    with log.open("wb") as output, group(command(python, arguments), env=there, stdout=output) as process:
        yield _address(process, log)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + _STARTING
    said = ""
    while time.monotonic() < end:
        over = process.poll() is not None  # asked before reading: its last words count
        said = log.read_text("utf-8", errors="replace")
        first, newline, _ = said.partition("\n")
        address = next((word for word in first.split() if word.startswith("http")), None)
        if address is not None and newline:
            return address
        if over or newline:
            break
        time.sleep(0.05)
    raise DoorError(f"The practice horde did not start: {said.strip()[-500:] or 'it said nothing'}")
