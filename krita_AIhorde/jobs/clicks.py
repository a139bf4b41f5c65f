"""How a click becomes a job: all that it needs is known when the click returns."""

from __future__ import annotations

import time

from krita_AIhorde import settings as s
from krita_AIhorde.horde.messages import join_prompt
from krita_AIhorde.jobs.controls import params_of
from krita_AIhorde.jobs.landing import Canvas, NotReady, Sizes
from krita_AIhorde.jobs.queue import new_id
from krita_AIhorde.jobs.readiness import Obstacle
from krita_AIhorde.jobs.request import choose_seed
from krita_AIhorde.jobs.spec import JobSpec, Operation


def sizes_of(settings: s.Settings) -> Sizes:
    """What the artist has set of sizes and masks."""
    get = settings.get
    return Sizes(
        get(s.MIN_SIZE),
        get(s.MAX_SIZE),
        context=get(s.CONTEXT),
        mask_grow=get(s.MASK_GROW),
        mask_feather=get(s.MASK_FEATHER),
    )


def spec_of(settings: s.Settings, canvas: Canvas, operation: Operation) -> JobSpec:
    """The job that ``operation`` means now, in the active document. Raises NotReady, Busy."""
    params = params_of(settings)
    clicked_at = time.time()
    if not join_prompt(params.prompt, ""):  # "###" alone is none
        raise NotReady(Obstacle.NO_PROMPT)
    taken = canvas.capture(operation, sizes_of(settings))
    return JobSpec(
        id=new_id(),
        operation=operation,
        params=params,
        seed=choose_seed(settings.get(s.SEED), params.image_count, params.seed_variation),
        seed_drawn=not settings.get(s.SEED).strip(),
        document=taken.document,
        canvas=taken.canvas,
        frame=taken.frame,
        source=taken.source,
        mask=taken.mask,
        anchor=taken.anchor,
        mask_layer=taken.mask_layer,
        clicked_at=clicked_at,
    )
