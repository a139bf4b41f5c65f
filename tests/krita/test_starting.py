"""While the plugin's packages are loaded Krita is there already, and a click made meanwhile is not lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from krita_AIhorde.door.profile import Profile

SCENARIO = Path(__file__).with_name("scenarios") / "starting.py"


def test_krita_does_not_wait_for_packages_that_load_slowly(krita_run: Any, tmp_path: Path) -> None:
    def slow(profile: Profile) -> None:
        package = profile.places.pykrita / "krita_AIhorde" / "vendor" / "yarl" / "__init__.py"
        text = package.read_text("utf-8")
        # Loads when the scenario has seen what there is to see; no longer than a minute, if it fails.
        wait = (
            "import os, time\nfor _ in range(1200):\n"
            "    if os.path.exists(os.environ['AIHORDE_TEST_LOAD']): break\n    time.sleep(0.05)\n"
        )
        package.write_text(text + wait, encoding="utf-8")

    env = {
        "AIHORDE_EARLY": "1",
        "AIHORDE_DATA_DIR": str(tmp_path / "data"),
        "AIHORDE_TEST_LOAD": str(tmp_path / "load"),
    }
    verdict = krita_run(SCENARIO, env=env, change=slow)

    assert verdict["ok"], verdict["error"]
    assert verdict["data"]["shown meanwhile"] == "Starting…"
    assert verdict["data"]["said of the early click"] == "Write a prompt first."
    assert verdict["exit_code"] == 0


def test_krita_can_be_left_before_the_plugin_has_started(krita_run: Any, tmp_path: Path) -> None:
    def stuck(profile: Profile) -> None:
        package = profile.places.pykrita / "krita_AIhorde" / "vendor" / "yarl" / "__init__.py"
        package.write_text("import time\ntime.sleep(60)\n", encoding="utf-8")

    env = {"AIHORDE_EARLY": "1", "AIHORDE_DATA_DIR": str(tmp_path / "data"), "AIHORDE_TEST_LEAVE": "1"}
    verdict = krita_run(SCENARIO, env=env, change=stuck)

    assert verdict["ok"], verdict["error"]
    assert verdict["exit_code"] == 0
    assert verdict["seconds_to_quit"] < 10
