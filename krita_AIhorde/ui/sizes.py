"""The smallest size is never larger than the largest."""

from __future__ import annotations

from typing import Any

from krita_AIhorde import settings as s


def uncross(settings: s.Settings, changed: s.Setting[Any]) -> None:
    """Have the other size follow, if ``changed`` went past it."""
    smallest, largest = settings.get(s.MIN_SIZE), settings.get(s.MAX_SIZE)
    if smallest > largest:
        if changed is s.MIN_SIZE:
            settings.set(s.MAX_SIZE, smallest)
        elif changed is s.MAX_SIZE:
            settings.set(s.MIN_SIZE, largest)
