"""A document that was changed while its job ran still gets its pictures, and the row says what to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hordes import set_practice

from krita_AIhorde.practice.pictures import painted_colour

SCENARIO = Path(__file__).with_name("scenarios") / "mischief.py"
pytestmark = pytest.mark.timeout(300)


def test_whatever_becomes_of_the_document_the_pictures_land(
    krita_run: Any, practice: str, tmp_path: Path
) -> None:
    set_practice(practice, workers=1)  # so that images come one after the other
    env = {"AIHORDE_API_URL": practice, "AIHORDE_DATA_DIR": str(tmp_path / "data")}
    verdict = krita_run(SCENARIO, env=env, timeout=200.0)
    assert verdict["ok"], verdict["error"]
    for name, found in verdict["data"].items():
        assert found["finished"] == 2, name
        noted = any("another size" in text for text in found["notes"])
        assert noted is (name in ("resize", "crop", "scale")), name
        wanted = painted_colour(found["last"])
        assert max(abs(a - b) for a, b in zip(found["colour"], wanted, strict=True)) <= 12, (name, found)
    assert verdict["data"]["convert"]["model"] == ["LABA", "U16"]
    assert verdict["exit_code"] == 0
