"""What the docker knows of the Horde and what can be done about it, in the real Krita."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SCENARIO = Path(__file__).with_name("scenarios") / "live_widgets.py"
pytestmark = pytest.mark.timeout(300)


def test_account_models_workers_health_and_settings(krita_run: Any, practice: str, tmp_path: Path) -> None:
    env = {"AIHORDE_API_URL": practice, "AIHORDE_DATA_DIR": str(tmp_path / "data")}
    verdict = krita_run(SCENARIO, env=env, timeout=150.0)
    assert verdict["ok"], verdict["error"]
    data = verdict["data"]
    name, kudos = data["account"]
    assert "#" in name
    assert float(kudos) > 0
    assert data["gift to nobody"], "a gift to nobody is refused in words"
    assert data["clip skip"] == 2, "one press sets what the model needs"
    assert data["info shown"] is True
    assert data["favourite on top"] == "Pony Diffusion XL"
    assert data["chosen workers"] == 1
    assert data["dialog is modal"] is False
    assert data["weighed"] == "(red:1.1) house"
    assert data["after the reset"] == [20, "practice-user"]
    assert verdict["exit_code"] == 0
