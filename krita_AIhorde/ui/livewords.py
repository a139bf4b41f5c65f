"""Every sentence that an artist reads about the Horde, its models, workers and accounts: pure functions."""

from __future__ import annotations

import re

from krita_AIhorde.horde import errors
from krita_AIhorde.horde.health import HealthLevel
from krita_AIhorde.horde.messages import ActiveModel, Performance, User, WorkerInfo
from krita_AIhorde.horde.modelinfo import Baseline, ModelInfo, Requirements
from krita_AIhorde.jobs.fitting import Fit, model_fits
from krita_AIhorde.jobs.spec import InpaintMethod, Operation
from krita_AIhorde.jobs.trouble import reason_of
from krita_AIhorde.qt import tr
from krita_AIhorde.settings import SAMPLER

from .words import duration, images, trouble_text

SMALL_PICTURE = 512 * 512 * 20 / 1e6  # megapixelsteps: the smallest size in the default number of steps
_SPEED = re.compile(r"\s*(\d+(?:\.\d+)?)\s*megapixelsteps")


def parts(*given: str) -> str:
    """What there is of it, with dots between."""
    return " · ".join(part for part in given if part)


def problem_text(problem: errors.HordeError | None) -> str:
    """Why something could not be had, and what to do; "" for None."""
    if problem is None:
        return ""
    reason = reason_of(problem)
    return trouble_text(reason.trouble, reason.detail)


def workers_text(count: int) -> str:
    if count <= 0:
        return tr("no worker now")
    return tr("1 worker") if count == 1 else tr("{0} workers").format(count)


def number(value: float) -> str:
    """Without decimals that say nothing: "7", "2.5"."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


# Models.


def kind_text(info: ModelInfo) -> str:
    """ "SDXL"; "" where nobody says what it is."""
    if not info.known and info.baseline is Baseline.SD1:  # what the Horde assumes, not what it knows
        return ""
    return {
        Baseline.SD1: "SD 1",
        Baseline.SD2: "SD 2",
        Baseline.SDXL: "SDXL",
        Baseline.CASCADE: "Cascade",
        Baseline.FLUX: "Flux",
        Baseline.QWEN: "Qwen",
        Baseline.Z_IMAGE: "Z-Image",
        Baseline.OTHER: "",
    }[info.baseline]


def style_text(info: ModelInfo) -> str:
    """In the artist's language where it is a usual one."""
    usual = {
        "anime": tr("anime"),
        "realistic": tr("realistic"),
        "artistic": tr("artistic"),
        "generalist": tr("all-round"),
        "furry": tr("furry"),
        "other": "",
    }
    return usual.get(info.style, info.style)


def _fit(info: ModelInfo) -> Fit:
    """How well Inpaint does with it, as the docker asks for it by default."""
    return model_fits(Operation.INPAINT, InpaintMethod.MASKED, info.baseline, info.inpainting)


def inpainting_mark(info: ModelInfo) -> str:
    """A word or two where a model differs from the others."""
    return {
        Fit.FILLS: tr("for inpainting"),
        Fit.MASK_IGNORED: tr("ignores masks"),
        Fit.SOURCE_IGNORED: tr("Generate only"),
    }.get(_fit(info), "")


def inpainting_text(info: ModelInfo) -> str:
    """The same in a sentence."""
    return {
        Fit.FILLS: tr("Made for inpainting: it draws the masked part from nothing. No use for Generate."),
        Fit.MASK_IGNORED: tr("Inpaint: it repaints the whole frame; only the masked part is shown."),
        Fit.SOURCE_IGNORED: tr("For Generate only: it cannot see your picture."),
    }.get(_fit(info), "")


def wait_text(model: ActiveModel) -> str:
    """How long its queue takes."""
    if model.count <= 0:
        return ""
    return duration(model.eta) or tr("no queue")


def served_text(model: ActiveModel | None) -> str:
    """ "12 workers · 30 images waiting · about 40 s"."""
    if model is None:
        return ""
    waiting = round(model.jobs)
    queue = tr("{0} waiting").format(images(waiting)) if waiting > 0 else ""
    return parts(workers_text(model.count), queue, wait_text(model))


def traits_text(info: ModelInfo) -> str:
    """ "SDXL · anime · also NSFW · version 1.3"."""
    version = tr("version {0}").format(info.version) if info.version else ""
    return parts(kind_text(info), style_text(info), tr("also NSFW") if info.nsfw else "", version)


def needs_text(needs: Requirements) -> str:
    """What a model wants, "" where it does not care. The Horde takes other values, too."""
    samplers = {option.value: option.label for option in SAMPLER.options}
    wanted = ", ".join(
        part
        for part in (
            _steps(needs),
            _strength(needs),
            tr("clip skip {0}").format(needs.clip_skip) if needs.clip_skip else "",
            tr("sampler {0}").format(tr(" or ").join(samplers.get(name, name) for name in needs.samplers))
            if needs.samplers
            else "",
            tr("Karras") if needs.schedulers == ("karras",) else "",
        )
        if part
    )
    return tr("Does best with {0}.").format(wanted) if wanted else ""


def _steps(needs: Requirements) -> str:
    low, high = needs.min_steps, needs.max_steps
    if low is not None and high is not None:
        return tr("{0} to {1} steps").format(low, high) if low != high else tr("{0} steps").format(low)
    if low is not None:
        return tr("{0} steps or more").format(low)
    return tr("at most {0} steps").format(high) if high is not None else ""


def _strength(needs: Requirements) -> str:
    if needs.cfg_scale is not None:
        return tr("prompt strength {0}").format(number(needs.cfg_scale))
    low, high = needs.min_cfg_scale, needs.max_cfg_scale
    if low is not None and high is not None:
        return tr("prompt strength {0} to {1}").format(number(low), number(high))
    if low is not None:
        return tr("prompt strength {0} or more").format(number(low))
    return tr("prompt strength {0} or less").format(number(high)) if high is not None else ""


# Workers.


def speed_text(worker: WorkerInfo) -> str:
    """How long it takes for a small picture, "" where it has not made one yet."""
    found = _SPEED.match(worker.performance)
    if found is None or float(found[1]) <= 0:
        return ""
    seconds = SMALL_PICTURE / float(found[1])
    if seconds < 1.5:
        return tr("1 s a picture")
    if seconds < 90:
        return tr("{0} s a picture").format(round(seconds))
    return tr("{0} min a picture").format(round(seconds / 60))


def largest_text(worker: WorkerInfo) -> str:
    """The largest square that it makes, on the Horde's grid of 64 pixels."""
    side = int(worker.max_pixels**0.5) // 64 * 64
    return tr("up to {0} × {0}").format(side) if side else ""


def cannot_text(worker: WorkerInfo) -> str:
    """What the docker's buttons would ask of it in vain."""
    missing = [
        words
        for words, can in (
            (tr("Img2Img"), worker.img2img),
            (tr("Inpaint"), worker.painting or worker.img2img),
            (tr("post-processing"), worker.post_processing),
        )
        if not can
    ]
    if not missing and not worker.painting:
        missing = [tr("Inpaint “From nothing”")]
    return tr("not for {0}").format(", ".join(missing)) if missing else ""


def worker_text(worker: WorkerInfo) -> str:
    """All that matters for choosing it, in a line."""
    return parts(
        tr("takes no jobs now (maintenance)") if worker.maintenance_mode else "",
        "" if worker.online else tr("offline"),
        tr("trusted") if worker.trusted else "",
        speed_text(worker),
        largest_text(worker),
        cannot_text(worker),
        "" if worker.nsfw else tr("no NSFW"),
    )


# The account.


def display_name(username: str) -> str:
    """The name without the number that belongs to it at the Horde."""
    return username.rpartition("#")[0] or username


def account_problem_text(problem: errors.HordeError) -> str:
    if isinstance(problem, errors.InvalidKey):
        return tr("AI Horde does not know this key. Copy it again, whole, from where you got it.")
    if problem.repeatable:
        return tr("{0} It is tried again by itself.").format(problem_text(problem))
    return problem_text(problem)


def standing_text(user: User) -> str:
    """What the account may do."""
    waiting = tr("Up to {0} may wait at a time.").format(images(user.concurrency))
    return " ".join((waiting, tr("The Horde trusts you.") if user.trusted else "")).strip()


def record_text(user: User) -> str:
    """What was made for it, and what it made for others."""
    made = tr("{0} made for you").format(images(user.requests))
    given = tr("{0} made by your workers").format(images(user.contributions))
    return parts(made, given if user.contributions or user.worker_count else "")


def transfer_problem_text(problem: errors.HordeError) -> str:
    """Why no kudos were given."""
    if problem.ambiguous:
        return tr(
            "No answer came: they may be given or not. Give again only if you still have them in a minute."
        )
    known: dict[type[errors.HordeError], str] = {
        errors.UnknownRecipient: tr("Nobody has that name. Write it with its number, like alice#12."),
        errors.TransferToSelf: tr("That is you."),
        errors.AnonymousTransfer: tr("Kudos are neither given to the anonymous account nor taken from it."),
        errors.NotEnoughKudos: tr("You cannot spare as many: every account has to keep a few."),
        errors.BadAmount: tr("Choose an amount above zero."),
        errors.TransferTooSoon: tr("They have just given kudos to you. Wait a minute, then try again."),
    }
    return known.get(type(problem)) or tr("Nothing was given. {0}").format(problem_text(problem))


# The Horde.


def health_text(level: HealthLevel | None) -> str:
    """A word or two for the light."""
    return {
        None: tr("Looking for the Horde"),
        HealthLevel.OK: tr("Horde OK"),
        HealthLevel.BUSY: tr("Horde busy"),
        HealthLevel.MAINTENANCE: tr("Maintenance"),
        HealthLevel.DOWN: tr("Horde down"),
        HealthLevel.UNREACHABLE: tr("No connection"),
    }[level]


def health_sentence(level: HealthLevel | None, problem: errors.HordeError | None) -> str:
    """What it means for the artist."""
    return {
        None: tr("Whether AI Horde can be reached is not known yet."),
        HealthLevel.OK: tr("AI Horde is well."),
        HealthLevel.BUSY: tr("AI Horde is busy: expect to wait, longest without a key."),
        HealthLevel.MAINTENANCE: tr("AI Horde takes no new jobs for a while. Those that are queued go on."),
        HealthLevel.DOWN: tr("AI Horde is down. Your jobs wait for it."),
        HealthLevel.UNREACHABLE: problem_text(problem) or tr("AI Horde cannot be reached."),
    }[level]


def load_text(load: Performance | None) -> str:
    """How much there is to do, and how many do it."""
    if load is None:
        return ""
    seconds = load.seconds_queued
    queue = ""
    if load.queued_requests and seconds:
        queue = tr("done in {0}").format(duration(seconds))
    waiting = (
        tr("{0} waiting").format(images(load.queued_requests)) if load.queued_requests else tr("no queue")
    )
    return parts(workers_text(load.worker_count), waiting, queue)
