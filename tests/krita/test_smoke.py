"""The real Krita starts with the plugin, runs a scenario and leaves in peace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

SCENARIOS = Path(__file__).parent / "scenarios"


def test_krita_starts_with_the_plugin_and_leaves(krita_run: Any) -> None:
    verdict = krita_run(SCENARIOS / "smoke.py")

    assert verdict["ok"], verdict["error"]
    assert verdict["data"]["version"].startswith(("5.", "6."))
    assert verdict["data"]["size"] == [320, 200]
    assert verdict["data"]["plugin"] is True
    assert verdict["exit_code"] == 0
    assert verdict["seconds_to_quit"] < 10


def test_a_failing_scenario_is_told_and_krita_left_all_the_same(krita_run: Any, tmp_path: Path) -> None:
    failing = tmp_path / "failing.py"
    failing.write_text("def scenario(h):\n    yield h.wait(lambda: False, 0.2, 'Godot')\n", encoding="utf-8")

    verdict = krita_run(failing)

    assert verdict["ok"] is False
    assert "waited 0.2 s in vain for Godot" in verdict["error"]
    assert verdict["exit_code"] == 0


def test_an_error_that_nobody_catches_is_told(krita_run: Any, tmp_path: Path) -> None:
    failing = tmp_path / "uncaught.py"
    failing.write_text(
        "from aihorde_driver.qt import QtCore\n"
        "def slot():\n"
        "    raise ValueError('in a slot')\n"
        "def scenario(h):\n"
        "    QtCore.QTimer.singleShot(0, slot)\n"
        "    yield 0.2\n",
        encoding="utf-8",
    )

    verdict = krita_run(failing)

    assert verdict["ok"] is False
    assert "ValueError: in a slot" in verdict["error"]
    assert verdict["exit_code"] == 0
