"""Who goes to the Horde next: it lets an account have only so many images waiting.

Told of every change of a job, it keeps count; nobody who waits is woken before it is their turn.
"""

from __future__ import annotations

import asyncio

from krita_AIhorde.jobs.job import Job
from krita_AIhorde.jobs.states import JobState

_AT_THE_HORDE = (JobState.SUBMITTING, JobState.QUEUED)


class Turns:
    """``room``: images that may be waiting at the Horde at a time."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._taken: dict[str, int] = {}  # images of the jobs that are there, or on their way
        self._images = 0  # of all these together
        self._called: set[str] = set()  # on their way, though they are not sent yet
        self._line: dict[str, tuple[Job, asyncio.Future[None]]] = {}  # first come, first served

    @property
    def room(self) -> int:
        return self._room

    @room.setter
    def room(self, images: int) -> None:
        self._room = images
        self._call()

    def saw(self, job: Job) -> None:
        """Something of ``job`` has changed."""
        if job.state is not JobState.WAITING:
            self._called.discard(job.id)
        is_there = job.state in _AT_THE_HORDE or job.id in self._called
        self._take(job.id, job.total if is_there else 0)

    async def come(self, job: Job) -> None:
        """Wait until there is room for the job's images; a job alone always has it."""
        self._called.discard(job.id)
        self._take(job.id, 0)
        turn = asyncio.get_running_loop().create_future()
        self._stand_in_line(job, turn)
        self._call()
        try:
            await turn
        except asyncio.CancelledError:
            self._line.pop(job.id, None)
            self._called.discard(job.id)
            self._take(job.id, 0)
            raise

    def _stand_in_line(self, job: Job, turn: asyncio.Future[None]) -> None:
        """Where the time of its click belongs: one that the Horde did not take stands in front again."""
        last = next(reversed(self._line.values()), None)
        self._line[job.id] = (job, turn)
        if last is not None and last[0].spec.clicked_at > job.spec.clicked_at:
            self._line = dict(sorted(self._line.items(), key=lambda place: place[1][0].spec.clicked_at))

    def _take(self, job_id: str, images: int) -> None:
        freed = self._taken.pop(job_id, 0) - images
        if images:
            self._taken[job_id] = images
        self._images -= freed
        if freed > 0:
            self._call()

    def _call(self) -> None:
        """Those for whom there is room; who wants more than that does not hold up who wants less."""
        for job_id, (job, turn) in list(self._line.items()) if self._has_room(1) else ():
            if turn.cancelled():
                continue
            if self._has_room(job.total):
                del self._line[job_id]
                self._called.add(job_id)
                self._taken[job_id] = job.total
                self._images += job.total
                turn.set_result(None)
            elif not self._has_room(1):
                return

    def _has_room(self, images: int) -> bool:
        return not self._taken or self._images + images <= self._room
