"""The jobs that an earlier Krita left, as jobs of this one: a thousand of them must not be felt."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import attrs

from krita_AIhorde.jobs.job import Job
from krita_AIhorde.jobs.journal import Journal
from krita_AIhorde.jobs.restore import job_of
from krita_AIhorde.jobs.snapshot import JobSnapshot, RowAction
from krita_AIhorde.jobs.spec import DocumentRef

SLICE = 0.003  # seconds of Krita's main thread that are taken at a time
AT_A_TIME = 50  # records, with their sources and masks
_PIXELS_SPENT = {RowAction.DISMISS, RowAction.INSERT_AGAIN}


class Slices:
    """For a loop over many things: lets Krita go on in between."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    async def breathe(self) -> None:
        if time.perf_counter() - self._began > SLICE:
            await asyncio.sleep(0)
            self._began = time.perf_counter()


class Reach:
    """Which documents are open. To ask Krita costs more than all the rest: each is asked for once."""

    def __init__(self, is_open: Callable[[DocumentRef], bool]) -> None:
        self._is_open = is_open
        self._known: dict[DocumentRef, bool] = {}

    def has_changed(self, job: Job) -> bool:
        """Whether the row of ``job`` has to say something else now."""
        if not job.insertable:
            return False
        document = job.spec.document
        if document not in self._known:
            self._known[document] = self._is_open(document)
        before, job.in_reach = job.in_reach, self._known[document]
        return before != job.in_reach


@attrs.frozen
class Earlier:
    """A job, ready to go on or at rest; what its row shows; and whose it is, as in ``JobRecord``."""

    job: Job
    snapshot: JobSnapshot
    account: str


async def earlier_jobs(
    journal: Journal, changed: Callable[[Job], None], is_open: Callable[[DocumentRef], bool]
) -> list[Earlier]:
    """The jobs that no Krita runs, oldest first. ``changed`` is theirs."""
    slices, reach = Slices(), Reach(is_open)
    found: list[Earlier] = []
    while records := await journal.adopt(AT_A_TIME):
        for record in records:
            job = job_of(record, changed)
            reach.has_changed(job)
            snapshot = job.snapshot()
            if is_spent(job):
                job.spec = attrs.evolve(job.spec, mask=None)
            elif job.state.ended and RowAction.FETCH_AGAIN not in snapshot.actions:
                # The journal has them: a thousand rows are not to hold a thousand sources.
                job.spec, job.stored = attrs.evolve(job.spec, source=None, mask=None), True
            found.append(Earlier(job, snapshot, record.account))
            await slices.breathe()
    return found


def is_spent(job: Job) -> bool:
    """Whether nobody will need its source and mask again, which are megabytes."""
    return job.state.ended and job.snapshot().actions <= _PIXELS_SPENT
