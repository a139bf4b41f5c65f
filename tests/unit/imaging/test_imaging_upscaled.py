"""Results larger or smaller than their frame: fitted once, sharp, in their place, in little memory."""

from __future__ import annotations

import random
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imaging_pictures import differences, frame_of, image_of, lossless
from PIL import Image, ImageDraw, ImageFilter

from krita_AIhorde.imaging.geometry import Bounds, Extent
from krita_AIhorde.imaging.result import decode_result

ROOT = Path(__file__).resolve().parents[3]
FRAME = frame_of(Extent(64, 64), Bounds(10, 20, 30, 40), Extent(64, 64))


def blobs(size: tuple[int, int], seed: int) -> Image.Image:
    """Soft spots on grey: the same picture at any size, drawn anew for each."""
    chance = random.Random(seed)
    spots = [(chance.uniform(0.2, 0.8), chance.uniform(0.2, 0.8), chance.uniform(0.06, 0.12)) for _ in "123"]
    side = min(size)
    sharp = Image.new("L", (size[0] * 2, size[1] * 2), 60)
    draw = ImageDraw.Draw(sharp)
    for x, y, radius in spots:
        at, reach = (x * sharp.width, y * sharp.height), radius * sharp.height
        draw.ellipse((at[0] - reach, at[1] - reach, at[0] + reach, at[1] + reach), fill=200)
    return sharp.reduce(2).filter(ImageFilter.GaussianBlur(side / 40)).convert("RGB")


def centre_of_mass(image: Image.Image) -> tuple[float, float]:
    """In pixels, of what is lighter than the darkest."""
    grey = image.convert("F")
    low, _ = grey.getextrema()
    assert isinstance(low, (int, float))
    light = grey.point(lambda value: value * 1 - low)
    across = light.resize((grey.width, 1), Image.Resampling.BOX)
    down = light.resize((1, grey.height), Image.Resampling.BOX)

    def centre(line: Image.Image, count: int) -> float:
        weights = struct.unpack(f"{count}f", line.tobytes())
        return sum((at + 0.5) * weight for at, weight in enumerate(weights)) / sum(weights)

    return centre(across, grey.width), centre(down, grey.height)


factors = st.one_of(st.sampled_from([0.5, 1, 2, 4]), st.floats(0.5, 4))


@settings(deadline=None, max_examples=25)
@given(factors, factors, st.integers(0, 99))
def test_an_upscaled_picture_comes_back_as_it_was_and_where_it_was(
    across: float, down: float, seed: int
) -> None:
    """Whatever the upscaler made of it; the frame is 300 x 200 canvas pixels, asked for as 384 x 256."""
    frame = frame_of(Extent(300, 200), Bounds(7, 11, 281, 173), Extent(384, 256))
    scene = blobs((300, 200), seed)
    answer = scene.resize((round(384 * across), round(256 * down)), Image.Resampling.LANCZOS)
    landed = image_of(decode_result(lossless(answer), frame).raster).convert("RGB")
    assert differences(landed, scene) <= 6
    for came_back, was in zip(centre_of_mass(landed), centre_of_mass(scene), strict=True):
        assert abs(came_back - was) <= 0.1


@settings(deadline=None, max_examples=25)
@given(factors, st.data())
def test_any_part_of_an_upscaled_picture_is_resampled_once(factor: float, data: st.DataObject) -> None:
    """A part is what a crop of the whole would be: it does not depend on where its own corner lies.

    But for rounding, once across and once down: a tenth of a pixel would change these blocks by 8.
    """
    frame = frame_of(Extent(300, 200), Bounds(0, 0, 9, 9), Extent(384, 256))
    x, y = data.draw(st.integers(0, 290)), data.draw(st.integers(0, 190))
    part = Bounds(x, y, data.draw(st.integers(1, 300 - x)), data.draw(st.integers(1, 200 - y)))
    blocks = Image.frombytes("L", (60, 40), random.Random(7).randbytes(2400)).convert("RGB")
    size = round(384 * factor), round(256 * factor)
    answer = lossless(blocks.resize(size, Image.Resampling.BICUBIC))
    cropped = image_of(decode_result(answer, frame).raster.cropped(part))
    assert differences(image_of(decode_result(answer, frame, part=part).raster), cropped) <= 4


@pytest.mark.parametrize("factor", [1, 2, 4])
def test_an_upscaled_edge_stays_sharp_and_in_its_place(factor: int) -> None:
    """From black to white within a pixel to either side; Lanczos may overshoot, and that is cut off."""
    sharp = Image.new("RGB", (64 * factor, 64 * factor))
    sharp.paste("white", (32 * factor, 0, 64 * factor, 64 * factor))
    row = image_of(decode_result(lossless(sharp), FRAME).raster).getchannel("G").crop((0, 30, 64, 31))
    levels = list(row.tobytes())
    assert max(levels[:30]) <= 12
    assert min(levels[34:]) >= 243
    assert levels[31] < 64
    assert levels[32] > 191
    assert [255 - level for level in reversed(levels)] == pytest.approx(levels, abs=1)


def test_alpha_of_an_upscaled_cut_out_comes_back_in_its_place() -> None:
    """Also the part below the mask has the picture's own alpha; the layer's mask is another thing."""
    cut_out = Image.new("RGBA", (256, 256), (255, 0, 0, 0))
    cut_out.paste((0, 0, 255, 255), (128, 64, 256, 192))
    part = Bounds(20, 10, 40, 40)
    result = decode_result(lossless(cut_out), FRAME, part=part)
    assert result.has_alpha
    box = image_of(result.raster).getchannel("A").point(lambda alpha: 255 if alpha >= 128 else 0).getbbox()
    assert box == (12, 6, 40, 38)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the peak is read from /proc")
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_fourfold_picture_takes_no_more_memory_than_its_decoder_needs(tmp_path: Path, mode: str) -> None:
    """4096 x 4096 for a frame of 1024 x 1024: 64 MB a copy, of which the decoder alone holds two."""
    file = tmp_path / "large.webp"
    ramp = Image.linear_gradient("L").resize((4096, 4096))
    image = Image.merge("RGB", (ramp, ramp, ramp))
    if mode == "RGBA":
        image.putalpha(ramp)
    image.save(file, quality=80, method=0)
    code = (
        "import re, sys\n"
        "from pathlib import Path\n"
        "from krita_AIhorde.imaging.geometry import Bounds, Extent, Frame\n"
        "from krita_AIhorde.imaging.result import decode_result\n"
        "def memory(name): return int(re.search(name + r':\\s+(\\d+)', "
        "Path('/proc/self/status').read_text()).group(1)) // 1024\n"
        "def frame(side): return Frame(*[Bounds(0, 0, side, side)] * 2, Extent(side, side))\n"
        "data = Path(sys.argv[1]).read_bytes()\n"
        "small = Path(sys.argv[2]).read_bytes()\n"
        "decode_result(small, frame(64))\n"
        "before = memory('VmRSS')\n"
        "decode_result(data, frame(1024))\n"
        "print(memory('VmHWM') - before)\n"
    )
    small = tmp_path / "small.webp"
    small.write_bytes(lossless(Image.new("RGB", (64, 64))))
    command = [sys.executable, "-c", code, str(file), str(small)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT)})
    assert int(done.stdout) <= 215
