"""Looks for the request of a job whose submit was never answered: it may run, and cost kudos."""

from __future__ import annotations

import asyncio
import logging
import time

from krita_AIhorde.horde import errors
from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.messages import Status
from krita_AIhorde.jobs.job import Job
from krita_AIhorde.jobs.journal import Journal
from krita_AIhorde.jobs.sender import account_mark

log = logging.getLogger(__name__)
PAUSE = 15.0  # seconds between two looks; the Horde caches an account's requests for 30 s
# The Horde keeps a request for 20 minutes after its last sign of life; a search that began before its first
# image must outlast the image.
LONGEST = 3600.0


def can_search(job: Job, client: HordeClient, account: str) -> bool:
    """The Horde lists nothing for the anonymous account, which everybody shares. Another account's requests
    are not ours. And the proof is in the seeds, so they must be nobody else's: drawn, not typed.
    """
    mine = account_mark(client.endpoint)
    return bool(mine) and mine == account and job.spec.seed_drawn


class Search:
    """The account's requests are looked at until one of their images has a seed of the job's.

    The Horde tells nothing else of a request that is ours alone. A seed drawn from 2**32 is proof enough;
    the number of images must be the job's too.
    """

    def __init__(self, client: HordeClient, journal: Journal, *, pause: float = PAUSE) -> None:
        self._client, self._journal, self._pause = client, journal, pause

    async def find(self, job: Job) -> str:
        """The id of the job's request, "" when it was not found in time. Raises HordeError for a bad key."""
        began = time.monotonic()
        candidates: set[str] = set()
        foreign: set[str] = set()
        while time.monotonic() - began < LONGEST:
            try:
                user = await self._client.find_user()
                known = await self._journal.known_requests()
                candidates |= set(user.active_image_ids)
                candidates -= foreign | set(known)
                for candidate in sorted(candidates):
                    match = await self._matches(candidate, job)
                    if match:
                        log.info("job %s: found again as %s", job.id, candidate)
                        return candidate
                    if match is False:
                        foreign.add(candidate)
            except errors.InvalidKey:
                raise
            except errors.HordeError as error:
                log.info("job %s: the search goes on later: %s", job.id, error)
            await asyncio.sleep(self._pause)
        log.info("job %s: not found", job.id)
        return ""

    async def _matches(self, candidate: str, job: Job) -> bool | None:
        """None: it has no image yet that would tell."""
        try:
            check = await self._client.check(candidate)
            if not check.finished:
                return False if check.settled else None
            status = await self._client.status(candidate)
        except errors.RequestNotFound:
            return False
        return _is_of(status, job)


def _is_of(status: Status, job: Job) -> bool:
    seeds = {str(seed) for seed in job.spec.seeds}
    images = len(status.generations) + status.waiting + status.processing
    return images <= job.total and any(generation.seed in seeds for generation in status.generations)
