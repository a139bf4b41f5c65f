"""Brings a job's images home: from the Horde's image host, through a worker thread, to their layer.

Every image comes on its own task, so that a slow one holds up neither the others nor a cancel.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any

from krita_AIhorde.horde import errors
from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.messages import Generation
from krita_AIhorde.imaging.result import BadImage
from krita_AIhorde.jobs.characters import beginning, without_controls
from krita_AIhorde.jobs.fetching import Fetcher
from krita_AIhorde.jobs.images import Fate, Image
from krita_AIhorde.jobs.job import Job
from krita_AIhorde.jobs.journal import Journal
from krita_AIhorde.jobs.landing import Canvas, DocumentClosed, Landed, LandingFailed, Picture
from krita_AIhorde.jobs.recipe import recipe_of
from krita_AIhorde.jobs.snapshot import Trouble
from krita_AIhorde.jobs.trouble import Reason, reason_of

log = logging.getLogger(__name__)
EXCERPT = 40  # characters of the prompt in a layer's name; very long names have corrupted saved files


def excerpt(prompt: str) -> str:
    words = without_controls(" ".join(prompt.split()))
    return words if len(words) <= EXCERPT else beginning(words, EXCERPT - 1).rstrip() + "…"


def layer_name(prompt: str, generation: Generation) -> str:
    """``<prompt excerpt> · <seed>``, with the batch index where images share the seed."""
    index = generation.batch_index
    return f"{excerpt(prompt)} · {generation.seed}" + ("" if index is None else f"/{index}")


class Collector:
    """The images of one job."""

    def __init__(
        self, job: Job, client: HordeClient, canvas: Canvas, journal: Journal, room: asyncio.Queue[None]
    ) -> None:
        """``room``: free slots for pictures that are in memory unpacked, those of all jobs together."""
        self._job, self._canvas, self._journal = job, canvas, journal
        self._fetcher = Fetcher(job, client)
        self._room = room
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
            image = Image(generation, layer_name(self._job.spec.params.prompt, generation))
            self._job.images[image.id] = image
            if generation.censored or generation.censorship is not None:
                image.fate = Fate.CENSORED
                log.info("job %s: image %s is censored", self._job.id, image.id)
                self._start(image, self._journal.announced(self._job.id, image))
            else:
                self._start(image, self._bring(image))
            self._job.refresh()

    def go_on(self) -> None:
        """Take up the images of a job that an earlier Krita left, each where it was."""
        for image in self._job.images.values():
            if image.fate is Fate.DOWNLOADING:
                self._start(image, self._bring(image))
            elif image.fate in (Fate.SAVED, Fate.LANDING):
                self._start(image, self._land_saved(image))

    def fetch_again(self) -> None:
        """Try once more to get what counts as lost."""
        for image in self._job.images.values():
            if image.fate is Fate.LOST:
                image.fate = Fate.DOWNLOADING
                self._start(image, self._bring(image))

    async def finish(self) -> None:
        """Wait for all images that are on their way."""
        while pending := {task for task in self._tasks if not task.done()}:
            await asyncio.wait(pending)

    def abandon(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _start(self, image: Image, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(self._guarded(image, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, image: Image, work: Coroutine[Any, Any, None]) -> None:
        """A fault of ours with one image must cost neither the others nor its file."""
        try:
            await work
        except Exception as error:
            log.exception("job %s: image %s: an unexpected fault", self._job.id, image.id)
            has_file = image.fate in (Fate.SAVED, Fate.LANDING)
            fate = Fate.KEPT if has_file else Fate.LOST
            await self._journal.settled(self._job.id, image.id, fate)
            self._job.say(Reason(Trouble.UNEXPECTED, f"{type(error).__name__}: {error}"))
            self._job.fare(image, fate)

    async def _bring(self, image: Image) -> None:
        job = self._job
        log.info("job %s: image %s is finished", job.id, image.id)
        await self._journal.announced(job.id, image)
        try:
            data = await self._fetcher.fetch(image)
        except (errors.HordeError, BadImage) as error:
            await self._lose(image, error)
            return
        recipe = recipe_of(job.spec, image.generation, job.kudos)
        await self._journal.saved(job.id, image.id, data, recipe)
        log.info("job %s: image %s is here, %d bytes", job.id, image.id, len(data))
        job.fare(image, Fate.SAVED)
        await self._land(image, data)

    async def _lose(self, image: Image, why: object) -> None:
        log.warning("job %s: image %s is lost: %s", self._job.id, image.id, why)
        await self._journal.settled(self._job.id, image.id, Fate.LOST)
        self._job.fare(image, Fate.LOST)

    async def _land_saved(self, image: Image) -> None:
        """Land what an earlier Krita downloaded, unless its layer is in the document already."""
        job = self._job
        if image.layer and self._canvas.has_layer(job.spec.document, image.layer):
            await self._landed(image, Landed(image.layer, job.group))
            return
        try:
            data = await self._journal.image(job.id, image.id)
        except KeyError:
            log.warning("job %s: the file of image %s is gone: fetching it again", job.id, image.id)
            job.fare(image, Fate.DOWNLOADING)
            await self._bring(image)
        else:
            await self._land(image, data)

    async def _land(self, image: Image, data: bytes, *, into_active: bool = False) -> None:
        # Only then unpacked: many may have to wait for the end of a long stroke, and each is megabytes.
        await self._room.get()
        try:
            await self._unpack_and_land(image, data, into_active=into_active)
        finally:
            self._room.put_nowait(None)

    async def _unpack_and_land(self, image: Image, data: bytes, *, into_active: bool) -> None:
        job = self._job
        try:
            result = await asyncio.to_thread(self._fetcher.decode, data)
        except BadImage as error:  # a file that was good when it was saved
            await self._lose(image, error)
            return
        async with self._one_at_a_time:
            if image.fate is Fate.LANDED:  # "insert" was pressed twice
                return
            if result.original.area < job.spec.frame.requested.area:
                job.made = result.original  # "allow_downgrade": the Horde says so nowhere else
            job.fare(image, Fate.LANDING)
            several = job.total > 1
            picture = Picture(
                spec=job.spec,
                raster=result.raster,
                name=image.name,
                group_name=excerpt(job.spec.params.prompt) if several else "",
                group=job.group,
                first=job.count(Fate.LANDED) == 0,
            )
            try:
                landed = await self._canvas.land(
                    picture, into_active=into_active, before=self._write_layer_of(image)
                )
            except (DocumentClosed, LandingFailed) as error:
                closed = isinstance(error, DocumentClosed)
                log.info("job %s: image %s is kept: %s", job.id, image.id, "closed" if closed else error)
                await self._journal.settled(job.id, image.id, Fate.KEPT)
                job.say(Reason(Trouble.DOCUMENT_CLOSED if closed else Trouble.LANDING, str(error)))
                job.fare(image, Fate.KEPT)
                return
            await self._landed(image, landed)

    def _write_layer_of(self, image: Image) -> Callable[[Landed], Awaitable[None]]:
        async def write(coming: Landed) -> None:
            # Now, as after a crash the layer may be in a document that was saved (or saved by itself) since.
            image.layer = coming.layer
            await self._journal.landing(self._job.id, image.id, coming.layer, coming.group)

        return write

    async def _landed(self, image: Image, landed: Landed) -> None:
        job = self._job
        job.group = landed.group
        job.resized = job.resized or landed.resized
        await self._journal.settled(job.id, image.id, Fate.LANDED)
        log.info("job %s: image %s has landed", job.id, image.id)
        job.fare(image, Fate.LANDED)
        self.settle_mask()

    def settle_mask(self) -> None:
        """Say once what became of the painted mask: at the first landing, or at the end."""
        landed = self._job.count(Fate.LANDED) > 0
        if not self._settled and (landed or self._job.state.ended):
            self._settled = True
            self._canvas.settle_mask(self._job.spec, landed=landed)

    async def insert_kept(self, *, into_active: bool) -> None:
        """Land the kept images. Raises nothing that a row could not show."""
        for image in [image for image in self._job.images.values() if image.fate is Fate.KEPT]:
            try:
                data = await self._journal.image(self._job.id, image.id)
            except KeyError:
                await self._lose(image, "its file is gone")
            else:
                await self._land(image, data, into_active=into_active)


def note_trouble(job: Job) -> Callable[[errors.HordeError, float], None]:
    """For ``persist``: shows in the row what is being waited out."""

    def note(error: errors.HordeError, seconds: float) -> None:
        log.info("job %s: %s; again in %.0f s", job.id, error, seconds)
        job.say(reason_of(error), time.monotonic() + seconds)

    return note
