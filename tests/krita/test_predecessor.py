"""The abandoned plugin's settings are taken over, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SCENARIO = Path(__file__).with_name("scenarios") / "predecessor.py"
pytestmark = pytest.mark.timeout(300)


def test_the_predecessor_s_settings_are_taken_over_once(
    krita_run: Any, practice: str, tmp_path: Path
) -> None:
    def run(role: str, data: str, after: dict[str, Any] | None = None) -> dict[str, Any]:
        env = {
            "AIHORDE_API_URL": practice,
            "AIHORDE_DATA_DIR": str(tmp_path / data),
            "AIHORDE_TEST_ROLE": role,
        }
        verdict: dict[str, Any] = krita_run(SCENARIO, env=env, timeout=90.0, after=after)
        assert verdict["ok"], verdict["error"]
        return verdict

    before = run("before", "nothing of ours yet")
    first = run("now", "data", before)
    assert first["data"]["found"] == {
        "prompt": "an old prompt",
        "negative prompt": "blurry",
        "key": "practice-user",
        "seed": "1234",
        "values": [33, 2, 0.4, 5.0],
        "checks": [True, False],
    }
    second = run("now", "data", before)
    assert second["data"]["found"]["values"][0] == 20, "what was changed since is not overwritten"
