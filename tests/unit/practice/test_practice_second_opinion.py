"""Our rules and the practice horde, written apart from each other, judge any body alike."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st
from PIL import Image
from practice_kit import ANONYMOUS, POOR, TRUSTED, USER, encoded
from practice_recordings import DATA
from practice_verdicts import answered, circumstances, foretold, price

from krita_AIhorde.horde.rules import Circumstances
from krita_AIhorde.practice.models import MODELS

DEFINITIONS = json.loads((DATA / "swagger.json").read_text(encoding="utf-8"))["definitions"]
STYLED = DEFINITIONS["ModelPayloadStyleStable"]["properties"]
SAMPLERS = STYLED["sampler_name"]["enum"]
POST_PROCESSORS = STYLED["post_processing"]["items"]["enum"]
CONTROL_TYPES = DEFINITIONS["ModelPayloadRootStable"]["allOf"][1]["properties"]["control_type"]["enum"]

PALETTE = Image.new("P", (64, 64))
PALETTE.info["transparency"] = 0
PICTURES = [
    encoded(Image.new("RGBA", (64, 64), "grey")),
    encoded(Image.new("RGBA", (64, 64), "grey"), "WEBP"),
    encoded(Image.new("LA", (64, 64))),
    encoded(PALETTE),
    encoded(Image.new("RGB", (64, 64), "grey")),
    encoded(Image.new("RGB", (64, 64), "grey"), "JPEG"),
    encoded(Image.new("RGBA", (64, 64), (9, 9, 9, 0))),
    encoded(Image.new("RGBA", (64, 64), (9, 9, 9, 0)), "WEBP"),
    encoded(Image.new("1", (3136, 3072))),
]
NO_PICTURES = ["", "this is not base64!!", "aGVsbG8gd29ybGQ=", "data:image/png;base64," + PICTURES[0]]
TAGGED = [f"my own [{tag}]" for tag in ("SDXL", "Flux", "Qwen", "ZModel", "ZImage")]
STRANGE_MODELS = [
    *("No Such Model", "NMKD_Siax", "horde_special::practice_user#1", "pix2pix", "Stable Diffusion 2 Depth"),
    *TAGGED,
]
sources = st.sampled_from([*PICTURES, *NO_PICTURES])
extras = st.sampled_from([*PICTURES[:2], *NO_PICTURES]).map(lambda picture: {"image": picture})
words = st.sampled_from(
    [*["a fox", "a fox ### blurry", "a fox ### blurry ### text"] * 6, "a " * 7500, "a " * 7501, "a\0fox"]
)

params = {
    "sampler_name": st.sampled_from(SAMPLERS),
    "cfg_scale": st.sampled_from([0, 5, 7.5, 7.25, 7.125, 100]),
    "denoising_strength": st.floats(0.01, 1),
    "hires_fix_denoising_strength": st.floats(0.01, 1),
    "width": st.integers(1, 24).map(lambda blocks: blocks * 64),
    "height": st.integers(1, 24).map(lambda blocks: blocks * 64),
    "steps": st.integers(1, 60),
    "n": st.integers(1, 20),
    "seed": st.text("0123456789ab", max_size=5),
    "seed_variation": st.integers(1, 1000),
    "karras": st.booleans(),
    "tiling": st.booleans(),
    "hires_fix": st.booleans(),
    "clip_skip": st.integers(1, 12),
    "post_processing": st.lists(st.sampled_from(POST_PROCESSORS), max_size=3, unique=True),
    "facefixer_strength": st.floats(0, 1),
    "loras": st.lists(
        st.fixed_dictionaries(
            {"name": st.sampled_from(["12345", "flat colours"])}, optional={"is_version": st.booleans()}
        ),
        max_size=7,
    ),
    "tis": st.integers(0, 22).map(lambda count: [{"name": str(number)} for number in range(count)]),
    "special": st.sampled_from([{}, {"a": "b"}]),
    "control_type": st.sampled_from(CONTROL_TYPES),
    "image_is_control": st.booleans(),
    "return_control_map": st.booleans(),
    "transparent": st.booleans(),
    "workflow": st.just("qr_code"),
    "extra_texts": st.lists(
        st.fixed_dictionaries(
            {"text": st.just("https://krita.org"), "reference": st.sampled_from(["qr_code", "other"])}
        ),
        max_size=2,
    ),
}
fields = {
    "prompt": words,
    "models": st.lists(st.sampled_from([*MODELS, *STRANGE_MODELS]), max_size=2),
    "source_image": sources,
    "source_mask": sources,
    "source_processing": st.sampled_from(["img2img", "inpainting", "outpainting", "remix"]),
    "extra_source_images": st.lists(extras, max_size=2) | st.lists(extras, min_size=5, max_size=6),
    "webhook": st.sampled_from(["http://example.org/hook", "https://example.org/hook"]),
    "proxied_account": st.sampled_from(["", "somebody"]),
    **{
        name: st.booleans()
        for name in (
            "nsfw", "censor_nsfw", "replacement_filter", "worker_blacklist", "trusted_workers",
            "validated_backends", "slow_workers", "extra_slow_workers", "disable_batching", "allow_downgrade",
            "dry_run", "r2", "shared",
        )
    },
}  # fmt: skip
strangers = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 4000),
    st.floats(-1, 600, allow_nan=False),
    st.text("ab", max_size=3),
    st.just([]),
    st.just({}),
)


# What the Horde's rules hold against each other: of each bundle all fields are given at once.
BUNDLES = (
    (),
    ("models", "hires_fix", "clip_skip"),
    ("models", "control_type", "source_image", "source_processing"),
    ("models", "control_type", "source_image", "steps", "sampler_name"),
    ("models", "transparent", "control_type", "source_image"),
    ("models", "transparent", "source_processing", "extra_source_images"),
    ("models", "workflow", "extra_texts"),
    ("models", "width", "height", "slow_workers", "allow_downgrade"),
    ("models", "steps", "sampler_name", "allow_downgrade"),
    ("models", "slow_workers", "allow_downgrade", "dry_run"),
    ("models", "width", "height", "steps", "n"),
    ("source_image", "source_mask", "source_processing"),
    ("models", "source_image", "source_mask", "source_processing"),
    ("source_image", "source_processing"),
    ("models", "source_image", "source_processing", "extra_source_images"),
    ("n", "disable_batching"),
    ("cfg_scale", "post_processing", "loras", "tis"),
)


@st.composite
def bodies(draw: st.DrawFn) -> Any:
    """Fields with values that make sense, now and then one that does not."""
    more = st.lists(st.sampled_from(sorted([*params, *fields])), max_size=3)
    chosen = {"prompt", *draw(st.sampled_from(BUNDLES)), *draw(more)}
    inner = {name: draw(params[name]) for name in params if name in chosen}
    body = {name: draw(fields[name]) for name in fields if name in chosen}
    if draw(st.integers(0, 7)) == 0:
        inside, places = draw(st.sampled_from([(body, fields), (inner, params)]))
        inside[draw(st.sampled_from(sorted(places)))] = draw(strangers)
    return {"params": inner, **body} if inner or draw(st.booleans()) else body


@given(
    body=bodies(),
    key=st.sampled_from([USER, POOR, TRUSTED, ANONYMOUS]),
    free_side=st.sampled_from([1044, 1024, 800, 100, -300]),
)
@settings(deadline=None, max_examples=300)
def test_the_practice_horde_answers_what_is_foretold(body: Any, key: str, free_side: int) -> None:
    answer = answered(copy.deepcopy(body), key, free_side)
    expected = foretold(body, known(body, key, free_side))
    event(answer.code or "accepted")
    assert answer == expected


def known(body: Any, key: str, free_side: int) -> Circumstances:
    return circumstances(
        body,
        kudos={USER: 1175.0, POOR: 0.0, TRUSTED: 49975.0, ANONYMOUS: None}[key],
        price=price(body),
        anonymous=key == ANONYMOUS,
        trusted=key == TRUSTED,
        free_side=free_side,
    )
