"""Fetches a picture's file from wherever it lies, however often that takes."""

from __future__ import annotations

import asyncio
import logging
import time
from http import HTTPStatus

from krita_AIhorde.horde import errors
from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.retry import backoff
from krita_AIhorde.imaging.result import BadImage, Result, decode_result
from krita_AIhorde.jobs.images import Image
from krita_AIhorde.jobs.job import Job
from krita_AIhorde.jobs.trouble import reason_of

log = logging.getLogger(__name__)
TRIES = 4  # fresh links (or files) an image gets before it counts as lost
# Seconds of network trouble: the Horde keeps a finished request for 20 minutes, its images for two hours.
PATIENCE = 1800.0
PATIENCE_WHEN_STOPPED = 120.0
# A bad certificate, a page in place of the picture: somebody is in between. A hotel's login page goes away;
# what stays for longer has to be told, and can be tried again from the row.
PATIENCE_IN_BETWEEN = 120.0
# What another try may mend: an upload that comes late, a file that was damaged on its way.
_MENDABLE = (errors.LinkDead, errors.NotAnImage, errors.RequestNotFound, BadImage)


class Fetcher:
    """For the images of one job."""

    def __init__(self, job: Job, client: HordeClient) -> None:
        self._job, self._client = job, client

    async def fetch(self, image: Image) -> bytes:
        """The image's file, known to be readable. A dead link or a damaged file gets a fresh link.

        Raises HordeError, BadImage.
        """
        began = time.monotonic()
        bad = failures = 0
        while True:
            try:
                data = await self._client.image_bytes(image.generation)
                await asyncio.to_thread(self.decode, data)
            except _MENDABLE as error:
                bad += 1
                if bad >= TRIES:
                    raise
                pause, reason = float(bad), str(error)
            except (errors.ImageUnreachable, errors.TlsFailure, errors.ServerTrouble) as error:
                failures += 1
                if time.monotonic() - began > self._patience(error):
                    raise
                pause, reason = backoff(failures, error.retry_after), str(error)
                self._job.say(reason_of(error), time.monotonic() + pause)
            else:
                if failures:
                    self._job.say()
                return data
            log.info("job %s: image %s: %s; again in %.0f s", self._job.id, image.id, reason, pause)
            await asyncio.sleep(pause)
            await self._refresh_link(image)

    def _patience(self, error: errors.HordeError) -> float:
        if isinstance(error, errors.TlsFailure) or error.status == HTTPStatus.OK:
            return PATIENCE_IN_BETWEEN
        return PATIENCE if self._job.stopping is None else PATIENCE_WHEN_STOPPED

    def decode(self, data: bytes) -> Result:
        """For a worker thread. Raises BadImage."""
        spec = self._job.spec
        return decode_result(data, spec.frame, part=spec.lands_on)

    async def _refresh_link(self, image: Image) -> None:
        """A newly signed link for the image, if the Horde can be asked and still knows it."""
        try:
            status = await self._client.status(self._job.horde_id)
        except errors.HordeError as error:
            log.info("job %s: no fresh link: %s", self._job.id, error)
            return
        for generation in status.generations:
            if generation.id == image.id:
                image.generation = generation
