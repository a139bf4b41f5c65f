"""The states of a job and the ways between them; they are the words that an artist sees."""

from __future__ import annotations

import enum


class JobState(enum.Enum):
    WAITING = "waiting"
    SUBMITTING = "submitting"
    UNCERTAIN = "uncertain"
    QUEUED = "queued"
    GENERATING = "generating"
    CANCELLING = "cancelling"
    DOWNLOADING = "downloading"
    LANDING = "landing"
    KEPT = "kept"
    DONE = "done"
    CANCELLED = "cancelled"
    TIMED_OUT = "timedOut"
    FAILED = "failed"
    EXPIRED = "expired"

    @property
    def ended(self) -> bool:
        """Nothing more happens to the job by itself."""
        return self in ENDED

    @property
    def running(self) -> bool:
        """A task is at work on it: there is something to cancel."""
        return self not in ENDED and self not in (JobState.KEPT, JobState.UNCERTAIN)


S = JobState
ENDED = frozenset({S.DONE, S.CANCELLED, S.TIMED_OUT, S.FAILED, S.EXPIRED})
_STOPPED = {S.CANCELLED, S.TIMED_OUT}
_AFTER_IMAGES = {S.GENERATING, S.QUEUED, S.CANCELLING, S.DONE, S.KEPT, S.FAILED, S.EXPIRED}

WAYS: dict[JobState, frozenset[JobState]] = {
    S.WAITING: frozenset({S.SUBMITTING, *_STOPPED, S.FAILED}),
    S.SUBMITTING: frozenset({S.QUEUED, S.WAITING, S.UNCERTAIN, S.FAILED, S.CANCELLING}),
    S.UNCERTAIN: frozenset({S.QUEUED, S.CANCELLED}),
    S.QUEUED: frozenset({S.GENERATING, S.DOWNLOADING, S.CANCELLING, S.FAILED, S.EXPIRED}),
    S.GENERATING: frozenset({S.QUEUED, S.DOWNLOADING, S.CANCELLING, S.FAILED, S.EXPIRED}),
    S.CANCELLING: frozenset({S.KEPT, S.FAILED, *_STOPPED}),
    S.DOWNLOADING: frozenset({S.LANDING, *_AFTER_IMAGES, *_STOPPED}),
    # A job whose images were kept, or fetched again, ends as it would have ended: it may have been stopped.
    S.LANDING: frozenset({S.DOWNLOADING, *_AFTER_IMAGES, *_STOPPED}),
    # The artist may ask once more for a picture that counts as lost.
    S.KEPT: frozenset({S.LANDING, S.DOWNLOADING}),
    **{state: frozenset({S.DOWNLOADING}) for state in ENDED},
}


class ForbiddenWay(RuntimeError):
    """A job was asked to go where its state does not lead: a fault of ours."""


def require_way(old: JobState, new: JobState) -> None:
    """Raise ForbiddenWay if ``old`` does not lead to ``new``; staying is always allowed."""
    if new is not old and new not in WAYS[old]:
        raise ForbiddenWay(f"{old.value} does not lead to {new.value}")
