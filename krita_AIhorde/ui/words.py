"""Every sentence that an artist reads about a job: pure functions, without widgets."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable

from krita_AIhorde.horde.advice import Advice
from krita_AIhorde.jobs.readiness import Obstacle
from krita_AIhorde.jobs.snapshot import JobSnapshot, Trouble
from krita_AIhorde.jobs.spec import Operation
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.qt import tr

from .advicewords import advice_text

LONGEST_WORD = 30
TOOLTIP_LINE = 60  # characters
ZERO_WIDTH_SPACE = "\u200b"


def duration(seconds: float) -> str:
    """A wait as people say it ("about 40 s", "about 3 min"); "" when it is not known or over."""
    if seconds <= 0:
        return ""
    if seconds < 10:
        return tr("a few seconds")
    if seconds < 90:
        return tr("about {0} s").format(round(seconds / 5) * 5)
    if seconds < 90 * 60:
        return tr("about {0} min").format(round(seconds / 60))
    return tr("about {0} h").format(round(seconds / 3600))


def excerpt(prompt: str, length: int) -> str:
    """The beginning of ``prompt`` on one line of at most ``length`` characters, whole words if possible."""
    line = " ".join(prompt.split())
    if len(line) <= length:
        return line
    between_words = line.rfind(" ", length // 2, length)
    return line[: between_words if between_words > 0 else length - 1].rstrip(" ,;.:") + "…"


def breakable(text: str) -> str:
    """``text`` whose longest words may be broken, so that an address never widens the docker."""

    def cut(word: str) -> str:
        if len(word) <= LONGEST_WORD:
            return word
        return ZERO_WIDTH_SPACE.join(word[i : i + LONGEST_WORD] for i in range(0, len(word), LONGEST_WORD))

    return "\n".join(" ".join(cut(word) for word in line.split(" ")) for line in text.split("\n"))


def wrapped(text: str) -> str:
    """``text`` on lines of a tooltip, of which Qt breaks none that is plain."""
    return textwrap.fill(text, TOOLTIP_LINE, break_long_words=False, break_on_hyphens=False)


def operation_text(operation: Operation) -> str:
    return {
        Operation.GENERATE: tr("Generate"),
        Operation.IMG2IMG: tr("Img2Img"),
        Operation.INPAINT: tr("Inpaint"),
    }[operation]


def obstacle_text(obstacle: Obstacle, operation: Operation | None) -> str:
    """What to do so that the button works. ``operation`` is None for the Mask button."""
    if obstacle is Obstacle.NO_SELECTION and operation is Operation.INPAINT:
        return tr("Inpaint needs a selection or a mask.")
    return {
        Obstacle.NO_DOCUMENT: tr("Open a document first."),
        Obstacle.NO_PROMPT: tr("Write a prompt first."),
        Obstacle.NO_SELECTION: tr("Select a region first."),
        Obstacle.MASK_OUTSIDE: tr("Nothing of the painted mask is selected."),
        Obstacle.OUTSIDE: tr("The selection lies outside the canvas."),
        Obstacle.BUSY: tr("Krita is busy with a picture. Press again in a moment."),
    }[obstacle]


def trouble_text(trouble: Trouble, detail: str = "") -> str:
    """What went wrong and what to do next; "" for none.

    ``detail``, the server's own words, is used only where no sentence of ours says more.
    """
    if trouble is Trouble.NONE:
        return ""
    if trouble is Trouble.REFUSED and detail:
        return tr("AI Horde refused the job: {0}").format(excerpt(detail, 160))
    return {
        Trouble.NO_CONNECTION: tr("AI Horde cannot be reached. Check your internet connection."),
        Trouble.NO_ANSWER: tr("AI Horde did not answer."),
        Trouble.SERVER: tr("AI Horde has a problem of its own. Try again in a while."),
        Trouble.TLS: tr(
            "No safe connection to AI Horde. Check this computer's clock, proxy and virus scanner."
        ),
        Trouble.INSECURE: tr("The API key was not sent: the address of the Horde is not encrypted."),
        Trouble.RATE_LIMITED: tr("Too many requests. Wait a minute, then try again."),
        Trouble.TOO_MANY_JOBS: tr("AI Horde has as many jobs of yours as it takes at a time."),
        Trouble.BAD_KEY: tr("AI Horde does not know this API key. Correct it under Account."),
        Trouble.KUDOS: tr("This needs more kudos than you have. Make it smaller or use fewer steps."),
        Trouble.IP_TIMEOUT: tr("AI Horde has locked out your address for a while. Try again later."),
        Trouble.MAINTENANCE: tr("AI Horde is being maintained. Try again later."),
        Trouble.PROMPT: tr("AI Horde's filter refused the prompt. Word it differently."),
        Trouble.REFUSED: tr("AI Horde refused the job. Change the settings and try again."),
        Trouble.EXPIRED: tr(
            "AI Horde has given the job up: no worker took it in time, or Krita was away for too long."
        ),
        Trouble.NO_WORKER: tr("No worker can do this. Try another model, a smaller size or fewer steps."),
        Trouble.WORKER_FAILED: tr("The workers failed at it. Send it again or try another model."),
        Trouble.CENSORED_CSAM: tr(
            "AI Horde took it for a picture of child abuse and made it black. Reword the prompt."
        ),
        Trouble.CENSORED: tr("The worker censored it as not safe for work. Reword the prompt or allow NSFW."),
        Trouble.IMAGE_LOST: tr("A finished picture could not be fetched. Try the download again."),
        Trouble.DOCUMENT_CLOSED: tr("The document was closed."),
        Trouble.LANDING: tr("Krita did not take the new layer. Insert the picture into another document."),
        Trouble.DISK: tr("A file could not be written. Make room on the disk."),
        Trouble.UNEXPECTED: tr("Something went wrong inside the plugin. The details say what."),
    }[trouble]


class Sentences:
    """The words that the rooms below need, which must not know this one."""

    def obstacle(self, obstacle: Obstacle, operation: Operation | None) -> str:
        return obstacle_text(obstacle, operation)

    def trouble(self, trouble: Trouble, detail: str) -> str:
        return trouble_text(trouble, detail)

    def advice(self, advice: tuple[Advice, ...]) -> str:
        return advice_text(advice)


SENTENCES = Sentences()


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
    if job.resized:
        return tr("The canvas has another size than at the click: look whether the picture is in its place.")
    if job.made is not None:
        return tr("AI Horde made it smaller, {0} × {1}, and it was enlarged to fit.").format(
            job.made.width, job.made.height
        )
    if job.warnings and not job.state.ended:
        return tr("AI Horde warns: {0}").format(" ".join(job.warnings))
    return ""


def countdown(seconds: float) -> str:
    """ "8 s", "2:41"."""
    left = max(1, math.ceil(seconds))
    return tr("{0} s").format(left) if left < 60 else f"{left // 60}:{left % 60:02}"


def _sentence(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def images(count: int) -> str:
    return tr("1 image") if count == 1 else tr("{0} images").format(count)


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
    what = {
        Trouble.NO_CONNECTION: tr("No connection to AI Horde"),
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
    return tr("{0} waited for you: open “{1}” again or insert it elsewhere.").format(
        what, excerpt(job.document_name, 40)
    )


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
