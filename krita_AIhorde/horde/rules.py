"""What the Horde is going to refuse, ignore, or want kudos for, said before anything is sent: one table.

The rows stand in the order in which the Horde checks (horde.md 2), so that the first that is REFUSED is its
answer. Behind each row is its source: a recording of a real Horde, or a section of horde.md; [src] was read
in the server's or the workers' source.

Not foretold is what the body does not tell: the key, the prompt filter, how many of our images wait already,
which workers and styles exist, what is behind a URL.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from krita_AIhorde.horde import ignored, schema, upfront
from krita_AIhorde.horde.problems import Finding, Kind, Problem, Rule, more_than
from krita_AIhorde.horde.reading import (
    CASCADE,
    FLUX,
    QWEN,
    SD1,
    SD2,
    SDXL,
    Z_IMAGE,
    Circumstances,
    Picture,
    Reading,
)

__all__ = ["CODES", "ROWS", "SCHEMA", "Circumstances", "Kind", "Picture", "Problem", "problems"]

SCHEMA = "schema"  # refused by the API's schema, which gives no rc
LONGEST_PROMPT = 7500  # words
LONGEST_FILTERED_PROMPT = 7000  # characters of the positive prompt
MOST_LORAS, MOST_TIS, MOST_EXTRA_IMAGES = 5, 20, 5
MOST_PIXELS = 3072 * 3072
QR_CODE = "qr_code"
_NO_SD2_CONTROL = ("normal", "hough")
_NEED_A_SOURCE = frozenset({"Stable Diffusion 2 Depth", "pix2pix"})


def problems(body: object, circumstances: Circumstances) -> tuple[Problem, ...]:
    """All of a request's problems. ``body`` is the JSON of the POST, and may be anything."""
    return tuple(_problems(body, circumstances))


def _problems(body: object, circumstances: Circumstances) -> Iterator[Problem]:
    yield from map(_misfit, schema.violations(body))
    reading = Reading(body, circumstances)
    yield from _broken(BEFORE_KUDOS, reading)
    yield from upfront.upfront(reading)
    yield from _broken(PICTURES, reading)
    yield from _broken(ignored.RULES, reading)


def _misfit(violation: schema.Violation) -> Problem:
    """Lists of choices grow: what is in none of ours may be in a newer Horde's."""
    kind = Kind.MAY_BE_REFUSED if violation.rule == "enum" else Kind.REFUSED
    values = {"rule": violation.rule, "limit": violation.limit, "given": violation.given}
    return Problem(SCHEMA, violation.field, kind, values=values)


def _broken(rules: tuple[Rule, ...], reading: Reading) -> Iterator[Problem]:
    return (found for rule in rules if (found := rule.problem(reading)) is not None)


def _bad_lora_version(r: Reading) -> bool:
    names = [lora.get("name") for lora in r.loras if lora.get("is_version") is True]
    return any(isinstance(name, str) and not name.isdigit() for name in names)


def _too_many_decimals(r: Reading) -> bool:
    scale = r.param("cfg_scale")
    return scale is not None and round(scale, 2) != scale


def _too_long_for_filter(r: Reading) -> Finding:
    if r.given("replacement_filter") is False:
        return False
    return more_than(LONGEST_FILTERED_PROMPT, len(r.prompt.partition("###")[0]))


def _texts_missing(r: Reading) -> bool:
    if r.param("workflow") != QR_CODE:
        return False
    return all(text.get("reference") != QR_CODE for text in r.extra_texts)


BEFORE_KUDOS: tuple[Rule, ...] = (
    # Whose request it is.
    Rule("BadRequest", "webhook",  # rec 66
         lambda r: r.given("webhook") is not None and not r.given("webhook").startswith("https://")),
    Rule("OnlyServiceAccountProxy", "proxied_account",  # rec 79
         lambda r: bool(r.given("proxied_account"))),
    Rule("TooManyExtraSourceImages.", "extra_source_images",  # horde.md 2
         lambda r: more_than(MOST_EXTRA_IMAGES, r.extra_count)),
    Rule("MoreThanMinExtraSourceImage.", "extra_source_images",  # horde.md 2
         lambda r: not r.circumstances.trusted and more_than(1, r.extra_count)),
    Rule("RequiresTrust", "disable_batching",  # rec 67
         lambda r: r.images > 1 and r.given("disable_batching") is True and not r.circumstances.trusted,
         also="params.n"),
    Rule("BadRequest", "prompt",  # horde.md 2: only where the filter finds something
         _too_long_for_filter, kind=Kind.MAY_BE_REFUSED),
    # What is asked for.
    Rule("HiResMismatch", "params.hires_fix",  # rec 52
         lambda r: r.param("hires_fix") is True and r.is_for(FLUX, QWEN, Z_IMAGE), also="models"),
    Rule("TooManyLoras", "params.loras",  # rec 62
         lambda r: more_than(MOST_LORAS, len(r.param("loras") or ()))),
    Rule("BadLoraVersion", "params.loras",  # rec 63
         _bad_lora_version),
    Rule("TooManyTIs", "params.tis",  # rec 64
         lambda r: more_than(MOST_TIS, len(r.param("tis") or ()))),
    Rule("InvalidTransparencyModel", "params.transparent",  # rec 61
         lambda r: r.transparent and r.is_for_others_than(SD1, SDXL), also="models"),
    Rule("ControlNetMismatch.", "params.workflow",  # horde.md 2
         lambda r: r.param("workflow") == QR_CODE and r.is_for_others_than(SD1, SDXL), also="models"),
    Rule("InvalidPromptSize", "prompt",  # rec 68
         lambda r: more_than(LONGEST_PROMPT, len(r.prompt.split()))),
    Rule("UnexpectedModelName", "models",  # rec 75
         lambda r: any(name in schema.POST_PROCESSORS["enum"] for name in r.models)),
    Rule("TooManyUpscalers", "params.post_processing",  # rec 49
         lambda r: more_than(1, r.upscalers)),
    Rule("BadCFGDecimals", "params.cfg_scale",  # rec 44
         _too_many_decimals),
    Rule("Forbidden", "models",  # [src]
         lambda r: any("horde_special" in name for name in r.models)),
    Rule("BadRequest", "params.special",  # rec 78
         lambda r: bool(r.param("special"))),
    # What does not go together.
    Rule("SourceMaskUnnecessary", "source_mask",  # rec 53
         lambda r: bool(r.mask) and not r.source, also="source_image"),
    Rule("ControlNetUnsupported", "params.control_type",  # [src]
         lambda r: r.param("control_type") in _NO_SD2_CONTROL and r.is_for(SD2), also="models"),
    Rule("ControlNetUnsupported", "params.control_type",  # [src]
         lambda r: r.controlled and "pix2pix" in r.models, also="models"),
    Rule("ControlNetSourceMissing", "params.control_type",  # rec 51
         lambda r: r.controlled and not r.source, also="source_image"),
    Rule("ControlNetInpaintingMismatch", "params.control_type",  # rec 72
         lambda r: r.controlled and r.processing == "inpainting", also="source_processing"),
    Rule("ControlNetMismatch", "params.control_type",  # rec 73
         lambda r: r.controlled and r.is_for(SDXL, CASCADE, FLUX, QWEN, Z_IMAGE), also="models"),
    Rule("InvalidTransparencyImg2Img", "params.transparent",  # [src]
         lambda r: r.transparent and r.extra_count > 0, also="extra_source_images"),
    Rule("InvalidTransparencyCN", "params.transparent",  # horde.md 2
         lambda r: r.transparent and r.controlled, also="params.control_type"),
    Rule("InvalidRemix", "source_processing",  # rec 60
         lambda r: r.processing == "remix" and r.is_for_others_than(CASCADE), also="models"),
    Rule("InvalidExtraSourceImages.", "extra_source_images",  # rec 77
         lambda r: r.extra_count > 0 and r.processing != "remix", also="source_processing"),
    Rule("InvalidExtraTexts.", "params.extra_texts",  # horde.md 2
         lambda r: bool(r.param("extra_texts")) and r.param("workflow") != QR_CODE, also="params.workflow"),
    Rule("MissingExtraTexts.", "params.extra_texts",  # rec 76
         _texts_missing, also="params.workflow"),
    Rule("SourceImageRequiredForModel", "source_image",  # [src]
         lambda r: not r.source and not _NEED_A_SOURCE.isdisjoint(r.models), also="models"),
    # Found only when the request is written into the database.
    Rule("NulByteInPayload", "prompt",  # rec 70
         lambda r: "\0" in r.prompt),
    Rule("NulByteInPayload", "",  # [src]
         lambda r: "\0" not in r.prompt and any("\0" in text for text in r.texts)),
)  # fmt: skip


# Pictures are looked at last, and only in earnest. A refusal here is dear: its images go on counting as
# waiting for 20 minutes [rec 99b].


def _sent(r: Reading) -> bool:
    return bool(r.source) and r.given("dry_run") is not True


def _no_picture(text: str) -> bool:
    """Whether this is certainly no picture, neither as base64 nor behind a URL."""
    if text.startswith("http"):
        return False
    try:
        data = base64.b64decode(text.encode(errors="replace"))  # tolerant, as the server is
    except (binascii.Error, ValueError):
        return True
    return not (data.startswith(_BEGINNINGS) or data[4:8] == b"ftyp")


# PNG, JPEG, WebP, GIF, BMP, TIFF, JPEG 2000: of all that Pillow reads, what a client may come to send.
_BEGINNINGS = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\0\0\0\x0cjP  ",
)  # fmt: skip


def _too_many_pixels(picture: Picture | None) -> Finding:
    if picture is None or picture.width * picture.height <= MOST_PIXELS:
        return False
    return {"limit": 3072, "width": picture.width, "height": picture.height}


def _source_is_the_mask(r: Reading) -> bool:
    return _sent(r) and not r.mask and r.processing == "inpainting"


PICTURES: tuple[Rule, ...] = (
    Rule("ImageValidationFailed", "source_image",  # rec 55, 56, 59b
         lambda r: _sent(r) and r.circumstances.source is None and _no_picture(r.source)),
    Rule("SourceImageResolutionExceeded", "source_image",  # rec 57
         lambda r: _sent(r) and _too_many_pixels(r.circumstances.source)),
    Rule("ImageValidationFailed", "source_mask",  # horde.md 5
         lambda r: _sent(r) and bool(r.mask) and r.circumstances.mask is None and _no_picture(r.mask)),
    Rule("SourceImageResolutionExceeded", "source_mask",  # horde.md 5
         lambda r: _sent(r) and bool(r.mask) and _too_many_pixels(r.circumstances.mask)),
    Rule("InpaintingMissingMask", "source_mask",  # rec 54
         lambda r: _source_is_the_mask(r) and r.source_alpha is False, also="source_image"),
    Rule("InpaintingMissingMask", "source_mask",  # rec 54, 122: nobody looked
         lambda r: _source_is_the_mask(r) and r.source_alpha is None, also="source_image",
         kind=Kind.MAY_BE_REFUSED),
    Rule("ImageValidationFailed", "extra_source_images",  # [src]
         lambda r: r.given("dry_run") is not True and any(map(_no_picture, r.extra_images))),
)  # fmt: skip

ROWS = (*BEFORE_KUDOS, *upfront.RULES, *PICTURES, *ignored.RULES)
CODES = frozenset({SCHEMA, upfront.DOWNGRADED, *(row.code for row in ROWS)})
