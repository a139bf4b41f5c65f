"""What an artist reads beside the control that causes a problem: pure functions, without widgets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from krita_AIhorde import settings as s
from krita_AIhorde.horde import upfront
from krita_AIhorde.horde.problems import Kind, Problem
from krita_AIhorde.horde.rules import SCHEMA
from krita_AIhorde.jobs.fitting import Fit
from krita_AIhorde.qt import tr

from .words import excerpt


def problem_text(problem: Problem) -> str:
    """What is wrong and what to do, in a sentence or two."""
    if problem.code == SCHEMA:
        return _schema_text(problem)
    if problem.code == upfront.CODE:
        return _kudos_text(problem)
    if problem.code == upfront.DOWNGRADED:
        return _downgraded_text(problem)
    words = _words()
    text = words.get((problem.code, problem.field)) or words[problem.code, ""]
    return text.format(**problem.values)


def fit_text(fit: Fit) -> str:
    """Why the chosen model is not the right one; "" where it is."""
    return {
        Fit.FITS: "",
        Fit.NEEDS_INPAINTING_MODEL: tr(
            "“From nothing” needs a model made for inpainting. Choose one, or “Masked part”."
        ),
        Fit.MASK_IGNORED: tr("This model repaints the whole frame; only the masked part is shown."),
        Fit.SOURCE_IGNORED: tr("This model cannot see your picture. Choose another, or use Generate."),
        Fit.FILLS: tr("This model always fills from nothing: denoising strength has no effect."),
        Fit.ONLY_INPAINTS: tr("This model is made for inpainting only. Choose another."),
    }[fit]


def _schema_text(problem: Problem) -> str:
    rule, limit, given = (problem.values.get(name) for name in ("rule", "limit", "given"))
    if problem.field == "prompt" and rule in ("required", "minLength"):
        return tr("Write a prompt first.")
    words = {
        "required": tr("{0}: fill it in."),
        "minLength": tr("{0}: at least {1} characters."),
        "maxLength": tr("{0}: at most {1} characters."),
        "minimum": tr("{0}: at least {1}."),
        "maximum": tr("{0}: at most {1}."),
        "multipleOf": tr("{0}: only multiples of {1}."),
        "enum": tr("{0}: AI Horde may not know “{1}”. Better choose another."),
        "uniqueItems": tr("{0}: choose each only once."),
        "type": tr("{0}: AI Horde cannot read this value. Set it again."),
    }[rule or "type"]
    return words.format(_label(problem.field), excerpt(str(given), 40) if rule == "enum" else _number(limit))


def _label(path: str) -> str:
    """What the control of a field is called, or that of what the field is in."""
    labels = {setting.api: tr(setting.label) for setting in reversed(s.ALL) if setting.api} | {
        "params.width": tr("Width"),
        "params.height": tr("Height"),
        "params.post_processing": tr(s.POST_PROCESSING.label),
        "params.loras": tr("LoRAs"),
        "params.loras.model": tr("LoRA strength"),
        "params.loras.clip": tr("LoRA strength"),
        "params.tis": tr("Embeddings"),
        "params.tis.strength": tr("Embedding strength"),
        "params.control_type": tr("ControlNet"),
        "source_image": tr("Source image"),
        "source_mask": tr("Mask"),
    }
    names = [name for name in path.split(".") if not name.isdigit()]
    paths = (".".join(names[:length]) for length in range(len(names), 0, -1))
    return next((labels[path] for path in paths if path in labels), tr("A setting"))


def _kudos_text(problem: Problem) -> str:
    """Why kudos are needed before the work begins, and whether there are enough."""
    values = problem.values
    if problem.kind is Kind.MAY_BE_REFUSED:
        reason = tr("When AI Horde is busy, sizes above {0} × {0} pixels need kudos beforehand.")
    elif problem.field == "slow_workers":
        reason = tr("Without slow workers, kudos are needed beforehand. Turn “Slow workers” on.")
    elif problem.field == "params.width":
        reason = tr("Sizes above {0} × {0} pixels need kudos beforehand. Choose a smaller size.")
    elif problem.field == "params.sampler_name":
        reason = tr("With this model, this sampler needs kudos beforehand. Choose another sampler.")
    else:
        reason = {
            "models": tr("With this model, more than {0} steps need kudos beforehand. Take fewer steps."),
            "params.sampler_name": tr(
                "With this sampler, more than {0} steps need kudos beforehand. Take fewer steps."
            ),
            "params.control_type": tr(
                "With ControlNet, more than {0} steps need kudos beforehand. Take fewer steps."
            ),
        }.get(problem.also) or tr("More than {0} steps need kudos beforehand. Take fewer steps.")
    return " ".join(filter(None, (reason.format(_number(values.get("limit"))), _purse(problem))))


def _purse(problem: Problem) -> str:
    kudos, price = (problem.values.get(name) for name in ("kudos", "price"))
    if kudos is not None and price is not None:
        return tr("It costs about {0} kudos; you can spend {1}.").format(round(price), _number(max(0, kudos)))
    if problem.kind is Kind.REFUSED:
        return tr("You have none to spend.")
    return ""


def _downgraded_text(problem: Problem) -> str:
    if problem.field == "params.width":
        words = tr("Without enough kudos, AI Horde makes the picture smaller: {0} × {0} pixels at most.")
        return words.format(_number(problem.values.get("limit")))
    return tr("Without enough kudos, AI Horde changes this to what is free.")


def _number(value: Any) -> str:
    """As people write it: 20 for 20.0."""
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def _words() -> Mapping[tuple[str, str], str]:
    """By code and field; the field is "" where it makes no difference."""
    return {
        ("BadRequest", ""): tr("AI Horde refuses this. Change it."),
        ("BadRequest", "webhook"): tr("The webhook's address must begin with https://."),
        ("BadRequest", "prompt"): tr(
            "AI Horde may refuse a prompt of more than {limit} characters. Shorten it."
        ),
        ("BadRequest", "params.special"): tr(
            "Only special accounts may send special settings. Leave them out."
        ),
        ("OnlyServiceAccountProxy", ""): tr("Only service accounts can send for others. Leave it out."),
        ("TooManyExtraSourceImages.", ""): tr("At most {limit} extra source images. Remove some."),
        ("MoreThanMinExtraSourceImage.", ""): tr(
            "Only trusted accounts can send more than {limit} extra source image. Remove the others."
        ),
        ("RequiresTrust", ""): tr(
            "Only trusted accounts can ask for several images that are made one by one. Ask for one image."
        ),
        ("HiResMismatch", ""): tr("This model does not work with hires fix. Turn that off."),
        ("TooManyLoras", ""): tr("At most {limit} LoRAs. Remove some."),
        ("BadLoraVersion", ""): tr("A LoRA's version must be its number. Choose the LoRA again."),
        ("TooManyTIs", ""): tr("At most {limit} embeddings. Remove some."),
        ("InvalidTransparencyModel", ""): tr(
            "This model cannot draw on transparency. Choose one of SD 1 or SDXL."
        ),
        ("ControlNetMismatch.", ""): tr("This model cannot make QR codes. Choose one of SD 1 or SDXL."),
        ("InvalidPromptSize", ""): tr("The prompt has {given} words; {limit} are possible. Shorten it."),
        ("UnexpectedModelName", ""): tr("This is no model that paints. Choose another."),
        ("TooManyUpscalers", ""): tr("Only one upscaler at a time. Remove the others."),
        ("BadCFGDecimals", ""): tr("Prompt strength takes two decimals at most. Round it."),
        ("Forbidden", ""): tr("This model is for special accounts only. Choose another."),
        ("SourceMaskUnnecessary", ""): tr("A mask needs a picture that it belongs to. Use Inpaint."),
        ("ControlNetUnsupported", ""): tr(
            "This model does not work with this kind of ControlNet. Choose another."
        ),
        ("ControlNetSourceMissing", ""): tr("ControlNet needs a picture to start from. Use Img2Img."),
        ("ControlNetInpaintingMismatch", ""): tr(
            "ControlNet does not work with the inpaint method “From nothing”. Choose another."
        ),
        ("ControlNetMismatch", ""): tr(
            "This model does not work with ControlNet. Choose one of SD 1, or turn ControlNet off."
        ),
        ("InvalidTransparencyImg2Img", ""): tr(
            "Transparent pictures cannot have extra source images. Remove them."
        ),
        ("InvalidTransparencyCN", ""): tr("Transparent pictures do not work with ControlNet. Turn one off."),
        ("InvalidRemix", ""): tr("Only Stable Cascade can remix. Choose that model."),
        ("InvalidExtraSourceImages.", ""): tr("Extra source images are for remixing only. Remove them."),
        ("InvalidExtraTexts.", ""): tr("Extra texts are for QR codes only. Remove them."),
        ("MissingExtraTexts.", ""): tr("A QR code needs its text. Write one."),
        ("SourceImageRequiredForModel", ""): tr("This model needs a picture to start from. Use Img2Img."),
        ("NulByteInPayload", ""): tr("A text has a character that AI Horde refuses (NUL). Type it anew."),
        ("ImageValidationFailed", "source_image"): tr("AI Horde cannot read the source image. Try again."),
        ("ImageValidationFailed", "source_mask"): tr("AI Horde cannot read the mask. Paint it again."),
        ("ImageValidationFailed", ""): tr("AI Horde cannot read an extra source image. Remove it."),
        ("SourceImageResolutionExceeded", ""): tr(
            "The picture has {width} × {height} pixels, more than AI Horde takes. Choose a smaller size."
        ),
        ("InpaintingMissingMask", ""): tr("“From nothing” needs a mask. Select or paint what to repaint."),
        ("SourceIgnored", ""): tr("This model cannot see your picture. Choose another, or use Generate."),
        ("MaskIgnored", ""): tr("This model repaints the whole frame, not only the mask."),
        ("SourceWithoutDenoising", ""): tr(
            "Without a denoising strength, nothing of your picture is kept. Set one."
        ),
        ("DenoisingIgnored", ""): tr(
            "Filling starts from nothing: below 1, denoising strength only leaves grey. Set it to 1."
        ),
        ("InpaintingModelWithoutSource", ""): tr("This model is made for inpainting only. Choose another."),
        ("InpaintingModelWithoutMask", ""): tr(
            "Without a mask, this inpainting model keeps nothing of your picture. Choose another."
        ),
        ("HiResFixTooSmall", ""): tr(
            "Hires fix does nothing until both sides are larger than {limit} pixels."
        ),
        ("HiResFixWithSource", ""): tr("Hires fix is for Generate only. Turn it off."),
        ("ClipSkipIgnored", ""): tr("This model ignores clip skip."),
        ("TilingIgnored", ""): tr("This model makes no seamless tiles."),
        ("FacefixerStrengthIgnored", ""): tr("Workers take no notice of the face fixer strength at present."),
        ("ControlNetStepsIgnored", ""): tr("With ControlNet, only {limit} steps are taken."),
    }
