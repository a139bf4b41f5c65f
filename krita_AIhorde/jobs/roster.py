"""All jobs, and what their rows show of them: nothing here takes longer the more jobs there are."""

from __future__ import annotations

from collections.abc import Iterator

from krita_AIhorde.jobs.job import FETCHED, Job
from krita_AIhorde.jobs.snapshot import JobSnapshot


class Roster:
    """In the order in which they came. Iterating goes over the jobs."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._snapshots: dict[str, JobSnapshot] = {}
        self._seed: str | None = None  # None: to be looked up

    def __iter__(self) -> Iterator[Job]:
        return iter(list(self._jobs.values()))

    def __contains__(self, job_id: str) -> bool:
        return job_id in self._jobs

    def get(self, job_id: str) -> Job | None:
        return self._jobs.get(job_id)

    def add(self, job: Job, snapshot: JobSnapshot) -> None:
        self._jobs[job.id] = job
        self._snapshots[job.id] = snapshot
        self._seed = None

    def remove(self, job_id: str) -> None:
        del self._jobs[job_id], self._snapshots[job_id]
        self._seed = None

    def picture(self, job: Job) -> JobSnapshot:
        """What there is to show of ``job`` now."""
        if job.images:
            self._seed = None
        snapshot = self._snapshots[job.id] = job.snapshot()
        return snapshot

    def snapshots(self) -> list[JobSnapshot]:
        """Newest first, as they were pictured."""
        return list(reversed(self._snapshots.values()))

    def last_seed(self) -> str:
        """That of the newest image that came, "" = none did."""
        if self._seed is None:
            self._seed = self._look_up_seed()
        return self._seed

    def _look_up_seed(self) -> str:
        for job in reversed(self._jobs.values()):
            seeds = [image.generation.seed for image in job.images.values() if image.fate in FETCHED]
            if seeds:
                return seeds[-1]
        return ""
