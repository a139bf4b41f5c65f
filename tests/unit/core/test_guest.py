"""Imports are harmless, states lead somewhere, our name has the right shape."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from krita_AIhorde import about
from krita_AIhorde.jobs.states import ENDED, WAYS, JobState

ROOT = Path(__file__).resolve().parents[3]
NEEDS_KRITA = ("plugin", "canvas")


def test_importing_any_room_outside_of_krita_does_nothing(tmp_path: Path) -> None:
    package = ROOT / "krita_AIhorde"
    modules = [
        ".".join(("krita_AIhorde", *path.relative_to(package).with_suffix("").parts))
        for path in sorted(package.rglob("*.py"))
        if path.relative_to(package).parts[0].removesuffix(".py") not in (*NEEDS_KRITA, "vendor")
        and path.name not in ("__init__.py", "__main__.py")
    ]
    code = (
        "import importlib, threading\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        "assert threading.active_count() == 1\n"
        "from krita_AIhorde.qt import QtWidgets\n"
        "assert QtWidgets.QApplication.instance() is None\n"
    )
    command = [sys.executable, "-B", "-W", "error", "-c", code]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not list(tmp_path.iterdir())


def test_every_state_leads_to_an_end() -> None:
    def ends(state: JobState, seen: frozenset[JobState]) -> bool:
        return state in ENDED or any(ends(way, seen | {state}) for way in WAYS[state] if way not in seen)

    assert all(ends(state, frozenset()) for state in JobState)


def test_our_name_is_what_the_horde_asks_of_clients() -> None:
    assert re.fullmatch(r"krita_AIhorde:\d+\.\d+\.\d+:https://\S+", about.client_agent())
