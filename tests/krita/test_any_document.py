"""Any document in the real Krita: what is sent is what the artist sees, what lands looks as it came."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import pytest
from canvases import plain_canvas
from hordes import asked_for, set_practice
from PIL import Image

SCENARIO = Path(__file__).with_name("scenarios") / "any_document.py"
pytestmark = pytest.mark.timeout(600)
# Of 255: what a channel may lose on the way there, and there and back with a hundredth of another picture.
WEBP, TWICE_WEBP = 4, 12
ACTIVE = {
    "locked": "locked one",
    "hidden": "hidden one",
    "in hidden group": "in a hidden group",
    "in pass-through group": "in a pass-through group",
    "in locked group": "in a locked group",
    "group": "a group",
    "vector": "a vector layer",
    "fill": "a fill layer",
    "clone": "a clone",
    "mask": "a mask",
}
MEGABYTE = 1 << 20


@pytest.fixture
def played(krita_run: Any, practice: str, tmp_path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The scenario's data, and what the practice horde was sent, by prompt."""
    out = tmp_path / "out"
    out.mkdir()
    env = {
        "AIHORDE_API_URL": practice,
        "AIHORDE_DATA_DIR": str(tmp_path / "data"),
        "AIHORDE_OUT": str(out),
        "AIHORDE_API_KEY": "practice-user",
    }
    set_practice(practice, workers=8, pace=0.2)
    verdict = krita_run(SCENARIO, env=env, timeout=200.0, change=plain_canvas)
    assert verdict["ok"], verdict["error"]
    assert verdict["exit_code"] == 0
    return verdict["data"], {body["prompt"]: body for body in asked_for(practice)}


def sent_colours(body: dict[str, Any]) -> list[list[int]]:
    image = Image.open(io.BytesIO(base64.b64decode(body["source_image"]))).convert("RGB")
    patch = image.width / 4
    return [
        list(image.getpixel((int((column + 0.5) * patch), int((row + 0.5) * patch))))  # type: ignore[arg-type]
        for row in range(4)
        for column in range(4)
    ]


def apart(one: list[list[int]], other: list[list[int]]) -> int:
    """The largest difference of a channel."""
    return max(abs(a - b) for p, q in zip(one, other, strict=True) for a, b in zip(p, q, strict=True))


def test_colours_layers_frames_and_sizes(played: tuple[dict[str, Any], dict[str, Any]]) -> None:
    data, sent = played
    assert len(data["spaces"]) == 17
    for name, found in data["spaces"].items():
        assert found["space"] == name.split()[:2], "Krita made another document than was asked for"
        assert len({tuple(colour) for colour in found["seen"]}) >= 6, f"{name}: the patches are not there"
        below, landed = found["layers"][1:3]
        assert below == "patches"
        assert landed.startswith("in "), f"{name}: not above the layer that was active"
        assert apart(sent_colours(sent[f"in {name}"]), found["seen"]) <= WEBP, name
        assert apart(found["after"], found["krita's own"]) <= TWICE_WEBP, name
    for name, found in data["kinds"].items():
        assert apart(sent_colours(sent[f"above {name}"]), found["seen"]) <= WEBP, name
        assert apart(found["alone"], found["seen"]) <= TWICE_WEBP, name
        assert found["after"] != found["seen"], f"{name}: nobody can see what landed"
        assert apart(found["after"], found["seen"]) <= TWICE_WEBP, name
    assert {name: (found["below"], found["parent"]) for name, found in data["kinds"].items()} == {
        "locked": ("locked one", "root"),
        "hidden": ("hidden one", "root"),
        "in hidden group": ("hidden group", "root"),
        "in pass-through group": ("in a pass-through group", "open group"),
        "in locked group": ("in a locked group", "locked group"),
        "group": ("a group", "root"),
        "vector": ("a vector layer", "root"),
        "fill": ("a fill layer", "root"),
        "clone": ("a clone", "root"),
        "mask": ("under a mask", "root"),
    }
    assert {name: found["active after"] for name, found in data["kinds"].items()} == ACTIVE
    frames = data["animation"]
    assert frames["seen"][0] == [40, 90, 210], "the second frame is in sight"
    assert apart(sent_colours(sent["animated"]), frames["seen"]) <= WEBP
    assert apart(frames["after"], frames["seen"]) <= TWICE_WEBP
    assert apart(frames["other frame"], frames["seen"]) <= TWICE_WEBP, "a still picture is in all frames"
    assert apart(sent_colours(sent["beside a reference"]), data["reference"]["seen"]) <= WEBP
    assert data["huge"]["bounds"] == [40, 20, 512, 512]
    assert data["huge"]["all"] < 100 * MEGABYTE, "16,384 x 16,384 pixels are 1,024 MB"
