"""Two Kritas share one data folder: each has its own jobs, and no job is done twice or by nobody."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from hordes import log_of

SCENARIO = Path(__file__).with_name("scenarios") / "two_kritas.py"
pytestmark = pytest.mark.timeout(400)


def test_the_second_brings_home_what_the_first_left(krita_run: Any, practice: str, tmp_path: Path) -> None:
    env = {
        "AIHORDE_API_URL": practice,
        "AIHORDE_DATA_DIR": str(tmp_path / "data"),
        "AIHORDE_TEST_FOLDER": str(tmp_path),
    }
    ends: list[dict[str, Any]] = []

    def run_first() -> None:
        ends.append(krita_run(SCENARIO, env={**env, "AIHORDE_TEST_ROLE": "first"}, timeout=200.0))

    first = threading.Thread(target=run_first)
    over = threading.Event()
    killer = threading.Thread(target=kill_first, args=(tmp_path, over))
    first.start()
    killer.start()
    try:
        verdict = krita_run(SCENARIO, env={**env, "AIHORDE_TEST_ROLE": "second"}, timeout=250.0)
    finally:
        over.set()
        killer.join()
        first.join()
    assert verdict["ok"], verdict["error"]
    assert ends[0]["exit_code"] == -signal.SIGKILL
    data = verdict["data"]
    assert data["rows beside the living first"] == 1
    assert data["rows"] == ["done", "done"]
    assert sum(name.startswith("[practice delay=20] of the first") for name in data["shared"]) == 1
    assert sum(name.startswith("of the second") for name in data["own"]) == 1
    # Accepted ones: the two share the address, and so the Horde's limits on it.
    submits = [entry["body"]["prompt"] for entry in log_of(practice) if entry["status"] == 202]
    assert sorted(submits) == ["[practice delay=20] of the first", "of the second"]


def kill_first(folder: Path, over: threading.Event) -> None:
    """As soon as the second says so; or in the end, whatever happened."""
    while not over.wait(0.05) and not (folder / "kill").exists():
        pass
    if (folder / "sent").exists():
        os.kill(int((folder / "sent").read_text("utf-8")), signal.SIGKILL)
