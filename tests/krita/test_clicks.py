"""What a click means, in the real Krita; and that settings and key are there again the next time."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hordes import submits
from PIL import Image

from krita_AIhorde.practice.pictures import painted_colour

SCENARIO = Path(__file__).with_name("scenarios") / "clicks.py"
pytestmark = pytest.mark.timeout(400)


def test_what_each_click_means_and_what_is_remembered(krita_run: Any, practice: str, tmp_path: Path) -> None:
    env = {"AIHORDE_API_URL": practice, "AIHORDE_DATA_DIR": str(tmp_path / "data")}
    verdict = krita_run(SCENARIO, env=env, timeout=180.0)
    assert verdict["ok"], verdict["error"]
    data = verdict["data"]
    assert data["no document"] == "Open a document first."
    assert data["nothing selected"] == "Inpaint needs a selection or a mask."
    assert data["no prompt"] == "Write a prompt first."
    for button in ("generateButton", "img2imgButton", "inpaintButton"):
        assert data[f"outside: {button}"] == "The selection lies outside the canvas."
    assert data["mask outside the selection"] == "Nothing of the painted mask is selected."
    # The smallest size is 512: a square of it, cut to a canvas of 700 x 500.
    assert data["square"] == [94, 0, 512, 500]
    assert data["whole"] == [0, 0, 700, 500]
    assert data["beyond"] == [600, 400, 100, 100]
    assert data["tool"] == "KisToolSelectRectangular"
    assert data["mask shown again"] is True
    check_colours(data["models"], submits(practice))

    keys = [key_of(entry) for entry in submits(practice)]
    assert keys[0] == "0000000000", "without a key the artist is anonymous"
    assert keys[-1] == "practice-trusted"
    settings = tmp_path / "data" / "settings.json"
    assert settings.stat().st_mode & 0o777 == 0o600
    assert "practice-trusted" not in (tmp_path / "data" / "aihorde.log").read_text("utf-8")

    again = krita_run(SCENARIO, env={**env, "AIHORDE_TEST_AGAIN": "1"}, timeout=180.0, after=verdict)
    assert again["ok"], again["error"]
    assert again["data"]["saved key"] == "practice-trusted"
    assert again["data"]["saved steps"] == 33


def check_colours(models: dict[str, Any], sent: list[dict[str, Any]]) -> None:
    """The layer shows the picture's own colour as far as the model has it; the source shows what was seen."""
    wanted = painted_colour(39)
    for name, found in models.items():
        if name.startswith("GRAYA"):
            assert max(found["after"]) - min(found["after"]) <= 2, name
        else:
            near(found["before"], (180, 140, 90), 25, f"{name}: what was painted")
            near(found["after"], wanted, 30 if name.startswith("CMYKA") else 12, f"{name}: layer")
        (body,) = [entry["body"] for entry in sent if entry["body"]["prompt"].startswith(f"in {name}")]
        source = Image.open(io.BytesIO(base64.b64decode(body["source_image"]))).convert("RGB")
        pixel = source.getpixel((source.width // 2, source.height // 2))
        assert isinstance(pixel, tuple)
        near(pixel, found["before"], 6, f"{name}: source")


def near(got: Sequence[float], wanted: Sequence[float], tolerance: int, what: str) -> None:
    assert all(abs(a - b) <= tolerance for a, b in zip(got, wanted, strict=True)), f"{what}: {got}, {wanted}"


def key_of(entry: dict[str, Any]) -> str:
    return next(str(value) for name, value in entry["headers"].items() if name.lower() == "apikey")
