"""Pictures that have landed, put into a document once more: theirs may have been lost before it was saved.

The job stays at its end meanwhile; only what is new of its images is written down.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from attrs import evolve

from krita_AIhorde.imaging.result import BadImage, decode_result
from krita_AIhorde.jobs.collector import excerpt
from krita_AIhorde.jobs.images import Fate, Image
from krita_AIhorde.jobs.job import Job
from krita_AIhorde.jobs.journal import Journal
from krita_AIhorde.jobs.landing import Canvas, DocumentClosed, Landed, LandingFailed, Picture
from krita_AIhorde.jobs.snapshot import Trouble
from krita_AIhorde.jobs.spec import JobSpec, Operation
from krita_AIhorde.jobs.trouble import Reason

log = logging.getLogger(__name__)
_OF_LANDING = frozenset({Trouble.LANDING, Trouble.DOCUMENT_CLOSED})


async def insert_again(job: Job, canvas: Canvas, journal: Journal, *, into_active: bool) -> None:
    """Land all pictures of ``job`` whose files are there, in the order in which they came.

    What hinders it is then the job's reason. Raises nothing that a row could not show.
    """
    if job.reason.trouble in _OF_LANDING:
        job.say()
    try:
        spec = await _with_mask(job, journal)
        first = True
        for image in [image for image in job.images.values() if image.id in job.held]:
            if picture := await _picture(job, spec, image, journal, first=first):
                first = False
                await _land(job, picture, image, canvas, journal, into_active=into_active)
    except (DocumentClosed, LandingFailed) as error:
        closed = isinstance(error, DocumentClosed)
        log.info("job %s: not inserted again: %s", job.id, "no document" if closed else error)
        job.say(Reason(Trouble.DOCUMENT_CLOSED if closed else Trouble.LANDING, str(error)))


async def _with_mask(job: Job, journal: Journal) -> JobSpec:
    """A job at rest has let go of its mask, which may be as large as the canvas. Raises LandingFailed."""
    if job.spec.mask is not None:
        return job.spec
    try:
        mask = await journal.mask(job.id)
    except KeyError:
        raise LandingFailed("the mask cannot be read") from None
    if mask is None and job.spec.operation is Operation.INPAINT:
        raise LandingFailed("the mask is gone")
    return evolve(job.spec, mask=mask)


async def _picture(job: Job, spec: JobSpec, image: Image, journal: Journal, *, first: bool) -> Picture | None:
    """None where the file is gone, or damaged."""
    try:
        data = await journal.image(job.id, image.id)
        result = await asyncio.to_thread(decode_result, data, spec.frame, part=spec.lands_on)
    except (KeyError, BadImage) as error:
        log.warning("job %s: the file of image %s cannot be read: %s", job.id, image.id, error)
        return None
    group_name = excerpt(spec.params.prompt) if job.total > 1 else ""
    return Picture(spec, result.raster, image.name, group_name, job.group, first)


async def _land(
    job: Job, picture: Picture, image: Image, canvas: Canvas, journal: Journal, *, into_active: bool
) -> None:
    """Raises DocumentClosed, LandingFailed. Where Krita ends meanwhile, the next one keeps the picture."""
    try:
        landed = await canvas.land(picture, into_active=into_active, before=_write_layer(job, image, journal))
    except (DocumentClosed, LandingFailed):
        await journal.settled(job.id, image.id, Fate.LANDED)  # as before
        raise
    await journal.settled(job.id, image.id, Fate.LANDED)
    image.layer, job.group, job.resized = landed.layer, landed.group, landed.resized
    log.info("job %s: image %s has landed again", job.id, image.id)
    job.refresh()


def _write_layer(job: Job, image: Image, journal: Journal) -> Callable[[Landed], Awaitable[None]]:
    async def write(coming: Landed) -> None:
        await journal.landing(job.id, image.id, coming.layer, coming.group)

    return write
