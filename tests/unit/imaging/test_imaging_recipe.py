"""The recipe inside of an image file: the picture stays as it is, and every program may find the words."""

from __future__ import annotations

import json
import random
import struct
import warnings
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any
from unittest.mock import patch
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imaging_cases import untimed_pixels
from imaging_pictures import packed
from PIL import Image

from krita_AIhorde.imaging import recipe, xmp

RECIPE = {"prompt": "a fox <in> the \"snow\" & 'ice'", "seed": "1234", "steps": 25, "loras": [{"name": "雪"}]}
EXIF = Image.Exif()
EXIF[0x010E] = "a remark of the worker's"
EXTRAS: dict[str, Any] = {"exif": EXIF.tobytes(), "icc_profile": bytes(131)}
ANIMATED: dict[str, Any] = {"save_all": True, "append_images": [Image.new("RGB", (23, 31))]}
OTHERS = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>the worker's</x:xmpmeta>"

MODES: dict[str, tuple[str, ...]] = {
    "WEBP": ("RGB", "RGBA"),
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "JPEG": ("L", "RGB", "CMYK"),
}
OPTIONS: dict[str, tuple[dict[str, Any], ...]] = {
    "WEBP": ({}, {"lossless": True}, {"lossless": True, "exact": True}, EXTRAS, {"xmp": OTHERS}),
    "PNG": ({}, EXTRAS, {"compress_level": 0}),
    "JPEG": ({}, {"progressive": True}, EXTRAS, {"xmp": OTHERS}, {"comment": b"made by hand"}),
}

any_text = st.text(st.characters(exclude_categories=()), max_size=40)  # halves of surrogate pairs too
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | any_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=8,
)
recipes = st.dictionaries(any_text, any_json, max_size=5)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """What a worker may send: noise, in any of the modes and shapes of file."""
    kind = draw(st.sampled_from(sorted(MODES)))
    mode = draw(st.sampled_from(MODES[kind]))
    options = draw(st.sampled_from(OPTIONS[kind]))
    size = draw(st.tuples(st.integers(1, 40), st.integers(1, 40)))
    frames = draw(st.sampled_from([1, 1, 1, 2, 3])) if kind == "WEBP" else 1
    images = [noise(size, mode, draw(st.integers(0, 255))) for _ in range(frames)]
    if frames > 1:
        options = {**options, "save_all": True, "append_images": images[1:]}
    return packed(images[0], kind, **options)


def noise(size: tuple[int, int], mode: str, ground: int) -> Image.Image:
    chance = random.Random(ground)
    grey = Image.frombytes("L", size, chance.randbytes(size[0] * size[1]))
    if mode == "I;16":
        return grey.convert("I").point(lambda level: level * 200 + ground).convert("I;16")
    channels = (grey, grey.transpose(Image.Transpose.ROTATE_180), Image.new("L", size, ground), grey)
    image = Image.merge("RGBA", channels)
    if mode == "CMYK":
        return Image.merge("CMYK", channels)
    return image if mode == "RGBA" else image.convert("RGB").convert(mode)


def pictures(data: bytes) -> list[tuple[Any, ...]]:
    """Each image in a file, to the last bit, with what says how its bits are meant."""
    shown = []
    with Image.open(BytesIO(data)) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            image.load()
            duration, transparency = image.info.get("duration"), image.info.get("transparency")
            shown.append(
                (image.size, image.mode, image.tobytes(), image.getpalette(), duration, transparency)
            )
    return shown


def packet_in(data: bytes) -> bytes:
    """As Pillow finds it, which knows nothing of us."""
    with Image.open(BytesIO(data)) as image:
        image.load()
        found: bytes = image.info["xmp"]
    return found


def plain(kind: str, **options: Any) -> bytes:
    return packed(noise((23, 31), "RGB", 7), kind, **options)


@untimed_pixels
@given(files(), recipes, any_text)
def test_a_recipe_comes_back_from_a_picture_that_has_not_changed(
    data: bytes, made_by: dict[str, Any], description: str
) -> None:
    told = recipe.embed(data, made_by, description=description)
    assert told != data
    assert recipe.read(told) == json.loads(json.dumps(made_by))
    assert pictures(told) == pictures(data)
    assert recipe.read(data) is None


@pytest.mark.parametrize("kind", sorted(MODES))
def test_other_programs_find_the_words_and_the_json(kind: str) -> None:
    packet = packet_in(recipe.embed(plain(kind), RECIPE, description="a <fox> & snow\n\x07\ud83d end"))
    root = ElementTree.fromstring(packet.decode("utf-8").strip("\ufeff"))
    (words,) = root.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}li")
    assert words.text == "a <fox> & snow\n\ufffd\ufffd end"
    (ours,) = root.iter(f"{{{recipe.NAMESPACE}}}json")
    assert json.loads(ours.text or "") == RECIPE


@pytest.mark.parametrize("kind", sorted(MODES))
def test_the_second_recipe_takes_the_first_one_s_place(kind: str) -> None:
    first = recipe.embed(plain(kind), {"seed": "1"}, description="the first")
    second = recipe.embed(first, {"seed": "2"}, description="the other")
    assert recipe.read(second) == {"seed": "2"}
    assert second == recipe.embed(plain(kind), {"seed": "2"}, description="the other")


@pytest.mark.parametrize("kind", ["WEBP", "JPEG"])
def test_a_worker_s_packet_is_replaced_and_all_else_of_it_is_kept(kind: str) -> None:
    data = plain(kind, xmp=OTHERS, **EXTRAS)
    assert packet_in(data) == OTHERS
    assert recipe.read(data) is None
    told = recipe.embed(data, RECIPE)
    assert OTHERS not in told
    with Image.open(BytesIO(told)) as image:
        assert image.getexif()[0x010E] == "a remark of the worker's"
        assert image.info["icc_profile"] == EXTRAS["icc_profile"]


def webp_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """The chunks of a file whose sizes and padding are right."""
    assert len(data) == 8 + int.from_bytes(data[4:8], "little")
    found, at = [], 12
    while at < len(data):
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        found.append((data[at : at + 4], data[at + 8 : at + 8 + length]))
        assert set(data[at + 8 + length : at + 8 + length + length % 2]) <= {0}
        at += 8 + length + length % 2
    assert at == len(data)
    return found


@pytest.mark.parametrize(
    ("mode", "options", "names", "flags"),
    [
        ("RGB", {}, "VP8X,VP8 ,XMP ", 0x04),
        ("RGB", {"lossless": True}, "VP8X,VP8L,XMP ", 0x04),
        ("RGBA", {"lossless": True}, "VP8X,VP8L,XMP ", 0x14),
        ("RGBA", {}, "VP8X,ALPH,VP8 ,XMP ", 0x14),
        ("RGBA", EXTRAS, "VP8X,ICCP,ALPH,VP8 ,EXIF,XMP ", 0x3C),
        ("RGB", ANIMATED, "VP8X,ANIM,ANMF,ANMF,XMP ", 0x06),
    ],
)  # fmt: skip
@pytest.mark.parametrize("words", ["even", "odd length"])
def test_a_webp_says_what_is_in_it(
    mode: str, options: dict[str, Any], names: str, flags: int, words: str
) -> None:
    told = recipe.embed(packed(noise((23, 31), mode, 7), "WEBP", **options), {"words": words})
    chunks = webp_chunks(told)
    assert b",".join(name for name, _ in chunks).decode() == names
    header = chunks[0][1]
    assert len(header) == 10
    either = 0x10 if options is ANIMATED else 0  # the encoder itself says alpha as it likes, there
    assert header[0] | either == flags | either
    assert struct.unpack("<HBHB", header[4:]) == (22, 0, 30, 0)


def test_the_longest_sides_of_a_webp_fit_its_header() -> None:
    long = packed(Image.new("RGB", (16_383, 1)), "WEBP", lossless=True)
    assert pictures(recipe.embed(long, RECIPE)) == pictures(long)


def test_the_checksum_of_a_png_s_new_chunk_is_right() -> None:
    told = recipe.embed(plain("PNG"), RECIPE)
    at = told.index(b"iTXt")
    length = int.from_bytes(told[at - 4 : at], "big")
    assert told[at + 4 + length :][:4] == zlib.crc32(told[at : at + 4 + length]).to_bytes(4, "big")
    assert told[at + 8 + length :][4:8] == b"IEND"


def test_an_animated_png_stays_one() -> None:
    frames = [noise((9, 9), "RGB", 7), noise((9, 9), "RGB", 200)]
    data = packed(frames[0], "PNG", save_all=True, append_images=frames[1:])
    told = recipe.embed(data, RECIPE)
    assert recipe.read(told) == RECIPE
    assert len(pictures(told)) == 2
    assert pictures(told) == pictures(data)


def test_what_lies_behind_a_picture_stays_there() -> None:
    for kind in MODES:
        told = recipe.embed(plain(kind) + b"behind", RECIPE)
        assert told.endswith(b"behind")
        assert recipe.read(told) == RECIPE


def test_a_jpeg_begins_as_its_readers_expect_it() -> None:
    data = plain("JPEG", exif=EXIF.tobytes())
    told = recipe.embed(data, RECIPE)
    ours = told.index(b"http://ns.adobe.com/xap/1.0/")
    assert told.index(b"JFIF") < told.index(b"Exif\0") < ours < told.index(b"\xff\xdb")


@pytest.mark.parametrize("kind", sorted(MODES))
def test_of_too_many_words_the_recipe_is_kept(kind: str) -> None:
    told = recipe.embed(plain(kind), RECIPE, description="x" * xmp.LARGEST_PACKET)
    assert recipe.read(told) == RECIPE
    assert b"dc:description" not in told


@pytest.mark.parametrize(("kind", "length"), [("JPEG", 70_000), ("PNG", 2**20), ("WEBP", 2**20)])
def test_a_recipe_that_is_too_large_is_left_out(kind: str, length: int) -> None:
    data = plain(kind)
    assert recipe.embed(data, {"prompt": "x" * length}) is data


def test_a_jpeg_of_several_pictures_is_left_alone() -> None:
    images = [noise((9, 9), "RGB", ground) for ground in (0, 255)]
    data = packed(images[0], "MPO", save_all=True, append_images=images[1:])
    assert recipe.embed(data, RECIPE) is data


@pytest.mark.parametrize("data", [b"", b"RIFF", b"<html>", bytes(99), packed(Image.new("L", (3, 3)), "GIF")])
def test_what_is_no_picture_of_the_horde_s_is_left_alone(data: bytes) -> None:
    assert recipe.embed(data, RECIPE) is data
    assert recipe.read(data) is None


@pytest.mark.parametrize("kind", sorted(MODES))
def test_a_picture_that_was_cut_off_is_never_made_worse(kind: str) -> None:
    data = plain(kind)
    for length in range(len(data)):
        told = recipe.embed(data[:length], RECIPE)
        assert told == data[:length] or (kind == "JPEG" and recipe.read(told) == RECIPE)


def shown(data: bytes) -> list[tuple[Any, ...]] | None:
    """None where Pillow cannot show it, or where damage has made it huge."""
    try:
        with patch.object(Image, "MAX_IMAGE_PIXELS", 200_000), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's complaints of damaged Exif
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return pictures(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    except (OSError, SyntaxError, ValueError, LookupError, TypeError, EOFError, struct.error):
        return None


@untimed_pixels
@given(files(), st.booleans(), st.data())
def test_damage_is_survived_and_never_changes_what_is_seen(
    data: bytes, told_before: bool, chance: st.DataObject
) -> None:
    damaged = bytearray(recipe.embed(data, RECIPE) if told_before else data)
    for _ in range(chance.draw(st.integers(1, 6))):
        # Half of the blows hit the beginning, where the structure is.
        place = st.integers(0, min(60, len(damaged) - 1)) | st.integers(0, len(damaged) - 1)
        damaged[chance.draw(place)] = chance.draw(st.integers(0, 255))
    if chance.draw(st.booleans()):
        del damaged[chance.draw(st.integers(0, len(damaged))) :]
    found = recipe.read(bytes(damaged))
    assert found is None or isinstance(found, dict)
    told = recipe.embed(bytes(damaged), {"seed": "2"})
    assert told == bytes(damaged) or recipe.read(told) == {"seed": "2"}
    before = shown(bytes(damaged))
    if before is not None:
        assert shown(told) == before


@untimed_pixels
@given(
    st.sampled_from([b"RIFF\x20\x00\x00\x00WEBP", b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b""]),
    st.lists(
        st.sampled_from([b"VP8X", b"VP8L", b"XMP ", b"IHDR", b"IEND", b"\xff\xe1", b"\xff\xda", bytes(4)])
        | st.binary(max_size=12)
    ),
)
def test_garbage_is_survived(beginning: bytes, parts: list[bytes]) -> None:
    data = beginning + b"".join(parts)
    assert recipe.read(data) is None
    assert recipe.embed(data, RECIPE)[: len(beginning)] == beginning


def carrying(packet: str | bytes) -> bytes:
    return xmp.with_packet(plain("PNG"), packet.encode() if isinstance(packet, str) else packet)


def rdf(inside: str) -> str:
    return f"<x xmlns:other='{recipe.NAMESPACE}'>{inside}</x>"


@pytest.mark.parametrize(
    "packet",
    [
        rdf("<other:json>{&quot;seed&quot;: &quot;1&quot;}</other:json>"),
        rdf("<y other:json='{&quot;seed&quot;: &quot;1&quot;}'/>"),
        rdf("<other:json><![CDATA[{\"seed\": \"1\"}]]></other:json>"),
        "\ufeff\n" + rdf('<!-- saved again --><other:json> {"seed": "1"} </other:json>') + "\n \0",
    ],
)  # fmt: skip
def test_a_recipe_that_another_program_wrote_anew_is_read(packet: str) -> None:
    assert recipe.read(carrying(packet)) == {"seed": "1"}


def bomb() -> str:
    """Few bytes that unpack to a million."""
    entities = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 7))
    return f"<!DOCTYPE x [<!ENTITY e0 'x'>{entities}]>" + rdf('<other:json>"&e6;"</other:json>')


@pytest.mark.parametrize(
    "packet",
    [
        rdf("<other:json>[1]</other:json>"),
        rdf("<other:json>{</other:json>"),
        rdf("<other:json/>"),
        rdf(f"<other:json>{'[' * 200_000}</other:json>"),
        rdf(f"<other:json>{'9' * 100_000}</other:json>"),
        "<a>" * 100_000 + "</a>" * 100_000,
        "no XML",
        b"\xff\xfe\xfd",
        bomb(),
        f"<!DOCTYPE x SYSTEM 'file:///etc/passwd'>{rdf('<other:json>{}</other:json>')}",
        rdf("<other:json>{}</other:json>").encode("utf-16"),
    ],
    ids=range(11),
)
def test_a_packet_that_is_no_recipe_is_none(packet: str | bytes) -> None:
    assert recipe.read(carrying(packet)) is None


def test_compressed_text_is_read_and_a_bomb_of_it_is_not() -> None:
    def told(text: bytes) -> bytes:
        data = plain("PNG")
        body = b"XML:com.adobe.xmp\0\x01\x00\0\0" + zlib.compress(text, 9)
        chunk = struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", zlib.crc32(b"iTXt" + body))
        return data[:-12] + chunk + data[-12:]

    assert recipe.read(told(rdf("<other:json>{}</other:json>").encode())) == {}
    assert recipe.read(told(rdf("<other:json>{}</other:json>").encode() + b" " * 50_000_000)) is None


@pytest.mark.parametrize("bad", [{"cfg": float("nan")}, {"when": object()}])
def test_a_recipe_that_json_cannot_say_is_a_mistake_of_ours(bad: dict[str, Any]) -> None:
    embed: Callable[..., bytes] = recipe.embed
    with pytest.raises((TypeError, ValueError)):
        embed(plain("PNG"), bad)
