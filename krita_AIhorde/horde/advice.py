"""Where the artist's values do not suit a model, and what would."""

from __future__ import annotations

from attrs import frozen

from krita_AIhorde.horde.modelinfo import ModelInfo, Requirements
from krita_AIhorde.horde.reading import SECOND_ORDER

# The Horde's names for ``karras`` on and off.
KARRAS, PLAIN = "karras", "simple"


@frozen
class Advice:
    """``field`` (of the API's params) should be ``wanted``. ``code`` is the Horde's for the same warning."""

    field: str
    wanted: int | float | str | bool
    code: str


def requirements_advice(
    info: ModelInfo, *, steps: int, cfg_scale: float, clip_skip: int, sampler: str, karras: bool
) -> tuple[Advice, ...]:
    """What to change for ``info`` to do well; nothing, once that is done. By the Horde's own rules."""
    needs = info.requirements
    found = (
        _steps(needs, steps),
        _cfg_scale(needs, round(cfg_scale, 2)),
        _clip_skip(needs, clip_skip),
        _sampler(needs, sampler),
        _scheduler(needs, karras),
    )
    return tuple(advice for advice in found if advice is not None)


def _steps(needs: Requirements, steps: int) -> Advice | None:
    if needs.min_steps is not None and steps < needs.min_steps:
        return Advice("steps", needs.min_steps, "StepsTooFew")
    if needs.max_steps is not None and steps > needs.max_steps:
        return Advice("steps", needs.max_steps, "StepsTooMany")
    return None


def _cfg_scale(needs: Requirements, cfg_scale: float) -> Advice | None:
    if needs.cfg_scale is not None:
        fits = cfg_scale == needs.cfg_scale
        return None if fits else Advice("cfg_scale", needs.cfg_scale, "CfgScaleMismatch")
    if needs.min_cfg_scale is not None and cfg_scale < needs.min_cfg_scale:
        return Advice("cfg_scale", needs.min_cfg_scale, "CfgScaleTooSmall")
    if needs.max_cfg_scale is not None and cfg_scale > needs.max_cfg_scale:
        return Advice("cfg_scale", needs.max_cfg_scale, "CfgScaleTooLarge")
    return None


def _clip_skip(needs: Requirements, clip_skip: int) -> Advice | None:
    if needs.clip_skip is None or clip_skip == needs.clip_skip:
        return None
    return Advice("clip_skip", needs.clip_skip, "ClipSkipMismatch")


def _sampler(needs: Requirements, sampler: str) -> Advice | None:
    if not needs.samplers or sampler in needs.samplers:
        return None
    # Those of second order take every step twice, for twice the kudos: only where nothing else will do.
    cheap = (name for name in needs.samplers if name not in SECOND_ORDER)
    return Advice("sampler_name", next(cheap, needs.samplers[0]), "SamplerMismatch")


def _scheduler(needs: Requirements, karras: bool) -> Advice | None:
    """None also where the model wants neither of the two."""
    if not needs.schedulers or (KARRAS if karras else PLAIN) in needs.schedulers:
        return None
    other = PLAIN if karras else KARRAS
    return Advice("karras", not karras, "SchedulerMismatch") if other in needs.schedulers else None
