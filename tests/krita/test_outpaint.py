"""Outpainting in the real Krita: what the Horde gets to see of what is not there, and what lands."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import pytest
from hordes import asked_for
from PIL import Image

SCENARIO = Path(__file__).with_name("scenarios") / "outpaint.py"
pytestmark = pytest.mark.timeout(400)
# The picture's channels are all from 100 to 200; WebP and rounding may add to that.
DARKEST, LIGHTEST = 85, 215


@pytest.fixture
def played(krita_run: Any, practice: str, tmp_path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The scenario's data, and the jobs that the practice horde was sent."""
    out = tmp_path / "out"
    out.mkdir()
    env = {
        "AIHORDE_API_URL": practice,
        "AIHORDE_DATA_DIR": str(tmp_path / "data"),
        "AIHORDE_OUT": str(out),
        "AIHORDE_API_KEY": "practice-user",
    }
    verdict = krita_run(SCENARIO, env=env, timeout=180.0)
    assert verdict["ok"], verdict["error"]
    assert verdict["exit_code"] == 0
    return verdict["data"], asked_for(practice)


def opened(text: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(text)))


def test_a_picture_goes_on_into_what_is_transparent(
    played: tuple[dict[str, Any], list[dict[str, Any]]],
) -> None:
    data, (across, small) = played

    source, mask = opened(across["source_image"]), opened(across["source_mask"]).convert("L")
    assert source.mode == "RGB", "an alpha channel would be taken for a mask"
    assert source.size == mask.size == (across["params"]["width"], across["params"]["height"])
    assert all(low >= DARKEST and high <= LIGHTEST for low, high in source.getextrema()), "no hole, no paper"
    box = mask.point(lambda level: 255 if level == 255 else 0).getbbox()
    assert box is not None
    assert box[0] < mask.width / 6, "the transparent part is to be repainted"
    assert box[2] > mask.width * 5 / 6, "and so is what was selected of the picture"
    corner = 16  # a mask that is grown has round ones
    whole = (box[0] + corner, box[1] + corner, box[2] - corner, box[3] - corner)
    assert mask.crop(whole).getextrema() == (255, 255)

    assert data["changed outside the mask"] == 0
    assert data["selected but transparent"] == 0
    assert data["transparent before"] == 450 * 600
    assert data["transparent after"] == data["transparent outside the mask"]
    assert data["transparent after"] <= 450 * 600 - 150 * 260

    # A frame that sticks out of the canvas: 400 x 300 is asked for as 704 x 512.
    source = opened(small["source_image"])
    assert source.width * data["small"][1] > source.height * data["small"][0]
    assert all(low >= DARKEST and high <= LIGHTEST for low, high in source.getextrema())

    # Context, growth and feathering.
    assert data["size shown"] == data["size sent"]
    x, y, width, height = 300, 150, 300, 260
    assert data["region"] == data["mask box"] == [x - 12, y - 12, width + 24, height + 24]
    assert min(data["context"]) >= 12 + 32
    edge = data["mask across the edge"]
    assert edge == sorted(edge)
    assert edge[:2] == [0, 0], "12 pixels beyond the selection it ends"
    assert edge[10:] == [255] * 6, "4 pixels beyond it all of it is covered"
    assert all(0 < level < 255 for level in edge[3:10])
    assert data["mask is what was sent"]
    assert data["selected but not covered"] == 0
    assert data["changed outside the grown mask"] == 0

    # A cut-out under a mask: both apply.
    for level, now, before in data["where the cut-out is transparent"]:
        assert level == 255
        assert now == before
    assert [now[3] for _, now, _ in data["where the cut-out is transparent"]] == [0, 255]
    assert near(data["in the mask and the cut-out"], (40, 200, 20, 255))
    assert near(data["in the picture's transparent half"], (40, 200, 20, 255))
    (blue, _, red, alpha), level = data["on the slope"]
    assert 0 < level < 255
    assert 40 + 15 < blue < 155
    assert 20 + 15 < red < 155
    assert alpha == 255


def near(pixel: list[int], wanted: tuple[int, int, int, int]) -> bool:
    return all(abs(a - b) <= 3 for a, b in zip(pixel, wanted, strict=True))
