"""Pictures that come together land one by one, and what the artist does meanwhile comes in between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SCENARIO = Path(__file__).with_name("scenarios") / "between_landings.py"
pytestmark = pytest.mark.timeout(300)


def test_the_artists_input_gets_through_between_two_landings(krita_run: Any, quick_practice: str) -> None:
    env = {"AIHORDE_API_URL": quick_practice, "AIHORDE_API_KEY": "practice-trusted"}
    verdict = krita_run(SCENARIO, env=env, timeout=150.0)
    assert verdict["ok"], verdict["error"]
    data = verdict["data"]
    assert data["layers"] == 1 + 4
    assert max(data["waiting"]) > 1, "one waited while another was inserted"
    # Each insertion ends before the input is served (or lets it in itself), and the next one begins after it.
    for insertion in " ".join(data["events"]).split("insert ")[1:]:
        assert "input" in insertion.split(), data["events"]
