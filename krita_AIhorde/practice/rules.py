"""The real server's rules beyond the schema, in its order, and in its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .errors import HordeError, bad_request, forbidden
from .fields import POST_PROCESSORS, UPSCALERS
from .models import CASCADE, FLUX, QWEN, SD1, SD2, SDXL, SPOKEN, Z_IMAGE, baseline, requirements
from .prompts import MOST_WORDS

NO_WORKER = (
    "Warning: No available workers can fulfill this request. It will expire in 20 minutes unless a "
    "worker appears. "
    "Please confider reducing its size of the request or choosing a different model."
)
NOT_SUPPORTED = "This model is not supported in this mode the moment"
_NO_SD2_CONTROL = ("normal", "hough")
_NEED_A_SOURCE = frozenset({"Stable Diffusion 2 Depth", "pix2pix"})
_PICTURES = ("source_image", "source_mask", "extra_source_images")
_NO_MATCH = "does not match the requirements for one of the requested models."
_WARNINGS = {
    "NoAvailableWorker": NO_WORKER,
    "ClipSkipMismatch": "The requested clip skip does not match what one of the models requires.",
    "StepsTooFew": "The steps specified for this generation are too few for this model.",
    "StepsTooMany": "The steps specified for this generation are too many for this model.",
    "CfgScaleMismatch": "The cfg_scale is not the one that this model requires.",
    "CfgScaleTooSmall": "The cfg_scale specified for this generation is too small for this model.",
    "CfgScaleTooLarge": "The cfg_scale specified for this generation is too large for this model.",
    "SamplerMismatch": f"The requested sampler {_NO_MATCH}",
    "SchedulerMismatch": f"The requested scheduler {_NO_MATCH}",
}


@dataclass
class Submission:
    """A generation request that has passed the schema. Without a list of models it is for
    ``stable_diffusion``; an empty list is for any model."""

    body: dict[str, Any]
    models: list[str]
    prompt: str
    client_agent: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def processing(self) -> str:
        return str(self.body.get("source_processing", "img2img"))

    @property
    def has_source(self) -> bool:
        return bool(self.body.get("source_image"))

    def is_for(self, *baselines: str) -> bool:
        return any(baseline(name) in baselines for name in self.models)

    def is_for_others_than(self, *baselines: str) -> bool:
        return any(baseline(name) not in baselines for name in self.models)


def check(submission: Submission) -> None:
    """Raises HordeError for the first rule that is broken."""
    _check_params(submission)
    _check_special(submission)
    _check_source(submission)
    _check_control(submission)
    _check_transparent(submission)
    _check_extras(submission)
    if submission.client_agent == "My-Project:v0.0.1:My-Contact":
        raise forbidden(
            "BannedClientAgent",
            "This Client-Agent appears badly designed and is causing too many warnings. First ensure "
            "it provides a "
            "proper name and contact details. Then contact us on Discord to discuss the issue it's creating.",
        )
    _check_nuls(submission)


def _check_params(submission: Submission) -> None:
    params = submission.params
    for kind in (FLUX, QWEN, Z_IMAGE):
        if submission.is_for(kind) and params.get("hires_fix"):
            raise bad_request("HiResMismatch", f"HiRes Fix does not work with {SPOKEN[kind]} currently.")
    loras = params.get("loras", [])
    if len(loras) > 5:
        raise bad_request("TooManyLoras", "You cannot request more than 5 loras per generation.")
    if any(lora.get("is_version") and not lora["name"].isdigit() for lora in loras):
        message = "explicit LoRa version requests have to be a version ID (i.e integer)."
        raise bad_request("BadLoraVersion", message)
    if len(params.get("tis", [])) > 20:
        message = "You cannot request more than 20 Textual Inversions per generation."
        raise bad_request("TooManyTIs", message)
    if params.get("transparent") and submission.is_for_others_than(SD1, SDXL):
        message = "Generating Transparent images is only possible for Stable Diffusion 1.5 and XL models."
        raise bad_request("InvalidTransparencyModel", message)
    if params.get("workflow") == "qr_code" and submission.is_for_others_than(SD1, SDXL):
        message = "QR Code controlnet only works with SD 1.5 and SDXL models currently"
        raise bad_request("ControlNetMismatch.", message)
    if len(submission.prompt.split()) > MOST_WORDS:
        message = "Too large prompt. Please reduce the amount of tokens contained."
        raise bad_request("InvalidPromptSize", message)
    if any(name in POST_PROCESSORS for name in submission.models):
        raise bad_request("UnexpectedModelName", NOT_SUPPORTED)
    if sum(name in UPSCALERS for name in params.get("post_processing", [])) > 1:
        raise bad_request("TooManyUpscalers", "Cannot use more than 1 upscaler at a time.")
    if "cfg_scale" in params and round(params["cfg_scale"], 2) != params["cfg_scale"]:
        raise bad_request("BadCFGDecimals", "cfg_scale must be rounded to 2 decimal places")


def _check_special(submission: Submission) -> None:
    if any("horde_special" in name for name in submission.models):  # none of our accounts is special
        raise forbidden("Forbidden", "Only special users can request a special model.")
    if submission.params.get("special"):
        raise HordeError(400, "Only special users can send a special field.", "BadRequest")


def _check_source(submission: Submission) -> None:
    if submission.body.get("source_mask") and not submission.has_source:
        message = "Please do not pass a source_mask unless you are sending a source_image as well"
        raise bad_request("SourceMaskUnnecessary", message)


def _check_control(submission: Submission) -> None:
    if "control_type" not in submission.params:
        return
    if submission.params["control_type"] in _NO_SD2_CONTROL and submission.is_for(SD2):
        message = "No current model available for this particular ControlNet for SD2.x"
        raise bad_request("ControlNetUnsupported", message)
    if "pix2pix" in submission.models:
        raise bad_request("ControlNetUnsupported", "You cannot use ControlNet with these models.")
    if not submission.has_source:
        raise bad_request("ControlNetSourceMissing", "Controlnet Requires a source image.")
    if submission.processing == "inpainting":
        message = "ControlNet cannot be used with inpainting at this time"
        raise bad_request("ControlNetInpaintingMismatch", message)
    for kind in (SDXL, CASCADE, FLUX, QWEN, Z_IMAGE):
        if submission.is_for(kind):
            message = f"ControlNet does not work with {SPOKEN[kind]} currently."
            raise bad_request("ControlNetMismatch", message)


def _check_transparent(submission: Submission) -> None:
    if not submission.params.get("transparent"):
        return
    if submission.body.get("extra_source_images"):  # a source image alone is not refused
        message = "Generating Transparent images is not supported during img2img workflows."
        raise bad_request("InvalidTransparencyImg2Img", message)
    if "control_type" in submission.params:
        message = "Transparent images are not possible together with ControlNet."
        raise bad_request("InvalidTransparencyCN", message)


def _check_extras(submission: Submission) -> None:
    body, params = submission.body, submission.params
    if submission.processing == "remix" and submission.is_for_others_than(CASCADE):
        raise bad_request("InvalidRemix", "Image Remix is only available for Stable Cascade models.")
    if body.get("extra_source_images") and submission.processing != "remix":
        message = "This request type does not accept extra source images."
        raise bad_request("InvalidExtraSourceImages.", message)
    texts = params.get("extra_texts", [])
    if texts and params.get("workflow") != "qr_code":
        raise bad_request("InvalidExtraTexts.", "Extra texts are for the workflow qr_code only.")
    if params.get("workflow") == "qr_code" and all(text.get("reference") != "qr_code" for text in texts):
        message = "This request requires you pass the required extra texts for this workflow."
        raise bad_request("MissingExtraTexts.", message)
    if not submission.has_source and not _NEED_A_SOURCE.isdisjoint(submission.models):
        raise bad_request("SourceImageRequiredForModel", NOT_SUPPORTED)


def _check_nuls(submission: Submission) -> None:
    """The real server's database refuses them, so they are found only when the request is written down:
    after every other rule, before kudos and pictures, also in a dry run.

    Recorded of the prompt; that no other text is treated differently is a guess. Pictures are not written.
    """
    written = {name: value for name, value in submission.body.items() if name not in _PICTURES}
    if _has_nul(written):
        raise bad_request("NulByteInPayload", "Request payload may not contain NUL (0x00) bytes.")


def _has_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_nul, value.values()))
    if isinstance(value, list):
        return any(map(_has_nul, value))
    return isinstance(value, str) and "\0" in value


def model_warnings(params: dict[str, Any], models: Sequence[str]) -> list[str]:
    """Codes of what does not suit the models' requirements; it is only warned of."""
    codes: list[str] = []
    for needs in map(requirements, models):
        steps, cfg = params.get("steps", 30), params.get("cfg_scale", 7.5)
        scheduler = "karras" if params.get("karras", True) else "simple"
        broken = {
            "ClipSkipMismatch": needs.get("clip_skip", params.get("clip_skip", 1))
            != params.get("clip_skip", 1),
            "StepsTooFew": steps < needs.get("min_steps", steps),
            "StepsTooMany": steps > needs.get("max_steps", steps),
            "CfgScaleMismatch": cfg != needs.get("cfg_scale", cfg),
            "CfgScaleTooSmall": cfg < needs.get("min_cfg_scale", cfg),
            "CfgScaleTooLarge": cfg > needs.get("max_cfg_scale", cfg),
            "SamplerMismatch": params.get("sampler_name", "k_euler_a") not in needs.get("samplers", [])
            and "samplers" in needs,
            "SchedulerMismatch": scheduler not in needs.get("schedulers", [scheduler]),
        }
        codes += [code for code, is_broken in broken.items() if is_broken and code not in codes]
    return codes


def warning(code: str) -> dict[str, str]:
    return {"code": code, "message": _WARNINGS[code]}
