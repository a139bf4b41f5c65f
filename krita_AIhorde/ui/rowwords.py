"""What a row says of its job: how it is doing, and what else the artist should know of it. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Callable

from krita_AIhorde.jobs.snapshot import JobSnapshot, Trouble
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.qt import tr

from .words import duration, excerpt, images, trouble_text


def status_text(job: JobSnapshot, seconds: float = 0.0) -> str:
    """What happens with the job, in a line; never empty.

    ``seconds``: until what is being waited out ends, 0 or less where nobody knows.
    """
    if not job.state.running:
        return _ENDINGS[job.state](job)
    if job.stopping is not None and job.state in _STOPPING:
        return _stopping(job)
    if job.trouble is not Trouble.NONE and job.state in _HELD_UP:
        return _held_up(job, seconds)
    return _RUNNING[job.state](job)


def note_text(job: JobSnapshot) -> str:
    """What else the artist should know of the job; mostly ""."""
    if job.unsafe:
        return tr("Not saved: it would be lost if Krita crashed. Make room on the disk.")
    if job.state is JobState.DONE and job.trouble in _NOT_INSERTED_AGAIN:
        return _NOT_INSERTED_AGAIN[job.trouble]()
    if job.resized:
        return tr("The canvas has another size than at the click: look whether the picture is in its place.")
    if job.made is not None:
        return tr("AI Horde made it smaller, {0} × {1}, and it was enlarged to fit.").format(
            job.made.width, job.made.height
        )
    if job.warnings and not job.state.ended:
        return tr("AI Horde warns: {0}").format(" ".join(job.warnings))
    return ""


_NOT_INSERTED_AGAIN: dict[Trouble, Callable[[], str]] = {
    Trouble.DOCUMENT_CLOSED: lambda: tr("There was no document to insert it into. Open one, then try again."),
    Trouble.LANDING: lambda: trouble_text(Trouble.LANDING),
}


def countdown(seconds: float) -> str:
    """ "8 s", "2:41"."""
    left = max(1, math.ceil(seconds))
    return tr("{0} s").format(left) if left < 60 else f"{left // 60}:{left % 60:02}"


def _sentence(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


# While it runs.


def _queued(job: JobSnapshot) -> str:
    if job.queue_position > 0:
        place = tr("Queue position {0}").format(job.queue_position)
    else:
        place = tr("In the queue") if job.queue_position < 0 else tr("Next in the queue")
    return _sentence(place, duration(job.eta), _so_far(job))


def _so_far(job: JobSnapshot) -> str:
    return tr("{0} of {1} done").format(job.finished, job.total) if job.finished else ""


def _generating(job: JobSnapshot) -> str:
    if job.total == 1:
        return _sentence(tr("Generating"), duration(job.eta))
    first = min(job.finished + job.censored + job.lost + 1, job.total)
    last = min(first + max(job.generating, 1) - 1, job.total)
    which = str(first) if first == last else tr("{0} to {1}").format(first, last)
    return _sentence(tr("Generating {0} of {1}").format(which, job.total), duration(job.eta))


def _stopping(job: JobSnapshot) -> str:
    why = tr("Out of time") if job.stopping is JobState.TIMED_OUT else tr("Cancelling")
    return _sentence(why, tr("collecting what is finished") if job.finished or job.generating else "")


def _held_up(job: JobSnapshot, seconds: float) -> str:
    """The trouble is being waited out: the artist need not do anything."""
    pictures = job.state is JobState.DOWNLOADING  # they lie elsewhere than on AI Horde's own server
    what = {
        Trouble.NO_CONNECTION: tr("No connection to the picture’s server")
        if pictures
        else tr("No connection to AI Horde"),
        Trouble.PROXY: tr("No way through the proxy"),
        Trouble.PROXY_LOGIN: tr("The proxy wants a name and password"),
        Trouble.PROXY_KIND: tr("The proxy has to be an http proxy, not SOCKS"),
        Trouble.NO_ANSWER: tr("AI Horde does not answer"),
        Trouble.SERVER: tr("AI Horde has a problem"),
        Trouble.TLS: tr("No safe connection"),
        Trouble.RATE_LIMITED: tr("AI Horde asks us to slow down"),
        Trouble.TOO_MANY_JOBS: tr("Waits for an earlier job to end"),
        Trouble.MAINTENANCE: tr("AI Horde is being maintained"),
        Trouble.IP_TIMEOUT: tr("AI Horde has locked out your address for a while"),
        Trouble.NO_WORKER: tr("No worker for it at the moment"),
    }.get(job.trouble) or trouble_text(job.trouble, job.detail).rstrip(".")
    if job.trouble is Trouble.NO_WORKER:
        return _sentence(what, tr("waiting for one"))
    if job.trouble is Trouble.TOO_MANY_JOBS and seconds <= 0:
        return what
    again = tr("trying again in {0}").format(countdown(seconds)) if seconds > 0 else tr("trying again")
    return _sentence(what, again)


_STOPPING = frozenset({JobState.CANCELLING, JobState.SUBMITTING, JobState.WAITING})
_HELD_UP = frozenset({JobState.WAITING, JobState.SUBMITTING, JobState.QUEUED, JobState.GENERATING,
                      JobState.DOWNLOADING})  # fmt: skip

Words = Callable[[JobSnapshot], str]
_RUNNING: dict[JobState, Words] = {
    JobState.WAITING: lambda job: tr("Waiting for its turn"),
    JobState.SUBMITTING: lambda job: tr("Sending"),
    JobState.QUEUED: _queued,
    JobState.GENERATING: _generating,
    JobState.CANCELLING: _stopping,
    JobState.DOWNLOADING: lambda job: tr("Downloading"),
    JobState.LANDING: lambda job: tr("Adding it to the document"),
}

# When it has ended, or waits for the artist.


def _tally(job: JobSnapshot) -> str:
    """What there is of the job: "" where one image was asked for and came."""
    return _sentence(
        tr("{0} of {1} images").format(job.finished, job.total) if 0 < job.finished < job.total else "",
        _censored(job) if job.total > 1 else "",
        tr("{0} lost").format(job.lost) if job.lost and job.total > 1 else "",
    )


def _censored(job: JobSnapshot) -> str:
    plain = job.censored - job.csam
    return _sentence(
        tr("{0} censored").format(plain) if plain else "",
        tr("{0} taken for child abuse").format(job.csam) if job.csam else "",
    )


def _done(job: JobSnapshot) -> str:
    if job.finished == 0 and job.trouble is not Trouble.NONE:
        return _sentence(trouble_text(job.trouble, job.detail), _tally(job))
    whole = images(job.total) if job.finished == job.total > 1 else ""
    return _sentence(tr("Done"), whole, _tally(job))


def _failed(job: JobSnapshot) -> str:
    trouble = Trouble.UNEXPECTED if job.trouble is Trouble.NONE else job.trouble
    return _sentence(trouble_text(trouble, job.detail), _tally(job))


def _expired(job: JobSnapshot) -> str:
    return _sentence(trouble_text(Trouble.EXPIRED), _tally(job))


def _timed_out(job: JobSnapshot) -> str:
    nobody = job.trouble is Trouble.NO_WORKER
    words = tr("No worker came for it within the max wait") if nobody else tr("Took longer than the max wait")
    return _sentence(words, _tally(job))


def _kept(job: JobSnapshot) -> str:
    if job.trouble is Trouble.LANDING:
        return trouble_text(job.trouble)
    what = images(job.kept) if job.kept > 1 else tr("The picture")
    if job.in_reach:
        return tr("{0} can go into “{1}” now.").format(what, excerpt(job.document_name, 40))
    how = (
        tr("{0} waited for you: open “{1}” again or insert it elsewhere.")
        if job.document_saved
        else tr("{0} waited for you: “{1}” was closed, so insert it elsewhere.")
    )
    return how.format(what, excerpt(job.document_name, 40))


_ENDINGS: dict[JobState, Words] = {
    JobState.UNCERTAIN: lambda job: tr(
        "Sent, but no answer came. It may be running: then it goes on here as soon as it is found."
    ),
    JobState.KEPT: _kept,
    JobState.DONE: _done,
    JobState.CANCELLED: lambda job: _sentence(tr("Cancelled"), _tally(job)),
    JobState.TIMED_OUT: _timed_out,
    JobState.FAILED: _failed,
    JobState.EXPIRED: _expired,
}
