"""Words for what an artist does, what is missing and what went wrong: pure functions, without widgets."""

from __future__ import annotations

import re
import textwrap

from krita_AIhorde.horde.advice import Advice
from krita_AIhorde.jobs.characters import beginning, pieces
from krita_AIhorde.jobs.readiness import Obstacle
from krita_AIhorde.jobs.snapshot import Trouble
from krita_AIhorde.jobs.spec import Operation
from krita_AIhorde.qt import tr

from .advicewords import advice_text

LONGEST_WORD = 30
TOOLTIP_LINE = 60  # characters
ZERO_WIDTH_SPACE = "\u200b"
NO_BREAK_SPACE = "\u00a0"
# "26 s", "9 kudos", "100 %" (the unit is short, so that a line never grows much), and "768 × 512".
_NUMBER_AND_UNIT = re.compile(r"(?<=\d) (?=(?:[^\W\d_]{1,12}\b|[%×]))|(?<=\d[ \u00a0]×) (?=\d)")


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


def images(count: int) -> str:
    return tr("1 image") if count == 1 else tr("{0} images").format(count)


def excerpt(prompt: str, length: int) -> str:
    """The beginning of ``prompt`` on one line of at most ``length`` characters, whole words if possible."""
    line = " ".join(prompt.split())
    if len(line) <= length:
        return line
    between_words = line.rfind(" ", length // 2, length)
    cut = line[:between_words] if between_words > 0 else beginning(line, length - 1)
    return cut.rstrip(" ,;.:") + "…"


def unparted(text: str) -> str:
    """``text`` in which no line ends between a number and its unit. For every text that wraps."""
    return _NUMBER_AND_UNIT.sub(NO_BREAK_SPACE, text)


def breakable(text: str) -> str:
    """``text`` for a label that wraps: its longest words may be broken, so that an address never widens the
    docker, and its numbers keep their units.
    """

    def cut(word: str) -> str:
        return ZERO_WIDTH_SPACE.join(pieces(word, LONGEST_WORD))

    lines = unparted(text).split("\n")
    return "\n".join(" ".join(cut(word) for word in line.split(" ")) for line in lines)


def wrapped(text: str) -> str:
    """``text`` on lines of a tooltip, of which Qt breaks none that is plain."""
    return textwrap.fill(unparted(text), TOOLTIP_LINE, break_long_words=False, break_on_hyphens=False)


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
        Trouble.PROXY: tr(
            "AI Horde cannot be reached through this computer's proxy. Check the proxy's address, or ask "
            "whoever looks after it."
        ),
        Trouble.PROXY_LOGIN: tr(
            "This computer's proxy wants a name and a password. The README says how to give them."
        ),
        Trouble.PROXY_KIND: tr(
            "This computer's proxy cannot be used: it has to be an http proxy, not SOCKS (see the README)."
        ),
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
