"""What a button says of what it would ask for: pure functions, without widgets."""

from __future__ import annotations

import math

from krita_AIhorde.jobs.offer import Offer
from krita_AIhorde.qt import tr

from .words import duration

# Levels of detail, the fullest first; the last is the name alone.
FULL, PRICED, TIGHTLY_PRICED, SIZED, TIGHTLY_SIZED, NAMED = range(6)
LEVELS = range(NAMED + 1)


def button_text(name: str, offer: Offer, level: int) -> str:
    """``name`` with as much of ``offer`` as ``level`` allows and as is known."""
    if offer.obstacle is not None or level == NAMED:
        return name
    parts = [f"{name} {size_text(offer, tight=level in (TIGHTLY_PRICED, TIGHTLY_SIZED))}".rstrip()]
    if level <= TIGHTLY_PRICED:
        parts.append(price_text(offer))
    if level == FULL:
        parts.append(duration(offer.seconds or 0))
    return " · ".join(part for part in parts if part)


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
