"""Brings a job's images home: from the Horde's image host, through a worker thread, to their layer.

Every image comes on its own task, so that a slow one holds up neither the others nor a cancel.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable, Iterable

from krita_AIhorde.horde import errors
from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.messages import Generation
from krita_AIhorde.horde.retry import persist
from krita_AIhorde.imaging.raster import Raster
from krita_AIhorde.imaging.result import BadImage, decode_result
from krita_AIhorde.jobs.job import Fate, Image, Job
from krita_AIhorde.jobs.journal import Journal
from krita_AIhorde.jobs.landing import Canvas, DocumentClosed, LandingFailed, Picture
from krita_AIhorde.jobs.snapshot import Trouble
from krita_AIhorde.jobs.trouble import trouble_of

log = logging.getLogger(__name__)
TRIES = 4  # fresh links (or files) an image gets before it counts as lost
DOWNLOAD_PATIENCE = 120.0  # seconds of network trouble for one link
EXCERPT = 40  # characters of the prompt in a layer's name; very long names have corrupted saved files


def excerpt(prompt: str) -> str:
    words = " ".join(prompt.split())
    return words if len(words) <= EXCERPT else words[: EXCERPT - 1].rstrip() + "…"


def layer_name(prompt: str, generation: Generation) -> str:
    """``<prompt excerpt> · <seed>``, with the batch index where images share the seed."""
    index = generation.batch_index
    return f"{excerpt(prompt)} · {generation.seed}" + ("" if index is None else f"/{index}")


class Collector:
    """The images of one job. ``land`` is shared by all jobs: see ``insert_kept``."""

    def __init__(self, job: Job, client: HordeClient, canvas: Canvas, journal: Journal) -> None:
        self._job, self._client, self._canvas, self._journal = job, client, canvas, journal
        self._tasks: set[asyncio.Task[None]] = set()
        self._settled = False
        self._one_at_a_time = asyncio.Lock()  # the first image's layer makes the group for the others

    @property
    def seen(self) -> int:
        """How many generations have been announced, whatever became of them."""
        return len(self._job.images)

    def take(self, generations: Iterable[Generation]) -> None:
        """Fetch those that are new."""
        for generation in generations:
            if generation.id in self._job.images:
                continue
            image = Image(generation.id, layer_name(self._job.spec.params.prompt, generation))
            self._job.images[generation.id] = image
            if generation.censored or generation.censorship is not None:
                image.fate = Fate.CENSORED
                self._job.refresh()
                continue
            image.fate = Fate.DOWNLOADING
            self._job.refresh()
            task = asyncio.ensure_future(self._bring(image, generation))
            self._tasks.add(task)

    async def finish(self) -> None:
        """Wait for all images that are on their way. Raises what went wrong unexpectedly with one of them."""
        while pending := {task for task in self._tasks if not task.done()}:
            await asyncio.wait(pending)
        for task in self._tasks:
            task.result()

    def abandon(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _bring(self, image: Image, generation: Generation) -> None:
        await self._journal.announced(self._job.id, image.generation_id)
        try:
            data = await self._download(generation)
        except (errors.HordeError, BadImage) as error:
            log.warning("job %s: image %s is lost: %s", self._job.id, image.generation_id, error)
            image.fate = Fate.LOST
            self._job.refresh()
            return
        await self._journal.saved(self._job.id, image.generation_id, data)
        await self._land(image, data, into_active=False)

    async def _download(self, generation: Generation) -> bytes:
        """The image's file, known to be readable. A dead link or a damaged file gets a fresh link."""
        for attempt in range(1, TRIES + 1):
            current = generation
            try:
                if attempt > 1:
                    current = await self._afresh(generation)
                fetch = functools.partial(self._client.image_bytes, current)
                data = await persist(fetch, give_up_after=DOWNLOAD_PATIENCE)
                await asyncio.to_thread(self._decode, data)
            except (errors.LinkDead, errors.RequestNotFound, BadImage) as error:
                if attempt == TRIES:
                    raise
                log.info("job %s: %s; trying a fresh link", self._job.id, error)
                await asyncio.sleep(attempt)
            else:
                return data
        raise AssertionError("the last try returns or raises")

    def _decode(self, data: bytes) -> Raster:
        """For a worker thread. Raises BadImage."""
        spec = self._job.spec
        return decode_result(data, spec.frame, part=spec.lands_on).raster

    async def _afresh(self, generation: Generation) -> Generation:
        """The same generation with a newly signed link, if the Horde still knows it."""
        status = await persist(
            lambda: self._client.status(self._job.horde_id), give_up_after=DOWNLOAD_PATIENCE
        )
        return next((new for new in status.generations if new.id == generation.id), generation)

    async def _land(self, image: Image, data: bytes, *, into_active: bool) -> None:
        job = self._job
        raster = await asyncio.to_thread(self._decode, data)
        async with self._one_at_a_time:
            image.fate = Fate.LANDING
            job.refresh()
            several = job.spec.params.image_count > 1
            picture = Picture(
                spec=job.spec,
                raster=raster,
                name=image.name,
                group_name=excerpt(job.spec.params.prompt) if several else "",
                group=job.group,
                first=job.count(Fate.LANDED) == 0,
            )
            try:
                landed = await self._canvas.land(picture, into_active=into_active)
            except (DocumentClosed, LandingFailed) as error:
                closed = isinstance(error, DocumentClosed)
                job.say(Trouble.DOCUMENT_CLOSED if closed else Trouble.LANDING, str(error))
                image.fate = Fate.KEPT
                job.refresh()
                return
            job.group = landed.group
            await self._journal.landed(job.id, image.generation_id, landed.layer)
            image.fate = Fate.LANDED
            job.refresh()
        self.settle_mask()

    def settle_mask(self) -> None:
        """Say once what became of the painted mask: at the first landing, or at the end."""
        landed = self._job.count(Fate.LANDED) > 0
        if not self._settled and (landed or self._job.state.ended):
            self._settled = True
            self._canvas.settle_mask(self._job.spec, landed=landed)

    async def insert_kept(self) -> None:
        """Land the kept images in the active document. Raises nothing that a row could not show."""
        kept = [image for image in self._job.images.values() if image.fate is Fate.KEPT]
        for image in kept:
            data = await self._journal.image(self._job.id, image.generation_id)
            await self._land(image, data, into_active=True)


def note_trouble(job: Job) -> Callable[[errors.HordeError, float], None]:
    """For ``persist``: shows in the row what is being waited out."""

    def note(error: errors.HordeError, seconds: float) -> None:
        log.info("job %s: %s; again in %.0f s", job.id, error, seconds)
        job.say(*trouble_of(error))

    return note
