"""Plays a scenario in Krita: with the driver plugin, in a profile of its own, and back comes a verdict."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import krita, profile, system
from .profile import Profile
from .system import DoorError

DRIVER = system.CHECKOUT / "tests" / "krita" / "driver"
_WARMING = 300.0  # seconds; the first start builds the resource database, on a slow disk too


def prepare(home: Path, display: str) -> Profile:
    """A profile in ``home`` that starts fast, with the driver in it.

    Raises Missing when there is no Krita, and DoorError when it does not start at all.
    """

    def warm(fresh: Profile) -> None:
        system.say("Starting Krita for the first time, which takes it up to half a minute")
        fresh.add_plugin(DRIVER)
        verdict = play(fresh, None, folder=home.parent, display=display, timeout=_WARMING)
        if not verdict["ok"] or verdict["exit_code"] != 0:
            raise DoorError(f"Krita does not start: {verdict['error']}\n{_tail(verdict['log'])}")

    prepared = profile.warmed(home, krita.executable(), warm)
    prepared.add_plugin(DRIVER)
    return prepared


def play(
    where: Profile,
    file: Path | None,
    *,
    folder: Path,
    display: str,
    env: Mapping[str, str] | None = None,
    args: tuple[str, ...] = (),
    timeout: float | None = None,
    through: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Run the scenario of ``file`` (None: start and leave) and return its verdict.

    ``folder`` takes the log, the verdict and, after an error, a screenshot beside it. The verdict holds
    ``ok``, ``error``, ``data``, ``exit_code``, ``seconds_to_quit`` (None if Krita did not leave by itself),
    ``log`` and ``profile``. ``through`` is as in ``krita.run_krita``.
    """
    written = folder / "verdict.json"
    written.unlink(missing_ok=True)
    told = {
        "AIHORDE_VERDICT": str(written),
        **({"AIHORDE_SCENARIO": str(file)} if file else {}),
        **(env or {}),
    }
    log = folder / "krita.log"
    result = krita.run_krita(
        where, display=display, log=log, env=told, args=args, timeout=timeout, through=through
    )
    verdict: dict[str, Any] = {"ok": False, "error": "", "data": {}}
    if written.is_file():
        verdict |= json.loads(written.read_text("utf-8"))
    else:
        how = "did not end by itself" if result.timed_out else f"ended with {result.exit_code}"
        verdict["error"] = f"Krita {how} before there was a verdict\n{_tail(result.log)}"
    left = "written" in verdict and not result.timed_out
    return {
        **verdict,
        "exit_code": result.exit_code,
        "seconds_to_quit": result.ended - verdict["written"] if left else None,
        "log": result.log,
        "profile": where,
    }


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text("utf-8", errors="replace").splitlines()[-lines:])
