"""The Krita of this machine: where it is, which Python it uses, a run that leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .profile import Profile
from .system import Missing

GRACE = 5.0
"""Seconds that a process gets between being asked to end and being ended."""


@dataclass(frozen=True)
class Result:
    """How a run of Krita went. ``exit_code`` is negative when a signal ended it, as in ``subprocess``."""

    exit_code: int
    timed_out: bool
    ended: float  # time.time()
    log: Path


def find() -> Path | None:
    """Krita on the PATH."""
    found = shutil.which("krita")
    return Path(found) if found else None


def executable() -> Path:
    """Krita on the PATH. Raises Missing."""
    found = find()
    if found is None:
        raise Missing("There is no krita on the PATH.")
    return found


def python_version(krita: Path) -> str | None:
    """``"3.11"``: the Python that Krita's plugin host is linked to, None if that cannot be told.

    Distributions link Krita to their own Python; the host's file names the library.
    """
    prefix = krita.resolve().parent.parent
    for pattern in ("lib*/kritaplugins/kritapykrita.so", "lib*/*/kritaplugins/kritapykrita.so"):
        for host in sorted(prefix.glob(pattern)):
            linked = re.search(rb"libpython3\.(\d+)", host.read_bytes())
            if linked:
                return f"3.{int(linked.group(1))}"
    return None


def python_of(krita: Path) -> Path | None:
    """An interpreter of Krita's own Python, to try things outside of it; None where there is none."""
    version = python_version(krita)
    beside = krita.resolve().with_name(f"python{version}")
    return beside if version is not None and beside.exists() else None


def run_krita(
    profile: Profile,
    *,
    display: str,
    log: Path,
    env: Mapping[str, str] | None = None,
    args: Sequence[str] = (),
    timeout: float | None = None,
    through: Sequence[str] = (),
) -> Result:
    """Run Krita in ``profile`` until it ends, ``timeout`` seconds at most; what it prints goes to ``log``.

    ``through`` is a command that runs the one that follows it, as ``nice`` does. Afterwards nothing of it
    runs any more, whatever it started. Raises Missing when there is no Krita.
    """
    krita = executable()
    environment = {**profile.environment(krita), "DISPLAY": display, **(env or {})}
    with (
        log.open("wb") as output,
        group([*through, str(krita), "--nosplash", *args], env=environment, stdout=output) as process,
    ):
        try:
            code, timed_out = process.wait(timeout), False
        except subprocess.TimeoutExpired:
            end(process)
            code, timed_out = process.returncode, True
        return Result(code, timed_out, time.time(), log)


@contextlib.contextmanager
def group(command: Sequence[str], **options: object) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own, all of which is ended on the way out."""
    process: subprocess.Popen[bytes] = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        **options,  # type: ignore[call-overload]
    )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End ``process`` and its group: asked first, then made to."""
    _signal_group(process, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(GRACE)
    _signal_group(process, signal.SIGKILL)
    process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    # A group outlives its leader as long as anybody is in it, and its id is not given away meanwhile.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
