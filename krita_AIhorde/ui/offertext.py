"""What a button says of what it would ask for: pure functions, without widgets."""

from __future__ import annotations

import math

from krita_AIhorde.jobs.offer import Offer
from krita_AIhorde.jobs.readiness import Obstacle
from krita_AIhorde.jobs.spec import Operation
from krita_AIhorde.qt import tr

from .remarks import refusals
from .words import duration


def heads(name: str, offer: Offer) -> list[str]:
    """The button's first line, the fullest first; the last is the name alone."""
    if offer.obstacle is not None:
        return [name] * 3
    sized = [f"{name} {size_text(offer, tight=tight)}".rstrip() for tight in (False, True)]
    return [*sized, name]


def tails(offer: Offer) -> list[str]:
    """Its second line, the fullest first: price and wait, as far as they are known; the last is empty."""
    waits = (duration(offer.seconds or 0), _brief_duration(offer.seconds or 0), "")
    return [*(" · ".join(part for part in (price_text(offer), wait) if part) for wait in waits), ""]


def reason(offer: Offer, operation: Operation) -> str:
    """Why it cannot work, for the second line of the button; "" if it can. `hindrance` says what to do."""
    if offer.obstacle is Obstacle.NO_SELECTION and operation is Operation.INPAINT:
        return tr("Select or mask first")
    if offer.obstacle is not None:
        return obstacle_reason(offer.obstacle)
    if refusals(offer):
        return tr("Would be refused")
    return tr("Needs more kudos") if offer.upfront else ""


def obstacle_reason(obstacle: Obstacle) -> str:
    return {
        Obstacle.NO_DOCUMENT: tr("Open a document first"),
        Obstacle.NO_PROMPT: tr("Write a prompt first"),
        Obstacle.NO_SELECTION: tr("Select a region first"),
        Obstacle.MASK_OUTSIDE: tr("Mask is not selected"),
        Obstacle.OUTSIDE: tr("Selection off canvas"),
    }[obstacle]


def _brief_duration(seconds: float) -> str:
    if seconds <= 0:
        return ""
    if seconds < 90:
        return tr("~{0} s").format(max(5, round(seconds / 5) * 5))
    if seconds < 90 * 60:
        return tr("~{0} min").format(round(seconds / 60))
    return tr("~{0} h").format(round(seconds / 3600))


def size_text(offer: Offer, *, tight: bool = False) -> str:
    if offer.size is None:
        return ""
    return f"{offer.size.width}×{offer.size.height}" if tight else f"{offer.size.width} × {offer.size.height}"


def price_text(offer: Offer) -> str:
    """In whole kudos, rounded up: nothing is free."""
    return "" if offer.kudos is None else tr("{0} kudos").format(max(1, math.ceil(offer.kudos)))


def offer_text(offer: Offer) -> str:
    """All of it in sentences; "" if nothing is known."""
    if offer.obstacle is not None:
        return ""
    wait = duration(offer.seconds or 0)
    parts = (
        tr("Asks for {0} pixels.").format(size_text(offer)) if offer.size is not None else "",
        tr("Costs {0}.").format(price_text(offer)) if offer.kudos is not None else "",
        tr("Takes {0}.").format(wait) if wait else "",
    )
    return " ".join(part for part in parts if part)


def upfront_text(offer: Offer) -> str:
    """Why the Horde would refuse it for want of kudos; "" if it would not."""
    if not offer.upfront:
        return ""
    if offer.kudos is None:
        return tr("You need more kudos for this beforehand. Make it smaller or take fewer steps.")
    return tr(
        "This needs {0} beforehand, more than you can spend. Make it smaller or take fewer steps."
    ).format(price_text(offer))
