"""A job of an earlier Krita, as it stands now."""

from __future__ import annotations

from collections.abc import Callable

from krita_AIhorde.jobs.images import Fate, Image
from krita_AIhorde.jobs.job import Job
from krita_AIhorde.jobs.records import ImageRecord, JobRecord
from krita_AIhorde.jobs.states import JobState

# A job that had ended is not run again: what it was in the middle of is now the artist's to ask for.
_LEFT: dict[Fate, Fate] = {
    Fate.DOWNLOADING: Fate.LOST,
    Fate.SAVED: Fate.KEPT,
    Fate.LANDING: Fate.KEPT,
}


def job_of(record: JobRecord, changed: Callable[[Job], None]) -> Job:
    """The job, ready to go on: running jobs with their images where they were, ended ones at rest.

    One that was just being sent is uncertain: the Horde may have it.
    """
    state = JobState.UNCERTAIN if record.state is JobState.SUBMITTING else record.state
    at_rest = not state.running
    images = {image.generation.id: _image(image, at_rest) for image in record.images}
    if state.ended and any(image.fate is Fate.KEPT for image in images.values()):
        state = JobState.KEPT
    job = Job(record.spec, changed, state=state, horde_id=record.horde_id, images=images)
    job.reason, job.warnings = record.reason, record.warnings
    job.group, job.kudos = record.group, record.kudos
    job.favourite = record.favourite
    job.held = record.held if at_rest else frozenset()
    if at_rest:
        job.stopping = record.stopping
    elif record.stopping is not None:
        job.stop(record.stopping)
    return job


def _image(record: ImageRecord, at_rest: bool) -> Image:
    fate = _LEFT.get(record.fate, record.fate) if at_rest else record.fate
    return Image(record.generation, record.name, fate, record.layer)
