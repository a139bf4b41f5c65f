"""What a click means, in the real Krita; and that settings and key are there again the next time."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from krita_AIhorde.practice.pictures import painted_colour

SCENARIO = Path(__file__).with_name("scenarios") / "clicks.py"
pytestmark = pytest.mark.timeout(400)


def test_what_each_click_means_and_what_is_remembered(krita_run: Any, practice: str, tmp_path: Path) -> None:
    env = {"AIHORDE_API_URL": practice, "AIHORDE_DATA_DIR": str(tmp_path / "data")}
    verdict = krita_run(SCENARIO, env=env, timeout=180.0)
    assert verdict["ok"], verdict["error"]
    data = verdict["data"]
    for situation in ("no document", "nothing selected", "no prompt"):
        assert data[situation], f"{situation}: the docker says nothing"
    # The smallest size is 512: a square of it, cut to a canvas of 700 x 500.
    assert data["square"] == [94, 0, 512, 500]
    assert data["whole"] == [0, 0, 700, 500]
    assert data["beyond"] == [600, 400, 100, 100]
    assert data["tool"] == "KisToolSelectRectangular"
    assert data["mask shown again"] is True
    for model, (seed, *seen) in data["models"].items():
        for got, wanted in zip(seen, painted_colour(seed), strict=False):
            assert abs(got - wanted) < (60 if model.startswith("CMYK") else 12), model

    submits = [
        entry for entry in ask(practice) if entry["method"] == "POST" and entry["path"].endswith("/async")
    ]
    keys = [{name.lower(): value for name, value in entry["headers"].items()}["apikey"] for entry in submits]
    assert keys[0] == "0000000000", "without a key the artist is anonymous"
    assert keys[-1] == "practice-trusted"
    settings = tmp_path / "data" / "settings.json"
    assert settings.stat().st_mode & 0o777 == 0o600
    assert "practice-trusted" not in (tmp_path / "data" / "aihorde.log").read_text("utf-8")

    again = krita_run(SCENARIO, env=env, timeout=180.0, after=verdict)
    assert again["ok"], again["error"]
    assert again["data"]["saved key"] == "practice-trusted"
    assert again["data"]["saved steps"] == 33


def ask(practice: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(practice.replace("/api/v2", "/practice/log"), timeout=10) as answer:
        log: list[dict[str, Any]] = json.load(answer)
    return log
