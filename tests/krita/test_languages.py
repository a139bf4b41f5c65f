"""A Krita in another language: numbers look as they do there, and reach the Horde as they must."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import locales
import pytest
from hordes import asked_for

SCENARIO = Path(__file__).with_name("scenarios") / "german.py"
pytestmark = pytest.mark.timeout(300)


def test_numbers_with_a_comma(krita_run: Any, quick_practice: str, tmp_path: Path) -> None:
    env = {
        **locales.environment(tmp_path / "locales", "de_DE"),
        "AIHORDE_API_URL": quick_practice,
        "AIHORDE_DATA_DIR": str(tmp_path / "data"),
    }
    verdict = krita_run(SCENARIO, env=env)
    assert verdict["ok"], verdict["error"]
    data = verdict["data"]
    assert data["point"] == ","
    assert data["0,65"] == ["0,65", 0.65]
    assert data["0.35"] == ["0,35", 0.35], "the point of a keyboard's number block is understood, too"
    (body,) = asked_for(quick_practice)
    assert (body["params"]["denoising_strength"], body["params"]["cfg_scale"]) == (0.35, 6.5)
    saved = json.loads((tmp_path / "data" / "settings.json").read_text("utf-8"))["values"]
    assert (saved["cfg_scale"], saved["max_wait"]) == (6.5, 1.5)
    assert verdict["exit_code"] == 0
