"""A report of this installation, for whoever helps the artist: nothing private is in it (``diagnostics``)."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from attrs import frozen

from krita_AIhorde import diagnostics
from krita_AIhorde import settings as s
from krita_AIhorde.jobs.snapshot import JobSnapshot


@frozen
class Files:
    """Where things of ours lie, and what a report tells of the host: ``facts`` by name (versions and the
    like), and the ``secrets`` that it must not tell.
    """

    results: Path
    log: Path
    facts: Callable[[], Mapping[str, str]]
    secrets: Callable[[], Sequence[str]]


def report_of(files: Files, settings: s.Settings, jobs: Sequence[JobSnapshot]) -> Callable[[], str]:
    """What makes the text: it reads files, so it is for a worker thread. All else is looked at now."""
    return functools.partial(
        diagnostics.report,
        facts=files.facts(),
        settings=[(setting.name, value) for setting, value in settings if value != setting.default],
        jobs=[_line_of(job) for job in jobs],
        log_file=files.log,
        secrets=files.secrets(),
    )


def _line_of(job: JobSnapshot) -> str:
    """What a report tells of a job: nothing of what the artist wrote or drew."""
    trouble = " ".join(word for word in (job.trouble.value, job.rc) if word)
    images = (
        f"{job.finished} of {job.total} images, {job.censored} censored, {job.lost} lost, {job.kept} kept"
    )
    return ", ".join(part for part in (job.id, job.operation.value, job.state.value, images, trouble) if part)
