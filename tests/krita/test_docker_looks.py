"""The docker in the real Krita at the sizes, themes and scales that artists have."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from hordes import set_practice

SCENARIO = Path(__file__).with_name("scenarios") / "docker_looks.py"
pytestmark = pytest.mark.timeout(400)
LINE = 15  # px, roughly: a line of text


@pytest.mark.parametrize("scale", ["1", "2"])
def test_nothing_in_the_docker_is_clipped_and_its_colours_are_the_theme_s(
    krita_run: Any, practice: str, tmp_path: Path, scale: str
) -> None:
    set_practice(practice, workers=8, pace=0.5)
    out = tmp_path / "pictures"
    out.mkdir()
    env = {
        "AIHORDE_API_URL": practice,
        "AIHORDE_DATA_DIR": str(tmp_path / "data"),
        "AIHORDE_OUT": str(out),
        "QT_SCALE_FACTOR": scale,
    }
    verdict = krita_run(SCENARIO, env=env, timeout=200.0)
    if keep := os.environ.get("AIHORDE_TEST_PICTURES"):  # for a person's eyes
        shutil.copytree(out, keep, dirs_exist_ok=True)
    assert verdict["ok"], verdict["error"]
    data = verdict["data"]
    assert data["states"] == ["done", "failed", "generating", "queued", "uncertain", "waiting"]
    assert data["censored"] == 1
    looks = data["clipped"]
    assert len(looks) == (8 if scale == "1" else 6)
    sections = data["sections"]
    assert len(sections) == 2 * 2 * 5, "two themes, two widths, five sections"
    assert len(list(out.glob("*.png"))) == 2 * (len(looks) + len(sections))
    for look, hidden in sections.items():
        assert hidden == [], look
        assert data["narrowest"][look] <= 300, look
    for look, hidden in looks.items():
        assert hidden == [], look
        assert data["widths"][look] == int(look.split("-")[1]), look
        assert data["gap"][look] == 0, f"{look}: there is a gap below the last of the rows"
        said = data["buttons"][look].splitlines()
        assert said[0].startswith("Generate 768"), look
        assert re.fullmatch(r"\d+ kudos · (about |~)\d+ (s|min)|\d+ kudos · a few seconds", said[1]), look
        jobs, settings = data["shown"][look]
        assert jobs >= 5 * LINE, f"{look}: the list of jobs is too low to be of use"
        assert settings >= 4 * LINE, f"{look}: the settings are too low to be of use"
    taken = data["taken"]
    assert "PgUp" in taken.pop("generateButton"), "if Krita takes no key at all, this proves nothing"
    assert taken == {"prompt": [], "seed": [], "steps": [], "sampler": []}
    before, after = data["typed"]
    assert sorted(after) == sorted(before + "e")
    assert data["tabs"][:9] == [  # for "any model" there is no favourite to press
        "prompt", "negativePrompt", "model", "modelInfoButton", "refreshModelsButton", "generateButton",
        "img2imgButton", "maskButton", "inpaintButton",
    ]  # fmt: skip
    for theme, dark in (("Krita dark", True), ("Krita bright", False)):
        docker, window = data["lightness"][theme]
        assert docker == window
        assert (docker < 128) is dark
