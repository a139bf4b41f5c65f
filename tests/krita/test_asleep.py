"""A laptop that sleeps: what was made meanwhile is fetched, and what the Horde forgot says so."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hordes import set_practice

SCENARIO = Path(__file__).with_name("scenarios") / "asleep.py"
SLEEP = {"a quarter of an hour": 900, "half an hour": 1800}
pytestmark = pytest.mark.timeout(300)


def test_jobs_go_on_after_a_sleep(krita_run: Any, practice: str, tmp_path: Path) -> None:
    over = threading.Event()
    nights = threading.Thread(target=put_to_sleep, args=(tmp_path, practice, over))
    nights.start()
    env = {
        "AIHORDE_API_URL": practice,
        "AIHORDE_DATA_DIR": str(tmp_path / "data"),
        "AIHORDE_TEST_FOLDER": str(tmp_path),
    }
    try:
        verdict = krita_run(SCENARIO, env=env, timeout=200.0)
    finally:
        over.set()
        nights.join()
    assert verdict["ok"], verdict["error"]
    data = verdict["data"]
    assert data["landed"] is True
    assert data["after a quarter of an hour"] == "queued"
    assert data["after half an hour"].startswith("AI Horde has given the job up")
    assert verdict["exit_code"] == 0


def put_to_sleep(folder: Path, practice: str, over: threading.Event) -> None:
    """Stop Krita when it is told to sleep, and put the Horde's clock forward, so that Krita misses it."""
    while not over.wait(0.05):
        sleepy = folder / "sleepy"
        if not sleepy.exists():
            continue
        pid, how_long = sleepy.read_text("utf-8").split(" ", 1)
        os.kill(int(pid), signal.SIGSTOP)
        time.sleep(5.0)  # in which the practice worker finishes its picture
        set_practice(practice, clock=SLEEP[how_long])
        sleepy.unlink()
        (folder / "awake").touch()
        os.kill(int(pid), signal.SIGCONT)
