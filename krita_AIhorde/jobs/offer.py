"""What a click on a button would ask the Horde for, right now, and what is known of it beforehand."""

from __future__ import annotations

from attrs import frozen

from krita_AIhorde.horde.problems import Problem
from krita_AIhorde.imaging.geometry import Extent
from krita_AIhorde.jobs.readiness import Obstacle, Readiness
from krita_AIhorde.jobs.spec import Operation


@frozen
class Offer:
    """``obstacle``: why the button cannot work, None = it does. The others are None where nobody knows.

    ``size`` in pixels is what the Horde is asked for, ``kudos`` its price, ``seconds`` the wait.
    ``upfront``: the account cannot pay what the Horde wants beforehand. ``problems``: what the Horde would
    refuse, ignore or waste of the request.
    """

    obstacle: Obstacle | None = None
    size: Extent | None = None
    kudos: float | None = None
    seconds: int | None = None
    upfront: bool = False
    problems: tuple[Problem, ...] = ()


def offers_of(readiness: Readiness) -> dict[Operation, Offer]:
    """What the canvas alone knows of each button."""
    return {
        Operation.GENERATE: Offer(readiness.generate, readiness.generate_size),
        Operation.IMG2IMG: Offer(readiness.img2img, readiness.img2img_size),
        Operation.INPAINT: Offer(readiness.inpaint, readiness.inpaint_size),
    }
