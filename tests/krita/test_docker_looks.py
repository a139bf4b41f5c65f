"""The docker in the real Krita at the sizes, themes and scales that artists have."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

SCENARIO = Path(__file__).with_name("scenarios") / "docker_looks.py"
pytestmark = pytest.mark.timeout(400)


@pytest.mark.parametrize("scale", ["1", "2"])
def test_nothing_in_the_docker_is_clipped_and_its_colours_are_the_theme_s(
    krita_run: Any, practice: str, tmp_path: Path, scale: str
) -> None:
    out = tmp_path / "pictures"
    out.mkdir()
    env = {
        "AIHORDE_API_URL": practice,
        "AIHORDE_DATA_DIR": str(tmp_path / "data"),
        "AIHORDE_OUT": str(out),
        "QT_SCALE_FACTOR": scale,
    }
    verdict = krita_run(SCENARIO, env=env, timeout=120.0)
    assert verdict["ok"], verdict["error"]
    if keep := os.environ.get("AIHORDE_TEST_PICTURES"):  # for a person's eyes
        shutil.copytree(out, keep, dirs_exist_ok=True)
    assert len(list(out.glob("*.png"))) == 4
    assert verdict["data"]["widths"][0] == 300
    for picture, clipped in verdict["data"]["clipped"].items():
        assert clipped == [], picture
    for theme, dark in (("Krita dark", True), ("Krita bright", False)):
        docker, window = verdict["data"][f"{theme} lightness"]
        assert docker == window
        assert (docker < 128) is dark
